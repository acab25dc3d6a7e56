"""Bytes: one row for each distinct content of an organisation, and files that wait for deletion."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Key, UtcDateTime

blobs = Table(
    "blobs",
    metadata,
    organisation_column(primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    # Never used twice, so that deleting an old object cannot hit a newer one of the same content.
    Column("storage_key", Text, nullable=False, unique=True),
    # Of the same bytes, as zip files name it; looked up when one is first made.
    Column("crc32", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    # Touched by whoever is about to refer to the bytes; the sweep leaves what was touched lately.
    Column("referenced_at", UtcDateTime, nullable=False),
    Index("ix_blobs_referenced_at", "referenced_at"),
)

storage_deletions = Table(
    "storage_deletions",
    metadata,
    Column("key", Key, primary_key=True),
    Column("storage_key", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
