"""What is read of documents and versions, and what of them a session shows."""

from typing import Any

from sqlalchemy import Row, Select, select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import binders, documents, folders, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.types import Document, Version

_document_columns = (
    documents.c.key,
    documents.c.id,
    documents.c.binder_key,
    binders.c.id.label("binder_id"),
    documents.c.folder_key,
    folders.c.id.label("folder_id"),
    documents.c.file_name,
    documents.c.metadata_json,
    documents.c.latest_version_id,
    documents.c.latest_version_number,
    documents.c.version_label,
    documents.c.status,
    documents.c.created_by_id,
    documents.c.created_by_name,
    documents.c.created_at,
    documents.c.updated_at,
    documents.c.revision,
    documents.c.deleted_at,
    documents.c.deleted_by_name,
)

_version_columns = (
    versions.c.id,
    documents.c.id.label("document_id"),
    versions.c.number,
    versions.c.label,
    versions.c.status,
    versions.c.file_name,
    versions.c.size_bytes,
    versions.c.content_type,
    versions.c.sha256,
    versions.c.created_at,
    versions.c.created_by_id,
    versions.c.created_by_name,
    versions.c.metadata_json,
)

ALL_DOCUMENTS = (
    select(*_document_columns)
    .join(binders, binders.c.key == documents.c.binder_key)
    .join(folders, folders.c.key == documents.c.folder_key)
    .where(of_tenant(documents), of_tenant(binders), of_tenant(folders))
)

DOCUMENTS = ALL_DOCUMENTS.where(binders.c.deleted_at.is_(None))

VERSIONS = (
    select(*_version_columns)
    .join(documents, documents.c.key == versions.c.document_key)
    .where(of_tenant(versions), of_tenant(documents))
)


def select_documents(session: ReadSession) -> Select[Any]:
    """Begin a question whose rows :func:`as_document` reads, about what the session shows.

    Deleted binders have no documents.
    """
    return seen(session, DOCUMENTS)


def seen(session: ReadSession, statement: Select[Any]) -> Select[Any]:
    """Keep a question about documents to what the session shows."""
    places = {"binder": documents.c.binder_key, "folder": documents.c.folder_key}
    return kept_to(session.sight, statement, **places)


def as_document(row: Row[Any]) -> Document:
    """Read a row of :func:`select_documents`."""
    return Document(
        key=row.key,
        id=row.id,
        binder_key=row.binder_key,
        binder_id=row.binder_id,
        folder_key=row.folder_key,
        folder_id=row.folder_id,
        file_name=row.file_name,
        metadata_json=row.metadata_json,
        latest_version_id=row.latest_version_id,
        latest_version_number=row.latest_version_number,
        version_label=row.version_label,
        status=row.status,
        created_by_id=row.created_by_id,
        created_by_name=row.created_by_name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        deleted_at=row.deleted_at,
        deleted_by_name=row.deleted_by_name,
    )


def as_version(row: Row[Any]) -> Version:
    """Read a row of a version."""
    return Version(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        label=row.label,
        status=row.status,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        content_type=row.content_type,
        sha256=row.sha256,
        created_at=row.created_at,
        created_by_id=row.created_by_id,
        created_by_name=row.created_by_name,
        metadata_json=row.metadata_json,
    )


def named(statement: Select[Any], containing: str | None) -> Select[Any]:
    """Keep it to names that contain a text, if any."""
    if containing is None:
        return statement
    return statement.where(documents.c.name_key.contains(containing, autoescape=True))
