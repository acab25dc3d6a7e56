"""New documents, changed ones, and the index of their values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import document_metadata, documents
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents.types import INDEX_COLUMNS, IndexEntry

_keys_between = select(documents.c.id, documents.c.key).where(
    of_tenant(documents), documents.c.id.between(bindparam("first_id"), bindparam("last_id"))
)


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
