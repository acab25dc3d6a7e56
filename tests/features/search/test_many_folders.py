"""Whoever sees thousands of folders, but not all, finds what he sees, and its exact number."""

import json
import os
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from ringbinder.access.permissions import MemberRole
from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import folders
from ringbinder.features.search.repository.pages import page_of
from ringbinder.features.search.rules import (
    Counted,
    Plan,
    Template,
    Way,
    page_template,
    page_values,
)
from ringbinder.features.search.types import Criteria, Slice
from ringbinder.kit.collation import sort_key
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key
from tests.factories.content import Json, add_participant
from tests.factories.library import (
    LISTED,
    ROOM,
    Binder,
    Folder,
    Library,
    Person,
    Sheet,
    Stored,
    store,
)
from tests.support.scribes import Door
from tests.support.visitors import Doorman, doorman_of
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.db, pytest.mark.slow]

TABS = 16
LISTS = {key.id: [("a", "A")] for key in LISTED}
THOUSANDS = int(os.environ.get("MANY", "2000"))
MORE_THAN_PARAMETERS = 33_000
"""A driver takes 32,767 in a statement, and some statements have the folders twice."""


# So that even in small tables a sequential scan shows that there is no other way.
AVOID_SCANS = Prepared("SET enable_seqscan = off", (), ())


def library() -> Library:
    """Two binders with documents in eight tabs each."""
    return Library(
        [Binder("Kastanjen 4", LISTS), Binder("Linden 1", LISTS)],
        [Folder("Flik", place % 2) for place in range(TABS)],
        [Person(UUID(int=1), "Anna")],
        [
            Sheet(f"Plan {place:03}", place % TABS, {ROOM.id: [f"Rum {place % 3}"]})
            for place in range(60)
        ],
    )


def is_hidden(folder: int) -> bool:
    return folder % 4 == 0


@dataclass(frozen=True)
class Archive:
    """A stored library, half of whose tabs in the first binder are hidden."""

    stored: Stored

    def shown(self, *, binders: Sequence[int], room: str | None = None) -> list[str]:
        """Give the ids of what is not hidden, by name."""
        sheets = zip(self.stored.library.sheets, self.stored.sheet_ids, strict=True)
        return [
            str(sheet_id)
            for sheet, sheet_id in sheets
            if not is_hidden(sheet.folder)
            and sheet.folder % 2 in binders
            and room in (None, sheet.values[ROOM.id][0])
        ]


@pytest.fixture
async def doorman(world: World) -> AsyncIterator[Doorman]:
    async with doorman_of(world) as doorman:
        yield doorman


async def furnish(world: World, tenant: Tenant, number: int) -> Archive:
    """Make a library in which so many empty folders stand in a shown and in a hidden tab."""
    database, organisation = world.parts.database, tenant.organisation
    stored = await store(database, organisation, library())
    hide = text("UPDATE folders SET is_hidden = :yes WHERE key = :key")
    place = text("SELECT binder_key FROM folders WHERE key = :key")
    async with database.write(None) as session:
        for folder in filter(is_hidden, range(TABS)):
            await session.execute(hide, yes=True, key=stored.folder_keys[folder])
        binder_key = await session.scalar(place, key=stored.folder_keys[0])
    async with database.write(organisation.key) as session:
        for tab in (0, 2):
            rows = (_row(session, binder_key, stored.folder_keys[tab], n) for n in range(number))
            await session.insert(folders, *rows)
    if world.engine == "postgresql":
        # As its own housekeeping does within a minute; without, it guesses that there are few.
        async with database.write(None) as session:
            await session.execute(text("ANALYZE folders"))
    return Archive(stored)


def _row(session: WriteSession, binder_key: int, parent_key: int, number: int) -> dict[str, Any]:
    name = f"Mapp {number}"
    return {
        "id": new_guid(),
        "binder_key": binder_key,
        "parent_key": parent_key,
        "name": name,
        "name_key": comparison_key(name),
        "sort_name": sort_key(name),
        "type": "documents",
        "position": number,
        "created_at": session.now,
        "updated_at": session.now,
        "revision": 1,
    }


def equal(key: str, value: str) -> Json:
    return {"MetadataFilters": [{"metadataElementId": key, "value": value}]}


async def find(door: Door, body: Json, term: str = "") -> list[str]:
    """Read all pages, and see that each gives the number of all."""
    found: list[str] = []
    cursor: Json = {}
    totals = set()
    while True:
        params = {"pageSize": 20, "searchTerm": term} | cursor
        answer = await door.request("POST", "/documents", params=params, json=body)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [item["id"] for item in page["items"]]
        totals.add(page["totalCount"])
        if page["nextCursor"] is None:
            assert totals == {len(found)}
            return found
        cursor = {"cursor": page["nextCursor"]}


async def test_thousands_of_folders_are_searched_exactly(
    world: World, tenant: Tenant, doorman: Doorman
) -> None:
    archive = await furnish(world, tenant, THOUSANDS)
    [first, second] = archive.stored.binder_ids
    guest = await doorman.new_visitor(tenant, MemberRole.RESTRICTED_READER)
    await add_participant(tenant.admin, {"id": first}, {"id": str(guest.member_id)})
    reader = await doorman.new_visitor(tenant, MemberRole.READER)
    assert await find(guest, {}) == archive.shown(binders=[0])
    assert await find(guest, equal("GLOBAL_BinderId", second)) == []
    assert await find(reader, {}) == archive.shown(binders=[0, 1])
    shown = archive.shown(binders=[0, 1], room="Rum 1")
    assert await find(reader, equal(ROOM.id, "Rum 1"), "plan 0") == shown
    hidden, tab = (str(archive.stored.folder_ids[place]) for place in (0, 2))
    assert await find(guest, equal("GLOBAL_TabId", hidden)) == []
    by_room = {"SortBy": [{"metadataElementId": ROOM.id, "direction": "asc"}]}
    assert len(await find(guest, equal("GLOBAL_TabId", tab) | by_room)) == 4
    for path in (
        "/binders",
        f"/binders/{first}/digest",
        "/changes",
        f"/documents/drives/binders/{first}?pageSize=50",
        f"/documents/drives/binders/{first}/folders/{tab}/documents",
    ):
        assert (await guest.get(path)).status_code == 200, path


@pytest.mark.parametrize("way", [Way.GATHER, Way.WALK_NAMES])
async def test_many_folders_are_one_parameter_and_found_by_an_index(world: World, way: Way) -> None:
    criteria = Criteria(binders=frozenset({7}), folders=frozenset(range(MORE_THAN_PARAMETERS)))
    template = Template(criteria, (), Plan(way), None, 0)
    wanted = page_template(template, Slice(51), lasts=True)
    assert wanted is not None
    database = world.parts.database
    prepared = database.prepare(page_of(template, wanted, world.engine), slots=wanted.slots)
    lists = [each for each in prepared.constants if isinstance(each, list)]
    assert len(prepared.places) < 100
    assert set(map(len, lists)) == {MORE_THAN_PARAMETERS}
    explain = "EXPLAIN QUERY PLAN" if world.engine == "sqlite" else "EXPLAIN"
    written = tuple(
        json.dumps(each) if isinstance(each, list) and world.engine == "sqlite" else each
        for each in prepared.constants
    )
    asked = replace(prepared, sql=f"{explain} {prepared.sql}", constants=written)
    if world.engine == "postgresql":
        await database.ask(1, AVOID_SCANS, ())
    rows = await database.ask(1, asked, page_values(Slice(51), 0, Counted(0, 0)))
    plan = "\n".join(str(row[-1])[:200] for row in rows)
    assert not re.search(r"SCAN (candidates|own)\b|Seq Scan on documents", plan), plan
