"""What tests of the search share."""

from collections.abc import AsyncIterator

import pytest

from tests.support.databases import new_database_url
from tests.support.world import World, running_world


@pytest.fixture(scope="module")
async def world(
    engine_name: str, postgres_server: str | None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """An installation of its own: libraries are stored without versions, bytes and evidence."""
    data = tmp_path_factory.mktemp("libraries")
    url = new_database_url(engine_name, postgres_server, data)
    async with running_world(url, data) as world:
        yield world
