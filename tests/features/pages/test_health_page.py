"""The health of integrations: counted by client and organisation, written down in batches."""

import re

import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.features.activity import service as activity
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

HEALTH = "/organisation/health"


async def keep(world: World) -> None:
    await activity.keep(world.parts.database, world.parts.tally)


async def counts(seen: Visitor, name: str) -> list[str]:
    page = await seen.get(HEALTH)
    assert page.status_code == 200
    row = page.text.partition(f"<strong>{name}</strong>")[2].partition("</tr>")[0]
    return re.findall(r'class="right"[^>]*>([^<]*)<', row)


async def test_calls_errors_and_the_last_call_are_counted(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    assert await counts(anna, "Reader client") == ["0", "0", "0"]
    assert (await house.reader.get("/binders")).status_code == 200
    assert (await house.reader.get("/binders/ABCDEFGH9")).status_code == 404
    refused = await house.reader.post("/binders", json={"name": "A", "type": "project"})
    assert refused.status_code == 403
    await keep(paged_world)
    assert await counts(anna, "Reader client") == ["3", "2", "0"]
    assert (await house.reader.get("/binders")).status_code == 200
    await keep(paged_world)
    assert await counts(anna, "Reader client") == ["4", "2", "0"]
    assert await counts(anna, "Admin client") == ["0", "0", "0"]


async def test_what_a_limit_refused_is_counted_apart(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    paged_world.parts.tally.count(house.organisation.key, house.reader.client_id, 429)
    await keep(paged_world)
    assert await counts(anna, "Reader client") == ["1", "0", "1"]
    assert "Meets limits" in (await anna.get(HEALTH)).text


async def test_what_cannot_be_written_down_is_counted_on(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    tally = paged_world.parts.tally
    tally.count(house.organisation.key, house.reader.client_id, 200)
    taken = tally.take()
    tally.count(house.organisation.key, house.reader.client_id, 200)
    tally.give_back(taken)
    await keep(paged_world)
    assert await counts(anna, "Reader client") == ["2", "0", "0"]


async def test_other_organisations_and_weaker_roles_see_nothing(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    await house.reader.get("/binders")
    await keep(paged_world)
    other = await paged_world.new_tenant()
    stranger = visitor(paged_world, people, other)
    assert await counts(stranger, "Reader client") == ["0", "0", "0"]
    for role in (MemberRole.CREATOR, MemberRole.READER):
        someone = visitor(paged_world, people, house, role)
        assert (await someone.get(HEALTH)).status_code == 403
    administrator = visitor(paged_world, people, house, MemberRole.ADMINISTRATOR)
    assert (await administrator.get(f"{HEALTH}?days=30")).status_code == 200
    assert (await administrator.get(f"{HEALTH}?days=31")).status_code == 400
