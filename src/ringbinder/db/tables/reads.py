"""Which person has opened which version of a document, when and how."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, Key, UtcDateTime

document_reads = Table(
    "document_reads",
    metadata,
    Column("key", Key, primary_key=True),
    organisation_column(),
    Column(
        "document_key", BigInteger, ForeignKey("documents.key", ondelete="CASCADE"), nullable=False
    ),
    Column("version_id", Guid, nullable=False),
    # The name is looked up when the log is shown, so that erasing a person erases it here too.
    Column("member_key", BigInteger, ForeignKey("members.key", ondelete="CASCADE"), nullable=False),
    Column("how", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_document_reads_document", "document_key", "key"),
    Index("ix_document_reads_version", "version_id", "member_key", "how", "at"),
    Index("ix_document_reads_member", "member_key"),
)
