"""Signing in by an identity provider that runs in a process of its own."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import select, update

from ringbinder.db.tables import people, person_identities
from ringbinder.kit.clock import FixedClock, SystemClock
from tests.support.databases import new_database_url
from tests.support.house import House, Web
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider
from tests.support.world import World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

BEGIN = "/sign-in/providers/test"


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
async def provided(
    engine_name: str,
    postgres_server: str | None,
    tmp_path_factory: pytest.TempPathFactory,
    running_provider: Provider,
) -> AsyncIterator[tuple[World, FixedClock]]:
    data = tmp_path_factory.mktemp("data")
    url = new_database_url(engine_name, postgres_server, data)
    clock = FixedClock(SystemClock().now())
    settings: dict[str, Any] = {
        "id": "test",
        "name": "Test ID",
        "issuer": running_provider.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    closed = settings | {"id": "closed", "domains": ["b.example"]}
    absent = settings | {"id": "absent", "issuer": "http://127.0.0.1:9"}
    providers = [settings, closed, absent]
    async with running_world(url, data, clock=clock, oidc_providers=providers) as world:
        yield world, clock


@dataclass
class Stage:
    """An application, a provider, and a browser between them."""

    house: House
    provider: Provider
    web: Web

    async def go(self, begin: str = BEGIN) -> str:
        """Go to the provider and sign in there; gives the way back."""
        there = await self.web.get(begin)
        assert there.status_code == 303, there.text
        async with httpx.AsyncClient() as outside:
            back = await outside.get(there.headers["location"])
        assert back.status_code == 302, back.text
        parts = urlsplit(back.headers["location"])
        return f"{parts.path}?{parts.query}"

    async def sign_in(self, **how: Any) -> httpx.Response:
        now = self.house.clock.now().timestamp()
        self.provider.tell(now=now, **how)
        return await self.web.get(await self.go())


@pytest.fixture
async def stage(
    provided: tuple[World, FixedClock], running_provider: Provider
) -> AsyncIterator[Stage]:
    world, clock = provided
    tenant = await world.new_tenant()
    house = House(world, clock, tenant.organisation)
    # Each test is somebody else at the provider.
    yield Stage(house, running_provider, house.browser())
    for http in house.http:
        await http.aclose()


def claims(email: str, subject: str | None = None, **others: Any) -> dict[str, Any]:
    return {"email": email, "sub": subject or f"of {email}", **others}


async def test_a_member_signs_in_by_a_provider(stage: Stage) -> None:
    anna = await stage.house.person(password=None)
    page = (await stage.web.get("/sign-in?next=/account")).text
    assert "Sign in with Test ID" in page
    assert f"{BEGIN}?next=/account" in page
    stage.provider.tell(now=stage.house.clock.now().timestamp(), claims=claims(anna.email))
    answer = await stage.web.get(await stage.go(f"{BEGIN}?next=/account"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await stage.web.is_signed_in()
    assert await stage.house.actions(anna) == [
        "web:member:identity_linked",
        "web:member:signed_in",
    ]
    [_, signed_in] = await stage.house.events(anna)
    assert signed_in["after"] == {"by": "test"}
    assert "You sign in by a provider" in (await stage.web.get("/account")).text


async def test_an_invited_person_joins_by_it(stage: Stage) -> None:
    anna = await stage.house.stranger(password=None)
    await stage.house.let_in(anna, stage.house.organisation, state="invited")
    await stage.sign_in(claims=claims(anna.email))
    assert await stage.web.is_signed_in()
    assert "web:member:joined" in await stage.house.actions(anna)


async def test_from_the_second_time_on_the_provider_s_own_name_counts(stage: Stage) -> None:
    anna, bo = await stage.house.person(), await stage.house.person()
    await stage.sign_in(claims=claims(anna.email, "subject-a"))
    # The provider has given the address to somebody else.
    thief = Stage(stage.house, stage.provider, stage.house.browser())
    await thief.sign_in(claims=claims(anna.email, "subject-b"))
    assert not await thief.web.is_signed_in()
    assert (await stage.house.actions(anna))[-1] == "web:member:sign_in_failed"
    # The person has another address there now.
    again = Stage(stage.house, stage.provider, stage.house.browser())
    await again.sign_in(claims=claims(bo.email, "subject-a"))
    assert anna.email in (await again.web.get("/account")).text
    async with stage.house.world.parts.database.read(None) as session:
        rows = await session.all(
            select(person_identities).where(person_identities.c.person_key == anna.key)
        )
    assert [row.subject for row in rows] == ["subject-a"]


@pytest.mark.parametrize(
    "how",
    [
        {"claims": {"email_verified": False}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"aud": "another"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"exp": 1}},
        {"forged": True},
        {"error": "access_denied"},
    ],
    ids=str,
)
async def test_a_wrong_answer_lets_nobody_in(stage: Stage, how: dict[str, Any]) -> None:
    anna = await stage.house.person()
    answer = await stage.sign_in(**how | {"claims": claims(anna.email) | how.get("claims", {})})
    assert answer.headers["location"] == "/sign-in"
    assert not await stage.web.is_signed_in()
    page = await stage.web.get("/sign-in")
    assert "did not work" in page.text
    assert await stage.house.actions(anna) == []


async def test_an_answer_belongs_to_the_browser_that_asked(stage: Stage) -> None:
    anna = await stage.house.person()
    stage.provider.tell(now=stage.house.clock.now().timestamp(), claims=claims(anna.email))
    back = await stage.go()
    other = stage.house.browser()
    assert (await other.get(back)).headers["location"] == "/sign-in"
    assert not await other.is_signed_in()
    # Nor does it fit what the same browser asked later.
    await stage.web.get(BEGIN)
    await stage.web.get(back)
    assert not await stage.web.is_signed_in()


async def test_a_code_counts_once(stage: Stage) -> None:
    anna = await stage.house.person()
    stage.provider.tell(now=stage.house.clock.now().timestamp(), claims=claims(anna.email))
    back = await stage.go()
    asked = stage.web.http.cookies["ringbinder_provider"]
    assert (await stage.web.get(back)).headers["location"] != "/sign-in"
    again = stage.house.browser()
    again.http.cookies.set("ringbinder_provider", asked)
    assert (await again.get(back)).headers["location"] == "/sign-in"
    assert not await again.is_signed_in()


async def test_another_provider_s_answer_does_not_count(stage: Stage) -> None:
    anna = await stage.house.person()
    stage.provider.tell(now=stage.house.clock.now().timestamp(), claims=claims(anna.email))
    back = await stage.go()
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    mixed = urlencode(query | {"iss": "https://evil.example"})
    assert (await stage.web.get(f"{BEGIN}/answer?{mixed}")).headers["location"] == "/sign-in"
    await stage.web.get(BEGIN)
    await stage.web.get(back.replace("/test/", "/closed/"))
    assert not await stage.web.is_signed_in()


async def test_a_new_key_of_the_provider_is_fetched(stage: Stage) -> None:
    anna = await stage.house.person()
    await stage.sign_in(claims=claims(anna.email))
    stage.web.http.cookies.clear()
    await stage.sign_in(claims=claims(anna.email), new_key=True)
    assert await stage.web.is_signed_in()


async def test_a_stranger_is_told_so(stage: Stage) -> None:
    anna = await stage.house.person()
    await stage.sign_in(claims=claims("stranger@a.example"))
    assert not await stage.web.is_signed_in()
    assert "Nobody with that address" in (await stage.web.get("/sign-in")).text
    async with stage.house.world.parts.database.write(None) as session:
        await session.execute(
            update(people).where(people.c.key == anna.key).values(disabled_at=session.now)
        )
    await stage.sign_in(claims=claims(anna.email))
    assert not await stage.web.is_signed_in()
    assert await stage.house.actions(anna) == ["web:member:sign_in_failed"]


async def test_a_provider_vouches_for_its_domains_alone(stage: Stage) -> None:
    anna, bo = await stage.house.person(), await stage.house.person(email="bo@b.example")
    for someone, is_let_in in ((anna, False), (bo, True)):
        stage.provider.tell(now=stage.house.clock.now().timestamp(), claims=claims(someone.email))
        await stage.web.get(await stage.go("/sign-in/providers/closed"))
        assert await stage.web.is_signed_in() is is_let_in


async def test_a_provider_that_does_not_answer_is_said(stage: Stage) -> None:
    answer = await stage.web.get("/sign-in/providers/absent")
    assert answer.headers["location"] == "/sign-in"
    assert (await stage.web.get("/sign-in/providers/unknown")).status_code == 404
