"""People, their places in organisations, groups of them, and what binders and folders they see.

A person is an account of the installation and belongs to no organisation by itself; a member is a
person's place in one organisation.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import ByteOrderedText, Guid, Key, UtcDateTime

people = Table(
    "people",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    # Equal for addresses that count as the same: lower case, Unicode form NFC.
    Column("email_key", ByteOrderedText, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", String(2)),
    Column("password_hash", Text),
    Column("password_changed_at", UtcDateTime),
    Column("totp_sealed", Text),
    Column("totp_last_step", BigInteger),
    Column("recovery_json", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

members = Table(
    "members",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("person_key", BigInteger, ForeignKey("people.key"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("invited_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    Column("revision", Integer, nullable=False),
    Column("removed_at", UtcDateTime),
    Index("ix_members_organisation", "organisation_key", "key"),
    Index("ix_members_person", "person_key"),
)

_present = members.c.removed_at.is_(None)

Index(
    "uq_members_person",
    members.c.organisation_key,
    members.c.person_key,
    unique=True,
    sqlite_where=_present,
    postgresql_where=_present,
)

groups = Table(
    "groups",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("name", Text, nullable=False),
    Column("name_key", ByteOrderedText, nullable=False),
    Column("sort_name", ByteOrderedText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("uq_groups_name", "organisation_key", "name_key", unique=True),
)

group_members = Table(
    "group_members",
    metadata,
    organisation_column(primary_key=True),
    Column("group_key", BigInteger, ForeignKey("groups.key", ondelete="CASCADE"), primary_key=True),
    Column(
        "member_key", BigInteger, ForeignKey("members.key", ondelete="CASCADE"), primary_key=True
    ),
    Index("ix_group_members_member", "member_key"),
)


def _member_or_group() -> tuple[Column[int], Column[int]]:
    return (
        Column("member_key", BigInteger, ForeignKey("members.key", ondelete="CASCADE")),
        Column("group_key", BigInteger, ForeignKey("groups.key", ondelete="CASCADE")),
    )


def _is_one_of_both() -> CheckConstraint:
    return CheckConstraint("(member_key IS NULL) <> (group_key IS NULL)", name="member_or_group")


binder_participants = Table(
    "binder_participants",
    metadata,
    Column("key", Key, primary_key=True),
    organisation_column(),
    Column("binder_key", BigInteger, ForeignKey("binders.key", ondelete="CASCADE"), nullable=False),
    *_member_or_group(),
    Column("role", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    _is_one_of_both(),
    Index("uq_binder_participants_member", "binder_key", "member_key", unique=True),
    Index("uq_binder_participants_group", "binder_key", "group_key", unique=True),
    Index("ix_binder_participants_member", "member_key"),
    Index("ix_binder_participants_group", "group_key"),
)

folder_viewers = Table(
    "folder_viewers",
    metadata,
    Column("key", Key, primary_key=True),
    organisation_column(),
    Column("folder_key", BigInteger, ForeignKey("folders.key", ondelete="CASCADE"), nullable=False),
    *_member_or_group(),
    _is_one_of_both(),
    Index("uq_folder_viewers_member", "folder_key", "member_key", unique=True),
    Index("uq_folder_viewers_group", "folder_key", "group_key", unique=True),
    Index("ix_folder_viewers_member", "member_key"),
    Index("ix_folder_viewers_group", "group_key"),
)
