"""What the search is asked for to show a list; what fits no key is left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import isfinite
from typing import Any, Final

from ringbinder.features.metadata.types import GLOBAL_BINDER_ID, GLOBAL_TAB_ID
from ringbinder.features.views.types import NAME, Column, ColumnKind, ListFilter, ListQuery

_WITHOUT_VALUE: Final = frozenset({"exists", "missing"})
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
