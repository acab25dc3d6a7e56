"""The elements of a schema, with their lists of values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, bindparam, delete, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import metadata_elements, metadata_values
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.metadata.repository.usage import is_element
from ringbinder.features.metadata.types import (
    FIRST_CUSTOM_KEY,
    GLOBAL_KEYS,
    AllowedValue,
    DataType,
    Element,
)

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
        .where(is_element(metadata_elements, binder_key, after.key))
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
                is_element(metadata_values, binder_key, element_key),
                metadata_values.c.value_id.in_(gone),
            )
        )


async def delete_element(session: WriteSession, binder_key: int, element: Element) -> None:
    """Take an element and its list out of a binder; the number of the key stays taken."""
    for table in (metadata_values, metadata_elements):
        await session.execute(delete(table).where(is_element(table, binder_key, element.key)))


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
