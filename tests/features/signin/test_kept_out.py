"""A member that is kept out: signed out at once, no way in, and all there when let in again."""

import pytest

from ringbinder.access.permissions import Role
from tests.support.house import House, Someone, link_in
from tests.support.world import Caller

pytestmark = [pytest.mark.api, pytest.mark.db]


async def admin_of(house: House) -> Caller:
    return await house.world.new_caller(house.organisation, Role.ADMIN)


async def switch(house: House, someone: Someone, *, off: bool) -> None:
    admin = await admin_of(house)
    path = f"/members/{someone.members[house.organisation.key]}"
    answer = await admin.patch(path, json={"isDisabled": off})
    assert answer.status_code == 200, answer.text
    assert answer.json()["isDisabled"] is off
    assert answer.json()["state"] == "active"


async def test_who_is_kept_out_is_out_from_the_next_request_on(house: House) -> None:
    someone = await house.person()
    browser, another = house.browser(), house.browser()
    await browser.sign_in(someone)
    await another.sign_in(someone)
    await switch(house, someone, off=True)
    assert not await browser.is_signed_in()
    refused = await house.browser().sign_in(someone)
    assert refused.status_code == 403
    await switch(house, someone, off=False)
    assert not await another.is_signed_in(), "an old session came back to life"
    await browser.sign_in(someone)
    assert await browser.is_signed_in()
    actions = await house.actions(someone)
    assert actions.count("api:member:disabled") == actions.count("api:member:enabled") == 1
    event = next(one for one in await house.events(someone) if "disabled" in one["action"])
    assert event["after"] == {"isDisabled": True, "sessions": 2}


async def test_no_letter_and_no_link_leads_in(house: House) -> None:
    someone = await house.person()
    invited = await house.stranger(password=None)
    await house.let_in(invited, house.organisation, state="invited")
    admin = await admin_of(house)
    member_id = invited.members[house.organisation.key]
    await _invite(house, invited)
    link = link_in((await house.letters(invited))[-1])
    browser = house.browser()
    assert (await browser.get(link)).status_code == 200
    await admin.patch(f"/members/{member_id}", json={"isDisabled": True})
    assert (await browser.get(link)).status_code == 404
    await switch(house, someone, off=True)
    await browser.get("/reset")
    await browser.post("/reset", email=someone.email)
    assert await house.letters(someone) == []
    await admin.patch(f"/members/{member_id}", json={"isDisabled": False})
    assert (await admin.get(f"/members/{member_id}")).json()["state"] == "invited"
    assert (await browser.get(link)).status_code == 200


async def _invite(house: House, invited: Someone) -> None:
    member_id = invited.members[house.organisation.key]
    owner = await house.person(name="Olle Ek")
    await _make_owner(house, owner)
    browser = house.browser()
    await browser.sign_in(owner)
    await browser.get("/organisation/members")
    answer = await browser.post(f"/organisation/members/{member_id}/invite")
    assert answer.status_code == 303


async def _make_owner(house: House, someone: Someone) -> None:
    admin = await admin_of(house)
    path = f"/members/{someone.members[house.organisation.key]}"
    assert (await admin.patch(path, json={"role": "administrator"})).status_code == 200


async def test_other_organisations_are_not_touched(house: House) -> None:
    someone = await house.person()
    other = await house.world.new_tenant()
    await house.let_in(someone, other.organisation)
    browser = house.browser()
    await browser.sign_in(someone)
    await browser.get("/account")
    await browser.post("/account/organisation", organisation=str(other.organisation.id))
    await switch(house, someone, off=True)
    assert await browser.is_signed_in()
    anew = house.browser()
    await anew.sign_in(someone)
    page = await anew.get("/account")
    assert other.organisation.name in page.text
    assert str(house.organisation.id) not in page.text
