"""One's own account: name, password, second factor, sessions."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ringbinder.db.tables import people
from ringbinder.features.signin.rules.totp import code_at, step_at
from tests.factories.people import GOOD_PASSWORD
from tests.support.house import House, Someone, Web

pytestmark = [pytest.mark.api, pytest.mark.db]

NEW = "hammare och spik 7"


async def signed_in(house: House, **facts: str) -> tuple[Someone, Web]:
    anna, web = await house.person(**facts), house.browser()
    await web.sign_in(anna)
    await web.get("/account")
    return anna, web


async def test_name_and_language_are_one_s_own(house: House) -> None:
    anna, web = await signed_in(house)
    answer = await web.post("/account", name="  Anna   Åberg ", language="sv")
    assert answer.status_code == 303
    page = (await web.get("/account")).text
    assert 'lang="sv"' in page
    assert 'value="Anna Åberg"' in page
    event = (await house.events(anna))[-1]
    assert event["action"] == "web:member:account_changed"
    assert event["before"] == {"name": "Anna Berg", "language": None}
    assert event["after"] == {"name": "Anna Åberg", "language": "sv"}
    for wrong in ("", " ", "x" * 201, "a\x07b"):
        answer = await web.post("/account", name=wrong, language="")
        assert answer.status_code == 400
    await web.get("/account")
    await web.post("/account", name="Anna Åberg", language="sv")
    assert len(await house.actions(anna)) == 2, "nothing has changed"


async def test_a_new_password_ends_the_other_sessions(house: House) -> None:
    anna, web = await signed_in(house)
    other = house.browser()
    await other.sign_in(anna)
    answer = await web.post(
        "/account/password", password=GOOD_PASSWORD, new_password=NEW, repeated=NEW
    )
    assert answer.status_code == 303
    assert await web.is_signed_in()
    assert not await other.is_signed_in()
    assert (await house.browser().sign_in(anna)).status_code == 403
    assert (await house.browser().sign_in(anna, NEW)).status_code == 303
    changed = next(e for e in await house.events(anna) if "password" in e["action"])
    assert changed["action"] == "web:member:password_changed"
    assert changed["after"] == {"sessionsEnded": 1}
    [letter] = await house.letters(anna)
    assert letter.subject == "Your password has been changed"


@pytest.mark.parametrize(
    ("password", "new", "repeated", "sentence"),
    [
        ("wrong", NEW, NEW, "The password is not right."),
        (GOOD_PASSWORD, NEW, "other", "The two passwords are not the same."),
        (GOOD_PASSWORD, "kort", "kort", "at least 10 characters"),
        (GOOD_PASSWORD, "password1234", "password1234", "guessed first"),
        (GOOD_PASSWORD, "Anna.Berg.1984", "Anna.Berg.1984", "made of your name"),
        (GOOD_PASSWORD, "", "", "Fill in this field."),
    ],
)
async def test_a_bad_password_is_refused(
    house: House, password: str, new: str, repeated: str, sentence: str
) -> None:
    anna, web = await signed_in(house)
    answer = await web.post(
        "/account/password", password=password, new_password=new, repeated=repeated
    )
    assert answer.status_code == 400
    assert sentence in answer.text
    assert (await house.browser().sign_in(anna)).status_code == 303


async def enrol(house: House, web: Web) -> tuple[str, list[str]]:
    """Turn a second factor on; gives its secret and the recovery codes."""
    page = (await web.get("/account/second-factor")).text
    assert "<svg" in page
    assert "style=" not in page
    secret = _found(r'class="key">([A-Z2-7 ]+)<', page).replace(" ", "")
    ticket = _found(r'name="ticket" value="([^"]+)"', page)
    code = code_at(secret, step_at(house.clock.now()))
    answer = await web.post("/account/second-factor", ticket=ticket, code=code)
    assert answer.status_code == 200
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code>", answer.text)
    assert len(codes) == 10
    return secret, codes


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


async def test_a_second_factor_is_turned_on_and_off(house: House) -> None:
    anna, web = await signed_in(house)
    other = house.browser()
    await other.sign_in(anna)
    secret, codes = await enrol(house, web)
    assert not await other.is_signed_in(), "it was signed in without a second factor"
    async with house.world.parts.database.read(None) as session:
        row = await session.first(select(people).where(people.c.key == anna.key))
    assert row is not None
    assert secret not in row.totp_sealed
    assert not any(code in row.recovery_json for code in codes)
    # The code that was shown for it is used up.
    used = house.browser()
    await used.sign_in(anna)
    code = code_at(secret, step_at(house.clock.now()))
    assert (await used.post("/sign-in/code", code=code)).status_code == 403
    house.clock.advance(seconds=30)
    code = code_at(secret, step_at(house.clock.now()))
    assert (await used.post("/sign-in/code", code=code)).status_code == 303
    await web.get("/account")
    answer = await web.post("/account/second-factor/disable", password="wrong")
    assert answer.status_code == 400
    answer = await web.post("/account/second-factor/disable", password=GOOD_PASSWORD)
    assert answer.status_code == 303
    assert (await house.browser().sign_in(anna)).headers["location"] != "/sign-in/code"
    actions = [one for one in await house.actions(anna) if "second" in one]
    assert actions == [
        "web:member:second_factor_enabled",
        "web:member:second_factor_disabled",
    ]


async def test_a_recovery_code_lets_one_in_once(house: House) -> None:
    anna, web = await signed_in(house)
    _, codes = await enrol(house, web)
    webs = [house.browser() for _ in range(3)]
    for one in webs:
        await one.sign_in(anna)
    written = codes[0].upper().replace("-", " ")
    answers = await asyncio.gather(*(one.post("/sign-in/code", code=written) for one in webs))
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403]
    assert "9 recovery codes are left." in (await web.get("/account")).text
    answer = await web.post("/account/recovery-codes", password=GOOD_PASSWORD)
    fresh = re.findall(r"<li><code>([a-z0-9-]+)</code>", answer.text)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    late = house.browser()
    await late.sign_in(anna)
    assert (await late.post("/sign-in/code", code=codes[1])).status_code == 403
    assert (await late.post("/sign-in/code", code=fresh[1])).status_code == 303


async def test_an_offer_is_for_one_person_and_a_while(house: House) -> None:
    (anna, web), (_, other) = await signed_in(house), await signed_in(house)
    page = (await web.get("/account/second-factor")).text
    ticket = _found(r'name="ticket" value="([^"]+)"', page)
    secret = _found(r'class="key">([A-Z2-7 ]+)<', page).replace(" ", "")
    wrong = await web.post("/account/second-factor", ticket=ticket, code="000000")
    assert wrong.status_code == 400
    assert secret in wrong.text.replace(" ", ""), "the same offer can be tried again"
    code = code_at(secret, step_at(house.clock.now()))
    answer = await other.post("/account/second-factor", ticket=ticket, code=code)
    assert answer.headers["location"] == "/account/second-factor"
    house.clock.advance(timedelta(minutes=11))
    code = code_at(secret, step_at(house.clock.now()))
    answer = await web.post("/account/second-factor", ticket=ticket, code=code)
    assert answer.headers["location"] == "/account/second-factor"
    assert not [one for one in await house.actions(anna) if "second" in one]


async def test_sessions_are_listed_and_ended(house: House) -> None:
    anna, web = await signed_in(house)
    others = []
    for agent in ("Mozilla/5.0 (X11; Linux) Firefox/140.0", "Mozilla/5.0 (iPhone) Safari/604.1"):
        other = house.browser()
        other.http.headers["user-agent"] = agent
        await other.sign_in(anna)
        others.append(other)
    page = (await web.get("/account")).text
    assert "Firefox · Linux" in page
    assert "Safari · iPhone" in page
    ends = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page)
    assert len(ends) == 2
    assert (await web.post(ends[0])).status_code == 303
    assert [await one.is_signed_in() for one in others].count(True) == 1
    await web.get("/account")
    await web.post("/account/sessions/end")
    assert [await one.is_signed_in() for one in others] == [False, False]
    assert await web.is_signed_in()
    assert (await house.actions(anna)).count("web:member:sessions_ended") == 2


async def test_nobody_ends_the_sessions_of_others(house: House) -> None:
    (anna, web), (_, other) = await signed_in(house), await signed_in(house)
    second = house.browser()
    await second.sign_in(anna)
    page = (await web.get("/account")).text
    [end] = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page)
    await other.get("/account")
    await other.post(end)
    assert await second.is_signed_in()
