"""Every question about schemas, by name."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, Update, bindparam, delete, exists, func, select, update

from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import (
    document_metadata,
    documents,
    metadata_elements,
    metadata_keys,
    metadata_values,
    organisation_sequences,
    versions,
)
from ringbinder.db.tenancy import of_tenant, of_tenant_by_ids
from ringbinder.features.metadata.types import (
    FIRST_CUSTOM_KEY,
    GLOBAL_KEYS,
    AllowedValue,
    DataType,
    Element,
)

BATCH: Final = 500
FEW_BINDERS: Final = 20
"""Of more binders, writing the statement takes longer than its answer."""

_VALUE_KEY: Final = ("organisation_key", "binder_key", "element_key", "value_id")
_VALUE_REST: Final = ("label", "labels", "position", "retired_at")
_RESERVED_ORDER: Final = {name: place for place, name in enumerate(GLOBAL_KEYS)}

_elements = select(metadata_elements).where(
    of_tenant(metadata_elements), metadata_elements.c.binder_key == bindparam("binder")
)
_values = (
    select(metadata_values)
    .where(of_tenant(metadata_values), metadata_values.c.binder_key == bindparam("binder"))
    .order_by(metadata_values.c.position)
)


async def list_elements(
    session: ReadSession, binder_key: int, *, only: str | None = None
) -> Sequence[Element]:
    """Give a binder's elements, or one of them: reserved keys first, then by position."""
    elements, values = _elements, _values
    if only is not None:
        elements = elements.where(metadata_elements.c.metadata_element_id == only)
        values = values.where(metadata_values.c.element_key == _key_of(binder_key, only))
    rows = await session.all(elements, binder=binder_key)
    lists = _by_element(await session.all(values, binder=binder_key))
    found = [_element(row, tuple(lists.get(row.element_key, ()))) for row in rows]
    return sorted(found, key=_place)


async def list_labels(
    session: ReadSession, element_key: int, binder_keys: Collection[int], language: str
) -> dict[tuple[int, str], str]:
    """Give the labels of a key's values in some binders, by binder and value."""
    listed = metadata_values.c
    rows = await session.all(
        select(listed.binder_key, listed.value_id, listed.label, listed.labels).where(
            of_tenant(metadata_values),
            listed.element_key == element_key,
            among(listed.binder_key, binder_keys),
        )
    )
    return {(row.binder_key, row.value_id): _label(row, language) for row in rows}


async def list_choices(
    session: ReadSession,
    element_keys: Collection[int],
    binder_keys: Collection[int],
    language: str,
) -> dict[int, dict[str, str]]:
    """Give the values that keys can have in any of some binders, in their order, with a label."""
    listed = metadata_values.c
    rows = await session.all(
        select(listed.element_key, listed.value_id, listed.label, listed.labels)
        .where(
            of_tenant(metadata_values),
            listed.element_key.in_(sorted(element_keys)),
            among(listed.binder_key, binder_keys, few=FEW_BINDERS),
        )
        .group_by(listed.element_key, listed.value_id, listed.label, listed.labels)
        .order_by(func.min(listed.position), listed.value_id)
    )
    found: dict[int, dict[str, str]] = {key: {} for key in element_keys}
    for row in rows:
        found[row.element_key][row.value_id] = _label(row, language)
    return found


def _label(row: Row[Any], language: str) -> str:
    labels: dict[str, str] = msgspec.json.decode(row.labels)
    return labels.get(language) or str(row.label)


def _key_of(binder_key: int, metadata_element_id: str) -> Any:  # noqa: ANN401 - SQLAlchemy's own type for it is generic in what it compares with
    return (
        select(metadata_elements.c.element_key)
        .where(
            of_tenant(metadata_elements),
            metadata_elements.c.binder_key == binder_key,
            metadata_elements.c.metadata_element_id == metadata_element_id,
        )
        .scalar_subquery()
    )


def _place(element: Element) -> tuple[int, int, int]:
    reserved = _RESERVED_ORDER.get(element.metadata_element_id, len(_RESERVED_ORDER))
    return reserved, element.position, element.key


async def list_keys(
    session: ReadSession, *, only: Iterable[str] | None = None
) -> dict[str, tuple[int, DataType]]:
    """Give number and type of the organisation's own keys, or of those that are asked for."""
    statement = select(metadata_keys).where(of_tenant(metadata_keys))
    if only is not None:
        statement = statement.where(metadata_keys.c.metadata_element_id.in_(sorted(only)))
    rows = await session.all(statement)
    return {row.metadata_element_id: (row.element_key, DataType(row.data_type)) for row in rows}


async def lock_keys(session: WriteSession) -> None:
    """Let nobody else of the organisation number a key until this transaction ends."""
    await session.first(
        select(organisation_sequences.c.change_sequence)
        .where(of_tenant(organisation_sequences))
        .with_for_update()
    )


async def add_key(session: WriteSession, metadata_element_id: str, data_type: DataType) -> int:
    """Number a new key of the organisation; the keys must be locked."""
    highest = await session.scalar(
        select(func.max(metadata_keys.c.element_key)).where(of_tenant(metadata_keys))
    )
    key = FIRST_CUSTOM_KEY if highest is None else highest + 1
    row = {
        "element_key": key,
        "metadata_element_id": metadata_element_id,
        "data_type": str(data_type),
    }
    await session.insert(metadata_keys, row)
    return key


async def add_elements(session: WriteSession, binder_key: int, elements: Sequence[Element]) -> None:
    """Add elements with their lists to a binder."""
    await session.insert(
        metadata_elements,
        *(
            {
                "binder_key": binder_key,
                "element_key": element.key,
                "metadata_element_id": element.metadata_element_id,
                "data_type": str(element.data_type),
                **_element_columns(session, element),
            }
            for element in elements
        ),
    )
    for element in elements:
        await put_values(session, binder_key, element.key, element.values)


async def change_element(
    session: WriteSession, binder_key: int, before: Element, after: Element
) -> None:
    """Write what has changed of an element and of its list."""
    await session.execute(
        update(metadata_elements)
        .where(_is_element(metadata_elements, binder_key, after.key))
        .values(**_element_columns(session, after))
    )
    known = {value.value_id: value for value in before.values}
    changed = [value for value in after.values if known.get(value.value_id) != value]
    await put_values(session, binder_key, after.key, changed)
    gone = known.keys() - {value.value_id for value in after.values}
    await _drop_values(session, binder_key, after.key, gone)


async def put_values(
    session: WriteSession, binder_key: int, element_key: int, values: Iterable[AllowedValue]
) -> None:
    """Add values to an element's list, or replace what is known of them."""
    rows = [
        {
            "binder_key": binder_key,
            "element_key": element_key,
            "value_id": value.value_id,
            "label": value.label,
            "labels": _json(value.labels),
            "position": value.position,
            "retired_at": session.now if value.is_retired else None,
        }
        for value in values
    ]
    await session.insert_or(metadata_values, rows, key=_VALUE_KEY, replace=_VALUE_REST)


async def _drop_values(
    session: WriteSession, binder_key: int, element_key: int, value_ids: Iterable[str]
) -> None:
    gone = sorted(value_ids)
    if gone:
        await session.execute(
            delete(metadata_values).where(
                _is_element(metadata_values, binder_key, element_key),
                metadata_values.c.value_id.in_(gone),
            )
        )


async def delete_element(session: WriteSession, binder_key: int, element: Element) -> None:
    """Take an element and its list out of a binder; the number of the key stays taken."""
    for table in (metadata_values, metadata_elements):
        await session.execute(delete(table).where(_is_element(table, binder_key, element.key)))


async def make_room(session: WriteSession, binder_key: int, position: int) -> None:
    """Move the binder's own elements at a position, and those behind it, one place back."""
    await session.execute(
        update(metadata_elements)
        .where(
            of_tenant(metadata_elements),
            metadata_elements.c.binder_key == binder_key,
            metadata_elements.c.element_key >= FIRST_CUSTOM_KEY,
            metadata_elements.c.position >= position,
        )
        .values(position=metadata_elements.c.position + 1)
    )


async def is_used(session: ReadSession, binder_key: int, element_key: int) -> bool:
    """Tell whether a document of the binder, not in the trash, has a value of the element."""
    has_value = exists().where(_is_element(document_metadata, binder_key, element_key))
    found: bool = await session.scalar(select(has_value))
    return found


async def used_value_ids(
    session: ReadSession, binder_key: int, element_key: int, value_ids: Sequence[str]
) -> set[str]:
    """Tell which of these values documents of the binder have that are not in the trash."""
    rows = await session.all(
        select(document_metadata.c.value)
        .where(
            _is_element(document_metadata, binder_key, element_key),
            document_metadata.c.value.in_(value_ids),
        )
        .distinct()
    )
    return {row.value for row in rows}


async def has_several_values(session: ReadSession, binder_key: int, element_key: int) -> bool:
    """Tell whether a document of the binder, not in the trash, has two values of the element."""
    found = await session.first(
        select(document_metadata.c.document_key)
        .where(_is_element(document_metadata, binder_key, element_key))
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
        .where(_is_element(document_metadata, binder_key, element_key))
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
        .where(_is_element(document_metadata, binder_key, element_key))
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
        _is_element(document_metadata, binder_key, element.key),
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


def _is_element(table: Any, binder_key: int, element_key: int) -> ColumnElement[bool]:  # noqa: ANN401 - one of three tables
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


def _element_columns(session: WriteSession, element: Element) -> dict[str, Any]:
    return {
        "label": element.label,
        "labels": _json(element.labels),
        "is_required": element.is_required,
        "is_multi_value": element.is_multi_value,
        "position": element.position,
        "retired_at": session.now if element.is_retired else None,
    }


def _by_element(rows: Iterable[Row[Any]]) -> dict[int, list[AllowedValue]]:
    lists: dict[int, list[AllowedValue]] = {}
    for row in rows:
        lists.setdefault(row.element_key, []).append(_value(row))
    return lists


def _element(row: Row[Any], values: tuple[AllowedValue, ...]) -> Element:
    return Element(
        key=row.element_key,
        metadata_element_id=row.metadata_element_id,
        data_type=DataType(row.data_type),
        label=row.label,
        labels=msgspec.json.decode(row.labels),
        is_required=row.is_required,
        is_multi_value=row.is_multi_value,
        position=row.position,
        is_retired=row.retired_at is not None,
        values=values,
    )


def _value(row: Row[Any]) -> AllowedValue:
    return AllowedValue(
        value_id=row.value_id,
        label=row.label,
        labels=msgspec.json.decode(row.labels),
        position=row.position,
        is_retired=row.retired_at is not None,
    )


def _json(labels: Mapping[str, str]) -> str:
    return msgspec.json.encode(labels).decode()
