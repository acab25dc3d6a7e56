"""The application with pages, and people who have signed in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx
import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.web.callers import PageCaller
from tests.fakes.people import COOKIE, FakePeople
from tests.support.databases import new_database_url
from tests.support.world import Tenant, World, running_world

HTML = {"accept": "text/html,application/xhtml+xml", "accept-language": "en"}


@dataclass(frozen=True)
class Visitor:
    """A person in front of a browser."""

    http: httpx.AsyncClient
    caller: PageCaller
    cookie: str

    async def get(self, path: str, **options: Any) -> httpx.Response:
        headers = self._headers(options)
        return await self.http.get(path, headers=headers, **options)

    async def post(self, path: str, data: Any = None, **options: Any) -> httpx.Response:
        """Send a form of a page, with the token that stood in it."""
        form = {"csrf_token": self.caller.csrf_token} | (data or {})
        headers = self._headers(options)
        return await self.http.post(path, data=form, headers=headers, **options)

    async def fragment(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a part of a page, as htmx does."""
        headers = {"hx-request": "true"} | options.pop("headers", {})
        return await self.get(path, headers=headers, **options)

    def _headers(self, options: dict[str, Any]) -> dict[str, str]:
        cookies = "; ".join(
            f"{name}={value}"
            for name, value in ({COOKIE: self.cookie} | options.pop("cookies", {})).items()
        )
        headers: dict[str, str] = HTML | {"cookie": cookies} | options.pop("headers", {})
        return headers


@pytest.fixture(scope="session")
def people() -> FakePeople:
    return FakePeople()


@pytest.fixture(scope="session")
async def paged_world(
    engine_name: str,
    postgres_server: str | None,
    tmp_path_factory: pytest.TempPathFactory,
    people: FakePeople,
) -> AsyncIterator[World]:
    """The running application with its pages; tests keep apart by making tenants of their own."""
    data = tmp_path_factory.mktemp("data")
    url = new_database_url(engine_name, postgres_server, data)
    async with running_world(url, data, page_authenticator=people) as world:
        # All tests share the client; what one is told to keep is no business of the next.
        world.http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield world


@pytest.fixture
async def house(paged_world: World) -> Tenant:
    """An organisation of this test's own."""
    return await paged_world.new_tenant()


def visitor(
    world: World,
    people: FakePeople,
    tenant: Tenant,
    role: MemberRole = MemberRole.OWNER,
    **facts: Any,
) -> Visitor:
    cookie = people.let_in(tenant.organisation, role=role, **facts)
    return Visitor(http=world.http, caller=people.known[cookie], cookie=cookie)


@pytest.fixture
def anna(paged_world: World, people: FakePeople, house: Tenant) -> Visitor:
    """A person who may do everything."""
    return visitor(paged_world, people, house)


@pytest.fixture
def rut(paged_world: World, people: FakePeople, house: Tenant) -> Visitor:
    """A person who may look only."""
    return visitor(paged_world, people, house, MemberRole.READER, name="Rut Ek")
