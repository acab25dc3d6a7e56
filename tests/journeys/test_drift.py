"""Thousands of random writes, alone and at the same time: no counter drifts, searches stay right.

``RINGBINDER_DRIFT_WRITES`` is how many changes the feed shall have at least, on each engine. The
seed is printed: ``RINGBINDER_DRIFT_SEED`` repeats a run, up to the moments at which writers meet.
"""

import asyncio
import os
import secrets
import sys
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ringbinder.access.permissions import MemberRole
from ringbinder.features.documents.jobs import purge_trash
from ringbinder.kit.clock import FixedClock
from tests.factories.content import (
    Json,
    add_participant,
    new_binder,
    new_document,
    new_folder,
    new_group,
)
from tests.factories.library import CUSTOM, Stored
from tests.support.consistency import database_problems
from tests.support.databases import new_database_url
from tests.support.read_back import Seen, count_changes, read_library, read_seen
from tests.support.scribes import Archive, Door, Scribe
from tests.support.search_model import Model
from tests.support.search_queries import searches
from tests.support.visitors import Doorman, Visitor, doorman_of
from tests.support.world import Tenant, World, running_world

WRITES = int(os.environ.get("RINGBINDER_DRIFT_WRITES", "2000"))
SEED = int(os.environ.get("RINGBINDER_DRIFT_SEED", "0")) or secrets.randbelow(2**32)
ERRANDS = 100
"""Of a round, before its writers write together, and then again; some change many documents."""

STOCK = 80
SEARCHES = 40
PAGE = 50

pytestmark = [
    pytest.mark.journey,
    pytest.mark.db,
    pytest.mark.slow,
    pytest.mark.timeout(WRITES / 5 + 300),
]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Stage:
    """Who writes and searches where."""

    runner: asyncio.Runner
    world: World
    clock: FixedClock
    tenant: Tenant
    visitors: Sequence[Visitor]
    archive: Archive

    @property
    def doors(self) -> Sequence[Door]:
        """Clients, and the members who may write something somewhere."""
        clients = (self.tenant.admin, self.tenant.admin, self.tenant.creator)
        return (*clients, *self.visitors[:4])

    def run(self, work: Coroutine[Any, Any, Found]) -> Found:
        return self.runner.run(work)


def test_nothing_drifts(engine_name: str, postgres_server: str | None, tmp_path: Path) -> None:
    print(f"RINGBINDER_DRIFT_SEED={SEED} on {engine_name}", file=sys.stderr)  # noqa: T201 - a failure is repeated by it
    url = new_database_url(engine_name, postgres_server, tmp_path)
    clock = FixedClock()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = running_world(url, tmp_path, clock=clock, token_lifetime="P36500D")
        try:
            world = runner.run(stack.enter_async_context(opened))
            doorman = runner.run(stack.enter_async_context(doorman_of(world)))
            stage = runner.run(set_up(runner, world, clock, doorman))
            drive(stage)
        finally:
            runner.run(stack.aclose())


async def set_up(
    runner: asyncio.Runner, world: World, clock: FixedClock, doorman: Doorman
) -> Stage:
    """Make an organisation with a member of each kind, and something to begin with."""
    tenant = await world.new_tenant()
    roles = (
        MemberRole.ADMINISTRATOR,
        MemberRole.CREATOR,
        MemberRole.RESTRICTED_CREATOR,
        MemberRole.RESTRICTED_READER,
        MemberRole.READER,
    )
    visitors = [await doorman.new_visitor(tenant, role) for role in roles]
    members: list[Json] = [{"id": str(visitor.member_id)} for visitor in visitors]
    groups = [await new_group(tenant.admin, *members[:2]), await new_group(tenant.admin)]
    archive = Archive(members, groups)
    scribe = Scribe(tenant.admin, archive, drawing("set up"))
    for _ in range(3):
        binder = await new_binder(tenant.admin)
        archive.binders.append(binder["id"])
        for name in ("Ritningar", "Avtal"):
            folder = await new_folder(tenant.admin, binder, name) | {"binderId": binder["id"]}
            archive.folders.append((binder["id"], folder["id"]))
            made = await new_document(tenant.admin, folder)
            archive.documents.append(made["document"]["id"])
        for key in CUSTOM:
            await scribe.add_element(binder["id"], key)
    for _ in range(STOCK):
        await scribe.copy()
    binder = {"id": archive.binders[0]}
    await add_participant(tenant.admin, binder, members[2], role="administrator")
    await add_participant(tenant.admin, binder, members[3])
    return Stage(runner, world, clock, tenant, visitors, archive)


def drawing(what: object) -> Random:
    """Give numbers that are the same whenever a seed is repeated."""
    return Random(f"{SEED} {what}")  # noqa: S311 - nothing here is secret


def drive(stage: Stage) -> None:
    """Write alone, write together, let the trash be purged; look at everything in between."""
    database, trash = stage.world.parts.database, stage.world.parts.trash
    rounds = changes = 0
    while changes < WRITES:
        draw = drawing(f"round {rounds}")
        stage.run(write_alone(stage, draw, ERRANDS))
        assert stage.run(database_problems(database)) == []
        stage.run(write_together(stage, draw, ERRANDS // len(stage.doors)))
        assert stage.run(database_problems(database)) == []
        stage.clock.advance(timedelta(days=16))
        stage.run(purge_trash(database, trash))
        assert stage.run(database_problems(database)) == []
        rounds += 1
        changes = stage.run(count_changes(database, stage.tenant.organisation.key))
    print(f"{changes} changes, {rounds} rounds:", dict(stage.archive.done), file=sys.stderr)  # noqa: T201 - what the run was worth
    print("refused:", dict(stage.archive.refused), file=sys.stderr)  # noqa: T201 - see above
    compare_searches(stage)


async def write_alone(stage: Stage, draw: Random, times: int) -> None:
    """One after the other, mostly by the client that may do everything."""
    for _ in range(times):
        door = draw.choice(stage.doors) if draw.random() < 0.2 else stage.tenant.admin
        await Scribe(door, stage.archive, draw).write()


async def write_together(stage: Stage, draw: Random, times: int) -> None:
    """Everybody at the same time."""

    async def write(door: Door, own: Random) -> None:
        for _ in range(times):
            await Scribe(door, stage.archive, own).write()

    draws = [drawing(draw.random()) for _ in stage.doors]
    await asyncio.gather(*map(write, stage.doors, draws))


def compare_searches(stage: Stage) -> None:
    """Everybody finds what a naive search of what is there finds, and nothing else."""
    database, key = stage.world.parts.database, stage.tenant.organisation.key
    stored: Stored = stage.run(read_library(database, key))
    seen: Seen = stage.run(read_seen(database, key))
    alive = [sheet for sheet in stored.library.sheets if not sheet.is_trashed]
    print(f"{len(alive)} documents of {len(stored.library.sheets)}", file=sys.stderr)  # noqa: T201 - see above
    model = Model(stored)
    askers: Sequence[tuple[Door, UUID | None]] = [
        (stage.tenant.admin, None),
        *((visitor, visitor.member_id) for visitor in stage.visitors),
    ]

    @seed(SEED)
    @settings(
        max_examples=SEARCHES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(searched=searches(stored), asker=st.sampled_from(askers))
    def compare(searched: tuple[Json, str | None, object], asker: tuple[Door, UUID | None]) -> None:
        body, term, _ = searched
        door, member_id = asker
        visible = None if member_id is None else seen.folders_of(member_id)
        expected = model.search(body, term, visible)
        assert stage.run(found_by_pages(door, body, term)) == expected
        assert stage.run(found_by_cursor(door, body, term)) == expected

    compare()


async def found_by_pages(door: Door, body: Json, term: str | None) -> list[UUID]:
    found: list[UUID] = []
    while True:
        number = len(found) // PAGE + 1
        page = await ask(door, body, term, pageNumber=number)
        found += [UUID(item["id"]) for item in page["items"]]
        if len(page["items"]) < PAGE:
            assert page["totalCount"] == len(found)
            return found


async def found_by_cursor(door: Door, body: Json, term: str | None) -> list[UUID]:
    found: list[UUID] = []
    cursor: Json = {}
    while True:
        page = await ask(door, body, term, **cursor)
        found += [UUID(item["id"]) for item in page["items"]]
        if page["nextCursor"] is None:
            assert page["totalCount"] == len(found)
            return found
        cursor = {"cursor": page["nextCursor"]}


async def ask(door: Door, body: Json, term: str | None, **page: Any) -> Json:
    params = {"pageSize": PAGE, **page} | ({} if term is None else {"searchTerm": term})
    answer = await door.request("POST", "/documents", params=params, json=body)
    assert answer.status_code == 200, (body, term, answer.text)
    found: Json = answer.json()
    return found
