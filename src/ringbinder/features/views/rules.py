"""Decisions about lists of documents, without input or output."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import isfinite
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec

from ringbinder.features.folders.types import Folder
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
from ringbinder.features.search.types import FoundDocument
from ringbinder.features.views.types import (
    CHANGED,
    NAME,
    Branch,
    Cell,
    Choice,
    Column,
    ColumnKind,
    Item,
    ListedDocument,
    ListFilter,
    ListQuery,
    Names,
    SavedView,
    Value,
)

FILTER: Final = "f"
OPERATORS: Final = frozenset({"eq", "in", "contains", "gte", "lte", "exists", "missing"})
MOST_FILTERS: Final = 20
MOST_VALUES: Final = 200
LONGEST_TEXT: Final = 200
_WITHOUT_VALUE: Final = frozenset({"exists", "missing"})

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
_OF_TEXTS: Final = frozenset({"eq", "contains"})
_OF_RANGES: Final = frozenset({"eq", "gte", "lte"})
_OF_LISTS: Final = frozenset({"in"})
_OPERATORS_OF: Final = {
    ColumnKind.TEXT: _OF_TEXTS,
    ColumnKind.REVISION: _OF_TEXTS,
    ColumnKind.PERSON: _OF_TEXTS,
    ColumnKind.NUMBER: _OF_RANGES,
    ColumnKind.DATE: _OF_RANGES,
    ColumnKind.BOOLEAN: frozenset({"eq"}),
    ColumnKind.LISTED: _OF_LISTS,
    ColumnKind.STATUS: _OF_LISTS,
}
_NEVER_SHOWN: Final = frozenset({GLOBAL_BINDER_ID, GLOBAL_TAB_TYPE})
_USUAL: Final = (NAME, GLOBAL_VERSION, GLOBAL_STATUS, GLOBAL_REVISION_DATE)
_USUAL_BEHIND: Final = (GLOBAL_CATEGORY, GLOBAL_DATE, GLOBAL_TAB_ID)
_OWN_KEYS_SHOWN: Final = 3


def read_list_query(pairs: Iterable[tuple[str, str]]) -> ListQuery:
    """Read what stands in an address; what cannot be understood is left out.

    ``tab`` is a folder, ``q`` a part of the name, ``sort`` a key (``-`` before it turns the order),
    ``col`` a column, and ``f.<operator>.<key>`` a value of a condition.
    """
    query = ListQuery()
    conditions: dict[tuple[str, str], list[str]] = {}
    columns: list[str] = []
    for name, text in pairs:
        value = text.strip()[:LONGEST_TEXT].replace("\x00", "")
        if not value:
            continue
        if name == "tab":
            query = replace(query, tab=_guid(value))
        elif name == "q":
            query = replace(query, term=value)
        elif name == "sort":
            query = replace(query, sort=value.lstrip("-"), descending=value.startswith("-"))
        elif name == "col":
            columns.append(value)
        elif condition := _condition(name):
            conditions.setdefault(condition, []).append(value)
    return replace(query, columns=_distinct(columns), filters=_filters(conditions))


def _guid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _condition(name: str) -> tuple[str, str] | None:
    mark, _, rest = name.partition(".")
    operator, _, key = rest.partition(".")
    return (key, operator) if mark == FILTER and key and operator in OPERATORS else None


def _filters(conditions: Mapping[tuple[str, str], list[str]]) -> tuple[ListFilter, ...]:
    found = (
        ListFilter(key, operator, _distinct(values)[:MOST_VALUES])
        for (key, operator), values in conditions.items()
    )
    return tuple(found)[:MOST_FILTERS]


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def fitting(query: ListQuery, columns: Mapping[str, Column]) -> ListQuery:
    """Leave out what names a key that the binder does not have."""
    sortable = query.sort in columns and columns[query.sort].is_sortable
    return replace(
        query,
        filters=tuple(
            one for one in query.filters if one.key in columns and columns[one.key].is_filterable
        ),
        columns=tuple(key for key in query.columns if key in columns),
        sort=query.sort if sortable else NAME,
        descending=query.descending and sortable,
    )


def write_list_query(query: ListQuery) -> str:
    """Write what :func:`read_list_query` reads."""
    pairs: list[tuple[str, str]] = []
    if query.tab is not None:
        pairs.append(("tab", str(query.tab)))
    if query.term:
        pairs.append(("q", query.term))
    for one in query.filters:
        pairs.extend((f"{FILTER}.{one.operator}.{one.key}", value) for value in one.values)
    if query.sort != NAME or query.descending:
        pairs.append(("sort", f"{'-' if query.descending else ''}{query.sort}"))
    pairs.extend(("col", key) for key in query.columns)
    return urlencode(pairs)


def without_lost_tabs(
    views: Iterable[SavedView], tabs: Mapping[UUID, Folder]
) -> tuple[SavedView, ...]:
    """Leave out views of a tab that is gone, or is not shown to who looks: they name it."""
    asked = ((view, read_list_query(parse_qsl(view.query)).tab) for view in views)
    return tuple(view for view, tab in asked if tab is None or tab in tabs)


def sorted_by(query: ListQuery, key: str) -> ListQuery:
    """Give the query in the order of a key, turned round where it is in that order already."""
    descending = query.sort == key and not query.descending
    return replace(query, sort=key, descending=descending)


def without(query: ListQuery, one: ListFilter) -> ListQuery:
    """Give the query without a condition."""
    return replace(query, filters=tuple(other for other in query.filters if other != one))


def search_body(query: ListQuery, binder_id: str, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Ask the search of the API for what a list shows."""
    filters: list[dict[str, Any]] = [{"metadataElementId": GLOBAL_BINDER_ID, "valueId": binder_id}]
    if query.tab is not None:
        filters.append({"metadataElementId": GLOBAL_TAB_ID, "valueId": str(query.tab)})
    filters.extend(_search_filter(one, columns[one.key].kind) for one in query.filters)
    body: dict[str, Any] = {"MetadataFilters": filters}
    if query.sort != NAME:
        direction = "desc" if query.descending else "asc"
        body["SortBy"] = [{"metadataElementId": query.sort, "direction": direction}]
    return body


def _search_filter(one: ListFilter, kind: ColumnKind) -> dict[str, Any]:
    found: dict[str, Any] = {"metadataElementId": one.key, "operator": one.operator}
    if one.operator == "in":
        found["valueIds"] = list(one.values)
    elif one.operator not in _WITHOUT_VALUE:
        found["value"] = _typed_value(one.values[-1], kind)
    return found


def _typed_value(text: str, kind: ColumnKind) -> str | float | bool:
    if kind is ColumnKind.NUMBER:
        return float(text.replace(",", "."))
    return text == "true" if kind is ColumnKind.BOOLEAN else text


def typed(query: ListQuery, columns: Mapping[str, Column]) -> ListQuery:
    """Leave out conditions whose value is none of its key: half a date, a word for a number."""
    sound = (one for one in query.filters if _is_sound(one, columns[one.key].kind))
    return replace(query, filters=tuple(sound))


def _is_sound(one: ListFilter, kind: ColumnKind) -> bool:
    if one.operator in _WITHOUT_VALUE:
        return True
    if one.operator not in _OPERATORS_OF[kind]:
        return False
    check = _CHECKS.get(kind)
    return check is None or all(map(check, one.values))


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text.replace(",", ".")))
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_CHECKS: Final = {ColumnKind.NUMBER: _is_number, ColumnKind.DATE: _is_date}


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
    choices = tuple(
        Choice(value.value_id, value.labels.get(language) or value.label)
        for value in element.values
    )
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


_items: Final = msgspec.json.Decoder(list[Item]).decode
read_listed: Final = msgspec.json.Decoder(list[ListedDocument]).decode
"""Read documents as searches answer them."""


def listed(document: FoundDocument) -> ListedDocument:
    """Give what a list needs of a document that was found."""
    return ListedDocument(
        id=str(document.id),
        file_name=document.file_name,
        folder_id=str(document.folder_id),
        items=_items(document.metadata_json),
        updated_at=document.updated_at,
    )


def _in_line(values: list[Value]) -> Sequence[Value]:
    others = values[1:]
    return [*values[:1], *(one._replace(follows=True) for one in others)] if others else values


class Cells:
    """Writes the values of documents in columns, in one language."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        folders: Mapping[UUID, Folder],
        yes: str,
        no: str,
        date: Callable[[str], str],
        number: Callable[[float], str],
        moment: Callable[[datetime], str],
    ) -> None:
        """Take how the reader's language writes what is no text."""
        self._tabs = {str(one.id): (Value(one.name, str(one.id)),) for one in folders.values()}
        self._words = {True: yes, False: no}
        self._date = date
        self._number = number
        self._moment = moment
        self._columns = [
            (column, self._writer(column))
            for column in columns
            if column.kind is not ColumnKind.NAME
        ]

    def of(self, document: ListedDocument) -> Sequence[Cell]:
        """Give the values of one document for each column but the name."""
        found: dict[str, list[Item]] = {}
        for item in document.items:
            found.setdefault(item.key, []).append(item)
        return [
            (column, self._elsewhere(column, document))
            if write is None
            else (column, _in_line([write(item) for item in found.get(column.key, ())]))
            for column, write in self._columns
        ]

    def _elsewhere(self, column: Column, document: ListedDocument) -> Sequence[Value]:
        """Give what stands in no metadata."""
        if column.kind is ColumnKind.TAB:
            return self._tabs.get(document.folder_id, ())
        return (Value(self._moment(document.updated_at)),)

    def _writer(self, column: Column) -> "Callable[[Item], Value] | None":
        match column.kind:
            case ColumnKind.TAB | ColumnKind.CHANGED:
                return None
            case ColumnKind.LISTED | ColumnKind.STATUS:
                labels = {choice.value_id: choice.label for choice in column.choices}
                return lambda one: Value(
                    labels.get(one.value_id or "") or str(one.value), one.value_id
                )
            case ColumnKind.DATE:
                return lambda one: Value(self._date(one.value), str(one.value))
            case ColumnKind.NUMBER:
                return lambda one: Value(self._number(one.value), str(one.value))
            case ColumnKind.BOOLEAN:
                return lambda one: Value(
                    self._words[bool(one.value)], "true" if one.value else "false"
                )
        return lambda one: Value(str(one.value), str(one.value))


def tree_of(
    folders: Sequence[Folder], counts: Mapping[int, int], opened: Iterable[int]
) -> tuple[Branch, ...]:
    """Build the tree of tabs; ``folders`` come in the order of the tree."""
    children: dict[int | None, list[Folder]] = {}
    for folder in folders:
        children.setdefault(folder.parent_key, []).append(folder)
    return _branches(children, None, 1, counts, frozenset(opened))


def _branches(
    children: Mapping[int | None, Sequence[Folder]],
    parent: int | None,
    level: int,
    counts: Mapping[int, int],
    opened: frozenset[int],
) -> tuple[Branch, ...]:
    branches = []
    for folder in children.get(parent, ()):
        inner = _branches(children, folder.key, level + 1, counts, opened)
        documents = counts.get(folder.key, 0) + sum(branch.documents for branch in inner)
        branches.append(Branch(folder, level, documents, inner, folder.key in opened))
    return tuple(branches)


def path_to(folder: Folder | None, folders: Mapping[int, Folder]) -> tuple[Folder, ...]:
    """Give a folder and those that it is in, the tab first."""
    path: list[Folder] = []
    while folder is not None:
        path.append(folder)
        folder = None if folder.parent_key is None else folders.get(folder.parent_key)
    return tuple(reversed(path))
