"""Which documents have values of an element, and what a new label changes in them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Update, exists, func, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import document_metadata, documents, versions
from ringbinder.db.tenancy import of_tenant, of_tenant_by_ids
from ringbinder.features.metadata.types import Element

BATCH: Final = 500


async def is_used(session: ReadSession, binder_key: int, element_key: int) -> bool:
    """Tell whether a document of the binder, not in the trash, has a value of the element."""
    has_value = exists().where(is_element(document_metadata, binder_key, element_key))
    found: bool = await session.scalar(select(has_value))
    return found


async def used_value_ids(
    session: ReadSession, binder_key: int, element_key: int, value_ids: Sequence[str]
) -> set[str]:
    """Tell which of these values documents of the binder have that are not in the trash."""
    rows = await session.all(
        select(document_metadata.c.value)
        .where(
            is_element(document_metadata, binder_key, element_key),
            document_metadata.c.value.in_(value_ids),
        )
        .distinct()
    )
    return {row.value for row in rows}


async def has_several_values(session: ReadSession, binder_key: int, element_key: int) -> bool:
    """Tell whether a document of the binder, not in the trash, has two values of the element."""
    found = await session.first(
        select(document_metadata.c.document_key)
        .where(is_element(document_metadata, binder_key, element_key))
        .group_by(document_metadata.c.document_key)
        .having(func.count(document_metadata.c.value) > 1)
        .limit(1)
    )
    return found is not None


async def count_documents(session: ReadSession, binder_key: int) -> int:
    """Count the documents of a binder that are not in the trash."""
    found: int = await session.scalar(
        select(func.count(documents.c.key)).where(
            of_tenant(documents),
            documents.c.binder_key == binder_key,
            documents.c.deleted_at.is_(None),
        )
    )
    return found


async def count_having(session: ReadSession, binder_key: int, element_key: int) -> tuple[int, int]:
    """Count the documents that have a value of an element, and those that have several."""
    each = (
        select(func.count(document_metadata.c.value).label("values"))
        .where(is_element(document_metadata, binder_key, element_key))
        .group_by(document_metadata.c.document_key)
        .subquery()
    )
    row = await session.first(
        select(
            func.count(each.c["values"]).label("having"),
            func.count(each.c["values"]).filter(each.c["values"] > 1).label("several"),
        )
    )
    return (0, 0) if row is None else (row.having, row.several)


async def count_by_value(session: ReadSession, binder_key: int, element_key: int) -> dict[str, int]:
    """Count the documents that have each value of an element."""
    rows = await session.all(
        select(
            document_metadata.c.value,
            func.count(document_metadata.c.document_key).label("documents"),
        )
        .where(is_element(document_metadata, binder_key, element_key))
        .group_by(document_metadata.c.value)
    )
    return {row.value: row.documents for row in rows}


async def iter_trashed_metadata(
    session: ReadSession, binder_key: int
) -> AsyncIterator[list[Mapping[str, Any]]]:
    """Stream the metadata of the documents in a binder's trash, which is in no index."""
    last = 0
    while True:
        rows = await session.all(
            select(documents.c.key, documents.c.metadata_json)
            .where(_is_trashed(binder_key), documents.c.key > last)
            .order_by(documents.c.key)
            .limit(BATCH)
        )
        for row in rows:
            yield msgspec.json.decode(row.metadata_json)
        if len(rows) < BATCH:
            return
        last = rows[-1].key


async def relabel(
    session: WriteSession, binder_key: int, element: Element, value_id: str, *, old: str, new: str
) -> None:
    """Write a value's new label into the ready metadata of documents and their latest versions.

    ``old`` and ``new`` are the value as it stands in that metadata: nothing else there can look
    alike, since a text that did would have its quotes escaped.
    """
    having = select(document_metadata.c.document_key).where(
        is_element(document_metadata, binder_key, element.key),
        document_metadata.c.value == value_id,
    )
    live = of_tenant(documents) & documents.c.key.in_(having)
    for affected in (live, _is_trashed(binder_key)):
        latest = select(documents.c.latest_version_id).where(affected)
        named = of_tenant_by_ids(versions) & versions.c.id.in_(latest)
        await session.execute(_replacing(versions, old, new).where(named))
        await session.execute(
            _replacing(documents, old, new)
            .where(affected)
            .values(revision=documents.c.revision + 1)
        )


def _replacing(table: Any, old: str, new: str) -> Update:  # noqa: ANN401 - documents or versions
    text = func.replace(table.c.metadata_json, old, new)
    return update(table).where(table.c.metadata_json != text).values(metadata_json=text)


def is_element(table: Any, binder_key: int, element_key: int) -> ColumnElement[bool]:  # noqa: ANN401 - one of three tables
    """Keep a question about a table to an element of a binder."""
    found: ColumnElement[bool] = (
        of_tenant(table) & (table.c.binder_key == binder_key) & (table.c.element_key == element_key)
    )
    return found


def _is_trashed(binder_key: int) -> ColumnElement[bool]:
    return (
        of_tenant(documents)
        & (documents.c.binder_key == binder_key)
        & documents.c.deleted_at.is_not(None)
    )
