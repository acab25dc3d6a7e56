"""Which columns a list can have, and which it shows."""

from collections.abc import Sequence
from typing import Final

from ringbinder.features.metadata.types import (
    GLOBAL_BINDER_ID,
    GLOBAL_CATEGORY,
    GLOBAL_CREATED_BY,
    GLOBAL_DATE,
    GLOBAL_REVISION_DATE,
    GLOBAL_STATUS,
    GLOBAL_TAB_ID,
    GLOBAL_TAB_TYPE,
    GLOBAL_VERSION,
    DataType,
    Element,
    Schema,
)
from ringbinder.features.views.types import (
    CHANGED,
    NAME,
    Choice,
    Column,
    ColumnKind,
    ListQuery,
    Names,
)

_KINDS: Final = {
    GLOBAL_VERSION: ColumnKind.REVISION,
    GLOBAL_STATUS: ColumnKind.STATUS,
    GLOBAL_TAB_ID: ColumnKind.TAB,
    GLOBAL_CREATED_BY: ColumnKind.PERSON,
}
_KINDS_OF_TYPES: Final = {
    DataType.TEXT: ColumnKind.TEXT,
    DataType.NUMBER: ColumnKind.NUMBER,
    DataType.DATE: ColumnKind.DATE,
    DataType.BOOLEAN: ColumnKind.BOOLEAN,
    DataType.ENUMERATED: ColumnKind.LISTED,
}
_NEVER_SHOWN: Final = frozenset({GLOBAL_BINDER_ID, GLOBAL_TAB_TYPE})
_USUAL: Final = (NAME, GLOBAL_VERSION, GLOBAL_STATUS, GLOBAL_REVISION_DATE)
_USUAL_BEHIND: Final = (GLOBAL_CATEGORY, GLOBAL_DATE, GLOBAL_TAB_ID)
_OWN_KEYS_SHOWN: Final = 3


def columns_of(schema: Schema, names: Names) -> tuple[Column, ...]:
    """Give every column that a binder's list can have."""
    own = [
        _column(element, names.language)
        for element in schema.elements.values()
        if element.metadata_element_id not in _NEVER_SHOWN
    ]
    return (
        Column(NAME, names.of_columns[NAME], ColumnKind.NAME),
        *own,
        Column(CHANGED, names.of_columns[CHANGED], ColumnKind.CHANGED),
    )


def _column(element: Element, language: str) -> Column:
    kind = _KINDS.get(element.metadata_element_id, _KINDS_OF_TYPES[element.data_type])
    choices = tuple(Choice(value.value_id, value.label_in(language)) for value in element.values)
    return Column(element.metadata_element_id, element.label_in(language), kind, choices)


def chosen_columns(query: ListQuery, available: Sequence[Column]) -> tuple[Column, ...]:
    """Give the columns that a list shows: those chosen, or else the usual ones of the binder."""
    by_key = {column.key: column for column in available}
    keys = query.columns or _usual_columns(available)
    return tuple(by_key[key] for key in dict.fromkeys((NAME, *keys)) if key in by_key)


def _usual_columns(available: Sequence[Column]) -> tuple[str, ...]:
    own = [column.key for column in available if not _is_reserved(column.key)]
    return (*_USUAL, *own[:_OWN_KEYS_SHOWN], *_USUAL_BEHIND)


def _is_reserved(key: str) -> bool:
    return key in (NAME, CHANGED) or key.startswith("GLOBAL_")
