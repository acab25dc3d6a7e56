"""Signing in by password, and what a session is."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ringbinder.db.tables import members, people, web_sessions
from ringbinder.features.signin.rules.totp import code_at, step_at
from ringbinder.features.signin.types import Browser
from ringbinder.kit.ids import sha256_hex
from tests.factories.people import GOOD_PASSWORD
from tests.support.house import House, Someone

pytestmark = [pytest.mark.api, pytest.mark.db]

WRONG = "The address or the password is not right."


async def test_a_person_signs_in_and_out(house: House) -> None:
    anna, web = await house.person(), house.browser()
    assert (await web.get("/account")).headers["location"] == "/sign-in?next=/account"
    answer = await web.sign_in(anna, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("ringbinder=")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
    page = await web.get("/account")
    assert "Anna Berg" in page.text
    assert anna.email in page.text
    answer = await web.post("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert not await web.is_signed_in()
    assert await house.actions(anna) == ["web:member:signed_in", "web:member:signed_out"]
    [signed_in, _] = await house.events(anna)
    assert signed_in["actor"]["kind"] == "person"
    assert signed_in["actor"]["name"] == "Anna Berg"
    assert signed_in["after"] == {"by": "password"}


@pytest.mark.parametrize(
    ("email", "password"),
    [(None, "grankotte vinkelhak"), (None, ""), ("nobody@a.example", GOOD_PASSWORD), (" ", "")],
)
async def test_a_refusal_says_the_same_of_everybody(
    house: House, email: str | None, password: str
) -> None:
    anna, web = await house.person(), house.browser()
    await web.get("/sign-in")
    answer = await web.post("/sign-in", email=email or anna.email, password=password)
    assert answer.status_code == 403
    assert WRONG in answer.text
    assert "set-cookie" not in answer.headers
    failed = ["web:member:sign_in_failed"] if email is None else []
    assert await house.actions(anna) == failed


async def test_an_address_counts_in_any_case_and_form(house: House) -> None:
    anna = await house.person(email="Åsa.Ek@Företag.example")
    for email in ("åsa.ek@företag.example", " A\u030asa.EK@Företag.example "):
        web = house.browser()
        await web.get("/sign-in")
        assert (await web.post("/sign-in", email=email, password=GOOD_PASSWORD)).status_code == 303
        assert await web.is_signed_in()
    assert anna.key


async def test_only_the_hash_of_a_cookie_is_stored_and_each_sign_in_has_its_own(
    house: House,
) -> None:
    anna, web = await house.person(), house.browser()
    await web.sign_in(anna)
    first = web.http.cookies["ringbinder"]
    async with house.world.parts.database.read(None) as session:
        rows = await session.all(select(web_sessions).where(web_sessions.c.person_key == anna.key))
    assert [row.secret_sha256 for row in rows] == [sha256_hex(first)]
    assert first not in str(rows)
    # A browser that signs in anew gets another cookie, and the one before is good for nothing.
    await web.get("/account")
    answer = await web.post("/sign-in", email=anna.email, password=GOOD_PASSWORD)
    assert answer.status_code == 303
    assert web.http.cookies["ringbinder"] != first
    assert await web.is_signed_in()
    other = house.browser()
    other.http.cookies.set("ringbinder", first)
    assert not await other.is_signed_in()


async def test_a_session_ends_without_use_and_at_its_time(house: House) -> None:
    anna, idle, busy = await house.person(), house.browser(), house.browser()
    await idle.sign_in(anna)
    await busy.sign_in(anna)
    for _ in range(14):
        house.clock.advance(timedelta(days=2))
        assert await busy.is_signed_in()
    assert not await idle.is_signed_in()
    house.clock.advance(timedelta(days=2))
    assert not await busy.is_signed_in(), "thirty days have passed"
    assert await house.world.parts.people.sessions.forget_ended() >= 2


async def test_use_is_written_down_seldom(house: House) -> None:
    anna, web = await house.person(), house.browser()
    await web.sign_in(anna)
    began = house.clock.now()
    for seconds, expected in ((30, 0), (29, 0), (1, 60), (59, 60)):
        house.clock.advance(seconds=seconds)
        assert await web.is_signed_in()
        async with house.world.parts.database.read(None) as session:
            seen = await session.scalar(
                select(web_sessions.c.last_seen_at).where(web_sessions.c.person_key == anna.key)
            )
        assert seen - began == timedelta(seconds=expected)


@pytest.mark.parametrize("how", ["removed", "disabled"])
async def test_a_session_ends_with_its_person(house: House, how: str) -> None:
    anna, web = await house.person(), house.browser()
    await web.sign_in(anna)
    assert await web.is_signed_in()
    await end(house, anna, how)
    assert not await web.is_signed_in()
    answer = await house.browser().sign_in(anna)
    assert answer.status_code == 403
    assert WRONG in answer.text


async def end(house: House, someone: Someone, how: str) -> None:
    async with house.world.parts.database.write(None) as session:
        if how == "removed":
            statement = update(members).where(members.c.person_key == someone.key)
            await session.execute(statement.values(removed_at=session.now))
        else:
            statement = update(people).where(people.c.key == someone.key)
            await session.execute(statement.values(disabled_at=session.now))


async def test_somebody_who_was_only_invited_does_not_get_in(house: House) -> None:
    someone = await house.stranger()
    await house.let_in(someone, house.organisation, state="invited")
    assert (await house.browser().sign_in(someone)).status_code == 403


async def test_one_account_reaches_several_organisations(house: House) -> None:
    other = (await house.world.new_tenant()).organisation
    anna, web = await house.person(), house.browser()
    await house.let_in(anna, other)
    await web.sign_in(anna)
    page = await web.get("/account")
    assert house.organisation.name in page.text
    assert other.name in page.text
    answer = await web.post("/account/organisation", organisation=str(other.id))
    assert answer.status_code == 303
    menu = (await web.get("/account")).text
    assert f'<span class="muted">{other.name}</span>' in menu
    foreign = (await house.world.new_tenant()).organisation
    for wrong in (str(foreign.id), "nonsense", ""):
        await web.post("/account/organisation", organisation=wrong)
        assert f'<span class="muted">{other.name}</span>' in (await web.get("/account")).text
    async with house.world.parts.database.write(None) as session:
        await session.execute(
            update(members)
            .where(members.c.organisation_key == other.key, members.c.person_key == anna.key)
            .values(removed_at=session.now)
        )
    assert (
        f'<span class="muted">{house.organisation.name}</span>' in (await web.get("/account")).text
    )


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_a_sign_in_leads_nowhere_else(house: House, target: str) -> None:
    anna, web = await house.person(), house.browser()
    answer = await web.sign_in(anna, next=target)
    assert answer.headers["location"].startswith("/")
    assert "evil" not in answer.headers["location"]


async def test_forms_from_elsewhere_are_refused(house: House) -> None:
    anna, web = await house.person(), house.browser()
    form = {"email": anna.email, "password": GOOD_PASSWORD}
    answer = await web.http.post("/sign-in", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert not await web.is_signed_in()
    await web.sign_in(anna)
    answer = await web.http.post("/sign-out", data={"csrf_token": "guess"})
    assert answer.status_code == 403
    assert await web.is_signed_in()


# The second factor


async def with_second_factor(house: House) -> tuple[Someone, str]:
    """Make a person with a second factor; gives its secret too."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    sealed = house.world.parts.sealer.seal(secret)
    return await house.person(totp_sealed=sealed), secret


def code(house: House, secret: str, steps: int = 0) -> str:
    return code_at(secret, step_at(house.clock.now()) + steps)


async def test_the_password_alone_is_not_enough(house: House) -> None:
    (anna, secret), web = await with_second_factor(house), house.browser()
    answer = await web.sign_in(anna, next="/account")
    assert answer.headers["location"] == "/sign-in/code?next=/account"
    assert not await web.is_signed_in()
    wrong = f"{(int(code(house, secret)) + 1) % 1_000_000:06d}"
    await web.get("/sign-in/code?next=/account")
    answer = await web.post("/sign-in/code", code=wrong, next="/account")
    assert answer.status_code == 403
    assert "The code is not right" in answer.text
    answer = await web.post("/sign-in/code", code=code(house, secret), next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await web.is_signed_in()
    assert await house.actions(anna) == [
        "web:member:sign_in_failed",
        "web:member:signed_in",
    ]


async def test_a_code_lets_one_in_once(house: House) -> None:
    anna, secret = await with_second_factor(house)
    shown = code(house, secret)
    webs = [house.browser() for _ in range(4)]
    for web in webs:
        await web.sign_in(anna)
    answers = await asyncio.gather(*(web.post("/sign-in/code", code=shown) for web in webs))
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403, 403]
    late = house.browser()
    await late.sign_in(anna)
    assert (await late.post("/sign-in/code", code=shown)).status_code == 403
    house.clock.advance(seconds=30)
    answer = await late.post("/sign-in/code", code=code(house, secret))
    assert answer.status_code == 303


async def test_the_second_step_has_its_time(house: House) -> None:
    (anna, secret), web = await with_second_factor(house), house.browser()
    await web.sign_in(anna)
    house.clock.advance(timedelta(minutes=11))
    answer = await web.post("/sign-in/code", code=code(house, secret))
    assert answer.headers["location"] == "/sign-in"
    assert not await web.is_signed_in()
    assert (await house.browser().get("/sign-in/code")).headers["location"] == "/sign-in"


async def test_the_second_step_ends_with_the_password(house: House) -> None:
    (anna, secret), web = await with_second_factor(house), house.browser()
    await web.sign_in(anna)
    async with house.world.parts.database.write(None) as session:
        await session.execute(
            update(people).where(people.c.key == anna.key).values(password_hash="another")
        )
    answer = await web.post("/sign-in/code", code=code(house, secret))
    assert answer.headers["location"] == "/sign-in"


async def test_a_forged_ticket_is_no_ticket(house: House) -> None:
    (anna, secret), web = await with_second_factor(house), house.browser()
    await web.sign_in(anna)
    sealer = house.world.parts.sealer
    for forged in ("nonsense", sealer.seal("{}"), sealer.seal('{"purpose":"other","content":{}}')):
        other = house.browser()
        other.http.cookies.set("ringbinder_step", forged)
        answer = await other.post("/sign-in/code", code=code(house, secret))
        assert answer.headers["location"] == "/sign-in"


# How a password is kept


async def test_an_old_hash_becomes_a_better_one(house: House) -> None:
    anna = await house.person()
    weaker = "$argon2id$v=19$m=8,t=1,p=1$"
    from ringbinder.adapters.passwords.argon2 import Argon2PasswordHasher  # noqa: PLC0415 - for this test alone

    old = Argon2PasswordHasher(memory_kib=8)
    known = await old.hash(GOOD_PASSWORD)
    await old.close()
    assert known.startswith(weaker)
    async with house.world.parts.database.write(None) as session:
        await session.execute(
            update(people).where(people.c.key == anna.key).values(password_hash=known)
        )
    web = house.browser()
    assert (await web.sign_in(anna)).status_code == 303
    async with house.world.parts.database.read(None) as session:
        row = await session.first(select(people).where(people.c.key == anna.key))
    assert row is not None
    assert row.password_hash.startswith("$argon2id$v=19$m=16,t=1,p=1$")
    assert await web.is_signed_in()


async def test_nobody_s_address_costs_the_same_work(house: House) -> None:
    """Each refusal asks the hasher once, whether there is such a person or not."""
    asked: list[bool] = []

    class Counting:
        async def is_right(self, _password: str, known: str | None) -> bool:
            asked.append(known is not None)
            return False

    anna = await house.person()
    invited = await house.person(password=None)
    service = house.world.parts.people.sign_in
    counting = type(service)(
        house.world.parts.database,
        Counting(),  # type: ignore[arg-type]  # all that is asked of it here
        house.world.parts.sealer,
        house.world.parts.people.sessions,
    )
    for email in (anna.email, invited.email, "nobody@a.example"):
        with pytest.raises(Exception, match="not right"):
            await counting.sign_in(email, GOOD_PASSWORD, Browser(None, None))
    assert asked == [True, False, False]
