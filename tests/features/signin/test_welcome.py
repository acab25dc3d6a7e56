"""A fresh installation, and limits on guessing; each in an application of its own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from ringbinder.features.organisations import service as organisations
from ringbinder.kit.clock import FixedClock
from tests.factories.people import GOOD_PASSWORD
from tests.support.house import HTML, House, Web
from tests.support.world import AMPLE_LIMITS, BASE, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

FORM = {
    "organisation": "Fastighets AB Kastanjen",
    "name": "Anna Åberg",
    "email": "anna@kastanjen.example",
    "new_password": GOOD_PASSWORD,
    "repeated": GOOD_PASSWORD,
}


@pytest.fixture
async def fresh(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(database_url, tmp_path, clock=FixedClock()) as world:
        yield world


def browser(world: World, base: str = BASE) -> Web:
    transport = httpx.ASGITransport(app=world.app, raise_app_exceptions=False)
    return Web(httpx.AsyncClient(transport=transport, base_url=base, headers=HTML))


async def test_whoever_knows_the_code_becomes_the_first_owner(fresh: World) -> None:
    web = browser(fresh)
    code = fresh.parts.people.set_up.code
    assert (await web.get("/sign-in")).headers["location"] == "/welcome"
    assert "Set-up code" in (await web.get("/welcome")).text
    assert (await web.post("/welcome", **FORM, code="guess-guess")).status_code == 400
    for wrong in (
        {"email": "anna"},
        {"organisation": ""},
        {"name": "a\nb" * 100},
        {"repeated": "other"},
        {"new_password": "kastanjen2024", "repeated": "kastanjen2024"},
    ):
        answer = await web.post("/welcome", **FORM | wrong, code=code)
        assert answer.status_code == 400, wrong
        assert FORM["email"] in answer.text or "email" in wrong, "what was typed is still there"
        assert GOOD_PASSWORD not in answer.text
    assert await organisations.list_organisations(fresh.parts.database) == []
    answer = await web.post("/welcome", **FORM, code=f" {code.upper()} ")
    assert answer.status_code == 303
    page = (await web.get("/account")).text
    assert "Anna Åberg" in page
    assert "Fastighets AB Kastanjen" in page
    [made] = await organisations.list_organisations(fresh.parts.database)
    assert made.name == "Fastighets AB Kastanjen"


async def test_the_first_page_is_there_once(fresh: World) -> None:
    web, stranger = browser(fresh), browser(fresh)
    code = fresh.parts.people.set_up.code
    await web.post("/welcome", **FORM, code=code)
    assert (await stranger.get("/welcome")).headers["location"] == "/sign-in"
    other = FORM | {"email": "bo@b.example", "organisation": "Other"}
    answer = await stranger.post("/welcome", **other, code=code)
    assert answer.headers["location"] == "/sign-in"
    assert len(await organisations.list_organisations(fresh.parts.database)) == 1
    assert (await stranger.get("/sign-in")).status_code == 200


async def test_of_several_at_the_same_time_one_becomes_the_owner(fresh: World) -> None:
    code = fresh.parts.people.set_up.code

    async def begin(number: int) -> httpx.Response:
        own = {"email": f"anna{number}@a.example", "organisation": f"Kastanjen {number}"}
        return await browser(fresh).post("/welcome", **FORM | own, code=code)

    answers = await asyncio.gather(*map(begin, range(8)))
    assert {answer.status_code for answer in answers} == {303}
    places = sorted(answer.headers["location"] for answer in answers)
    assert len(await organisations.list_organisations(fresh.parts.database)) == 1
    async with fresh.parts.database.read(None) as session:
        assert await session.scalar(text("SELECT count(*) FROM people")) == 1
        assert await session.scalar(text("SELECT count(*) FROM members")) == 1
    assert places.count("/sign-in") == 7


async def test_over_https_the_cookie_is_bound_to_the_host(
    database_url: str, tmp_path: Path
) -> None:
    public_url = "https://binders.example"
    async with running_world(database_url, tmp_path, public_url=public_url) as world:
        web = browser(world, public_url)
        answer = await web.post("/welcome", **FORM, code=world.parts.people.set_up.code)
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-ringbinder=")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert "domain" not in cookie
        assert await web.is_signed_in()
        await web.get("/account")
        answer = await web.post("/sign-out")
        assert not await web.is_signed_in()


# Guessing


@pytest.fixture
async def strict(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """An application in which few guesses are free."""
    clock = FixedClock()
    limits = AMPLE_LIMITS | {
        "account-guess": "1/3",
        "anonymous-failed-sign-in": "1/5",
        "anonymous-letter": "1/2",
    }
    async with running_world(database_url, tmp_path, clock=clock, limits=limits) as world:
        tenant = await world.new_tenant()
        house = House(world, clock, tenant.organisation)
        yield house
        for http in house.http:
            await http.aclose()


async def guess(web: Web, email: str, times: int) -> list[int]:
    answers: list[Any] = [
        await web.post("/sign-in", email=email, password="guess") for _ in range(times)
    ]
    return [answer.status_code for answer in answers]


async def test_an_account_can_be_guessed_at_seldom(strict: House) -> None:
    anna, bo = await strict.person(), await strict.person()
    web = strict.browser()
    assert await guess(web, anna.email, 4) == [403, 403, 403, 429]
    assert web.last is not None
    assert "Too many tries" in web.last.text
    assert int(web.last.headers["retry-after"]) > 0
    refused = await web.sign_in(anna)
    assert refused.status_code == 429, "the right password is no longer asked for"
    assert (await web.sign_in(bo)).status_code == 303
    assert len(await strict.actions(anna)) == 3


async def test_it_is_the_same_for_nobody_s_account(strict: House) -> None:
    web = strict.browser()
    assert await guess(web, "nobody@a.example", 4) == [403, 403, 403, 429]


async def test_an_address_can_guess_seldom_and_success_is_free(strict: House) -> None:
    people = [await strict.person() for _ in range(3)]
    web = strict.browser()
    for _ in range(8):
        assert (await strict.browser().sign_in(people[0])).status_code == 303
    for person, expected in zip(people, ([403, 403], [403, 403], [403, 429]), strict=True):
        assert await guess(web, person.email, 2) == expected


async def test_codes_count_as_guesses_at_the_account(strict: House) -> None:
    sealed = strict.world.parts.sealer.seal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    anna, web = await strict.person(totp_sealed=sealed), strict.browser()
    await web.sign_in(anna)
    statuses = [(await web.post("/sign-in/code", code="000000")).status_code for _ in range(4)]
    assert statuses == [403, 403, 403, 429]


async def test_letters_are_few_for_one_address(strict: House) -> None:
    web = strict.browser()
    statuses = [(await web.post("/reset", email=f"{n}@a.example")).status_code for n in range(3)]
    assert statuses == [200, 200, 429]
