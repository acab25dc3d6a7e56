"""Every question about documents and versions, by name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import binders, document_metadata, documents, folders, versions
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.types import (
    INDEX_COLUMNS,
    Document,
    IndexEntry,
    Place,
    Version,
)
from ringbinder.kit.pairs import by_first

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

_all_documents = (
    select(*_document_columns)
    .join(binders, binders.c.key == documents.c.binder_key)
    .join(folders, folders.c.key == documents.c.folder_key)
    .where(of_tenant(documents), of_tenant(binders), of_tenant(folders))
)
_documents = _all_documents.where(binders.c.deleted_at.is_(None))
_document = _documents.where(documents.c.id == bindparam("document_id"))
_versions = (
    select(*_version_columns)
    .join(documents, documents.c.key == versions.c.document_key)
    .where(of_tenant(versions), of_tenant(documents))
)
_newest_versions = (
    _versions.where(versions.c.document_key == bindparam("document_key"))
    .order_by(versions.c.number.desc())
    .offset(bindparam("offset", type_=Integer))
    .limit(bindparam("limit", type_=Integer))
)
_versions_before = _newest_versions.where(versions.c.number < bindparam("before"))
_named_in_folder = select(documents.c.name_key, documents.c.key).where(
    of_tenant(documents),
    documents.c.folder_key == bindparam("folder"),
    documents.c.name_key.in_(bindparam("names", expanding=True)),
    documents.c.deleted_at.is_(None),
)
_keys_between = select(documents.c.id, documents.c.key).where(
    of_tenant(documents), documents.c.id.between(bindparam("first_id"), bindparam("last_id"))
)


def select_documents(session: ReadSession) -> Select[Any]:
    """Begin a question whose rows :func:`as_document` reads, about what the session shows.

    Deleted binders have no documents.
    """
    return _seen(session, _documents)


def _seen(session: ReadSession, statement: Select[Any]) -> Select[Any]:
    places = {"binder": documents.c.binder_key, "folder": documents.c.folder_key}
    return kept_to(session.sight, statement, **places)


async def find_document(session: ReadSession, document_id: UUID) -> Document | None:
    """Give a document, in the trash or not, or None."""
    row = await session.first(_seen(session, _document), document_id=document_id)
    return None if row is None else as_document(row)


async def lock_document(session: WriteSession, document_id: UUID) -> Document | None:
    """Give a document as it will stay until this transaction ends, or None."""
    found = await _lock(session, documents.c.id == document_id)
    return found[0] if found else None


async def find_documents(session: ReadSession, document_ids: Iterable[UUID]) -> Sequence[Document]:
    """Give those of the documents that there are, in the trash or not."""
    which = documents.c.id.in_(list(document_ids))
    rows = await session.all(select_documents(session).where(which))
    return [as_document(row) for row in rows]


async def lock_documents(session: WriteSession, keys: Iterable[int]) -> Sequence[Document]:
    """Give documents as :func:`lock_document` does, locked in the order of their keys."""
    return await _lock(session, documents.c.key.in_(list(keys)))


async def _lock(session: WriteSession, which: ColumnElement[bool]) -> Sequence[Document]:
    # In a statement of its own: one that joins, and waits for a document that moves meanwhile,
    # still joins it to the folder that it has left, and thus does not find it. SQLite has one
    # writer, whom nobody has to wait for inside a transaction.
    if session.dialect_name == "postgresql":
        keys = select(documents.c.key).where(of_tenant(documents), which)
        await session.all(keys.order_by(documents.c.key).with_for_update())
    rows = await session.all(select_documents(session).where(which).order_by(documents.c.key))
    return [as_document(row) for row in rows]


async def find_names(session: ReadSession, places: Iterable[Place]) -> dict[Place, int]:
    """Tell which live documents have these names in these folders, by their keys."""
    found: dict[Place, int] = {}
    for folder_key, names in by_first(places):
        rows = await session.all(_named_in_folder, folder=folder_key, names=names)
        found |= {(folder_key, row.name_key): row.key for row in rows}
    return found


async def taken_names(session: ReadSession, folder_key: int, name_keys: Iterable[str]) -> set[str]:
    """Tell which of these names the folder's live documents have."""
    rows = await session.all(
        select(documents.c.name_key).where(
            of_tenant(documents), _in_folder(folder_key), documents.c.name_key.in_(list(name_keys))
        )
    )
    return {row.name_key for row in rows}


async def list_in_folder(
    session: ReadSession,
    folder_key: int,
    *,
    containing: str | None,
    after: tuple[str, int] | None,
    offset: int,
    limit: int,
) -> Sequence[tuple[Document, str]]:
    """Give live documents of a folder by name, each with its sorting name."""
    statement = _named(
        select_documents(session).add_columns(documents.c.sort_name).where(_in_folder(folder_key)),
        containing,
    )
    if after is not None:
        position = tuple_(documents.c.sort_name, documents.c.key)
        statement = statement.where(position > tuple_(*after))
    rows = await session.all(
        statement.order_by(documents.c.sort_name, documents.c.key).offset(offset).limit(limit)
    )
    return [(as_document(row), row.sort_name) for row in rows]


async def count_in_folder(session: ReadSession, folder_key: int, *, containing: str | None) -> int:
    """Count live documents of a folder."""
    statement = select(func.count(documents.c.key)).where(
        of_tenant(documents), _in_folder(folder_key)
    )
    total: int = await session.scalar(_named(statement, containing))
    return total


async def list_trash(
    session: ReadSession,
    *,
    binder_key: int | None,
    containing: str | None,
    after: tuple[datetime, int] | None,
    offset: int,
    limit: int,
) -> Sequence[Document]:
    """Give documents in the trash that may be restored, those that went there last first."""
    statement = _trashed(session, select_documents(session), binder_key, containing)
    if after is not None:
        moment, key = after
        earlier = documents.c.deleted_at < moment
        same = (documents.c.deleted_at == moment) & (documents.c.key < key)
        statement = statement.where(earlier | same)
    order = (documents.c.deleted_at.desc(), documents.c.key.desc())
    rows = await session.all(statement.order_by(*order).offset(offset).limit(limit))
    return [as_document(row) for row in rows]


async def count_trash(
    session: ReadSession, *, binder_key: int | None, containing: str | None
) -> int:
    """Count documents in the trash."""
    counted = (
        select(func.count(documents.c.key))
        .join(binders, binders.c.key == documents.c.binder_key)
        .where(of_tenant(documents), of_tenant(binders), binders.c.deleted_at.is_(None))
    )
    trashed = _trashed(session, _seen(session, counted), binder_key, containing)
    total: int = await session.scalar(trashed)
    return total


def _trashed(
    session: ReadSession, statement: Select[Any], binder_key: int | None, containing: str | None
) -> Select[Any]:
    # The trash of a binder is for those who may restore from it.
    allowed = session.sight.where_allowed
    statement = kept_to(allowed, statement, binder=documents.c.binder_key)
    statement = statement.where(documents.c.deleted_at.is_not(None))
    if binder_key is not None:
        statement = statement.where(documents.c.binder_key == binder_key)
    return _named(statement, containing)


async def list_deleted_before(
    session: ReadSession, moment: datetime, *, after: int, limit: int
) -> Sequence[tuple[int, int]]:
    """Give keys of documents that are in the trash since before a moment, with their binders'."""
    rows = await session.all(
        select(documents.c.key, documents.c.binder_key)
        .where(of_tenant(documents), documents.c.deleted_at < moment, documents.c.key > after)
        .order_by(documents.c.key)
        .limit(limit)
    )
    return [(row.key, row.binder_key) for row in rows]


async def lock_deleted_before(
    session: WriteSession, keys: Iterable[int], moment: datetime
) -> Sequence[Document]:
    """Give those of the documents that are still in the trash since then and that nobody locks.

    Documents of deleted binders are among them.
    """
    still = (documents.c.key.in_(list(keys)), documents.c.deleted_at < moment)
    locked = await session.all(
        select(documents.c.key)
        .where(of_tenant(documents), *still)
        .order_by(documents.c.key)
        .with_for_update(skip_locked=True)
    )
    which = documents.c.key.in_([row.key for row in locked])
    rows = await session.all(_all_documents.where(which).order_by(documents.c.key))
    return [as_document(row) for row in rows]


async def contents_of(session: ReadSession, document_keys: Iterable[int]) -> Sequence[str]:
    """Give the distinct contents of all versions of these documents, in order."""
    rows = await session.all(
        select(versions.c.sha256)
        .where(of_tenant(versions), versions.c.document_key.in_(list(document_keys)))
        .distinct()
        .order_by(versions.c.sha256)
    )
    return [row.sha256 for row in rows]


async def delete_documents(session: WriteSession, keys: Sequence[int]) -> None:
    """Delete documents in the trash for good, with all their versions."""
    await session.execute(
        delete(versions).where(of_tenant(versions), versions.c.document_key.in_(keys))
    )
    await session.execute(delete(documents).where(of_tenant(documents), documents.c.key.in_(keys)))


async def add_documents(
    session: WriteSession, rows: Sequence[Mapping[str, Any]]
) -> Mapping[UUID, int]:
    """Add documents and give the keys that they were numbered with, by their ids."""
    if not rows:
        return {}
    await session.insert(documents, *rows)
    ids = {row["id"] for row in rows}
    # Ids follow each other as they are made; those that others made meanwhile are in between.
    added = await session.all(_keys_between, first_id=min(ids), last_id=max(ids))
    return {row.id: row.key for row in added if row.id in ids}


async def change_documents(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of documents, each by ``changed_key``, and move their revisions on."""
    statement = (
        update(documents)
        .where(of_tenant(documents), documents.c.key == bindparam("changed_key"))
        .values(updated_at=session.now, revision=documents.c.revision + 1)
    )
    await session.execute_each(statement, rows)


async def add_versions(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add versions; their bytes are there already."""
    await session.insert(versions, *rows)


async def change_versions(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set what people say of versions, each by ``changed_id``; their bytes never change."""
    statement = update(versions).where(
        of_tenant(versions), versions.c.id == bindparam("changed_id")
    )
    await session.execute_each(statement, rows)


async def list_versions(
    session: ReadSession, document_key: int, *, before: int | None, offset: int, limit: int
) -> Sequence[Version]:
    """Give versions of a document, newest first."""
    slots: dict[str, Any] = {"document_key": document_key, "offset": offset, "limit": limit}
    if before is None:
        rows = await session.all(_newest_versions, **slots)
    else:
        rows = await session.all(_versions_before, before=before, **slots)
    return [as_version(row) for row in rows]


async def count_versions(session: ReadSession, document_key: int) -> int:
    """Count the versions of a document."""
    total: int = await session.scalar(
        select(func.count(versions.c.number)).where(
            of_tenant(versions), versions.c.document_key == document_key
        )
    )
    return total


async def find_version(session: ReadSession, document_key: int, version_id: UUID) -> Version | None:
    """Give one version of a document, or None."""
    row = await session.first(
        _versions.where(versions.c.document_key == document_key, versions.c.id == version_id)
    )
    return None if row is None else as_version(row)


async def find_live_version(session: ReadSession, version_id: UUID) -> Version | None:
    """Give a version of whichever document that is not in the trash, or None."""
    live = _versions.where(versions.c.id == version_id, documents.c.deleted_at.is_(None))
    row = await session.first(_seen(session, live))
    return None if row is None else as_version(row)


async def add_index_entries(session: WriteSession, entries: Iterable[IndexEntry]) -> None:
    """Make documents findable by values."""
    await session.insert_values(document_metadata, INDEX_COLUMNS, list(entries))


async def drop_index_entries(session: WriteSession, entries: Iterable[IndexEntry]) -> None:
    """Make documents no longer findable by these values, each by its whole key."""
    table = document_metadata.c
    statement = delete(document_metadata).where(
        of_tenant(document_metadata),
        *(table[name] == bindparam(f"gone_{name}") for name in INDEX_COLUMNS),
    )
    names = [f"gone_{name}" for name in INDEX_COLUMNS]
    rows = [dict(zip(names, entry, strict=True)) for entry in entries]
    await session.execute_each(statement, rows)


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


def _in_folder(folder_key: int) -> ColumnElement[bool]:
    return (documents.c.folder_key == folder_key) & documents.c.deleted_at.is_(None)


def _named(statement: Select[Any], containing: str | None) -> Select[Any]:
    if containing is None:
        return statement
    return statement.where(documents.c.name_key.contains(containing, autoescape=True))
