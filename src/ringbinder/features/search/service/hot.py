"""Searches that are asked again: what was found out for one serves the next, while it holds.

Looking up names, measuring and counting take longer than most pages. What they gave is remembered
with the number of the organisation's last change, and the statement of the next page looks, at the
moment at which it reads, for changes since: where there was one of anything else than documents,
nothing remembered is used. So an answer is always that of its moment, in every process. Which
documents are on a page is never remembered, and totals only where they would have to be counted
apart; a document's own JSON is, by its revision.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, TypeVar

from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.db.sight import Sight
from ringbinder.features.search import repository, rules
from ringbinder.features.search.service import searching
from ringbinder.features.search.service.written import WriteFound, WrittenDocuments
from ringbinder.features.search.types import SearchQuery, Slice

REMEMBERED_SIGHTS: Final = 200
"""Organisations, each as often as there are people who see different parts of it."""

REMEMBERED_SEARCHES: Final = 500
"""Of one sight."""

REMEMBERED_STATEMENTS: Final = 1000

_Name = tuple[bytes, str | None]
"""What makes two requests the same search: body, and part of the name."""

Key = TypeVar("Key")
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks for: a body, a part of the name, and which page of the outcome.

    ``body`` is what ``content`` says; of equal contents it is equal.
    """

    content: bytes
    body: object
    term: str | None
    cursor: str | None
    offset: int
    limit: int

    @property
    def name(self) -> _Name:
        """What makes it the same search as another."""
        return self.content, self.term

    def of(self, query: SearchQuery) -> SearchQuery:
        """Complete what was read of the body."""
        return query.about(self.term)


@dataclass(frozen=True, slots=True)
class HotFound:
    """One page as the items of a JSON array, the exact total, and the cursor of the next page."""

    items_json: bytes
    total: int
    next_cursor: str | None


@dataclass(slots=True)
class _Search:
    """What was found out about a search; ``found_at`` is the change at which that was.

    Where it ``lasts``, it holds while only documents change.
    """

    query: SearchQuery
    template: rules.Template
    values: tuple[int | str, ...]
    lasts: bool
    found_at: int
    counted: rules.Counted
    shape: str
    statements: dict[rules.PageTemplate, Prepared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Answered:
    """A search that was looked up, and how it was answered."""

    query: SearchQuery
    way: searching.Way
    total: int
    sequence: int


@dataclass(slots=True)
class _Memory:
    """What was found out for those who see the same of an organisation.

    All of it that lasts held at a change that is newer than what it was found at.
    """

    sequence: int
    searches: OrderedDict[_Name, _Search] = field(default_factory=OrderedDict)


class HotSearches:
    """The searches of one process."""

    def __init__(
        self,
        database: Database,
        *,
        write_found: WriteFound,
        few: int = rules.FEW,
    ) -> None:
        """Write documents as the database does; ``few`` is as in the search."""
        self._few = few
        self._database = database
        self._written = WrittenDocuments(database, write_found)
        self._memories: OrderedDict[tuple[int, Sight], _Memory] = OrderedDict()
        self._statements: OrderedDict[tuple[rules.Template, rules.PageTemplate], Prepared] = (
            OrderedDict()
        )

    async def find(self, organisation_key: int, sight: Sight, asked: Asked) -> HotFound:
        """Give one page of the live documents that are asked for, as the search does.

        Raises:
            FieldErrors: something is wrong with the body.
            BadCursor: it was garbled, or belongs to another query.

        """
        memory = self._memories.get((organisation_key, sight))
        if memory is not None:
            found = await self._again(organisation_key, memory, asked)
            if found is not None:
                return found
        return await self._anew(organisation_key, sight, asked)

    async def _again(self, organisation_key: int, memory: _Memory, asked: Asked) -> HotFound | None:
        known = memory.searches.get(asked.name)
        if known is None:
            return None
        query = known.query
        after = None if asked.cursor is None else rules.read_cursor(asked.cursor, query)
        wanted = Slice(asked.limit + 1, 0 if after else asked.offset, after)
        page = rules.page_template(known.template, wanted, lasts=known.lasts)
        if page is None:
            return None
        since = memory.sequence if known.lasts else known.found_at
        found = await repository.read_page(
            self._database,
            organisation_key,
            known.statements.get(page) or self._statement(known, page),
            (*known.values, *rules.page_values(wanted, since, known.counted)),
            size=asked.limit,
        )
        walks_on = known.template.plan.way is rules.Way.WALK_VALUES
        # Behind the documents that have a value come those that have none.
        if found is None or (walks_on and found.last is None):
            return None
        items = await self._written.of(organisation_key, found.stamps)
        if items is None:
            return None
        if known.lasts:
            memory.sequence = max(memory.sequence, found.sequence)
        known.counted = rules.Counted(found.total, found.sequence)
        cursor = None if found.last is None else rules.write_cursor(found.last, query, known.shape)
        return HotFound(b",".join(items), found.total, cursor)

    def _statement(self, search: _Search, page: rules.PageTemplate) -> Prepared:
        key = (search.template, page)
        known = self._statements.get(key)
        if known is None:
            known = repository.prepare_page(self._database, search.template, page)
            _keep(self._statements, key, known, REMEMBERED_STATEMENTS)
        search.statements[page] = known
        return known

    async def _anew(self, organisation_key: int, sight: Sight, asked: Asked) -> HotFound:
        memory = self._memories.get((organisation_key, sight))
        async with self._database.read(organisation_key, sight) as session:
            since = 0 if memory is None else memory.sequence
            state = await repository.state_of(session, since)
            keys = await searching.keys_for(session, asked.body)
            query = asked.of(rules.read_query(asked.body, keys))
            found, way = await searching.find(
                session,
                query,
                cursor=asked.cursor,
                offset=asked.offset,
                limit=asked.limit,
                few=self._few,
            )
        if memory is None or not state.holds:
            memory = _Memory(state.sequence)
            _keep(self._memories, (organisation_key, sight), memory, REMEMBERED_SIGHTS)
        memory.sequence = max(memory.sequence, state.sequence)
        if way is not None:
            _remember(memory, asked, _Answered(query, way, found.total, state.sequence))
        items = self._written.write(found.documents)
        return HotFound(b",".join(items), found.total, found.next_cursor)


def _remember(memory: _Memory, asked: Asked, answered: _Answered) -> None:
    taken = rules.template_of(answered.way.criteria, answered.query.order, answered.way.plan)
    if taken is None:
        return
    template, values = taken
    known = _Search(
        answered.query,
        template,
        values,
        lasts=rules.lookups_of(answered.query).outlast_documents,
        found_at=answered.sequence,
        counted=rules.Counted(answered.total, answered.sequence),
        shape=rules.shape_of(answered.query),
    )
    _keep(memory.searches, asked.name, known, REMEMBERED_SEARCHES)


def _keep(kept: OrderedDict[Key, Kept], key: Key, value: Kept, limit: int) -> None:
    kept[key] = value
    while len(kept) > limit:
        kept.popitem(last=False)
