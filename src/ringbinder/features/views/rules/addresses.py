"""A list as it stands in the address of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from ringbinder.features.folders.types import Folder
from ringbinder.features.views.types import NAME, ListFilter, ListQuery, SavedView

FILTER: Final = "f"
OPERATORS: Final = frozenset({"eq", "in", "contains", "gte", "lte", "exists", "missing"})
MOST_FILTERS: Final = 20
MOST_VALUES: Final = 200
LONGEST_TEXT: Final = 200


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
