"""Searches that are asked again: what was found out for one serves the next, while nothing changes.

Looking up names, measuring and counting take longer than most pages. What they gave is remembered
with the number of the organisation's last change, and the statement of the next page compares that
number at the moment at which it reads: where it is another, nothing remembered is used. So an
answer is always that of its moment, in every process. Pages themselves are never remembered.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.db.sight import Sight
from ringbinder.features.search import repository, rules
from ringbinder.features.search.service import searching
from ringbinder.features.search.types import FoundDocument, SearchQuery, Slice

REMEMBERED_ORGANISATIONS: Final = 200
REMEMBERED_SEARCHES: Final = 500
"""Of one organisation."""

REMEMBERED_STATEMENTS: Final = 1000

WriteFound = Callable[[Sequence[FoundDocument]], str]
"""Writes documents as the items of a JSON array, without its brackets."""

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

    items_json: str
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Search:
    """What was found out about a search."""

    query: SearchQuery
    template: rules.Template
    values: tuple[int | str, ...]
    total: int
    statements: dict[rules.PageTemplate, Prepared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Answered:
    """A search that was looked up, and how it was answered."""

    query: SearchQuery
    way: searching.Way
    total: int


@dataclass(frozen=True, slots=True)
class _Memory:
    """What was found out about an organisation since its last change."""

    sequence: int
    searches: OrderedDict[_Name, _Search] = field(default_factory=OrderedDict)


class HotSearches:
    """The searches of one process."""

    def __init__(
        self,
        database: Database,
        *,
        write_item: repository.WriteItem,
        write_found: WriteFound,
        few: int = rules.FEW,
    ) -> None:
        """Write documents in two ways that give the same bytes.

        The answers do not depend on ``few``, which is as in the search.
        """
        self._few = few
        self._database = database
        self._write_item = write_item
        self._write_found = write_found
        self._memories: OrderedDict[int, _Memory] = OrderedDict()
        self._statements: OrderedDict[tuple[rules.Template, rules.PageTemplate], Prepared] = (
            OrderedDict()
        )

    async def find(self, organisation_key: int, sight: Sight, asked: Asked) -> HotFound:
        """Give one page of the live documents that are asked for, as the search does.

        Only what is found out for callers who see everything is remembered.

        Raises:
            FieldErrors: something is wrong with the body.
            BadCursor: it was garbled, or belongs to another query.

        """
        memory = self._memories.get(organisation_key)
        if memory is not None and sight.is_whole:
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
        page = rules.page_template(known.template, wanted)
        if page is None:
            return None
        found = await repository.read_page(
            self._database,
            organisation_key,
            known.statements.get(page) or self._statement(known, page),
            (*known.values, *rules.page_values(wanted, memory.sequence)),
            sequence=memory.sequence,
            wanted=asked.limit,
            sort_keys=len(query.order) or 1,
            write_item=self._write_item,
        )
        walks_on = known.template.plan.way is rules.Way.WALK_VALUES
        # Behind the documents that have a value come those that have none.
        if found is None or (walks_on and found.last is None):
            return None
        cursor = None if found.last is None else rules.write_cursor(found.last, query)
        return HotFound(found.items_json, known.total, cursor)

    def _statement(self, search: _Search, page: rules.PageTemplate) -> Prepared:
        key = (search.template, page)
        known = self._statements.get(key)
        if known is None:
            known = repository.prepare_page(self._database, search.template, page)
            _keep(self._statements, key, known, REMEMBERED_STATEMENTS)
        search.statements[page] = known
        return known

    async def _anew(self, organisation_key: int, sight: Sight, asked: Asked) -> HotFound:
        async with self._database.read(organisation_key, sight) as session:
            sequence = await repository.last_change(session)
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
        if way is not None and sight.is_whole:
            self._remember(organisation_key, sequence, asked, _Answered(query, way, found.total))
        return HotFound(self._write_found(found.documents), found.total, found.next_cursor)

    def _remember(
        self, organisation_key: int, sequence: int, asked: Asked, answered: _Answered
    ) -> None:
        """Remember what was found out at a change; what was known before it is dropped."""
        taken = rules.template_of(answered.way.criteria, answered.query.order, answered.way.plan)
        if taken is None:
            return
        memory = self._memories.get(organisation_key)
        if memory is None or memory.sequence != sequence:
            memory = _Memory(sequence)
            _keep(self._memories, organisation_key, memory, REMEMBERED_ORGANISATIONS)
        template, values = taken
        known = _Search(answered.query, template, values, answered.total)
        _keep(memory.searches, asked.name, known, REMEMBERED_SEARCHES)


def _keep(kept: OrderedDict[Key, Kept], key: Key, value: Kept, limit: int) -> None:
    kept[key] = value
    while len(kept) > limit:
        kept.popitem(last=False)
