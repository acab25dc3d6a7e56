"""New documents, changed ones, and the index of their values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, update

from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import document_metadata, documents
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.types import INDEX_COLUMNS, IndexEntry


async def allot_keys(session: WriteSession, number: int) -> Sequence[int]:
    """Give keys for new documents; see :meth:`WriteSession.allot`."""
    return await session.allot(documents, number)


async def add_documents(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add documents, each with a key that was allotted, so that nobody waits to be told of it."""
    await session.insert(documents, *rows)


async def change_documents(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of documents, each by ``changed_key``, and move their revisions on."""
    statement = (
        update(documents)
        .where(of_tenant(documents), documents.c.key == bindparam("changed_key"))
        .values(updated_at=session.now, revision=documents.c.revision + 1)
    )
    await session.execute_each(statement, rows)


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
