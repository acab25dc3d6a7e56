"""The documents of a list: the part that somebody looks at, or all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec

from ringbinder.db.sessions import ReadSession
from ringbinder.db.sight import Sight
from ringbinder.features.search import service as search
from ringbinder.features.search.types import Found, SearchQuery
from ringbinder.features.views import rules
from ringbinder.features.views.rules import Cells
from ringbinder.features.views.types import NAME, ListedDocument, Listing, ListQuery, Row, Table
from ringbinder.kit.errors import FieldErrors

ROWS_AT_ONCE: Final = 5_000
"""How many rows of a long list are in memory at a time."""

_write: Final = msgspec.json.Encoder().encode


class _Part(NamedTuple):
    documents: Sequence[ListedDocument]
    total: int


_Find = Callable[[int, int], Awaitable[_Part]]
"""Gives the documents behind the first so many, and no more than so many."""


class Lists:
    """Lists as people scroll through them: each part is a search that was asked before."""

    def __init__(self, searches: search.HotSearches) -> None:
        """Find documents by these searches."""
        self._searches = searches

    async def part(
        self,
        organisation_key: int,
        sight: Sight,
        table: Table,
        *,
        query: ListQuery,
        cells: Cells,
        offset: int,
        limit: int,
    ) -> Listing:
        """Give a part of the list, with each value as the reader's language writes it."""
        wanted, body = _search_of(table, query)
        content = _write(body)

        async def find(offset: int, limit: int) -> _Part:
            asked = search.Asked(content, body, wanted.term, None, offset, limit)
            found = await self._searches.find(organisation_key, sight, asked)
            return _Part(rules.read_listed(b"[%b]" % found.items_json), found.total)

        try:
            found = await (_turned if _is_turned(wanted) else _straight)(find, offset, limit)
        except FieldErrors:
            return Listing((), 0, 0)
        return _listing(found, offset, cells)


async def list_rows(
    session: ReadSession, table: Table, *, query: ListQuery, cells: Cells, limit: int
) -> Listing:
    """Give the beginning of the list, as the session sees it."""
    asked, is_turned = await _ask(session, table, query)
    if asked is None:
        return Listing((), 0, 0)
    find = partial(_find, session, asked)
    return _listing(await (_turned if is_turned else _straight)(find, 0, limit), 0, cells)


async def iter_rows(
    session: ReadSession, table: Table, *, query: ListQuery, cells: Cells
) -> AsyncIterator[Listing]:
    """Give the whole list in parts of some thousand rows; each says how many there are in all."""
    asked, is_turned = await _ask(session, table, query)
    if asked is not None:
        parts = _turned_parts(session, asked) if is_turned else _parts(session, asked)
        place = 0
        async for part in parts:
            yield _listing(part, place, cells)
            place += len(part.documents)


async def _parts(session: ReadSession, query: SearchQuery) -> AsyncIterator[_Part]:
    cursor = None
    while True:
        found = await search.search_documents(
            session, query, cursor=cursor, offset=0, limit=ROWS_AT_ONCE
        )
        yield _part(found)
        cursor = found.next_cursor
        if cursor is None:
            return


async def _turned_parts(session: ReadSession, query: SearchQuery) -> AsyncIterator[_Part]:
    place, find = 0, partial(_find, session, query)
    while True:
        part = await _turned(find, place, ROWS_AT_ONCE)
        yield part
        place += len(part.documents)
        if not part.documents or place >= part.total:
            return


async def _straight(find: _Find, offset: int, limit: int) -> _Part:
    return await find(offset, limit)


async def _turned(find: _Find, offset: int, limit: int) -> _Part:
    """Read a list by name from its end, which the search does not know as an order."""
    total = (await find(0, 1)).total
    end = max(0, total - offset)
    begin = max(0, end - limit)
    if begin == end:
        return _Part((), total)
    return _Part((await find(begin, end - begin)).documents[::-1], total)


async def _find(session: ReadSession, query: SearchQuery, offset: int, limit: int) -> _Part:
    return _part(
        await search.search_documents(session, query, cursor=None, offset=offset, limit=limit)
    )


def _part(found: Found) -> _Part:
    return _Part([rules.listed(document) for document in found.documents], found.total)


def _listing(part: _Part, offset: int, cells: Cells) -> Listing:
    rows = [Row(document, place, cells.of) for place, document in enumerate(part.documents, offset)]
    return Listing(rows, part.total, offset)


async def _ask(
    session: ReadSession, table: Table, query: ListQuery
) -> tuple[SearchQuery | None, bool]:
    """Put a list as a search, None where nothing can be found, and tell whether it is turned."""
    wanted, body = _search_of(table, query)
    asked = await search.understand(session, body)
    if isinstance(asked, FieldErrors):
        return None, False
    return asked.about(wanted.term), _is_turned(wanted)


def _search_of(table: Table, query: ListQuery) -> tuple[ListQuery, dict[str, object]]:
    """Give what of a list can be asked for, and how the search of the API is asked for it."""
    columns = {column.key: column for column in table.available}
    wanted = rules.typed(rules.fitting(query, columns), columns)
    return wanted, rules.search_body(wanted, table.binder.id, columns)


def _is_turned(query: ListQuery) -> bool:
    return query.descending and query.sort == NAME
