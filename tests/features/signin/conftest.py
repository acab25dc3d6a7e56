"""The application with people who sign in."""

from collections.abc import AsyncIterator

import pytest

from ringbinder.kit.clock import FixedClock
from tests.support.databases import new_database_url
from tests.support.house import House
from tests.support.world import World, running_world


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
async def signing_world(
    engine_name: str,
    postgres_server: str | None,
    tmp_path_factory: pytest.TempPathFactory,
    clock: FixedClock,
) -> AsyncIterator[World]:
    data = tmp_path_factory.mktemp("data")
    url = new_database_url(engine_name, postgres_server, data)
    async with running_world(url, data, clock=clock) as world:
        yield world


@pytest.fixture
async def house(signing_world: World, clock: FixedClock) -> AsyncIterator[House]:
    tenant = await signing_world.new_tenant()
    house = House(signing_world, clock, tenant.organisation)
    yield house
    for http in house.http:
        await http.aclose()
