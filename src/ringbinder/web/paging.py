"""Paging as the contract has it: page number and size, a search term, or an opaque cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request

from ringbinder.kit.paging import Cursor
from ringbinder.web.types import SearchTerm

DEFAULT_PAGE_SIZE: Final = 50
MAXIMUM_PAGE_SIZE: Final = 500
MAXIMUM_PAGE_NUMBER: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which page a client wants; ``asked`` tells whether it said anything at all about pages."""

    number: int
    size: int
    search_term: str | None
    cursor: str | None
    asked: bool

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return (self.number - 1) * self.size


async def _page_query(
    request: Request,
    pageSize: Annotated[  # noqa: N803 - wire name
        int, Query(ge=1, le=MAXIMUM_PAGE_SIZE, description="Items on a page.")
    ] = DEFAULT_PAGE_SIZE,
    pageNumber: Annotated[  # noqa: N803 - wire name
        int, Query(ge=1, le=MAXIMUM_PAGE_NUMBER, description="The page, from 1.")
    ] = 1,
    searchTerm: Annotated[  # noqa: N803 - wire name
        SearchTerm | None,
        Query(
            description="Any part of the name; upper and lower case are the same.",
            examples=["plan 1"],
        ),
    ] = None,
    cursor: Annotated[
        str | None,
        Query(
            max_length=2000,
            description="The `nextCursor` of the page before; safe while data changes.",
        ),
    ] = None,
) -> PageQuery:
    asked = any(
        name in request.query_params for name in ("pageSize", "pageNumber", "searchTerm", "cursor")
    )
    return PageQuery(
        number=pageNumber, size=pageSize, search_term=searchTerm or None, cursor=cursor, asked=asked
    )


Paging = Annotated[PageQuery, Depends(_page_query)]


def position_of(query: PageQuery, *, shape: str, types: Sequence[type]) -> Any:  # noqa: ANN401 - a tuple of these types
    """Give what the client's cursor says of the last item it has seen, or None without a cursor.

    Raises:
        BadCursor: it is garbled, or belongs to another listing.

    """
    if query.cursor is None:
        return None
    return Cursor.decode(query.cursor, shape=shape, types=types).values


def page(
    items: Sequence[Any], *, total: int, query: PageQuery, next_cursor: str | None = None
) -> dict[str, Any]:
    """Wrap one page of items as the contract wants it."""
    return {
        "items": items,
        "totalCount": total,
        "pageNumber": query.number,
        "pageSize": query.size,
        "nextCursor": next_cursor,
    }
