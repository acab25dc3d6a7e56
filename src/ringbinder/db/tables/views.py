"""Lists of a binder's documents that people have named."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, Key, UtcDateTime

saved_views = Table(
    "saved_views",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("binder_key", BigInteger, ForeignKey("binders.key", ondelete="CASCADE"), nullable=False),
    # A member's id, without a foreign key: a view that is shared outlives its owner's membership.
    Column("owner_id", Guid, nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_saved_views_binder", "organisation_key", "binder_key", "owner_id"),
)
