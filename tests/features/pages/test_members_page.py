"""Members for administrators: invited by a letter, given other roles, removed; one owner stays."""

import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.features.members import service as members
from ringbinder.features.members.types import Member, MemberState
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

MEMBERS = "/organisation/members"
SARA = {"email": "sara@example.com", "name": "Sara Lund", "role": "reader", "language": "sv"}


async def add(world: World, house: Tenant, name: str, role: MemberRole) -> Member:
    async with world.parts.database.write(house.organisation.key) as session:
        return await members.invite_member(
            session,
            house.operator,
            email=f"{name.lower()}-{house.organisation.key}@example.com",
            name=name,
            role=role,
            state=MemberState.ACTIVE,
        )


async def listed(world: World, house: Tenant) -> dict[str, Member]:
    async with world.parts.database.read(house.organisation.key) as session:
        found, _ = await members.list_members(session)
    return {member.name: member for member, _ in found}


async def actions(house: Tenant) -> list[str]:
    found = await house.admin.post("/audit/events/search", json={"actorKind": "person"})
    return [event["action"] for event in found.json()["items"]]


async def test_somebody_is_invited_and_stands_in_the_list(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    email = f"sara-{house.organisation.key}@example.com"
    answer = await anna.post(MEMBERS, SARA | {"email": email})
    assert answer.status_code == 303
    page = await anna.get(MEMBERS)
    assert email in page.text
    assert "Invite again" in page.text
    sara = (await listed(paged_world, house))["Sara Lund"]
    assert (sara.role, sara.state) == (MemberRole.READER, MemberState.INVITED)
    assert (await anna.post(f"{MEMBERS}/{sara.id}/invite")).status_code == 303
    assert await actions(house) == ["web:member:invited_again", "web:member:invited"]
    again = await anna.post(MEMBERS, SARA | {"email": email})
    assert again.status_code == 400
    assert 'id="field-email-problem"' in again.text


@pytest.mark.parametrize(
    ("form", "wrong"),
    [({"email": "no address"}, "email"), ({"name": ""}, "name"), ({"role": "king"}, "role")],
)
async def test_what_is_wrong_is_named_at_its_field(
    anna: Visitor, house: Tenant, form: dict[str, str], wrong: str
) -> None:
    answer = await anna.post(MEMBERS, SARA | form)
    assert answer.status_code == 400
    assert f'id="field-{wrong}-problem"' in answer.text
    assert await actions(house) == []


async def test_the_list_is_filtered(paged_world: World, anna: Visitor, house: Tenant) -> None:
    await add(paged_world, house, "Olle", MemberRole.OWNER)
    await add(paged_world, house, "Rut", MemberRole.READER)
    for query, shown, hidden in (
        ("?q=oll", "Olle", "Rut"),
        ("?role=reader", "Rut", "Olle"),
        ("?state=active&role=owner", "Olle", "Rut"),
    ):
        answer = await anna.get(MEMBERS + query)
        assert f"<strong>{shown}</strong>" in answer.text
        assert f"<strong>{hidden}</strong>" not in answer.text
    assert "Nobody fits" in (await anna.get(f"{MEMBERS}?state=invited")).text


async def test_roles_change_and_members_leave_but_one_owner_stays(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    olle = await add(paged_world, house, "Olle", MemberRole.OWNER)
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    for path, form in (("role", {"role": "reader"}), ("remove", {})):
        refused = await anna.post(f"{MEMBERS}/{olle.id}/{path}", form)
        assert refused.status_code == 409
        assert "This is the last owner" in refused.text
    assert (await anna.post(f"{MEMBERS}/{rut.id}/role", {"role": "creator"})).status_code == 303
    assert (await listed(paged_world, house))["Rut"].role is MemberRole.CREATOR
    assert (await anna.post(f"{MEMBERS}/{rut.id}/role", {"role": "king"})).status_code == 400
    assert (await anna.post(f"{MEMBERS}/{rut.id}/remove")).status_code == 303
    assert "Rut" not in await listed(paged_world, house)
    assert await actions(house) == ["web:member:removed", "web:member:role_changed"]


async def test_administrators_manage_everybody_but_owners(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    olle = await add(paged_world, house, "Olle", MemberRole.OWNER)
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    someone = visitor(paged_world, people, house, MemberRole.ADMINISTRATOR)
    assert f"role-{olle.id}" not in (await someone.get(MEMBERS)).text
    for path, form in ((f"{olle.id}/remove", {}), (f"{rut.id}/role", {"role": "owner"})):
        assert (await someone.post(f"{MEMBERS}/{path}", form)).status_code == 403
    assert (await someone.post(MEMBERS, SARA | {"role": "owner"})).status_code == 403
    assert await actions(house) == []


async def test_a_member_is_kept_out_and_let_in_again(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    assert (await anna.post(f"{MEMBERS}/{rut.id}/disable")).status_code == 303
    page = (await anna.get(f"{MEMBERS}?state=disabled")).text
    assert "<strong>Rut</strong>" in page
    assert "Let in again" in page
    assert "Nobody fits" in (await anna.get(f"{MEMBERS}?state=active")).text
    assert (await anna.post(f"{MEMBERS}/{rut.id}/enable")).status_code == 303
    found = (await listed(paged_world, house))["Rut"]
    assert (found.state, found.is_disabled) == (MemberState.ACTIVE, False)
    assert await actions(house) == ["web:member:enabled", "web:member:disabled"]


@pytest.mark.parametrize("role", [MemberRole.CREATOR, MemberRole.READER])
async def test_others_see_and_change_nobody(
    paged_world: World, people: FakePeople, house: Tenant, role: MemberRole
) -> None:
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    someone = visitor(paged_world, people, house, role)
    assert (await someone.get(MEMBERS)).status_code == 403
    for path in ("", f"/{rut.id}/role", f"/{rut.id}/remove", f"/{rut.id}/disable"):
        assert (await someone.post(MEMBERS + path, SARA)).status_code == 403


async def test_members_of_other_organisations_are_not_there(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    stranger = visitor(paged_world, people, await paged_world.new_tenant())
    assert "Rut" not in (await stranger.get(MEMBERS)).text
    for verb in ("role", "remove", "invite", "disable", "enable"):
        answer = await stranger.post(f"{MEMBERS}/{rut.id}/{verb}", {"role": "reader"})
        assert answer.status_code == 404


async def test_forged_forms_count_for_nothing(anna: Visitor, house: Tenant) -> None:
    assert (await anna.post(MEMBERS, SARA | {"csrf_token": "another"})).status_code == 403
    assert await actions(house) == []
