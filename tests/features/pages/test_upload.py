"""The upload page through its front door: what is told before, and what becomes of each file."""

import base64
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from openpyxl import Workbook

from ringbinder.access.permissions import MemberRole
from ringbinder.db.sight import Sight
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import BinderState
from ringbinder.features.folders import service as folders
from tests.factories.content import Json, new_document, new_element, new_folder
from tests.factories.places import new_place, set_binder_state
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

PLAN = b"%PDF-1.7 a plan"


@pytest.fixture
async def place(paged_world: World, house: Tenant) -> Json:
    return await new_place(paged_world, house)


async def call(who: Visitor, place: Json, name: str, body: Any, **headers: str) -> httpx.Response:
    """Call as the page's module does."""
    sent = {"x-csrf-token": who.caller.csrf_token, "hx-request": "true"} | headers
    cookie = {"cookie": f"fake_person={who.cookie}"}
    path = f"/binders/{place['binderId']}/upload/{name}"
    language = {"accept-language": who.caller.language or "en"}
    return await who.http.post(path, json=body, headers=language | cookie | sent)


async def answered(who: Visitor, place: Json, name: str, body: Any) -> Any:
    answer = await call(who, place, name, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def wanted(place: Json, *files: tuple[str, int], **fields: Any) -> Json:
    found = [{"path": path, "size": size} for path, size in files]
    return {"folderId": place["id"], "files": found} | fields


def register(*lines: str) -> str:
    return base64.b64encode("\n".join(lines).encode()).decode()


async def begun(who: Visitor, place: Json, name: str, content: bytes, **fields: Any) -> Json:
    file = {"folderId": place["id"], "fileName": name, "size": len(content)} | fields
    result: Json = (await answered(who, place, "begin", {"files": [file]}))["results"][0]
    return result


async def arrived(who: Visitor, place: Json, name: str, content: bytes, **fields: Any) -> str:
    upload = await begun(who, place, name, content, **fields)
    answer = await who.http.put(upload["address"], content=content)
    assert answer.status_code == 200, answer.text
    upload_id: str = upload["uploadId"]
    return upload_id


async def names_in(house: Tenant, place: Json) -> list[str]:
    path = f"/documents/drives/binders/{place['binderId']}/folders/{place['id']}/documents"
    return [item["fileName"] for item in (await house.reader.get(path)).json()["items"]]


async def test_the_page_shows_tabs_fields_and_nothing_inline(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    await new_element(house.admin, {"id": place["binderId"]}, "Nummer", label="Drawing no")
    answer = await anna.get(f"/binders/{place['binderId']}/upload?tab={place['id']}")
    assert answer.status_code == 200
    assert f'<option value="{place["id"]}" selected>' in answer.text
    assert 'data-element="Nummer"' in answer.text
    assert 'data-element="GLOBAL_Status"' in answer.text
    assert 'data-element="GLOBAL_BinderId"' not in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert " style=" not in answer.text


async def test_the_page_speaks_swedish(
    paged_world: World, people: FakePeople, house: Tenant, place: Json
) -> None:
    eva = visitor(paged_world, people, house, language="sv")
    answer = await eva.get(f"/binders/{place['binderId']}/upload")
    assert "Släpp filer eller mappar här" in answer.text
    files = [("a/..", 1), ("", 1), ("x" * 300, 1), ("b\x07.pdf", 1), ("big.ifc", 2**52)]
    plan = await answered(eva, place, "plan", wanted(place, *files))
    problems = [" ".join(file["problems"]) for file in plan["files"]]
    assert problems[0] == "Namnet får inte vara bara . eller .."
    assert problems[1] == "Namnet får inte vara tomt."
    assert problems[2] == "Namnet får inte vara längre än 255 byte."
    assert problems[3] == "Namnet får inte innehålla styrtecken eller radbrytningar."
    assert problems[4].startswith("En fil får vara högst ")


async def test_only_who_may_create_sees_it(
    paged_world: World, people: FakePeople, house: Tenant, rut: Visitor, place: Json
) -> None:
    assert (await rut.get(f"/binders/{place['binderId']}/upload")).status_code == 403
    assert (await call(rut, place, "plan", wanted(place))).status_code == 403
    other = await paged_world.new_tenant()
    stranger = visitor(paged_world, people, other)
    assert (await stranger.get(f"/binders/{place['binderId']}/upload")).status_code == 404
    for name, body in [
        ("plan", wanted(place)),
        ("places", {"places": [["New"]]}),
        ("begin", {"files": [{"folderId": place["id"], "fileName": "a", "size": 1}]}),
        ("commit", {"uploadIds": [place["id"]]}),
        ("state", {"uploadIds": [place["id"]]}),
        ("abort", {"uploadIds": [place["id"]]}),
    ]:
        assert (await call(stranger, place, name, body)).status_code == 404, name


async def test_what_somebody_does_not_see_is_not_there(
    paged_world: World, people: FakePeople, house: Tenant, place: Json
) -> None:
    """Neither as a tab to choose, nor as a place of the register, nor as a name that is taken."""
    binder = {"id": place["binderId"]}
    hidden = place | await new_folder(house.admin, binder, "Löner")
    await new_document(house.creator, hidden, "Lista.pdf")
    async with paged_world.parts.database.read(house.organisation.key) as session:
        folder = await folders.get_folder(session, folder_id=UUID(hidden["id"]))
    otto = visitor(paged_world, people, house)
    sight = Sight(hidden_folders=frozenset({folder.key}))
    people.change(otto.cookie, actor=replace(otto.caller.actor, sight=sight))
    assert "Löner" not in (await otto.get(f"/binders/{place['binderId']}/upload")).text
    text = register("path;tab", "Lista.pdf;Löner")
    files = wanted(place, ("Lista.pdf", 4), placing="register", register=text)
    (file,) = (await answered(otto, place, "plan", files))["files"]
    assert file["problems"] == ["The binder has no tab Löner."]
    assert file["taken"] is None
    assert (await call(otto, place, "plan", wanted(hidden))).status_code == 404
    refused = await begun(otto, place, "Lista.pdf", PLAN, folderId=hidden["id"])
    assert refused["reason"] == "There is no such tab, or you have no access to it."


async def test_who_may_create_elsewhere_only_is_refused_here(
    paged_world: World, people: FakePeople, house: Tenant, place: Json
) -> None:
    other = await new_place(paged_world, house)
    async with paged_world.parts.database.read(house.organisation.key) as session:
        own = await binders.get_binder(session, binder_id=other["binderId"])
    eva = visitor(paged_world, people, house, MemberRole.READER)
    actor = replace(eva.caller.actor, administered=frozenset({own.key}))
    people.change(eva.cookie, actor=actor)
    assert (await eva.get(f"/binders/{other['binderId']}/upload")).status_code == 200
    assert (await eva.get(f"/binders/{place['binderId']}/upload")).status_code == 403


async def test_what_another_site_sends_counts_for_nothing(anna: Visitor, place: Json) -> None:
    wrong = {"x-csrf-token": "another"}
    assert (await call(anna, place, "plan", wanted(place), **wrong)).status_code == 403
    assert (await call(anna, place, "plan", {"files": "none"})).status_code == 400


async def test_the_register_is_shown_before_anything_is_sent(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    binder = {"id": place["binderId"]}
    await new_folder(house.admin, binder, "Fasader")
    text = register(
        "path;tab;status;revision;Nummer;document_date",
        "A/plan 1.pdf;Fasader;Bygghandling;B;A-1;2024-01-15",
        "A/plan 2.pdf;Nowhere/Deep;Unknown;C;A-2;15 January",
        "gone.pdf;;;;;",
    )
    files = wanted(
        place, ("A/Plan 1.pdf", 4), ("A/plan 2.pdf", 4), placing="register", register=text
    )
    plan = await answered(anna, place, "plan", files)
    first, second = plan["files"]
    assert first["place"] == "Fasader"
    assert first["problems"] == []
    assert first["line"] == 2
    status = first["values"]["GLOBAL_Status"][0]
    assert status["valueId"] is not None
    assert status["label"] == "Construction document"
    assert first["values"]["GLOBAL_Version"][0]["value"] == "B"
    assert second["folderId"] is None
    assert second["problems"] == ["The binder has no tab Nowhere / Deep."]
    assert second["wrongValues"]["GLOBAL_Status"] == [
        "Unknown is not one of the values of the list."
    ]
    assert second["wrongValues"]["GLOBAL_Date"] == ["The value must be a date, such as 2024-01-15."]
    assert plan["missing"] == [["Nowhere", "Deep"]]
    report = plan["register"]
    assert (report["rows"], report["matched"]) == (3, 2)
    assert report["withoutFile"] == [
        {"path": "gone.pdf", "reason": "Line 4: There is no such file."}
    ]
    assert {"name": "Nummer", "label": None} in report["columns"]
    assert await names_in(house, place) == []


async def test_a_register_that_is_none_is_refused_with_a_reason(anna: Visitor, place: Json) -> None:
    for text, reason in [
        (register("a;b", "1;2"), "no column that names the files"),
        (base64.b64encode(b"\x00\x01\x02").decode(), "cannot be read"),
        ("no base64!", "cannot be read"),
        (register("path;Rev;rev", "a;b;c"), "two columns of the same name"),
    ]:
        answer = await call(anna, place, "plan", wanted(place, register=text))
        assert answer.status_code == 400
        assert reason in answer.text


async def test_missing_tabs_are_made_only_when_asked_for(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    files = wanted(place, ("Hus A/Plan.pdf", 4), placing="folders")
    plan = await answered(anna, place, "plan", files)
    assert plan["missing"] == [["Ritningar", "Hus A"]]
    made = await answered(anna, place, "places", {"places": plan["missing"]})
    assert "Ritningar / Hus A" in made["html"]
    again = await answered(anna, place, "plan", files)
    assert again["missing"] == []
    assert again["files"][0]["place"] == "Ritningar / Hus A"


async def test_names_that_are_there_and_twins_are_told(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    await new_document(house.creator, place, "Plan 1.pdf")
    plan = await answered(
        anna, place, "plan", wanted(place, ("a/PLAN 1.pdf", 4), ("b/Plan 1.pdf", 4), ("c.pdf", 4))
    )
    assert [file["taken"] and file["taken"]["name"] for file in plan["files"]] == [
        "Plan 1.pdf",
        "Plan 1.pdf",
        None,
    ]
    assert [file["hasTwin"] for file in plan["files"]] == [False, True, False]
    assert f"/binders/{place['binderId']}?tab=" in plan["files"][0]["taken"]["href"]


async def test_each_file_has_its_own_outcome_and_link(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    await new_document(house.creator, place, "Plan 1.pdf")
    status = {"metadataElementId": "GLOBAL_Status", "value": "Bygghandling"}
    version = await arrived(anna, place, "Plan 1.pdf", PLAN, metadata=[status])
    free = await arrived(anna, place, "Plan 1.pdf", PLAN, conflictBehavior="rename")
    waiting = await begun(anna, place, "Plan 3.pdf", PLAN)
    assert await names_in(house, place) == ["Plan 1.pdf"]
    ids = [version, free, waiting["uploadId"]]
    results = (await answered(anna, place, "commit", {"uploadIds": ids}))["results"]
    assert [result.get("number") for result in results] == [2, 1, None]
    assert results[1]["name"] == "Plan 1 (2).pdf"
    assert results[2]["reason"] == "The bytes of the file have not arrived yet."
    assert results[0]["href"].startswith(
        f"/binders/{place['binderId']}?tab={place['id']}&document="
    )
    assert (await anna.get(results[0]["href"])).status_code == 200
    repeated = (await answered(anna, place, "commit", {"uploadIds": ids[:2]}))["results"]
    assert repeated == results[:2]
    assert sorted(await names_in(house, place)) == ["Plan 1 (2).pdf", "Plan 1.pdf"]


async def test_what_is_wrong_with_one_file_is_told_of_that_file(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    await new_document(house.creator, place, "Plan 1.pdf")
    await new_element(
        house.admin, {"id": place["binderId"]}, "Nummer", label="Drawing no", isRequired=True
    )
    number = [{"metadataElementId": "Nummer", "value": "A-1"}]
    wrong = [{"metadataElementId": "GLOBAL_Status", "value": "Nope"}, *number]
    files = [
        {"fileName": "a.pdf", "size": 1, "metadata": number},
        {"fileName": "b.pdf", "size": 1},
        {"fileName": "c.pdf", "size": 1, "metadata": wrong},
        {"fileName": "Plan 1.pdf", "size": 1, "conflictBehavior": "fail", "metadata": number},
        {"fileName": "d/..", "size": 1, "metadata": number},
        {"fileName": "e.ifc", "size": 2**52, "metadata": number},
    ]
    body = {"files": [{"folderId": place["id"]} | file for file in files]}
    results = (await answered(anna, place, "begin", body))["results"]
    assert "uploadId" in results[0]
    assert [result.get("reason") for result in results[1:5]] == [
        "The Drawing no field is required.",
        "Nope is not one of the values of Status.",
        "Another document in the tab has this name already.",
        "The name must not contain a slash or a backslash.",
    ]
    assert results[5]["reason"].startswith("A file can have at most")


async def test_the_upload_tells_its_truth_and_can_be_given_up(anna: Visitor, place: Json) -> None:
    content = bytes(3 << 20)
    upload = await begun(anna, place, "Modell.ifc", content)
    part = {"content-range": f"bytes 0-{(1 << 20) - 1}/{len(content)}"}
    await anna.http.put(upload["address"], content=content[: 1 << 20], headers=part)
    asked = {"uploadIds": [upload["uploadId"]]}
    (truth,) = (await answered(anna, place, "state", asked))["uploads"]
    assert (truth["state"], truth["received"]) == ("open", 1 << 20)
    rest = {"content-range": f"bytes {1 << 20}-{len(content) - 1}/{len(content)}"}
    await anna.http.put(truth["address"], content=content[1 << 20 :], headers=rest)
    (truth,) = (await answered(anna, place, "state", asked))["uploads"]
    assert (truth["state"], truth["received"]) == ("received", len(content))
    assert await answered(anna, place, "abort", asked) == asked
    (truth,) = (await answered(anna, place, "state", asked))["uploads"]
    assert (truth["state"], truth["address"]) == ("aborted", None)


async def test_an_archived_binder_says_so_and_takes_nothing(
    paged_world: World, house: Tenant, anna: Visitor, place: Json
) -> None:
    await set_binder_state(paged_world, house, place, BinderState.ARCHIVED)
    page = await anna.get(f"/binders/{place['binderId']}/upload")
    assert "The binder is archived" in page.text
    assert "upload-drop" not in page.text
    body = {"files": [{"folderId": place["id"], "fileName": "a", "size": 1}]}
    assert (await call(anna, place, "begin", body)).status_code == 409


async def test_a_person_leaves_audit_events_with_source_web(
    house: Tenant, anna: Visitor, place: Json
) -> None:
    upload_id = await arrived(anna, place, "Plan 9.pdf", PLAN)
    await answered(anna, place, "commit", {"uploadIds": [upload_id]})
    events = (await house.admin.post("/audit/events/search", json={})).json()["items"]
    own = [event for event in events if event["actor"]["name"] == "Anna Berg"]
    assert {event["action"] for event in own} >= {"web:upload:created", "web:document:created"}


async def test_a_register_may_be_a_workbook(anna: Visitor, place: Json) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Fil", "Revidering"])
    sheet.append(["Plan 1.pdf", "C"])
    target = BytesIO()
    book.save(target)
    text = base64.b64encode(target.getvalue()).decode()
    plan = await answered(anna, place, "plan", wanted(place, ("Plan 1.pdf", 4), register=text))
    assert plan["files"][0]["values"]["GLOBAL_Version"][0]["value"] == "C"
