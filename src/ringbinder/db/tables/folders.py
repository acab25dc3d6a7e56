"""Folders; those without a parent are a binder's tabs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    false,
)

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import ByteOrderedText, Guid, Key, UtcDateTime

folders = Table(
    "folders",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("binder_key", BigInteger, ForeignKey("binders.key", ondelete="CASCADE"), nullable=False),
    Column("parent_key", BigInteger, ForeignKey("folders.key", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("name_key", ByteOrderedText, nullable=False),
    Column("sort_name", ByteOrderedText, nullable=False),
    Column("type", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("deleted_at", UtcDateTime),
    # Only its viewers and the binder's administrators see a hidden folder and what is in it.
    Column("is_hidden", Boolean, nullable=False, server_default=false()),
    Index("ix_folders_children", "organisation_key", "binder_key", "parent_key", "position"),
)

_alive = folders.c.deleted_at.is_(None)
_is_tab = and_(_alive, folders.c.parent_key.is_(None))
_is_inner = and_(_alive, folders.c.parent_key.is_not(None))

# Two names count as the same within one parent; a tab's parent is its binder. The names of hidden
# folders are apart, so that a name that is taken never tells of one.
Index(
    "uq_folders_tab_name",
    folders.c.binder_key,
    folders.c.name_key,
    folders.c.is_hidden,
    unique=True,
    sqlite_where=_is_tab,
    postgresql_where=_is_tab,
)
Index(
    "uq_folders_inner_name",
    folders.c.parent_key,
    folders.c.name_key,
    folders.c.is_hidden,
    unique=True,
    sqlite_where=_is_inner,
    postgresql_where=_is_inner,
)

Index(
    "ix_folders_hidden",
    folders.c.organisation_key,
    folders.c.key,
    sqlite_where=folders.c.is_hidden,
    postgresql_where=folders.c.is_hidden,
)
