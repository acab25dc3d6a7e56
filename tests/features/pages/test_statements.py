"""However much a page shows, it asks the database as often as before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ringbinder.access.permissions import MemberRole, Role
from ringbinder.app import make_engine
from ringbinder.db.address import sqlite_path
from ringbinder.db.engine import Engine
from ringbinder.db.sqlite import SqliteEngine
from ringbinder.features.members import service as members
from ringbinder.features.members.types import Member, MemberState
from tests.factories.content import (
    Json,
    created,
    new_binder,
    new_document,
    new_element,
    new_folder,
)
from tests.fakes.engines import CountingEngine
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.databases import new_database_url
from tests.support.world import Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

AUDIT = "/organisation/audit"
SOME = 1
MANY = 4


@dataclass
class Counted:
    """An application that counts statements, and an organisation in it."""

    engine: CountingEngine
    world: World
    house: Tenant
    anna: Visitor
    binder: Json
    folder: Json
    document: Json
    added: int = 0

    async def add(self, number: int) -> None:
        """Let there be more of everything that a page lists."""
        house, first = self.house, self.added
        self.added += number
        for place in range(first, self.added):
            await new_binder(house.admin, name=f"Pärm {place}")
            await new_folder(house.creator, self.binder, f"Flik {place}")
            await new_element(
                house.admin,
                self.binder,
                f"Nyckel {place}",
                dataType="Enumerated",
                values=[{"label": "ett"}, {"label": "två"}],
            )
            await new_document(
                house.creator,
                self.folder,
                f"Plan {place}.pdf",
                metadata=[{"metadataElementId": f"Nyckel {place}", "value": "ett"}],
            )
            trashed = await new_document(house.creator, self.folder, f"Bort {place}.pdf")
            await house.admin.delete(f"/documents/{trashed['document']['id']}")
            content = f"%PDF {place}".encode()
            more = {"conflictBehavior": "newVersion"}
            await new_document(house.creator, self.folder, "Först.pdf", content, **more)
            await self.world.new_caller(house.organisation, Role.READER)
            await self._add_person(place)

    async def _add_person(self, place: int) -> None:
        house = self.house
        member = await self.new_member(f"person{place}")
        group = {"name": f"Grupp {place}", "memberIds": [str(member.id)]}
        created(await house.admin.post("/groups", json=group))
        participant = {"memberId": str(member.id), "role": "reader"}
        await house.admin.post(f"/binders/{self.binder['id']}/participants", json=participant)

    async def new_member(self, name: str) -> Member:
        house = self.house
        async with self.world.parts.database.write(house.organisation.key) as session:
            return await members.invite_member(
                session,
                house.operator,
                email=f"{name}-{house.organisation.key}@example.com",
                name=name,
                role=MemberRole.READER,
                state=MemberState.ACTIVE,
            )

    async def ask(self) -> dict[str, int]:
        """Give how many statements each page takes at least; jobs may come between."""
        counts = {}
        for address, is_fragment in self.addresses():
            ask = self.anna.fragment if is_fragment else self.anna.get
            found = []
            for _ in range(3):
                self.engine.statements = 0
                answer = await ask(address)
                assert answer.status_code == 200, address
                found.append(self.engine.statements)
            counts[address] = min(found)
        return counts

    def addresses(self) -> list[tuple[str, bool]]:
        binder = f"/binders/{self.binder['id']}"
        document = f"/documents/{self.document['id']}"
        whole = [
            "/",
            binder,
            f"{binder}?tab={self.folder['id']}",
            f"{binder}/print",
            f"{binder}/list.xlsx",
            f"{binder}/list.csv",
            f"{binder}/upload",
            f"{binder}/settings",
            f"{binder}/settings/schema",
            f"{binder}/settings/tabs",
            f"{binder}/settings/participants",
            document,
            "/search?q=plan",
            "/trash",
            "/organisation/members",
            "/organisation/groups",
            "/organisation/clients",
            AUDIT,
            "/organisation/limits",
            "/organisation/health",
        ]
        parts = [
            f"{binder}/rows?tab=all",
            f"{binder}/rows?tab=all&sort=-name",
            f"{binder}/rows?tab=all&sort=GLOBAL_Date",
            f"{binder}/rows?tab=all&q=plan",
            document,
            f"{document}/reads",
            "/search?q=plan",
            "/search/suggestions?q=plan",
        ]
        return [(one, False) for one in whole] + [(one, True) for one in parts]


@pytest.fixture
async def counted(
    engine_name: str, postgres_server: str | None, tmp_path: Path
) -> AsyncIterator[Counted]:
    url, people = new_database_url(engine_name, postgres_server, tmp_path), FakePeople()
    engine = CountingEngine(_with_one_reader(url))
    async with running_world(url, tmp_path, engine=engine, page_authenticator=people) as world:
        house = await world.new_tenant()
        binder = await new_binder(house.admin)
        folder = await new_folder(house.creator, binder) | {"binderId": binder["id"]}
        first = await new_document(house.creator, folder, "Först.pdf")
        counted = Counted(
            engine,
            world,
            house,
            visitor(world, people, house),
            binder,
            folder,
            first["document"],
        )
        # What a member opens is noted.
        member = await counted.new_member("anna")
        actor = replace(counted.anna.caller.actor, id=member.id, member_key=member.key)
        people.change(counted.anna.cookie, actor=actor)
        yield counted


def _with_one_reader(url: str) -> Engine:
    """Let a page hang that waits for a connection while it has one: several would, together."""
    path = sqlite_path(url)
    return make_engine(url) if path is None else SqliteEngine(path, readers=1)


async def test_a_page_asks_as_often_however_much_it_shows(counted: Counted) -> None:
    await counted.add(SOME)
    some = await counted.ask()
    await counted.add(MANY)
    # Events do not fit into one page now, and what does not is counted.
    counting = {AUDIT: some[AUDIT] + 1}
    assert await counted.ask() == some | counting
