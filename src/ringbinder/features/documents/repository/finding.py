"""Documents by their ids and names."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, tuple_

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import documents
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.repository.rows import (
    DOCUMENTS,
    as_document,
    named,
    seen,
    select_documents,
)
from ringbinder.features.documents.types import Document, Place
from ringbinder.kit.pairs import by_first

_document = DOCUMENTS.where(documents.c.id == bindparam("document_id"))

_named_in_folder = select(documents.c.name_key, documents.c.key).where(
    of_tenant(documents),
    documents.c.folder_key == bindparam("folder"),
    documents.c.name_key.in_(bindparam("names", expanding=True)),
    documents.c.deleted_at.is_(None),
)


async def find_document(session: ReadSession, document_id: UUID) -> Document | None:
    """Give a document, in the trash or not, or None."""
    row = await session.first(seen(session, _document), document_id=document_id)
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
    statement = named(
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
    total: int = await session.scalar(named(statement, containing))
    return total


def _in_folder(folder_key: int) -> ColumnElement[bool]:
    return (documents.c.folder_key == folder_key) & documents.c.deleted_at.is_(None)
