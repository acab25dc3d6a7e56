"""Documents with their ready metadata, the index of their values, and their versions."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    column,
    table,
)

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import ByteOrderedText, Guid, Key, UtcDateTime

documents = Table(
    "documents",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("binder_key", BigInteger, ForeignKey("binders.key", ondelete="CASCADE"), nullable=False),
    Column("folder_key", BigInteger, ForeignKey("folders.key", ondelete="CASCADE"), nullable=False),
    Column("file_name", Text, nullable=False),
    # Equal for names that count as the same: lower case, Unicode form NFC.
    Column("name_key", ByteOrderedText, nullable=False),
    # Its byte order is the Swedish order of names.
    Column("sort_name", ByteOrderedText, nullable=False),
    Column("category", Text),
    Column("status", Text),
    Column("document_date", String(10)),
    Column("revision_date", String(10)),
    Column("version_label", Text),
    Column("created_by_id", Guid),
    Column("created_by_name", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("latest_version_id", Guid, nullable=False),
    Column("latest_version_number", Integer, nullable=False),
    # The metadata array as the API answers it, written when it changes so that reading copies it.
    Column("metadata_json", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by_name", Text),
)

_alive = documents.c.deleted_at.is_(None)

for _name, *_columns in (
    ("by_name_in_binder", "organisation_key", "binder_key", "sort_name", "key"),
    ("by_name_in_folder", "organisation_key", "folder_key", "sort_name", "key"),
    ("by_name", "organisation_key", "sort_name", "key"),
):
    Index(
        f"ix_documents_{_name}",
        *(documents.c[column] for column in _columns),
        sqlite_where=_alive,
        postgresql_where=_alive,
    )

Index(
    "uq_documents_name_in_folder",
    documents.c.folder_key,
    documents.c.name_key,
    unique=True,
    sqlite_where=_alive,
    postgresql_where=_alive,
)

# Finds parts of names. SQLite has the table below in its place.
Index(
    "ix_documents_name_parts",
    documents.c.name_key,
    postgresql_using="gin",
    postgresql_ops={"name_key": "gin_trgm_ops"},
).ddl_if(dialect="postgresql")

document_names = table("document_names", column("rowid", Integer), column("document_names", Text))
"""SQLite's index of the parts of names, kept in step by triggers; see migration 0040.

It is no organisation's: whoever asks it joins it with the documents, by their key.
"""

Index(
    "ix_documents_trash",
    documents.c.organisation_key,
    documents.c.deleted_at,
    sqlite_where=documents.c.deleted_at.is_not(None),
    postgresql_where=documents.c.deleted_at.is_not(None),
)

# One narrow row for each value of a document that is not in the trash; the binder inside the key
# makes a search for several keys in one binder a join of short ranges.
document_metadata = Table(
    "document_metadata",
    metadata,
    organisation_column(primary_key=True),
    Column("element_key", Integer, primary_key=True, autoincrement=False),
    Column("value", ByteOrderedText, primary_key=True),
    Column("binder_key", BigInteger, primary_key=True, autoincrement=False),
    # No foreign key: to delete a document, the database would look for it in the whole index.
    Column("document_key", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

versions = Table(
    "versions",
    metadata,
    Column("id", Guid, primary_key=True),
    organisation_column(),
    Column(
        "document_key", BigInteger, ForeignKey("documents.key", ondelete="CASCADE"), nullable=False
    ),
    Column("number", Integer, nullable=False),
    Column("label", Text),
    Column("status", Text),
    Column("file_name", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by_id", Guid),
    Column("created_by_name", Text, nullable=False),
    Column("metadata_json", Text, nullable=False),
    UniqueConstraint("document_key", "number"),
    Index("ix_versions_blob", "organisation_key", "sha256"),
)
