"""Binders."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import ByteOrderedText, Guid, Key, UtcDateTime

binders = Table(
    "binders",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", String(9), nullable=False, unique=True),
    organisation_column(),
    Column("name", Text, nullable=False),
    Column("sort_name", ByteOrderedText, nullable=False),
    Column("type", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("description", Text),
    Column("colour", String(7)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by_id", Guid),
    Column("created_by_name", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("deleted_at", UtcDateTime),
    Index("ix_binders_by_name", "organisation_key", "sort_name", "key"),
)
