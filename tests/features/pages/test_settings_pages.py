"""The settings of a binder: name and state, the schema with what a change would do, the tabs."""

from dataclasses import replace
from typing import Any

import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.db.sight import Sight
from ringbinder.features.binders import service as binders
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]


@pytest.fixture
async def binder(house: Tenant) -> str:
    answer = await house.admin.post("/binders", json={"name": "Åkern", "type": "project"})
    binder_id: str = answer.json()["id"]
    return binder_id


async def actions(house: Tenant) -> list[str]:
    found = await house.admin.post("/audit/events/search", json={"actorKind": "person"})
    return [event["action"] for event in found.json()["items"]]


async def element(house: Tenant, binder: str, element_id: str) -> dict[str, Any]:
    listed = (await house.admin.get(f"/binders/{binder}/metadataelements")).json()
    return next(one for one in listed if one["metadataElementId"] == element_id)


async def test_a_binder_is_renamed_and_coloured(anna: Visitor, house: Tenant, binder: str) -> None:
    here = f"/binders/{binder}/settings"
    assert (await anna.get(here)).status_code == 200
    form = {"name": "Åkern 2", "type": "facility", "description": "", "colour": "#AA0000"}
    assert (await anna.post(here, form)).status_code == 303
    found = (await house.admin.get(f"/binders/{binder}")).json()
    assert (found["name"], found["type"], found["colour"]) == ("Åkern 2", "facility", "#aa0000")
    assert await actions(house) == ["web:binder:updated"]


async def test_a_name_that_cannot_be_is_named_at_its_field(anna: Visitor, binder: str) -> None:
    form = {"name": " ", "type": "project", "colour": "red"}
    answer = await anna.post(f"/binders/{binder}/settings", form)
    assert answer.status_code == 400
    assert 'id="field-name-problem"' in answer.text


async def test_a_binder_is_archived_reopened_and_deleted_when_empty(
    anna: Visitor, house: Tenant, binder: str
) -> None:
    here = f"/binders/{binder}/settings"
    assert (await anna.post(f"{here}/archive")).status_code == 303
    page = await anna.get(here)
    assert "Open the binder again" in page.text
    refused = await anna.post(here, {"name": "X", "type": "project"})
    assert refused.status_code == 409
    assert (await anna.post(f"{here}/reopen")).status_code == 303
    assert (
        await anna.post(f"{here}/tabs", {"name": "Plans", "type": "drawings"})
    ).status_code == 303
    assert (await anna.post(f"{here}/delete")).status_code == 409
    other = await house.admin.post("/binders", json={"name": "Empty", "type": "project"})
    gone = await anna.post(f"/binders/{other.json()['id']}/settings/delete")
    assert gone.status_code == 303
    assert (await house.admin.get(f"/binders/{other.json()['id']}")).status_code == 404
    assert await actions(house) == [
        "web:binder:deleted",
        "web:folder:created",
        "web:binder:reopened",
        "web:binder:archived",
    ]


async def test_a_key_with_a_list_is_made_in_two_languages(
    anna: Visitor, house: Tenant, binder: str
) -> None:
    here = f"/binders/{binder}/settings/schema"
    form = {
        "label_sv": "Byggdel",
        "label_en": "Building part",
        "data_type": "Enumerated",
        "required": "1",
        "values": "Stomme | Frame\n\nTak | Roof",
    }
    assert (await anna.post(here, form)).status_code == 303
    made = await element(house, binder, "Byggdel")
    assert made["labels"] == {"sv": "Byggdel", "en": "Building part"}
    assert made["isRequired"] is True
    assert [value["labels"]["en"] for value in made["values"]] == ["Frame", "Roof"]
    assert "Building part" in (await anna.get(here)).text
    assert await actions(house) == ["web:metadata_element:created"]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"label_sv": "", "data_type": "Text"}, "label_sv"),
        ({"label_sv": "A", "data_type": "Colour"}, "data_type"),
        ({"label_sv": "A", "data_type": "Text", "values": "B"}, "values"),
        ({"label_sv": "A", "data_type": "Enumerated", "values": "x" * 201}, "values"),
    ],
)
async def test_what_is_wrong_with_a_key_is_named_at_its_field(
    anna: Visitor, house: Tenant, binder: str, form: dict[str, str], wrong: str
) -> None:
    answer = await anna.post(f"/binders/{binder}/settings/schema", form)
    assert answer.status_code == 400
    assert f'id="field-{wrong}-problem"' in answer.text
    assert await actions(house) == []


async def test_a_preview_tells_what_a_change_does_and_changes_nothing(
    anna: Visitor, house: Tenant, binder: str
) -> None:
    own = f"/binders/{binder}/settings/schema/GLOBAL_Status"
    before = await element(house, binder, "GLOBAL_Status")
    first, second, *rest = before["values"]
    page = await anna.get(own)
    assert page.status_code == 200
    form = {"label_sv": before["labels"]["sv"], "label_en": before["labels"]["en"], "required": "1"}
    for place, value in enumerate([second, first, *rest], start=1):
        form[f"sv.{value['valueId']}"] = value["labels"]["sv"]
        form[f"en.{value['valueId']}"] = value["labels"]["en"]
        form[f"place.{value['valueId']}"] = str(place)
    form[f"remove.{rest[0]['valueId']}"] = "1"
    form["values"] = "Nytt | New"
    told = await anna.post(f"{own}/preview", form)
    assert told.status_code == 200
    assert "Documents that lack the key, and must get it at their next change: 0" in told.text
    assert f"“{rest[0]['label']}” is removed" in told.text
    assert "“Nytt” is new" in told.text
    assert await element(house, binder, "GLOBAL_Status") == before
    assert (await anna.post(own, form)).status_code == 303
    after = await element(house, binder, "GLOBAL_Status")
    assert after["isRequired"] is True
    expected = [second["label"], first["label"], *(value["label"] for value in rest[1:]), "Nytt"]
    assert [value["label"] for value in after["values"]] == expected
    assert await actions(house) == ["web:metadata_element:updated"]


async def test_keys_move_and_are_deleted(anna: Visitor, house: Tenant, binder: str) -> None:
    here = f"/binders/{binder}/settings/schema"
    for name in ("A", "B", "C"):
        await anna.post(here, {"label_sv": name, "data_type": "Text"})
    await anna.post(f"{here}/A/move", {"to": "down"})
    await anna.post(f"{here}/C/move", {"to": "up"})
    listed = (await house.admin.get(f"/binders/{binder}/metadataelements")).json()
    own = [one["metadataElementId"] for one in listed if len(one["metadataElementId"]) == 1]
    assert own == ["B", "C", "A"]
    assert (await anna.post(f"{here}/B/delete")).status_code == 303
    assert (await anna.post(f"{here}/B/delete")).status_code == 404
    assert (await anna.post(f"{here}/GLOBAL_Status/delete")).status_code == 409


async def test_tabs_are_made_renamed_moved_and_deleted(
    anna: Visitor, house: Tenant, binder: str
) -> None:
    here = f"/binders/{binder}/settings/tabs"
    for name in ("Plans", "Contracts"):
        form = {"name": name, "type": "documents"}
        assert (await anna.post(here, form)).status_code == 303
    tabs = (await house.admin.get(f"/documents/drives/binders/{binder}")).json()
    plans, contracts = tabs[0]["id"], tabs[1]["id"]
    renamed = {"name": "Drawings", "type": "drawings", "parent": ""}
    assert (await anna.post(f"{here}/{plans}", renamed)).status_code == 303
    assert (await anna.post(f"{here}/{plans}/move", {"to": "down"})).status_code == 303
    tabs = (await house.admin.get(f"/documents/drives/binders/{binder}")).json()
    assert [tab["name"] for tab in tabs] == ["Contracts", "Drawings"]
    inside = {"name": "Drawings", "type": "drawings", "parent": contracts}
    assert (await anna.post(f"{here}/{plans}", inside)).status_code == 303
    assert (await anna.post(f"{here}/{contracts}/delete")).status_code == 409
    assert (await anna.post(f"{here}/{plans}/delete")).status_code == 303
    twice = await anna.post(here, {"name": "contracts", "type": "documents"})
    assert twice.status_code == 409
    wrong = await anna.post(here, {"name": "a/b", "type": "documents"})
    assert wrong.status_code == 400
    assert 'id="field-name-problem"' in wrong.text
    assert "Contracts" in (await anna.get(here)).text


PAGES = ["settings", "settings/schema", "settings/schema/GLOBAL_Status", "settings/tabs"]
CHANGES = [
    "settings",
    "settings/archive",
    "settings/delete",
    "settings/schema",
    "settings/schema/GLOBAL_Status",
    "settings/schema/GLOBAL_Status/preview",
    "settings/tabs",
]
FORM = {"name": "X", "type": "project", "label_sv": "X", "data_type": "Text"}


@pytest.mark.parametrize("role", [MemberRole.CREATOR, MemberRole.READER])
async def test_only_who_administers_the_binder_sees_its_settings(
    paged_world: World, people: FakePeople, house: Tenant, binder: str, role: MemberRole
) -> None:
    someone = visitor(paged_world, people, house, role)
    for page in PAGES:
        assert (await someone.get(f"/binders/{binder}/{page}")).status_code == 403
    for page in CHANGES:
        assert (await someone.post(f"/binders/{binder}/{page}", FORM)).status_code == 403
    assert await actions(house) == []


async def test_a_binders_administrator_changes_that_binder_alone(
    paged_world: World, people: FakePeople, house: Tenant, binder: str
) -> None:
    other = (await house.admin.post("/binders", json={"name": "B", "type": "project"})).json()["id"]
    unseen = (await house.admin.post("/binders", json={"name": "C", "type": "project"})).json()[
        "id"
    ]
    keys = await binder_keys(paged_world, house)
    someone = visitor(paged_world, people, house, MemberRole.RESTRICTED_READER)
    actor = replace(
        someone.caller.actor,
        sight=Sight(binders=frozenset({keys[binder], keys[other]})),
        administered=frozenset({keys[binder]}),
    )
    people.change(someone.cookie, actor=actor)
    for page in PAGES:
        assert (await someone.get(f"/binders/{binder}/{page}")).status_code == 200
        assert (await someone.get(f"/binders/{other}/{page}")).status_code == 403
        assert (await someone.get(f"/binders/{unseen}/{page}")).status_code == 404
    for page in CHANGES[:2]:
        assert (await someone.post(f"/binders/{other}/{page}", FORM)).status_code == 403
        assert (await someone.post(f"/binders/{unseen}/{page}", FORM)).status_code == 404
    assert (await someone.post(f"/binders/{binder}/settings", FORM)).status_code == 303


async def binder_keys(world: World, house: Tenant) -> dict[str, int]:
    async with world.parts.database.read(house.organisation.key) as session:
        found, _ = await binders.list_binders(session)
    return {binder.id: binder.key for binder, _ in found}


async def test_binders_of_other_organisations_are_not_there(
    paged_world: World, people: FakePeople, binder: str
) -> None:
    stranger = visitor(paged_world, people, await paged_world.new_tenant())
    for page in PAGES:
        assert (await stranger.get(f"/binders/{binder}/{page}")).status_code == 404
    for page in CHANGES:
        assert (await stranger.post(f"/binders/{binder}/{page}", FORM)).status_code == 404


async def test_forged_forms_count_for_nothing(anna: Visitor, house: Tenant, binder: str) -> None:
    for page in CHANGES:
        answer = await anna.post(f"/binders/{binder}/{page}", FORM | {"csrf_token": "another"})
        assert answer.status_code == 403
    assert await actions(house) == []


async def test_what_is_wrong_with_a_list_is_told_at_its_field_and_in_swedish(
    anna: Visitor, binder: str
) -> None:
    here = f"/binders/{binder}/settings/schema"
    form = {"label_sv": "Etapp", "data_type": "Enumerated", "values": "Ett\nEtt"}
    answer = await anna.post(here, form, headers={"accept-language": "sv"})
    assert answer.status_code == 400
    assert 'id="field-values-problem"' in answer.text
    assert "Ett annat värde i listan heter likadant." in answer.text
    assert "Another value" not in answer.text
    long = form | {"values": "\n".join(str(number) for number in range(5001))}
    answer = await anna.post(here, long, headers={"accept-language": "sv"})
    assert "En nyckel kan ha högst 5,000 värden" in answer.text
