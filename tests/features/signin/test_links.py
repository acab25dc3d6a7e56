"""Invitations and new passwords by mail."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ringbinder.adapters.mail import LetterRefused, MailUnavailable
from ringbinder.db.tables import mail_outbox, members, people, sign_in_links
from ringbinder.kit.ids import new_guid
from tests.factories.people import GOOD_PASSWORD, add_member
from tests.support.house import House, Someone, link_in

pytestmark = [pytest.mark.api, pytest.mark.db]

NEW = "hammare och spik 7"
GONE = "The link is not valid any more"


async def invite(house: House, someone: Someone, language: str | None = None) -> str:
    """Invite a person as a service does, and give the path of the link that came by mail."""
    member_key = await _member_key(house, someone)
    async with house.world.parts.database.write(house.organisation.key) as session:
        await house.world.parts.people.invitations.send_invitation(
            session,
            person_key=someone.key,
            member_key=member_key,
            email=someone.email,
            name=someone.name,
            language=language,
            organisation_name=house.organisation.name,
            invited_by="Olle Ek",
        )
    return link_in((await house.letters(someone))[-1])


async def _member_key(house: House, someone: Someone) -> int:
    async with house.world.parts.database.read(None) as session:
        key: int = await session.scalar(
            select(members.c.key).where(members.c.id == someone.members[house.organisation.key])
        )
    return key


async def invited(house: House, *, password: str | None = None) -> Someone:
    someone = await house.stranger(password=password)
    return await house.let_in(someone, house.organisation, state="invited")


async def test_an_invited_person_joins(house: House) -> None:
    anna, web = await invited(house), house.browser()
    link = await invite(house, anna)
    page = await web.get(link)
    assert house.organisation.name in page.text
    fields = {"name": "Anna Åberg", "new_password": NEW, "repeated": NEW}
    assert (await web.post(link, **fields | {"repeated": "other"})).status_code == 400
    assert (await web.post(link, **fields | {"new_password": "kort", "repeated": "kort"})).is_error
    answer = await web.post(link, **fields)
    assert answer.status_code == 303
    assert await web.is_signed_in()
    assert "Anna Åberg" in (await web.get("/account")).text
    assert (await house.browser().sign_in(anna, NEW)).status_code == 303
    actions = await house.actions(anna)
    assert actions[:2] == ["web:member:joined", "web:member:signed_in"]
    late = await house.browser().get(link)
    assert late.status_code == 404
    assert GONE in late.text


async def test_an_invitation_is_for_one_use_even_at_once(house: House) -> None:
    anna = await invited(house)
    link = await invite(house, anna)
    webs = [house.browser() for _ in range(3)]
    form = {"name": "Anna", "new_password": NEW, "repeated": NEW}
    answers = await asyncio.gather(*(web.post(link, **form) for web in webs))
    assert [answer.status_code for answer in answers].count(303) == 1


async def test_who_has_an_account_accepts_with_it(house: House) -> None:
    other = (await house.world.new_tenant()).organisation
    anna = await invited(house, password=GOOD_PASSWORD)
    await house.let_in(anna, other)
    link, web = await invite(house, anna), house.browser()
    page = await web.get(link)
    assert "You have an account already" in page.text
    assert 'name="new_password"' not in page.text
    assert (await web.post(link, password="guess")).status_code == 403
    taken_over = {"name": "x", "new_password": NEW, "repeated": NEW, "password": ""}
    assert (await web.post(link, **taken_over)).status_code == 403
    answer = await web.post(link, password=GOOD_PASSWORD)
    assert answer.headers["location"] == "/sign-in"
    assert await house.actions(anna) == ["web:member:joined"]
    await web.sign_in(anna)
    assert house.organisation.name in (await web.get("/account")).text


async def test_who_is_signed_in_accepts_with_a_click(house: House) -> None:
    other = (await house.world.new_tenant()).organisation
    anna, bo = await invited(house, password=GOOD_PASSWORD), await house.person()
    await house.let_in(anna, other)
    link, web, stranger = await invite(house, anna), house.browser(), house.browser()
    await stranger.sign_in(bo)
    page = await stranger.get(link)
    assert "You are signed in as" not in page.text
    await web.sign_in(anna)
    page = await web.get(link)
    assert f"You are signed in as {anna.email}" in page.text
    assert (await web.post(link)).status_code == 303
    menu = (await web.get("/account")).text
    assert f'<span class="muted">{house.organisation.name}</span>' in menu


@pytest.mark.parametrize("how", ["late", "removed", "disabled", "replaced", "guessed"])
async def test_an_invitation_ends(house: House, how: str) -> None:
    anna = await invited(house)
    link = await invite(house, anna)
    if how == "late":
        house.clock.advance(timedelta(days=7))
    elif how == "replaced":
        assert (await invite(house, anna)) != link
    elif how == "guessed":
        link = link[:-1] + ("A" if link[-1] != "A" else "B")
    else:
        async with house.world.parts.database.write(None) as session:
            table, key = (
                (members, members.c.person_key) if how == "removed" else (people, people.c.key)
            )
            column = f"{how}_at"
            await session.execute(
                update(table).where(key == anna.key).values({column: session.now})
            )
    web = house.browser()
    for answer in (await web.get(link), await web.post(link, new_password=NEW, repeated=NEW)):
        assert answer.status_code == 404
        assert GONE in answer.text


async def test_only_hashes_of_links_are_stored_and_letters_wait_sealed(house: House) -> None:
    anna = await invited(house)
    async with house.world.parts.database.write(house.organisation.key) as session:
        await house.world.parts.people.invitations.send_invitation(
            session,
            person_key=anna.key,
            member_key=await _member_key(house, anna),
            email=anna.email,
            name=anna.name,
            language=None,
            organisation_name="A",
            invited_by="B",
        )
    async with house.world.parts.database.read(None) as session:
        links = str(await session.all(select(sign_in_links)))
        letters = str(await session.all(select(mail_outbox)))
    [letter] = await house.letters(anna)
    token = link_in(letter).rpartition("/")[2]
    assert token not in links + letters
    assert anna.email not in letters
    async with house.world.parts.database.read(None) as session:
        assert not await session.all(select(mail_outbox)), "what was sent is gone"


async def test_letters_speak_the_language_of_their_reader(house: House) -> None:
    anna = await invited(house)
    await invite(house, anna, "sv")
    await invite(house, anna, "en")
    swedish, english = await house.letters(anna)
    assert swedish.subject == f"Inbjudan till {house.organisation.name}"
    assert "Länken gäller i 7 dagar" in swedish.text
    assert english.subject == f"Invitation to {house.organisation.name}"
    assert "good for 7 days" in english.text


async def test_what_is_rolled_back_sends_no_letter(house: House) -> None:
    anna = await invited(house)
    with pytest.raises(RuntimeError):
        async with house.world.parts.database.write(house.organisation.key) as session:
            await house.world.parts.people.postman.post(
                session,
                to=anna.email,
                subject="A",
                text="B",
                expires_at=session.now + timedelta(days=1),
            )
            raise RuntimeError
    assert await house.letters(anna) == []


async def test_a_letter_is_tried_again_until_it_is_taken(house: House) -> None:
    anna = await house.person()
    mailer = house.world.mailer
    mailer.fails = MailUnavailable
    await house.browser().post("/reset", email=anna.email)
    assert await house.letters(anna) == []
    mailer.fails = None
    assert await house.letters(anna) == [], "it is not time yet"
    house.clock.advance(seconds=30)
    assert len(await house.letters(anna)) == 1


async def test_a_letter_that_is_refused_or_too_late_is_dropped(house: House) -> None:
    mailer = house.world.mailer
    for failure, wait in ((LetterRefused, 0), (MailUnavailable, 3 * 3600)):
        anna = await house.person()
        mailer.fails = failure
        await house.browser().post("/reset", email=anna.email)
        assert await house.letters(anna) == []
        mailer.fails = None
        house.clock.advance(seconds=wait)
        assert await house.letters(anna) == []
        async with house.world.parts.database.read(None) as session:
            assert not await session.all(select(mail_outbox))


async def test_two_postmen_send_a_letter_once(house: House) -> None:
    anna = await house.person()
    await house.browser().post("/reset", email=anna.email)
    parts = house.world.parts
    postman = type(parts.people.postman)(parts.database, parts.sealer, house.world.mailer)
    await asyncio.gather(*(one.deliver_due() for one in (postman, parts.people.postman)))
    assert len(house.world.mailer.to(anna.email)) == 1


# New passwords


async def test_a_forgotten_password_is_chosen_anew(house: House) -> None:
    anna, web, other = await house.person(), house.browser(), house.browser()
    await other.sign_in(anna)
    answer = await web.post("/reset", email=f" {anna.email.upper()} ")
    assert answer.status_code == 200
    [letter] = await house.letters(anna)
    link = link_in(letter)
    assert (await web.get(link)).status_code == 200
    for bad in ("kort", "password1234"):
        assert (await web.post(link, new_password=bad, repeated=bad)).status_code == 400
    answer = await web.post(link, new_password=NEW, repeated=NEW)
    assert answer.headers["location"] == "/sign-in"
    assert not await other.is_signed_in()
    assert not await web.is_signed_in()
    assert (await house.browser().sign_in(anna)).status_code == 403
    assert (await house.browser().sign_in(anna, NEW)).status_code == 303
    assert (await web.get(link)).status_code == 404
    actions = [one for one in await house.actions(anna) if "reset" in one]
    assert actions == ["web:member:reset_asked", "web:member:password_reset"]
    assert [one.subject for one in await house.letters(anna)] == [
        "A new password",
        "Your password has been changed",
    ]


async def test_asking_says_the_same_to_everybody(house: House) -> None:
    anna, web = await house.person(), house.browser()
    nobody = f"{new_guid().hex}@a.example"
    texts = []
    for email in (anna.email, nobody):
        answer = await web.post("/reset", email=email)
        texts.append((answer.status_code, answer.text.replace(email, "EMAIL")))
    assert texts[0] == texts[1]
    assert house.world.mailer.to(nobody) == []


async def test_nobody_is_flooded_with_letters(house: House) -> None:
    anna, web = await house.person(), house.browser()
    for _ in range(3):
        await web.post("/reset", email=anna.email)
    [first] = await house.letters(anna)
    house.clock.advance(timedelta(minutes=2))
    await web.post("/reset", email=anna.email)
    _, second = await house.letters(anna)
    assert (await web.get(link_in(first))).status_code == 404, "the newer link replaces it"
    assert (await web.get(link_in(second))).status_code == 200
    house.clock.advance(timedelta(hours=2))
    assert (await web.get(link_in(second))).status_code == 404


async def test_a_link_for_one_thing_is_none_for_another(house: House) -> None:
    anna = await invited(house)
    link = await invite(house, anna)
    token = link.rpartition("/")[2]
    assert (await house.browser().get(f"/reset/{token}")).status_code == 404


async def test_somebody_without_a_place_gets_no_letter(house: House) -> None:
    someone = await house.stranger()
    await house.browser().post("/reset", email=someone.email)
    assert await house.letters(someone) == []
    await add_member(house.world, house.organisation, someone.key, state="invited")
    await house.browser().post("/reset", email=someone.email)
    assert await house.letters(someone) == []
