"""Members, groups, participants and hidden folders: what changes, and what it leaves behind."""

from collections.abc import AsyncIterator

import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.features.members import service as members
from ringbinder.features.members.errors import LastOwnerError
from ringbinder.features.members.types import MemberState
from ringbinder.kit.ids import new_guid
from tests.factories.content import (
    Json,
    add_participant,
    created,
    new_binder,
    new_document,
    new_folder,
    new_group,
    new_member,
)
from tests.support.visitors import Doorman, Visitor, doorman_of
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]


@pytest.fixture
async def doorman(world: World) -> AsyncIterator[Doorman]:
    async with doorman_of(world) as doorman:
        yield doorman


async def _binder(admin: Caller) -> tuple[Json, Json, Json]:
    """Make a binder with a visible tab of two documents, and a hidden tab of one."""
    binder = await new_binder(admin)
    shown = await new_folder(admin, binder, "Ritningar") | {"binderId": binder["id"]}
    hidden = await new_folder(admin, binder, "Hemlig") | {"binderId": binder["id"]}
    for name in ("Plan 1.pdf", "Plan 2.pdf"):
        await new_document(admin, shown, name)
    await new_document(admin, hidden, "Plan 3.pdf")
    await _hide(admin, hidden)
    return binder, shown, hidden


def _path(folder: Json) -> str:
    return f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}"


async def _hide(caller: Caller | Visitor, folder: Json, *, hidden: bool = True) -> int:
    answer = await caller.patch(_path(folder), json={"isHidden": hidden})
    return answer.status_code


async def _tabs(caller: Caller | Visitor, binder: Json) -> list[str]:
    page = (await caller.get(f"/documents/drives/binders/{binder['id']}?pageSize=10")).json()
    names = [tab["name"] for tab in page["items"]]
    assert page["totalCount"] == len(names)
    return names


async def _search(caller: Caller | Visitor, body: Json | None = None) -> set[str]:
    answer = await caller.post("/documents?pageSize=50", json=body or {})
    found = answer.json()
    names = {item["fileName"] for item in found["items"]}
    assert found["totalCount"] == len(names)
    return names


async def test_a_hidden_tab_is_in_no_list_and_no_number(tenant: Tenant, doorman: Doorman) -> None:
    binder, _, hidden = await _binder(tenant.admin)
    reader = await doorman.new_visitor(tenant, MemberRole.READER)
    owner = await doorman.new_visitor(tenant, MemberRole.OWNER)
    shown = {"Plan 1.pdf", "Plan 2.pdf"}
    in_binder = {
        "MetadataFilters": [{"metadataElementId": "GLOBAL_BinderId", "valueId": binder["id"]}]
    }
    in_hidden = {
        "MetadataFilters": [{"metadataElementId": "GLOBAL_TabId", "valueId": hidden["id"]}]
    }
    assert await _tabs(reader, binder) == ["Ritningar"]
    assert await _search(reader) == shown
    assert await _search(reader, in_binder) == shown
    assert await _search(reader, in_hidden) == set()
    assert await _tabs(owner, binder) == ["Ritningar", "Hemlig"]
    assert await _search(owner, in_binder) == shown | {"Plan 3.pdf"}
    assert await _tabs(tenant.reader, binder) == ["Ritningar", "Hemlig"]
    digests = [(await who.get(f"/binders/{binder['id']}/digest")).json() for who in (reader, owner)]
    assert [digest["documentCount"] for digest in digests] == [2, 3]


async def test_the_feed_shows_what_its_reader_sees(tenant: Tenant, doorman: Doorman) -> None:
    _, _, hidden = await _binder(tenant.admin)
    other = await new_binder(tenant.admin)
    reader = await doorman.new_visitor(tenant, MemberRole.READER)
    stranger = await doorman.new_visitor(tenant, MemberRole.RESTRICTED_READER)
    all_of_it = (await tenant.reader.get("/changes?limit=1000")).json()["items"]
    seen = (await reader.get("/changes?limit=1000")).json()["items"]
    assert hidden["id"] not in str(seen)
    assert seen == [change for change in all_of_it if change["folderId"] != hidden["id"]]
    assert (await stranger.get("/changes?limit=1000")).json()["items"] == []
    first = (await reader.get("/changes?limit=2")).json()
    rest = (await reader.get(f"/changes?limit=1000&cursor={first['nextCursor']}")).json()
    assert first["items"] + rest["items"] == seen
    assert other["id"] in str(seen)


async def test_a_taken_name_does_not_tell_of_a_hidden_tab(tenant: Tenant, doorman: Doorman) -> None:
    binder, shown, hidden = await _binder(tenant.admin)
    creator = await doorman.new_visitor(tenant, MemberRole.CREATOR)
    path = f"/documents/drives/binders/{binder['id']}/folders"
    made = created(await creator.post(path, json={"name": "HEMLIG"}))
    assert await _tabs(creator, binder) == ["Ritningar", "HEMLIG"]
    assert (await creator.post(path, json={"name": "Ritningar"})).status_code == 409
    # Whoever shows it again sees both, and is told.
    assert await _hide(tenant.admin, hidden, hidden=False) == 409
    assert await _hide(tenant.admin, made | {"binderId": binder["id"]}) == 409
    assert await _hide(tenant.admin, shown) == 200


async def test_viewers_see_a_hidden_tab_at_once_and_no_longer(
    tenant: Tenant, doorman: Doorman
) -> None:
    binder, _, hidden = await _binder(tenant.admin)
    reader = await doorman.new_visitor(tenant, MemberRole.READER)
    group = await new_group(tenant.admin, {"id": str(reader.member_id)})
    viewers = f"{_path(hidden)}/viewers"
    answer = await tenant.admin.request("PUT", viewers, json={"groupIds": [group["id"]]})
    assert [each["name"] for each in answer.json()] == [group["name"]]
    assert await _tabs(reader, binder) == ["Ritningar", "Hemlig"]
    assert "Plan 3.pdf" in await _search(reader)
    await tenant.admin.patch(f"/groups/{group['id']}", json={"memberIds": []})
    assert await _tabs(reader, binder) == ["Ritningar"]
    await tenant.admin.request("PUT", viewers, json={"memberIds": [str(reader.member_id)]})
    assert await _tabs(reader, binder) == ["Ritningar", "Hemlig"]


async def test_a_restricted_member_sees_the_binders_it_was_invited_to(
    tenant: Tenant, doorman: Doorman
) -> None:
    binder, _, _ = await _binder(tenant.admin)
    await new_binder(tenant.admin)
    guest = await doorman.new_visitor(tenant, MemberRole.RESTRICTED_READER)
    party = {"id": str(guest.member_id)}
    assert (await guest.get("/binders?pageSize=5")).json()["totalCount"] == 0
    await add_participant(tenant.admin, binder, party)
    page = (await guest.get("/binders?pageSize=5")).json()
    assert [each["id"] for each in page["items"]] == [binder["id"]]
    assert page["totalCount"] == 1
    assert (await guest.patch(f"/binders/{binder['id']}", json={"name": "Ny"})).status_code == 403
    path = f"/binders/{binder['id']}/participants/{guest.member_id}"
    await tenant.admin.patch(path, json={"role": "administrator"})
    assert (await guest.patch(f"/binders/{binder['id']}", json={"name": "Ny"})).status_code == 200
    assert await _tabs(guest, binder) == ["Ritningar", "Hemlig"]
    listed = (await guest.get(f"/binders/{binder['id']}/participants")).json()
    assert [(each["id"], each["role"]) for each in listed] == [(party["id"], "administrator")]
    await tenant.admin.delete(f"/members/{guest.member_id}")
    assert (await tenant.admin.get(f"/binders/{binder['id']}/participants")).json() == []


async def test_the_trash_is_for_those_who_may_restore(tenant: Tenant, doorman: Doorman) -> None:
    guest = await doorman.new_visitor(tenant, MemberRole.RESTRICTED_READER)
    creator = await doorman.new_visitor(tenant, MemberRole.CREATOR)
    trashed = []
    for role in ("administrator", "participant"):
        binder = await new_binder(tenant.admin)
        await add_participant(tenant.admin, binder, {"id": str(guest.member_id)}, role=role)
        folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
        document = (await new_document(tenant.admin, folder))["document"]
        await tenant.admin.delete(f"/documents/{document['id']}")
        trashed.append(document["id"])
    page = (await guest.get("/documents/trash")).json()
    assert [item["id"] for item in page["items"]] == trashed[:1]
    assert page["totalCount"] == 1
    assert (await creator.get("/documents/trash")).json()["totalCount"] == 2


async def test_who_creates_a_binder_administers_it(tenant: Tenant, doorman: Doorman) -> None:
    other = await new_binder(tenant.admin)
    creator = await doorman.new_visitor(tenant, MemberRole.CREATOR)
    body = {"name": "Egen", "type": "tender", "templateId": "tender", "templateLanguage": "en"}
    own = created(await creator.post("/binders", json=body))
    assert (await creator.patch(f"/binders/{own['id']}", json={"name": "Min"})).status_code == 200
    assert (await creator.patch(f"/binders/{other['id']}", json={"name": "X"})).status_code == 403
    assert (await _tabs(creator, own))[:2] == ["Administrative conditions", "Drawings"]
    keys = (await creator.get(f"/binders/{own['id']}/metadataelements")).json()
    assert {"Ritningsnummer", "Disciplin", "Anbudsgivare"} <= {
        each["metadataElementId"] for each in keys
    }


async def test_every_template_makes_a_binder(tenant: Tenant) -> None:
    templates = (await tenant.reader.get("/binders/templates")).json()
    assert [template["id"] for template in templates] == ["project", "facility", "tender"]
    for template in templates:
        for language in ("sv", "en"):
            body = {
                "name": f"{template['id']} {language}",
                "type": template["type"],
                "templateId": template["id"],
                "templateLanguage": language,
            }
            made = created(await tenant.admin.post("/binders", json=body))
            names = [tab[language] for tab in template["tabs"]]
            assert await _tabs(tenant.admin, made) == names
    body = {"name": "X", "type": "project", "templateId": "none"}
    answer = await tenant.admin.post("/binders", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "template.not_found")
    assert len((await tenant.admin.get("/binders")).json()) == 6


async def test_owners_alone_make_and_change_owners(tenant: Tenant, doorman: Doorman) -> None:
    owner = await doorman.new_visitor(tenant, MemberRole.OWNER)
    administrator = await doorman.new_visitor(tenant, MemberRole.ADMINISTRATOR)
    body = {"email": f"{new_guid()}@example.com", "name": "Nya", "role": "owner"}
    for caller in (tenant.admin, administrator):
        answer = await caller.post("/members", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission.missing")
        path = f"/members/{owner.member_id}"
        assert (await caller.patch(path, json={"role": "reader"})).status_code == 403
        assert (await caller.delete(path)).status_code == 403
    second = created(await owner.post("/members", json=body))
    assert (second["role"], second["state"]) == ("owner", "invited")
    assert (await owner.delete(f"/members/{second['id']}")).status_code == 200
    again = await owner.post("/members", json=body | {"role": "reader"})
    assert again.status_code == 201
    taken = await owner.post("/members", json=body)
    assert (taken.status_code, taken.json()["code"]) == (409, "member.exists")


async def test_the_last_owner_stays(world: World, tenant: Tenant, doorman: Doorman) -> None:
    owner = await doorman.new_visitor(tenant, MemberRole.OWNER)
    path = f"/members/{owner.member_id}"
    body = {"email": f"{new_guid()}@example.com", "name": "Nya", "role": "owner"}
    # An owner who has not accepted yet is none to rely on.
    created(await owner.post("/members", json=body))
    for answer in (await owner.patch(path, json={"role": "reader"}), await owner.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (409, "member.last_owner")
    async with world.parts.database.write(tenant.organisation.key) as session:
        with pytest.raises(LastOwnerError):
            await members.remove_member(session, tenant.operator, member_id=owner.member_id)
    await doorman.new_visitor(tenant, MemberRole.OWNER)
    assert (await owner.patch(path, json={"role": "reader"})).status_code == 200
    assert (await owner.get("/members")).status_code == 403


async def test_one_person_is_a_member_of_several_organisations(world: World) -> None:
    first, second = await world.new_tenant(), await world.new_tenant()
    email = f"{new_guid()}@Example.com"
    made = []
    for tenant, spelled in ((first, email), (second, email.upper())):
        async with world.parts.database.write(tenant.organisation.key) as session:
            member = await members.invite_member(
                session,
                tenant.operator,
                email=spelled,
                name="Rut Ek",
                role=MemberRole.READER,
                state=MemberState.ACTIVE,
            )
        made.append(member)
    assert made[0].person_key == made[1].person_key
    async with world.parts.database.read(None) as session:
        found = await members.list_memberships(session, person_key=made[0].person_key)
    assert [each.member_id for each in found] == [member.id for member in made]


async def test_membership_leaves_events_and_changes(tenant: Tenant) -> None:
    admin = tenant.admin
    binder = await new_binder(admin)
    member = await new_member(admin)
    await add_participant(admin, binder, member)
    await admin.patch(f"/members/{member['id']}", json={"role": "creator"})
    await admin.delete(f"/binders/{binder['id']}/participants/{member['id']}")
    group = await new_group(admin, member)
    await admin.delete(f"/groups/{group['id']}")
    await admin.delete(f"/members/{member['id']}")
    wanted = [
        "member.invited",
        "participant.added",
        "member.role_changed",
        "participant.removed",
        "group.created",
        "group.deleted",
        "member.removed",
    ]
    changes = (await tenant.reader.get("/changes?limit=1000")).json()["items"]
    assert [change["type"] for change in changes][1:] == wanted
    assert member["email"] not in str(changes)
    events = (await admin.post("/audit/events/search", json={"objectId": member["id"]})).json()
    (invited,) = (e for e in events["items"] if e["action"] == "api:member:invited")
    assert invited["object"]["name"] == "Rut Ek"
    assert invited["after"]["role"] == "reader"


async def test_a_member_that_is_kept_out_keeps_its_place(tenant: Tenant) -> None:
    admin = tenant.admin
    binder = await new_binder(admin)
    member = await new_member(admin)
    await add_participant(admin, binder, member)
    path = f"/members/{member['id']}"
    for body in ({"isDisabled": True}, {"isDisabled": True}, {"isDisabled": False}):
        answer = await admin.patch(path, json=body)
        assert answer.status_code == 200
        assert answer.json()["isDisabled"] is body["isDisabled"]
        assert answer.json()["state"] == "invited"
    both = await admin.patch(path, json={"role": "creator", "isDisabled": True})
    assert (both.json()["role"], both.json()["isDisabled"]) == ("creator", True)
    listed = (await admin.get(f"/binders/{binder['id']}/participants")).json()
    assert [one["id"] for one in listed] == [member["id"]]
    changes = (await admin.get("/changes?limit=100")).json()["items"]
    types = [one["type"] for one in changes if one["type"].startswith("member.")]
    assert types == [
        "member.invited",
        "member.disabled",
        "member.enabled",
        "member.role_changed",
        "member.disabled",
    ]
    for wrong in ({"isDisabled": None}, {"isDisabled": "yes"}, {"role": None}):
        assert (await admin.patch(path, json=wrong)).status_code == 400


async def test_the_last_owner_cannot_be_kept_out(tenant: Tenant, doorman: Doorman) -> None:
    owner = await doorman.new_visitor(tenant, MemberRole.OWNER)
    path = f"/members/{owner.member_id}"
    refused = await owner.patch(path, json={"isDisabled": True})
    assert refused.status_code == 409
    assert refused.json()["code"] == "member.last_owner"
    administrator = await doorman.new_visitor(tenant, MemberRole.ADMINISTRATOR)
    await doorman.new_visitor(tenant, MemberRole.OWNER)
    assert (await administrator.patch(path, json={"isDisabled": True})).status_code == 403
    assert (await owner.patch(path, json={"isDisabled": True})).status_code == 200
