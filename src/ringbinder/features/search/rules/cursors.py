"""Cursors of a search: the position of the last document, and the query that it belongs to."""

from typing import Final

from ringbinder.features.search.types import Filter, Position, SearchQuery
from ringbinder.kit.paging import Cursor, query_shape

_NAME: Final = "search"


def write_cursor(position: Position, query: SearchQuery, shape: str | None = None) -> str:
    """Write where the next page of a query begins; its :func:`shape_of` may be known already."""
    return Cursor((*position.values, position.key)).encode(shape=shape or shape_of(query))


def read_cursor(text: str, query: SearchQuery) -> Position:
    """Read what :func:`write_cursor` wrote for the same query; the size of the page may differ.

    Raises:
        BadCursor: it was garbled, or belongs to another query.

    """
    kinds = [str | None for _ in query.order] or [str]
    *values, key = Cursor.decode(text, shape=shape_of(query), types=[*kinds, int]).values
    return Position(tuple(values), key)  # type: ignore[arg-type]  # the types have just been checked


def shape_of(query: SearchQuery) -> str:
    """Give the fingerprint of a query."""
    return query_shape(
        _NAME,
        [_filter(one) for one in query.filters],
        [[_filter(one) for one in group] for group in query.groups],
        [[sort.key.metadata_element_id, str(sort.direction)] for sort in query.order],
        query.term,
    )


def _filter(one: Filter) -> list[object]:
    return [one.key.metadata_element_id, str(one.operator), list(one.values), one.by_id]
