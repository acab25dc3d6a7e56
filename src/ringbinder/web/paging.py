"""Paging as the contract has it: page number and size, a search term, or an opaque cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request, Response

from ringbinder.kit.paging import Cursor
from ringbinder.web.answers import ok
from ringbinder.web.types import MAXIMUM_SEARCH_TERM, SearchTerm

DEFAULT_PAGE_SIZE: Final = 50
MAXIMUM_PAGE_SIZE: Final = 500
MAXIMUM_PAGE_NUMBER: Final = 10_000_000
MAXIMUM_CURSOR: Final = 2000
_NAMES: Final = {"pageSize", "pageNumber", "searchTerm", "cursor"}


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
            max_length=MAXIMUM_CURSOR,
            description="The `nextCursor` of the page before; safe while data changes.",
        ),
    ] = None,
) -> PageQuery:
    asked = any(name in request.query_params for name in _NAMES)
    return PageQuery(
        number=pageNumber, size=pageSize, search_term=searchTerm or None, cursor=cursor, asked=asked
    )


def plain_page(request: Request) -> PageQuery | None:
    """Read a query string about which there is nothing to say; None where there may be."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    given = dict(pairs)
    if len(given) != len(pairs) or given.keys() - _NAMES:
        return None
    size = _plain_number(given.get("pageSize"), DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE)
    number = _plain_number(given.get("pageNumber"), 1, MAXIMUM_PAGE_NUMBER)
    term, cursor = given.get("searchTerm"), given.get("cursor")
    is_plain = len(term or "") <= MAXIMUM_SEARCH_TERM and "\x00" not in (term or "")
    if size is None or number is None or not is_plain or len(cursor or "") > MAXIMUM_CURSOR:
        return None
    return PageQuery(number, size, term or None, cursor, asked=bool(given))


def _plain_number(text: str | None, default: int, maximum: int) -> int | None:
    if text is None:
        return default
    is_plain = text.isascii() and text.isdecimal() and len(text) <= len(str(maximum))
    return int(text) if is_plain and 1 <= int(text) <= maximum else None


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


Found = TypeVar("Found")


class Listing:
    """A part of a list as a client asks for it: a page, or all of one that has always come whole.

    ``position`` is what the client's cursor says of the last item it has seen, in values of the
    given types; None without a cursor. ``offset`` and ``limit`` are what to ask the service for.
    """

    def __init__(
        self, query: PageQuery, shape: str, *types: type, whole: int | None = None
    ) -> None:
        """Understand the query; ``whole`` is how many come at most where no page is asked for.

        Raises:
            BadCursor: it is garbled, or belongs to another listing.

        """
        self.position: Any = position_of(query, shape=shape, types=types)
        self.offset = query.offset if self.position is None else 0
        self._is_whole = whole is not None and not query.asked
        self.limit = whole if whole is not None and not query.asked else query.size
        self._query = query
        self._shape = shape

    @property
    def place(self) -> Any:  # noqa: ANN401 - of the type that was given
        """The position in a list that is ordered by one value."""
        return self.position and self.position[0]

    def answer(
        self,
        found: Sequence[Found],
        total: int,
        *,
        write: Callable[[Found], dict[str, Any]],
        position: Callable[[Found], tuple[Any, ...]],
    ) -> Response:
        """Answer what was found, and how many there are in all."""
        items = [write(one) for one in found]
        if self._is_whole:
            return ok(items)
        next_cursor = None
        if len(found) == self._query.size:
            next_cursor = Cursor(position(found[-1])).encode(shape=self._shape)
        return ok(page(items, total=total, query=self._query, next_cursor=next_cursor))
