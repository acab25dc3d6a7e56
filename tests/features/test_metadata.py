"""A binder's metadata schema, through the front door and, where two meet, through the service."""

import asyncio
from typing import Any

import pytest

from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder, BinderType
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.errors import (
    MetadataElementReservedError,
    MetadataTypeConflictError,
)
from ringbinder.features.metadata.types import (
    FIRST_CUSTOM_KEY,
    GLOBAL_KEYS,
    DataType,
    Element,
    ListedValue,
)
from tests.factories.content import new_binder, new_document, new_element, new_folder
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

Json = dict[str, Any]


def _path(binder: Json, element_id: str = "") -> str:
    path = f"/binders/{binder['id']}/metadataelements"
    return f"{path}/{element_id}" if element_id else path


async def _elements(caller: Caller, binder: Json) -> dict[str, Json]:
    answer = await caller.get(_path(binder))
    assert answer.status_code == 200, answer.text
    return {item["metadataElementId"]: item for item in answer.json()}


async def _events(admin: Caller, element_id: str) -> list[Json]:
    answer = await admin.post("/audit/events/search", json={"objectId": element_id})
    return sorted(answer.json()["items"], key=lambda event: event["sequence"])


async def _document(admin: Caller, binder: Json, *values: Json, name: str = "Plan.pdf") -> Json:
    tabs = (await admin.get(f"/documents/drives/binders/{binder['id']}")).json()
    folder = tabs[0] if tabs else await new_folder(admin, binder)
    made = await new_document(
        admin, folder | {"binderId": binder["id"]}, name, metadata=list(values)
    )
    document: Json = made["document"]
    return document


def _given(element_id: str, value_id: str) -> Json:
    return {"metadataElementId": element_id, "valueId": value_id}


def _own(metadata_list: list[Json]) -> list[Json]:
    return [item for item in metadata_list if not item["metadataElementId"].startswith("GLOBAL_")]


async def _list(admin: Caller, binder: Json, *labels: str, **fields: Any) -> Json:
    values = [{"label": label} for label in labels]
    return await new_element(admin, binder, "Lista", dataType="Enumerated", values=values, **fields)


async def test_a_new_binder_has_the_reserved_keys(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin, type="project")
    elements = await _elements(tenant.reader, binder)
    assert list(elements) == list(GLOBAL_KEYS)
    assert elements["GLOBAL_Date"] == {
        "metadataElementId": "GLOBAL_Date",
        "label": "Date",
        "labels": {"sv": "Datum", "en": "Date"},
        "dataType": "Date",
        "isRequired": False,
        "isMultiValue": False,
        "isRetired": False,
        "position": 5,
        "values": [],
    }
    statuses = elements["GLOBAL_Status"]["values"]
    assert [value["valueId"] for value in statuses] == [
        "Preliminarhandling",
        "Forfragningsunderlag",
        "Bygghandling",
        "Relationshandling",
        "Utgar",
    ]
    assert statuses[0] == {
        "valueId": "Preliminarhandling",
        "label": "Preliminärhandling",
        "labels": {"sv": "Preliminärhandling", "en": "Preliminary document"},
        "isRetired": False,
    }
    categories = elements["GLOBAL_Category"]["values"]
    assert {"valueId": "Drift_och_underhall", "label": "Drift och underhåll"}.items() <= (
        categories[3].items()
    )


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("project", "Preliminarhandling"),
        ("tender", "Preliminarhandling"),
        ("facility", "Gallande"),
        ("organisation", "Gallande"),
    ],
)
async def test_statuses_depend_on_the_kind_of_binder(tenant: Tenant, kind: str, first: str) -> None:
    elements = await _elements(tenant.reader, await new_binder(tenant.admin, type=kind))
    assert elements["GLOBAL_Status"]["values"][0]["valueId"] == first


async def test_an_element_can_be_made_of_its_label_alone(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    body = {"label": "Ansvarig på plats", "dataType": "Text"}
    first = (await tenant.admin.post(_path(binder), json=body)).json()
    assert first == {
        "metadataElementId": "Ansvarig_pa_plats",
        "label": "Ansvarig på plats",
        "labels": {"sv": "Ansvarig på plats", "en": "Ansvarig på plats"},
        "dataType": "Text",
        "isRequired": False,
        "isMultiValue": False,
        "isRetired": False,
        "position": 9,
        "values": [],
    }
    second = (await tenant.admin.post(_path(binder), json=body)).json()
    assert second["metadataElementId"] == "Ansvarig_pa_plats_2"
    for label, made in (("日本", "element"), ("GLOBAL_GLOBAL_Skala", "Skala")):
        odd = (await tenant.admin.post(_path(binder), json=body | {"label": label})).json()
        assert odd["metadataElementId"] == made
    (event,) = await _events(tenant.admin, "Ansvarig_pa_plats")
    assert event["action"] == "api:metadata_element:created"
    assert event["after"]["dataType"] == "Text"


async def test_a_list_of_values_gets_readable_ids(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    values = [
        {"label": "Mark"},
        {"label": "Märk", "labels": {"en": "Mark it"}},
        {"label": "日本"},
        {"label": "Hus", "valueId": "A-40.1 / åäö", "isRetired": True},
    ]
    element = await new_element(tenant.admin, binder, "Del", dataType="Enumerated", values=values)
    ids = [value["valueId"] for value in element["values"]]
    assert ids == ["Mark", "Mark_2", "value", "A-40.1 / åäö"]
    assert element["values"][1]["labels"] == {"sv": "Märk", "en": "Mark it"}
    assert element["values"][3]["isRetired"]
    assert (await _elements(tenant.reader, binder))["Del"] == element


async def test_everything_that_is_wrong_is_told_at_once(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    wrong = {
        "metadataElementId": "GLOBAL_Mine",
        "label": "",
        "labels": {"sv": "two\nlines"},
        "dataType": "Blob",
        "isRequired": "yes",
        "isMultiValue": 1,
        "position": 2.5,
        "values": [{"valueId": "x" * 101}],
    }
    answer = await tenant.admin.post(_path(binder), json=wrong)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [
        "metadataElementId",
        "label",
        "labels.sv",
        "dataType",
        "isRequired",
        "isMultiValue",
        "position",
        "values[0].valueId",
        "values[0].label",
    ]
    await new_element(tenant.admin, binder, "Skala")
    answer = await tenant.admin.patch(_path(binder, "Skala"), json=dict.fromkeys(wrong))
    assert list(answer.json()["errors"]) == list(wrong)[1:]


async def test_lists_are_checked_as_a_whole(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    body: Json = {"label": "Lista", "dataType": "Enumerated"}
    twice = [
        {"label": "A", "valueId": "1"},
        {"label": "B", "valueId": "1"},
        {"label": "A"},
        {"label": "A", "isRetired": True},
    ]
    answer = await tenant.admin.post(_path(binder), json=body | {"values": twice})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["values[2].label", "values[1].valueId"]
    many = [{"label": f"{number}"} for number in range(5001)]
    answer = await tenant.admin.post(_path(binder), json=body | {"values": many})
    assert list(answer.json()["errors"]) == ["values"]
    answer = await tenant.admin.post(_path(binder), json=body | {"values": many[1:]})
    assert (answer.status_code, len(answer.json()["values"])) == (201, 5000)
    text = body | {"dataType": "Text", "values": [{"label": "A"}]}
    answer = await tenant.admin.post(_path(binder), json=text)
    assert list(answer.json()["errors"]) == ["values"]


async def test_an_id_is_there_once(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await new_element(tenant.admin, binder, "Skala")
    body = {"metadataElementId": "Skala", "label": "Annan", "dataType": "Text"}
    answer = await tenant.admin.post(_path(binder), json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "metadata_element.exists")
    answer = await tenant.admin.post(_path(binder), json=body | {"metadataElementId": "skala"})
    assert answer.status_code == 201


async def test_a_key_has_one_type_in_the_organisation(world: World, tenant: Tenant) -> None:
    one, other = [await new_binder(tenant.admin) for _ in range(2)]
    await new_element(tenant.admin, one, "Skala", dataType="Number")
    body = {"metadataElementId": "Skala", "label": "Skala", "dataType": "Text"}
    answer = await tenant.admin.post(_path(other), json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "metadata_element.type_conflict")
    derived = await tenant.admin.post(_path(other), json={"label": "Skala", "dataType": "Text"})
    assert derived.json()["metadataElementId"] == "Skala_2"
    shared = await tenant.admin.post(_path(other), json=body | {"dataType": "Number"})
    assert shared.status_code == 201
    stranger = await world.new_tenant()
    await new_element(stranger.admin, await new_binder(stranger.admin), "Skala")
    async with world.parts.database.read(tenant.organisation.key) as session:
        known = await metadata.data_types(session)
    assert known["Skala"] == (FIRST_CUSTOM_KEY, DataType.NUMBER)
    assert known["Skala_2"] == (FIRST_CUSTOM_KEY + 1, DataType.TEXT)
    assert known["GLOBAL_Status"] == (8, DataType.ENUMERATED)


async def test_a_type_stays_for_ever(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await new_element(tenant.admin, binder, "Skala", dataType="Number")
    answer = await tenant.admin.patch(_path(binder, "Skala"), json={"dataType": "Text"})
    assert (answer.status_code, answer.json()["code"]) == (409, "metadata_element.type_conflict")
    same = await tenant.admin.patch(_path(binder, "Skala"), json={"dataType": "Number"})
    assert same.status_code == 200


async def test_only_what_is_given_changes(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    element = await _list(tenant.admin, binder, "A", labels={"en": "List"})
    path = _path(binder, "Lista")
    changed = (await tenant.admin.patch(path, json={"label": "Ny", "isRequired": True})).json()
    assert changed == element | {
        "label": "Ny",
        "labels": {"sv": "Ny", "en": "List"},
        "isRequired": True,
    }
    assert (await _elements(tenant.reader, binder))["Lista"] == changed
    for nothing in ({}, {"label": "Ny"}, {"values": [{"label": "A"}]}):
        assert (await tenant.admin.patch(path, json=nothing)).json() == changed
    _, event = await _events(tenant.admin, "Lista")
    assert event["action"] == "api:metadata_element:updated"
    assert event["before"] == {
        "label": "Lista",
        "labels": {"sv": "Lista", "en": "List"},
        "isRequired": False,
    }
    retired = (await tenant.admin.patch(path, json={"isRetired": True})).json()
    assert retired["isRetired"]
    assert not (await tenant.admin.patch(path, json={"isRetired": False})).json()["isRetired"]


async def test_elements_stand_in_the_order_that_people_give_them(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    for name in "cab":
        await new_element(tenant.admin, binder, name)
    await new_element(tenant.admin, binder, "first", position=0)

    async def own() -> list[str]:
        return [name for name in await _elements(tenant.reader, binder) if name not in GLOBAL_KEYS]

    async def move(name: str, position: int) -> Json:
        answer = await tenant.admin.patch(_path(binder, name), json={"position": position})
        assert answer.status_code == 200
        return dict(answer.json())

    assert await own() == ["first", "c", "a", "b"]
    there = await move("b", 10)
    assert await own() == ["first", "b", "c", "a"]
    assert await move("b", there["position"]) == there
    assert await move("c", 1_000_000) == await move("c", 999_999)
    assert await own() == ["first", "b", "a", "c"]


async def test_a_list_can_grow_and_change_its_order(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await _list(tenant.admin, binder, "A", "B", "C")
    values = [
        {"label": "C"},
        {"valueId": "A", "label": "Ny", "labels": {"en": "New"}},
        {"label": "A"},
    ]
    changed = (await tenant.admin.patch(_path(binder, "Lista"), json={"values": values})).json()
    found = [(value["valueId"], value["label"]) for value in changed["values"]]
    assert found == [("C", "C"), ("A", "Ny"), ("A_2", "A")]
    assert changed["values"][1]["labels"] == {"sv": "Ny", "en": "New"}
    assert (await _elements(tenant.reader, binder))["Lista"] == changed
    _, event = await _events(tenant.admin, "Lista")
    assert sorted(event["before"]) == ["values.A", "values.B", "values.C"]
    assert sorted(event["after"]) == ["values.A", "values.A_2", "values.C"]


async def test_a_value_in_use_is_retired_and_an_unused_one_removed(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await _list(tenant.admin, binder, "live", "trashed", "unused")
    document = await _document(tenant.admin, binder, _given("Lista", "live"))
    trashed = await _document(tenant.admin, binder, _given("Lista", "trashed"), name="b.pdf")
    await tenant.admin.delete(f"/documents/{trashed['id']}")
    values = [{"label": "ny"}]
    changed = (await tenant.admin.patch(_path(binder, "Lista"), json={"values": values})).json()
    assert [(value["valueId"], value["isRetired"]) for value in changed["values"]] == [
        ("ny", False),
        ("live", True),
        ("trashed", True),
    ]
    patch = {"metadata": [_given("Lista", "live")]}
    kept = await tenant.admin.patch(f"/documents/{document['id']}", json=patch)
    assert kept.status_code == 200
    other = await _document(tenant.admin, binder, name="c.pdf")
    answer = await tenant.admin.patch(f"/documents/{other['id']}", json=patch)
    assert list(answer.json()["errors"]) == ["metadata[0].valueId"]
    back = [{"label": "live"}, {"label": "ny"}, {"label": "trashed", "isRetired": True}]
    again = (await tenant.admin.patch(_path(binder, "Lista"), json={"values": back})).json()
    assert [value["isRetired"] for value in again["values"]] == [False, False, True]
    assert (await tenant.admin.patch(f"/documents/{other['id']}", json=patch)).status_code == 200


async def test_a_new_label_stands_on_documents_at_once(tenant: Tenant) -> None:
    binder, elsewhere = [await new_binder(tenant.admin) for _ in range(2)]
    await _list(tenant.admin, binder, 'A "quoted" \\ å', "B")
    await _list(tenant.admin, elsewhere, 'A "quoted" \\ å', "B")
    await new_element(tenant.admin, binder, "Text")
    old = {"metadataElementId": "Lista", "valueId": "A_quoted_a", "value": 'A "quoted" \\ å'}
    fake = {"metadataElementId": "Text", "value": str(old).replace("'", '"')}
    live = await _document(tenant.admin, binder, _given("Lista", "A_quoted_a"), fake)
    other = await _document(tenant.admin, binder, _given("Lista", "B"), name="b.pdf")
    foreign = await _document(tenant.admin, elsewhere, _given("Lista", "A_quoted_a"))
    trashed = await _document(tenant.admin, binder, _given("Lista", "A_quoted_a"), name="c.pdf")
    await tenant.admin.delete(f"/documents/{trashed['id']}")
    before = await tenant.reader.get(f"/documents/{live['id']}")

    values = [{"valueId": "A_quoted_a", "label": "Ny å"}, {"valueId": "B", "label": "B"}]
    answer = await tenant.admin.patch(_path(binder, "Lista"), json={"values": values})
    assert answer.status_code == 200

    new = old | {"value": "Ny å"}
    after = await tenant.reader.get(f"/documents/{live['id']}")
    assert _own(after.json()["metadata"]) == [new, fake | {"valueId": None}]
    assert after.headers["etag"] != before.headers["etag"]
    version = f"/documents/{live['id']}/versions/{live['latestVersionId']}"
    assert (await tenant.reader.get(version)).json()["metadata"] == after.json()["metadata"]
    assert (await tenant.reader.get(f"/documents/{other['id']}")).json() == other
    assert (await tenant.reader.get(f"/documents/{foreign['id']}")).json() == foreign
    restored = await tenant.admin.post(f"/documents/{trashed['id']}/restore", json={})
    assert _own(restored.json()["metadata"]) == [new]


async def test_earlier_versions_keep_the_label_that_they_had(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await _list(tenant.admin, binder, "A")
    document = await _document(tenant.admin, binder, _given("Lista", "A"))
    again = await _document(tenant.admin, binder, _given("Lista", "A"))
    assert again["id"] == document["id"]
    values = [{"valueId": "A", "label": "Ny"}]
    await tenant.admin.patch(_path(binder, "Lista"), json={"values": values})
    versions = (await tenant.reader.get(f"/documents/{document['id']}/versions")).json()
    labels = [_own(version["metadata"])[0]["value"] for version in versions]
    assert labels == ["Ny", "A"]


async def test_a_document_takes_the_labels_of_the_binder_that_it_moves_to(tenant: Tenant) -> None:
    one, other = [await new_binder(tenant.admin) for _ in range(2)]
    await _list(tenant.admin, one, "A")
    await new_element(
        tenant.admin,
        other,
        "Lista",
        dataType="Enumerated",
        values=[{"valueId": "A", "label": "Annan"}],
    )
    document = await _document(tenant.admin, one, _given("Lista", "A"))
    folder = await new_folder(tenant.admin, other)
    moved = await tenant.admin.patch(
        f"/documents/{document['id']}", json={"folderId": folder["id"]}
    )
    assert [item["value"] for item in _own(moved.json()["metadata"])] == ["Annan"]


async def test_an_element_takes_one_value_again_when_no_document_has_two(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await _list(tenant.admin, binder, "A", "B", isMultiValue=True)
    both = [_given("Lista", "A"), _given("Lista", "B")]
    document = await _document(tenant.admin, binder, *both)
    path, narrow = _path(binder, "Lista"), {"isMultiValue": False}

    async def refused() -> None:
        answer = await tenant.admin.patch(path, json=narrow)
        assert (answer.status_code, answer.json()["code"]) == (
            409,
            "metadata_element.several_values",
        )

    await refused()
    await tenant.admin.delete(f"/documents/{document['id']}")
    await refused()
    await tenant.admin.post(f"/documents/{document['id']}/restore", json={})
    patch = {"metadata": both[:1]}
    assert (await tenant.admin.patch(f"/documents/{document['id']}", json=patch)).status_code == 200
    assert (await tenant.admin.patch(path, json=narrow)).json()["isMultiValue"] is False
    answer = await tenant.admin.patch(f"/documents/{document['id']}", json={"metadata": both})
    assert answer.status_code == 400
    assert (await tenant.admin.patch(path, json={"isMultiValue": True})).json()["isMultiValue"]
    answer = await tenant.admin.patch(f"/documents/{document['id']}", json={"metadata": both})
    assert answer.status_code == 200


async def test_an_element_in_use_is_not_deleted(tenant: Tenant) -> None:
    binder, elsewhere = [await new_binder(tenant.admin) for _ in range(2)]
    element = await _list(tenant.admin, binder, "A")
    await _list(tenant.admin, elsewhere, "A")
    document = await _document(tenant.admin, binder, _given("Lista", "A"))
    answer = await tenant.admin.delete(_path(binder, "Lista"))
    assert (answer.status_code, answer.json()["code"]) == (409, "metadata_element.in_use")
    unused = await tenant.admin.delete(_path(elsewhere, "Lista"))
    assert (unused.status_code, unused.json()["metadataElementId"]) == (200, "Lista")
    await tenant.admin.delete(f"/documents/{document['id']}")
    answer = await tenant.admin.delete(_path(binder, "Lista"))
    assert (answer.status_code, answer.json()) == (200, element)
    assert "Lista" not in await _elements(tenant.reader, binder)
    for gone in (
        await tenant.admin.delete(_path(binder, "Lista")),
        await tenant.admin.patch(_path(binder, "Lista"), json={"label": "Ny"}),
    ):
        assert (gone.status_code, gone.json()["code"]) == (404, "metadata_element.not_found")
    # What the trash still has of it comes back with the document.
    restored = await tenant.admin.post(f"/documents/{document['id']}/restore", json={})
    assert [item["valueId"] for item in _own(restored.json()["metadata"])] == ["A"]
    assert (await _events(tenant.admin, "Lista"))[-1]["action"] == ("api:metadata_element:deleted")


async def test_reserved_keys_stay_as_they_are(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    for answer in (
        await tenant.admin.delete(_path(binder, "GLOBAL_Status")),
        await tenant.admin.patch(_path(binder, "GLOBAL_Status"), json={"dataType": "Text"}),
        await tenant.admin.patch(_path(binder, "GLOBAL_Status"), json={"isMultiValue": True}),
        await tenant.admin.patch(_path(binder, "GLOBAL_Status"), json={"isRetired": True}),
        await tenant.admin.patch(_path(binder, "GLOBAL_Status"), json={"position": 20}),
        await tenant.admin.patch(_path(binder, "GLOBAL_TabId"), json={"isRequired": True}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "metadata_element.reserved")


async def test_reserved_keys_can_be_called_otherwise_and_have_other_lists(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    body = {
        "label": "Skede",
        "labels": {"sv": "Skede", "en": "Stage"},
        "isRequired": True,
        "values": [{"label": "Bygghandling"}, {"label": "Egen"}],
    }
    changed = (await tenant.admin.patch(_path(binder, "GLOBAL_Status"), json=body)).json()
    assert (changed["label"], changed["labels"]["en"]) == ("Skede", "Stage")
    assert [value["valueId"] for value in changed["values"]] == ["Bygghandling", "Egen"]
    assert changed["values"][0]["labels"]["en"] == "Construction document"
    same = await tenant.admin.patch(
        _path(binder, "GLOBAL_Status"), json={"dataType": "Enumerated", "position": 7}
    )
    assert same.json() == changed


async def test_a_binder_has_two_hundred_elements_of_its_own(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    async with world.parts.database.write(tenant.organisation.key) as session:
        for number in range(200):
            await metadata.create_element(
                session, tenant.operator, binder=binder, label=f"{number}", data_type=DataType.TEXT
            )
    body = {"label": "one more", "dataType": "Text"}
    answer = await tenant.admin.post(_path({"id": binder.id}), json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "metadata_element.too_many")
    assert len(await _elements(tenant.reader, {"id": binder.id})) == 209


async def test_nobody_overwrites_what_he_has_not_seen(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    body = {"metadataElementId": "Skala", "label": "Skala", "dataType": "Text"}
    made = await tenant.admin.post(_path(binder), json=body)
    path, seen = _path(binder, "Skala"), {"if-match": made.headers["etag"]}
    changed = await tenant.admin.patch(path, json={"label": "Ny"}, headers=seen)
    assert changed.status_code == 200
    for answer in (
        await tenant.admin.patch(path, json={"label": "Nyare"}, headers=seen),
        await tenant.admin.delete(path, headers=seen),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "request.precondition_failed")
    seen = {"if-match": changed.headers["etag"]}
    assert (await tenant.admin.delete(path, headers=seen)).status_code == 200


@pytest.mark.parametrize("odd", ["a%2Fb", "%C3%A5%C3%A4%C3%B6", "with%20blank", "%25"])
async def test_ids_may_hold_odd_characters(tenant: Tenant, odd: str) -> None:
    binder = await new_binder(tenant.admin)
    name = {"a%2Fb": "a.b", "%C3%A5%C3%A4%C3%B6": "åäö", "with%20blank": "with blank", "%25": "%"}
    await new_element(tenant.admin, binder, name[odd])
    path = odd.replace("%2F", ".")
    answer = await tenant.admin.patch(_path(binder, path), json={"label": "Ny"})
    assert answer.json()["metadataElementId"] == name[odd]
    assert (await tenant.admin.delete(_path(binder, "nul%00"))).status_code == 400


async def test_roles_say_who_may_change_schemas(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await new_element(tenant.admin, binder, "Skala")
    for caller in (tenant.reader, tenant.creator):
        assert "Skala" in await _elements(caller, binder)
        for answer in (
            await caller.post(_path(binder), json={"label": "Ny", "dataType": "Text"}),
            await caller.patch(_path(binder, "Skala"), json={"label": "Ny"}),
            await caller.delete(_path(binder, "Skala")),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "permission.missing")


async def test_another_organisations_schema_is_like_one_that_never_was(world: World) -> None:
    one, other = await world.new_tenant(), await world.new_tenant()
    binder = await new_binder(one.admin)
    await new_element(one.admin, binder, "Skala")
    own = await new_binder(other.admin)
    for answer in (
        await other.reader.get(_path(binder)),
        await other.admin.post(_path(binder), json={"label": "Ny", "dataType": "Text"}),
        await other.admin.patch(_path(binder, "Skala"), json={"label": "Ny"}),
        await other.admin.delete(_path(binder, "Skala")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "binder.not_found")
    answer = await other.admin.patch(_path(own, "Skala"), json={"label": "Ny"})
    assert (answer.status_code, answer.json()["code"]) == (404, "metadata_element.not_found")


async def _binder(world: World, tenant: Tenant) -> Binder:
    async with world.parts.database.write(tenant.organisation.key) as session:
        return await binders.create_binder(
            session, tenant.operator, name="Pärm", type=BinderType.PROJECT
        )


async def test_keys_made_at_once_have_different_numbers(world: World, tenant: Tenant) -> None:
    database, organisation = world.parts.database, tenant.organisation.key
    several = [await _binder(world, tenant) for _ in range(6)]

    async def create(binder: Binder, name: str, data_type: DataType) -> Element:
        async with database.write(organisation) as session:
            locked = await binders.lock_binder(session, binder_id=binder.id)
            return await metadata.create_element(
                session,
                tenant.operator,
                binder=locked,
                label=name,
                metadata_element_id=name,
                data_type=data_type,
            )

    made = await asyncio.gather(*(create(b, b.id, DataType.TEXT) for b in several))
    assert sorted(element.key for element in made) == list(range(100, 106))
    shared = await asyncio.gather(*(create(b, "shared", DataType.TEXT) for b in several))
    assert {element.key for element in shared} == {106}
    types = [DataType.TEXT, DataType.DATE, DataType.NUMBER]
    fought = await asyncio.gather(
        *(create(b, "fought", kind) for b, kind in zip(several, types, strict=False)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Element) for one in fought) == 1
    assert sum(isinstance(one, MetadataTypeConflictError) for one in fought) == 2


async def test_a_relabelling_and_a_new_document_do_not_cross(world: World, tenant: Tenant) -> None:
    database, organisation = world.parts.database, tenant.organisation.key
    binder = await _binder(world, tenant)
    async with database.write(organisation) as session:
        await metadata.create_element(
            session,
            tenant.operator,
            binder=binder,
            label="Lista",
            data_type=DataType.ENUMERATED,
            values=[ListedValue("A")],
        )
    folder = await new_folder(tenant.admin, {"id": binder.id})
    place = folder | {"binderId": binder.id}

    async def relabel(number: int) -> None:
        values = [{"valueId": "A", "label": f"A{number}"}]
        answer = await tenant.admin.patch(
            _path({"id": binder.id}, "Lista"), json={"values": values}
        )
        assert answer.status_code == 200

    async def write(number: int) -> Json:
        made = await new_document(
            tenant.admin, place, f"{number % 3}.pdf", metadata=[_given("Lista", "A")]
        )
        document: Json = made["document"]
        return document

    async with asyncio.timeout(50):
        _, *made = await asyncio.gather(relabel(0), *map(write, range(6)), return_exceptions=True)
        assert not [one for one in made if isinstance(one, BaseException)]
        await asyncio.gather(*map(relabel, range(1, 4)), *map(write, range(6)))
    label = (await _elements(tenant.reader, {"id": binder.id}))["Lista"]["values"][0]["label"]
    path = f"/documents/drives/binders/{binder.id}/folders/{folder['id']}/documents"
    documents = (await tenant.reader.get(path)).json()["items"]
    assert [_own(found["metadata"])[0]["value"] for found in documents] == [label] * 3


async def test_the_service_refuses_reserved_ids_too(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    async with world.parts.database.write(tenant.organisation.key) as session:
        with pytest.raises(MetadataElementReservedError):
            await metadata.create_element(
                session,
                tenant.operator,
                binder=binder,
                label="Mine",
                metadata_element_id="GLOBAL_Mine",
                data_type=DataType.TEXT,
            )


async def test_stored_values_are_read_back(world: World, tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await new_element(tenant.admin, binder, "Skala", dataType="Number")
    stored = (
        '[{"metadataElementId":"GLOBAL_Date","valueId":null,"value":"2024-01-15"},'
        '{"metadataElementId":"Skala","valueId":null,"value":100}]'
    )
    async with world.parts.database.read(tenant.organisation.key) as session:
        day, scale = await metadata.read_values(session, stored)
    assert (day.element_key, day.index_value) == (6, "2024-01-15")
    assert (scale.element_key, scale.value) == (FIRST_CUSTOM_KEY, 100)
    assert metadata.to_json([day, scale]) == stored
