"""Random libraries and random searches: the answer is that of the naive model."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringbinder.db.sessions import Database
from ringbinder.db.sight import EVERYTHING
from ringbinder.features.organisations import service as organisations
from ringbinder.features.search import service
from ringbinder.features.search.schemas import found_item
from ringbinder.features.search.service import Asked, HotFound, HotSearches
from ringbinder.features.search.types import Found, SearchQuery
from ringbinder.kit.names import comparison_key
from tests.factories.library import (
    LISTED,
    SETTABLE,
    Binder,
    Folder,
    Library,
    Person,
    Sheet,
    store,
)
from tests.support.search_model import Json, Model
from tests.support.search_queries import (
    TYPES,
    VALUE_IDS,
    searches,
    short_texts,
    texts,
    values_of,
    words,
)
from tests.support.world import World

pytestmark = [pytest.mark.db, pytest.mark.slow, pytest.mark.timeout(600)]


@st.composite
def made_binders(draw: st.DrawFn) -> Binder:
    labels = st.permutations(["Första", "Åter", "b"])
    lists = {
        key.id: [
            (value_id, label)
            for value_id, label in zip(draw(st.permutations(VALUE_IDS)), draw(labels), strict=True)
        ]
        for key in LISTED
    }
    return Binder(draw(words), lists)


@st.composite
def made_folders(draw: st.DrawFn, binders: int) -> list[Folder]:
    made: list[Folder] = []
    for _ in range(draw(st.integers(1, 5))):
        parent = draw(st.none() | st.integers(0, len(made) - 1)) if made else None
        binder = draw(st.integers(0, binders - 1)) if parent is None else made[parent].binder
        made.append(Folder(draw(words), binder, draw(st.sampled_from(TYPES)), parent))
    return made


def sheets(folders: int, people: int) -> st.SearchStrategy[Sheet]:
    values = st.fixed_dictionaries(
        {},
        optional={
            key.id: st.lists(values_of(key), min_size=1, max_size=3 if key.is_multi else 1)
            for key in SETTABLE
        },
    )
    return st.builds(
        Sheet,
        name=st.one_of(words, short_texts, st.builds(lambda a, b: f"{a}-{b}", words, short_texts)),
        folder=st.integers(0, folders - 1),
        values=values,
        creator=st.integers(0, people - 1),
        is_trashed=st.integers(0, 9).map(lambda n: n == 0),
    )


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    binders = draw(st.lists(made_binders(), min_size=1, max_size=3))
    folders = draw(made_folders(len(binders)))
    people = [Person(UUID(int=place + 1), draw(texts)) for place in range(draw(st.integers(1, 3)))]
    drawn = draw(st.lists(sheets(len(folders), len(people)), max_size=14))
    return Library(binders, folders, people, with_distinct_names(drawn))


def with_distinct_names(drawn: Sequence[Sheet]) -> list[Sheet]:
    """A folder has a name only once."""
    taken: set[tuple[int, str]] = set()
    made = []
    for place, sheet in enumerate(drawn):
        key = (sheet.folder, comparison_key(sheet.name))
        made.append(replace(sheet, name=f"{sheet.name}.{place}") if key in taken else sheet)
        taken.add((sheet.folder, comparison_key(made[-1].name)))
    return made


async def find(database: Database, tenant: int, query: SearchQuery, few: int, **page: Any) -> Found:
    async with database.read(tenant) as session:
        return await service.search_documents(
            session, query, **{"cursor": None, "offset": 0, "few": few} | page
        )


def ids(found: Found) -> list[UUID]:
    return [document.id for document in found.documents]


@settings(
    max_examples=int(os.environ.get("MANY", "20")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(library=libraries(), data=st.data())
async def test_answers_are_those_of_the_model(
    world: World, library: Library, data: st.DataObject
) -> None:
    database = world.parts.database
    organisation = await organisations.create_organisation(
        database, name="Random", api_clients_enabled=False
    )
    model = Model(await store(database, organisation, library))
    for _ in range(8):
        body, term, visible = data.draw(searches(model.stored))
        # How many are few decides whether an index is walked or everything is gathered.
        few = data.draw(st.sampled_from([0, 2, 5000]))
        expected = model.search(body, term, visible)
        size = data.draw(st.integers(1 + len(expected) // 4, 8))
        async with database.read(organisation.key) as session:
            query = await service.understand(session, body)
        assert isinstance(query, SearchQuery), query
        query = replace(query.about(term), visible_folders=visible)
        await check_pages(database, organisation.key, query, expected, size, few)
        if visible is None:
            hot = HotSearches(database, write_found=found_item, few=few)
            await check_hot_pages(hot, organisation.key, (body, term), expected, size)


async def check_pages(
    database: Database, tenant: int, query: SearchQuery, expected: list[UUID], size: int, few: int
) -> None:
    """Read by page number, one page too many, and by cursor; each gives everything once."""
    for offset in range(0, len(expected) + size, size):
        found = await find(database, tenant, query, few, offset=offset, limit=size)
        assert ids(found) == expected[offset : offset + size]
        assert found.total == len(expected)
        assert (found.next_cursor is not None) == (offset + size < len(expected))
    read: list[UUID] = []
    cursor = None
    while cursor or not read:
        found = await find(database, tenant, query, few, cursor=cursor, limit=size)
        assert found.total == len(expected)
        read += ids(found)
        cursor = found.next_cursor
        if cursor is None:
            break
    assert read == expected


async def check_hot_pages(
    hot: HotSearches, tenant: int, wanted: tuple[Json, str | None], expected: list[UUID], size: int
) -> None:
    """Do the same with searches that remember: the first page is found out, the others are not."""
    body, term = wanted

    async def ask(cursor: str | None, offset: int) -> HotFound:
        asked = Asked(json.dumps(body).encode(), body, term or None, cursor, offset, size)
        found = await hot.find(tenant, EVERYTHING, asked)
        assert found.total == len(expected)
        return found

    for offset in (0, *range(0, len(expected) + size, size)):
        found = await ask(None, offset)
        assert hot_ids(found) == expected[offset : offset + size]
        assert (found.next_cursor is not None) == (offset + size < len(expected))
    read: list[UUID] = []
    cursor = None
    while cursor or not read:
        found = await ask(cursor, 0)
        read += hot_ids(found)
        cursor = found.next_cursor
        if cursor is None:
            break
    assert read == expected


def hot_ids(found: HotFound) -> list[UUID]:
    return [UUID(item["id"]) for item in json.loads(b"[%b]" % found.items_json)]
