"""Groups, the participants of a binder, and who sees a hidden tab."""

import pytest

from ringbinder.access.permissions import MemberRole
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.features.pages.test_members_page import actions, add
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

GROUPS = "/organisation/groups"


@pytest.fixture
async def binder(house: Tenant) -> str:
    answer = await house.admin.post("/binders", json={"name": "Åkern", "type": "project"})
    binder_id: str = answer.json()["id"]
    return binder_id


async def new_group(anna: Visitor, name: str) -> str:
    answer = await anna.post(GROUPS, {"name": name})
    assert answer.status_code == 303
    return answer.headers["location"].rpartition("/")[2]


async def test_a_group_is_made_filled_renamed_and_deleted(
    paged_world: World, anna: Visitor, house: Tenant
) -> None:
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    group = await new_group(anna, "Designers")
    form = {"name": "Architects", "member": str(rut.id)}
    assert (await anna.post(f"{GROUPS}/{group}", form)).status_code == 303
    found = (await house.admin.get(f"/groups/{group}")).json()
    assert (found["name"], found["memberIds"]) == ("Architects", [str(rut.id)])
    assert "Rut" in (await anna.get(GROUPS)).text
    assert f'value="{rut.id}" checked' in (await anna.get(f"{GROUPS}/{group}")).text
    twice = await anna.post(GROUPS, {"name": "architects"})
    assert twice.status_code == 400
    assert 'id="field-name-problem"' in twice.text
    assert (await anna.post(GROUPS, {"name": ""})).status_code == 400
    wrong = await anna.post(f"{GROUPS}/{group}", {"name": "A", "member": "nobody"})
    assert wrong.status_code == 400
    assert (await anna.post(f"{GROUPS}/{group}/delete")).status_code == 303
    assert (await anna.get(f"{GROUPS}/{group}")).status_code == 404
    expected = ["web:group:deleted", "web:group:updated", "web:group:created"]
    assert await actions(house) == expected


async def test_members_and_groups_take_part_in_a_binder(
    paged_world: World, anna: Visitor, house: Tenant, binder: str
) -> None:
    here = f"/binders/{binder}/settings/participants"
    rut = await add(paged_world, house, "Rut", MemberRole.RESTRICTED_READER)
    group = await new_group(anna, "Designers")
    for party in (f"member:{rut.id}", f"group:{group}"):
        form = {"party": party, "role": "participant"}
        assert (await anna.post(here, form)).status_code == 303
        again = await anna.post(here, form)
        assert again.status_code == 400
        assert 'id="field-party-problem"' in again.text
    promoted = await anna.post(f"{here}/{rut.id}/role", {"role": "administrator"})
    assert promoted.status_code == 303
    page = await anna.get(here)
    assert "<strong>Rut</strong>" in page.text
    assert "Make participant" in page.text
    assert (await anna.post(f"{here}/{rut.id}/remove")).status_code == 303
    assert (await anna.post(f"{here}/{rut.id}/remove")).status_code == 404
    assert (await anna.post(here, {"party": "", "role": "participant"})).status_code == 400
    assert (await actions(house))[:2] == ["web:participant:removed", "web:participant:updated"]


async def test_a_tab_is_hidden_and_its_viewers_chosen(
    paged_world: World, anna: Visitor, house: Tenant, binder: str
) -> None:
    here = f"/binders/{binder}/settings/tabs"
    rut = await add(paged_world, house, "Rut", MemberRole.READER)
    await anna.post(here, {"name": "Secret", "type": "documents"})
    (tab,) = (await house.admin.get(f"/documents/drives/binders/{binder}")).json()
    viewers = f"{here}/{tab['id']}/viewers"
    assert (await anna.get(viewers)).status_code == 200
    form = {"hidden": "1", "party": f"member:{rut.id}"}
    assert (await anna.post(viewers, form)).status_code == 303
    (tab,) = (await house.admin.get(f"/documents/drives/binders/{binder}")).json()
    assert tab["isHidden"] is True
    assert f'value="member:{rut.id}" checked' in (await anna.get(viewers)).text
    assert "Hidden" in (await anna.get(here)).text
    assert (await anna.post(viewers, {"party": "nobody"})).status_code == 400
    assert (await anna.post(viewers, {})).status_code == 303
    (tab,) = (await house.admin.get(f"/documents/drives/binders/{binder}")).json()
    assert tab["isHidden"] is False


async def test_others_are_refused_and_strangers_find_nothing(
    paged_world: World, people: FakePeople, anna: Visitor, house: Tenant, binder: str
) -> None:
    group = await new_group(anna, "Designers")
    someone = visitor(paged_world, people, house, MemberRole.READER)
    stranger = visitor(paged_world, people, await paged_world.new_tenant())
    participants = f"/binders/{binder}/settings/participants"
    for path in (GROUPS, f"{GROUPS}/{group}", participants):
        assert (await someone.get(path)).status_code == 403
        assert (await someone.post(path, {"name": "A"})).status_code == 403
        forged = await anna.post(path, {"name": "A", "csrf_token": "another"})
        assert forged.status_code == 403
    assert (await stranger.get(f"{GROUPS}/{group}")).status_code == 404
    assert (await stranger.post(f"{GROUPS}/{group}", {"name": "A"})).status_code == 404
    assert (await stranger.post(f"{GROUPS}/{group}/delete")).status_code == 404
    assert (await stranger.get(participants)).status_code == 404
    assert "Designers" not in (await stranger.get(GROUPS)).text
