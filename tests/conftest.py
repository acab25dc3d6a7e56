"""What all tests share. The machinery is in tests/support."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest

from tests.support import network, postgres
from tests.support.databases import new_database_url
from tests.support.words import events_without_words
from tests.support.world import Tenant, World, running_world

ENGINES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    network.refuse_foreign_addresses()
    pytest.register_assert_rewrite("tests.support.library_machine")
    if os.environ.get(postgres.REQUIRED) == "1" and postgres.is_absent():
        raise pytest.UsageError(postgres.MISSING)
    if config.getoption("numprocesses", default=None):
        _share_one_server(config)


def _share_one_server(config: pytest.Config) -> None:
    """Start PostgreSQL before the workers of xdist, which inherit its address."""
    cleanup = ExitStack()
    config.add_cleanup(cleanup.close)
    if address := cleanup.enter_context(postgres.server()):
        os.environ[postgres.ADDRESS] = address


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if postgres.is_absent():
        terminalreporter.write_line(postgres.MISSING, yellow=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str | None]:
    """DSN of a server's maintenance database; None where PostgreSQL is not installed."""
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session", params=ENGINES)
def engine_name(request: pytest.FixtureRequest, postgres_server: str | None) -> str:
    """Each of the engines in turn; PostgreSQL only where it is installed."""
    name: str = request.param
    if name == "postgresql" and postgres_server is None:
        pytest.skip("PostgreSQL is not installed")
    return name


@pytest.fixture
def database_url(
    engine_name: str, postgres_server: str | None, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A migrated database that no other test uses, for tests that need a whole one."""
    return new_database_url(engine_name, postgres_server, tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
async def world(
    engine_name: str, postgres_server: str | None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The running application; tests share it and keep apart by making tenants of their own."""
    data = tmp_path_factory.mktemp("data")
    url = new_database_url(engine_name, postgres_server, data)
    async with running_world(url, data) as world:
        yield world
        unnamed = await events_without_words(world.parts.database)
        assert unnamed == [], "the audit trail says of this what people do not understand"


@pytest.fixture
async def tenant(world: World) -> Tenant:
    """An organisation of this test's own, with an API client of each role."""
    return await world.new_tenant()
