"""Upload sessions, from creation to commit; a committed one keeps its answer for repetitions."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, UtcDateTime

uploads = Table(
    "uploads",
    metadata,
    Column("id", Guid, primary_key=True),
    organisation_column(),
    Column("binder_key", BigInteger, ForeignKey("binders.key", ondelete="CASCADE"), nullable=False),
    Column("folder_key", BigInteger, ForeignKey("folders.key", ondelete="CASCADE"), nullable=False),
    Column("document_id", Guid),
    Column("file_name", Text, nullable=False),
    Column("declared_size_bytes", BigInteger, nullable=False),
    Column("declared_sha256", String(64)),
    Column("content_type", Text, nullable=False),
    Column("metadata_json", Text, nullable=False),
    Column("version_label", Text),
    Column("conflict_behavior", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("received_size_bytes", BigInteger),
    Column("received_sha256", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by_id", Guid),
    Column("created_by_name", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("answer_json", Text),
    Index("ix_uploads_open", "state", "expires_at"),
    Index("ix_uploads_blob", "organisation_key", "received_sha256"),
)
