"""The audit trail for people: one list of what integrations and people did, and its export."""

import json

import pytest

from ringbinder.access.permissions import MemberRole
from tests.factories.content import (
    new_binder,
    new_document,
    new_folder,
    new_group,
    new_member,
)
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

AUDIT = "/organisation/audit"


async def make_binder(house: Tenant, name: str) -> str:
    answer = await house.admin.post("/binders", json={"name": name, "type": "project"})
    assert answer.status_code == 201, answer.text
    binder_id: str = answer.json()["id"]
    return binder_id


async def test_integrations_stand_in_the_list_with_before_and_after(
    house: Tenant, anna: Visitor
) -> None:
    binder_id = await make_binder(house, "Kvarteret Åkern")
    changed = await house.admin.patch(f"/binders/{binder_id}", json={"name": "Åkern 2"})
    assert changed.status_code == 200
    answer = await anna.get(AUDIT)
    assert answer.status_code == 200
    assert "Binder: changed" in answer.text
    assert "<del>Kvarteret Åkern</del> → <ins>Åkern 2</ins>" in answer.text
    assert "Integration" in answer.text
    swedish = await anna.get(AUDIT, headers={"accept-language": "sv"})
    assert "Pärm: ändrades" in swedish.text


async def test_what_events_name_by_ids_is_called_by_its_name(house: Tenant, anna: Visitor) -> None:
    binder = await new_binder(house.admin, name="Kvarteret Åkern")
    base = f"/documents/drives/binders/{binder['id']}/folders"
    tab, other = [
        await new_folder(house.creator, binder, name) | {"binderId": binder["id"]}
        for name in ("Ritningar", "Beskrivningar")
    ]
    made = await new_document(house.creator, tab, "Plan.pdf")
    path = f"/documents/{made['document']['id']}"
    moved = await house.admin.patch(path, json={"folderId": other["id"]})
    assert moved.status_code == 200, moved.text
    member = await new_member(house.admin, name="Rut Ek")
    group = await new_group(house.admin, member)
    viewers = {"groupIds": [group["id"]], "memberIds": [member["id"]]}
    shown = await house.admin.request("PUT", f"{base}/{tab['id']}/viewers", json=viewers)
    assert shown.status_code == 200, shown.text
    page = (await anna.get(AUDIT)).text
    assert "<del>Ritningar</del> → <ins>Beskrivningar</ins>" in page
    assert "<ins>Rut Ek</ins>" in page
    assert f"<ins>{group['name']} · Rut Ek</ins>" in page
    assert "Binder Kvarteret Åkern" in page
    # What is there no more keeps its id.
    await house.admin.delete(path)
    await house.admin.delete(f"{base}/{other['id']}")
    page = (await anna.get(AUDIT)).text
    assert f"<del>Ritningar</del> → <ins>{other['id']}</ins>" in page


@pytest.mark.parametrize(
    ("conditions", "is_there"),
    [
        ({"action": "binder:created"}, True),
        ({"action": "binder:deleted"}, False),
        ({"kind": "client"}, True),
        ({"kind": "person"}, False),
        ({"source": "api"}, True),
        ({"source": "web"}, False),
        ({"q": "kern", "from": "", "to": ""}, True),
        ({"q": "nothing like it"}, False),
        ({"to": "2001-01-01"}, False),
        ({"from": "2001-01-01"}, True),
    ],
)
async def test_conditions_leave_out_the_others(
    house: Tenant, anna: Visitor, conditions: dict[str, str], *, is_there: bool
) -> None:
    await make_binder(house, "Åkern")
    answer = await anna.get(AUDIT, params=conditions)
    assert answer.status_code == 200
    assert (">Åkern</a>" in answer.text) is is_there


async def test_a_condition_that_cannot_be_read_is_named_at_its_field(anna: Visitor) -> None:
    answer = await anna.get(AUDIT, params={"from": "yesterday"})
    assert answer.status_code == 400
    assert 'id="field-from-problem"' in answer.text
    garbled = await anna.get(AUDIT, params={"cursor": "garbled"})
    assert garbled.status_code == 400


async def test_a_cursor_leads_through_all_events_and_each_once(
    house: Tenant, anna: Visitor
) -> None:
    for number in range(55):
        await make_binder(house, f"Binder-{number:02}")
    seen, address = "", f"{AUDIT}?action=binder%3Acreated"
    for _ in range(2):
        answer = await anna.get(address)
        seen += answer.text
        _, found, rest = answer.text.partition(f"{AUDIT}?action=binder%3Acreated&amp;cursor=")
        cursor = rest.partition('"')[0]
        address = f"{AUDIT}?action=binder%3Acreated&cursor={cursor}"
        if not found:
            break
    assert all(seen.count(f">Binder-{number:02}</a>") == 1 for number in range(55))


async def test_what_is_shown_can_be_taken_away(house: Tenant, anna: Visitor) -> None:
    await make_binder(house, "Åkern")
    table = await anna.get(f"{AUDIT}/export", params={"format": "csv", "action": "binder:created"})
    assert table.headers["content-type"].startswith("text/csv")
    assert "attachment" in table.headers["content-disposition"]
    assert table.text.count("api:binder:created") == 1
    assert "client:created" not in table.text
    lines = await anna.get(f"{AUDIT}/export", params={"format": "jsonl"})
    kinds = [json.loads(line)["kind"] for line in lines.text.splitlines()]
    assert kinds[0] == "header"
    assert kinds[-1] == "trailer"
    assert kinds.count("event") == len(kinds) - 2 - kinds.count("checkpoint")


async def test_the_head_of_the_trail_is_signed_and_taken_away(house: Tenant, anna: Visitor) -> None:
    await make_binder(house, "Åkern")
    signed = await anna.post(f"{AUDIT}/checkpoints")
    assert signed.status_code == 303
    newest = (await house.admin.get("/audit/checkpoints")).json()["items"][0]
    page = await anna.get(f"{AUDIT}/checkpoints")
    assert newest["headHash"] in page.text
    taken = await anna.get(f"{AUDIT}/checkpoints/{newest['sequence']}.json")
    assert taken.json() == newest
    for nothing in (newest["sequence"] + 1, 0, 2**70):
        answer = await anna.get(f"{AUDIT}/checkpoints/{nothing}.json")
        assert answer.status_code == 404


async def test_a_forged_wish_to_sign_counts_for_nothing(anna: Visitor) -> None:
    answer = await anna.post(f"{AUDIT}/checkpoints", {"csrf_token": "another"})
    assert answer.status_code == 403


@pytest.mark.parametrize("role", [MemberRole.READER, MemberRole.CREATOR])
@pytest.mark.parametrize("page", ["", "/export?format=csv", "/checkpoints", "/checkpoints/1.json"])
async def test_only_administrators_see_it(
    paged_world: World, people: FakePeople, house: Tenant, role: MemberRole, page: str
) -> None:
    someone = visitor(paged_world, people, house, role)
    answer = await someone.get(AUDIT + page)
    assert answer.status_code == 403
    assert house.organisation.name not in answer.text.partition("<main")[2]


async def test_other_organisations_are_not_in_it(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    await make_binder(house, "Only for this house")
    other = await paged_world.new_tenant()
    stranger = visitor(paged_world, people, other, MemberRole.ADMINISTRATOR)
    for page in ("", "/export?format=csv", "/export?format=jsonl"):
        answer = await stranger.get(AUDIT + page)
        assert answer.status_code == 200
        assert "Only for this house" not in answer.text


async def test_members_and_values_are_said_in_words(house: Tenant, anna: Visitor) -> None:
    binder_id = await make_binder(house, "Lönnen")
    assert (await house.admin.post("/groups", json={"name": "Lönnens folk"})).status_code == 201
    element = {
        "label": "Våning",
        "dataType": "Enumerated",
        "values": [{"valueId": "P1", "label": "Plan 1"}],
    }
    path = f"/binders/{binder_id}/metadataelements"
    assert (await house.admin.post(path, json=element)).status_code == 201
    english = (await anna.get(AUDIT)).text
    assert "<dt>Type</dt><dd><ins>Project</ins>" in english
    assert "<dt>Members</dt>" in english
    assert "<dt>Kind of value</dt><dd><ins>List of values</ins>" in english
    assert "<dt>Required</dt><dd><ins>No</ins>" in english
    assert "<dt>Value P1: Label</dt><dd><ins>Plan 1</ins>" in english
    swedish = (await anna.get(AUDIT, headers={"accept-language": "sv"})).text
    assert "<dt>Typ</dt><dd><ins>Projekt</ins>" in swedish
    assert "<dt>Värdet P1: Benämning</dt>" in swedish
    assert "memberIds" not in english + swedish


async def test_changed_metadata_is_named_as_the_binder_names_it(
    house: Tenant, anna: Visitor
) -> None:
    binder = await new_binder(house.admin)
    folder = await new_folder(house.creator, binder)
    document = (await new_document(house.creator, folder | {"binderId": binder["id"]}))["document"]
    changed = await house.admin.patch(
        f"/documents/{document['id']}",
        json={"metadata": [{"metadataElementId": "GLOBAL_Date", "value": "2026-01-02"}]},
    )
    assert changed.status_code == 200, changed.text
    swedish = (await anna.get(AUDIT, headers={"accept-language": "sv"})).text
    assert "<dt>Datum</dt><dd><ins>2026-01-02</ins>" in swedish
