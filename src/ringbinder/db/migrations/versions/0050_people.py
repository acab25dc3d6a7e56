"""People, members, groups, participants of binders, and hidden folders."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import ByteOrderedText, Guid, Key, UtcDateTime

revision = "0050"
down_revision = "0031"
branch_labels = None
depends_on = None


def _to(
    table: str, column: str, *, nullable: bool = False, primary: bool = False
) -> sa.Column[int]:
    return sa.Column(
        column,
        sa.BigInteger(),
        sa.ForeignKey(f"{table}.key", ondelete="CASCADE"),
        primary_key=primary,
        nullable=nullable,
    )


def _organisation(*, primary: bool = False) -> sa.Column[int]:
    return _to("organisations", "organisation_key", primary=primary)


def _member_or_group(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.CheckConstraint]:
    return (
        _to("members", "member_key", nullable=True),
        _to("groups", "group_key", nullable=True),
        sa.CheckConstraint(
            "(member_key IS NULL) <> (group_key IS NULL)",
            name=op.f(f"ck_{table}_member_or_group"),
        ),
    )


def upgrade() -> None:
    """Go forward."""
    _add_people()
    _add_groups()
    _add_participants()
    _add_hidden_folders()


def _add_people() -> None:
    op.create_table(
        "people",
        sa.Column("key", Key, primary_key=True),
        sa.Column("id", Guid, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", ByteOrderedText, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2)),
        sa.Column("password_hash", sa.Text()),
        sa.Column("password_changed_at", UtcDateTime()),
        sa.Column("totp_sealed", sa.Text()),
        sa.Column("totp_last_step", sa.BigInteger()),
        sa.Column("recovery_json", sa.Text()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime()),
        sa.UniqueConstraint("id", name="uq_people_id"),
        sa.UniqueConstraint("email_key", name="uq_people_email_key"),
    )
    op.create_table(
        "members",
        sa.Column("key", Key, primary_key=True),
        sa.Column("id", Guid, nullable=False),
        _organisation(),
        sa.Column("person_key", sa.BigInteger(), sa.ForeignKey("people.key"), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("joined_at", UtcDateTime()),
        sa.Column("last_seen_at", UtcDateTime()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime()),
        sa.UniqueConstraint("id", name="uq_members_id"),
    )
    op.create_index("ix_members_organisation", "members", ["organisation_key", "key"])
    op.create_index("ix_members_person", "members", ["person_key"])
    op.create_index(
        "uq_members_person",
        "members",
        ["organisation_key", "person_key"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _add_groups() -> None:
    op.create_table(
        "groups",
        sa.Column("key", Key, primary_key=True),
        sa.Column("id", Guid, nullable=False),
        _organisation(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", ByteOrderedText, nullable=False),
        sa.Column("sort_name", ByteOrderedText, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.UniqueConstraint("id", name="uq_groups_id"),
    )
    op.create_index("uq_groups_name", "groups", ["organisation_key", "name_key"], unique=True)
    op.create_table(
        "group_members",
        _organisation(primary=True),
        _to("groups", "group_key", primary=True),
        _to("members", "member_key", primary=True),
    )
    op.create_index("ix_group_members_member", "group_members", ["member_key"])


def _add_participants() -> None:
    op.create_table(
        "binder_participants",
        sa.Column("key", Key, primary_key=True),
        _organisation(),
        _to("binders", "binder_key"),
        *_member_or_group("binder_participants"),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    _index_who("binder_participants", "binder_key")


def _add_hidden_folders() -> None:
    op.create_table(
        "folder_viewers",
        sa.Column("key", Key, primary_key=True),
        _organisation(),
        _to("folders", "folder_key"),
        *_member_or_group("folder_viewers"),
    )
    _index_who("folder_viewers", "folder_key")
    op.add_column(
        "folders",
        sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "ix_folders_hidden",
        "folders",
        ["organisation_key", "key"],
        sqlite_where=sa.text("is_hidden"),
        postgresql_where=sa.text("is_hidden"),
    )


def _index_who(table: str, place: str) -> None:
    for who in ("member", "group"):
        op.create_index(f"uq_{table}_{who}", table, [place, f"{who}_key"], unique=True)
        op.create_index(f"ix_{table}_{who}", table, [f"{who}_key"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_folders_hidden", "folders")
    op.drop_column("folders", "is_hidden")
    for name in (
        "folder_viewers",
        "binder_participants",
        "group_members",
        "groups",
        "members",
        "people",
    ):
        op.drop_table(name)
