"""Look up what the words of a query stand for."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, func, or_, select

from ringbinder.db.sessions import ReadSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import (
    binders,
    counters,
    documents,
    folders,
    metadata_values,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import Counted
from ringbinder.features.metadata.types import GLOBAL_CREATED_BY, GLOBAL_KEYS
from ringbinder.features.search.repository.conditions import begins_with, is_cut
from ringbinder.features.search.repository.sources import ENTRIES
from ringbinder.features.search.rules import is_key_of, matches_text
from ringbinder.features.search.types import Creator, Filter, TextPart, Tree

BATCH: Final = 500


async def list_shown_folders(session: ReadSession) -> frozenset[int]:
    """Give the keys of all folders that the session shows."""
    statement = select(folders.c.key).where(of_tenant(folders), folders.c.deleted_at.is_(None))
    places = {"binder": folders.c.binder_key, "folder": folders.c.key}
    rows = await session.all(kept_to(session.sight, statement, **places))
    return frozenset(row.key for row in rows)


async def find_binders(session: ReadSession, ids: frozenset[str]) -> dict[str, int]:
    """Give the keys of binders that exist."""
    if not ids:
        return {}
    rows = await session.all(
        select(binders.c.id, binders.c.key).where(
            of_tenant(binders), binders.c.id.in_(sorted(ids)), binders.c.deleted_at.is_(None)
        )
    )
    return {row.id: row.key for row in rows}


async def find_folders(session: ReadSession, ids: frozenset[UUID]) -> dict[UUID, Tree]:
    """Give the folders that exist, each with all below it."""
    if not ids:
        return {}
    columns = (folders.c.id.label("top_id"), folders.c.binder_key, folders.c.key)
    top = select(*columns).where(
        of_tenant(folders), folders.c.id.in_(sorted(ids)), folders.c.deleted_at.is_(None)
    )
    trees = top.cte("trees", recursive=True)
    children = folders.alias("children")
    # By its binder, or else each step might look through every folder of the organisation.
    below = select(trees.c.top_id, trees.c.binder_key, children.c.key).where(
        of_tenant(children),
        children.c.binder_key == trees.c.binder_key,
        children.c.parent_key == trees.c.key,
        children.c.deleted_at.is_(None),
    )
    found: dict[tuple[UUID, int], set[int]] = {}
    for row in await session.all(select(trees.union_all(below))):
        found.setdefault((row.top_id, row.binder_key), set()).add(row.key)
    return {top: Tree(binder_key, frozenset(keys)) for (top, binder_key), keys in found.items()}


async def find_labels(
    session: ReadSession, labels: frozenset[tuple[int, str]]
) -> dict[tuple[int, str], frozenset[str]]:
    """Give the ids of the values that have a label in some binder's list."""
    if not labels:
        return {}
    by_element: dict[int, list[str]] = {}
    for element_key, label in labels:
        by_element.setdefault(element_key, []).append(label)
    is_wanted = [
        (metadata_values.c.element_key == element_key) & metadata_values.c.label.in_(sorted(texts))
        for element_key, texts in sorted(by_element.items())
    ]
    columns = (metadata_values.c.element_key, metadata_values.c.label, metadata_values.c.value_id)
    rows = await session.all(
        select(*columns).distinct().where(of_tenant(metadata_values), or_(*is_wanted))
    )
    found: dict[tuple[int, str], set[str]] = {}
    for row in rows:
        found.setdefault((row.element_key, row.label), set()).add(row.value_id)
    return {key: frozenset(value_ids) for key, value_ids in found.items()}


async def list_creators(session: ReadSession) -> tuple[Creator, ...]:
    """Give everybody who created a document, with the name, as a document of theirs shows it."""
    key = GLOBAL_KEYS[GLOBAL_CREATED_BY].key
    entries = ENTRIES
    shown = (
        select(documents.c.created_by_name)
        .select_from(entries.join(documents, documents.c.key == entries.c.document_key))
        .where(
            of_tenant(entries),
            of_tenant(documents),
            entries.c.element_key == key,
            entries.c.value == counters.c.value,
        )
        .order_by(entries.c.binder_key.desc(), entries.c.document_key.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.all(
        select(counters.c.value, shown.label("name")).where(
            of_tenant(counters),
            counters.c.kind == int(Counted.VALUE),
            counters.c.subject_key == key,
            counters.c.count > 0,
        )
    )
    return tuple(Creator(row.value, row.name) for row in rows)


async def find_long_texts(session: ReadSession, wanted: Filter) -> tuple[str, ...]:
    """Give the cut index values of an element whose whole text contains or begins with a term.

    Such texts are rare. The index has only their beginning, so each is read from a document.
    """
    found: list[str] = []
    last = ""
    while rows := await _cut_values(session, wanted, last):
        found += [row.value for row in rows if _matches(row, wanted)]
        last = rows[-1].value
    return tuple(found)


async def _cut_values(session: ReadSession, wanted: Filter, last: str) -> Sequence[Row[Any]]:
    entries = ENTRIES
    part = TextPart(wanted.operator, wanted.values[0])
    cut = (
        select(entries.c.value, func.min(entries.c.document_key).label("document_key"))
        .where(
            of_tenant(entries),
            entries.c.element_key == wanted.key.element_key,
            entries.c.value > last,
            *begins_with(entries.c.value, part),
            is_cut(entries.c.value),
        )
        .group_by(entries.c.value)
        .order_by(entries.c.value)
        .limit(BATCH)
        .subquery("cut")
    )
    joined = cut.join(documents, of_tenant(documents) & (documents.c.key == cut.c.document_key))
    return await session.all(
        select(cut.c.value, documents.c.metadata_json).select_from(joined).order_by(cut.c.value)
    )


def _matches(row: Row[Any], wanted: Filter) -> bool:
    texts = [
        item["value"]
        for item in msgspec.json.decode(row.metadata_json)
        if item["metadataElementId"] == wanted.key.metadata_element_id
    ]
    term = wanted.values[0]
    return any(
        is_key_of(row.value, text) and matches_text(wanted.operator, term, text) for text in texts
    )
