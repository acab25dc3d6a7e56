"""Many documents at once: each by the rules of the single operation, all or nothing where asked."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.support.consistency import database_problems
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]


@pytest.fixture
async def binder(tenant: Tenant) -> Json:
    return await new_binder(tenant.admin)


@pytest.fixture
async def folder(tenant: Tenant, binder: Json) -> Json:
    return await place(tenant.admin, binder, "Ritningar")


async def place(admin: Caller, binder: Json, name: str) -> Json:
    return await new_folder(admin, binder, name) | {"binderId": binder["id"]}


async def documents_in(admin: Caller, folder: Json, *names: str) -> list[str]:
    made = [await new_document(admin, folder, name) for name in names]
    return [item["document"]["id"] for item in made]


async def bulk(admin: Caller, action: str, ids: list[str], **fields: Any) -> httpx.Response:
    body = {"action": action, "documentIds": ids} | fields
    return await admin.post("/documents/bulk", json=body)


async def done(admin: Caller, action: str, ids: list[str], **fields: Any) -> list[tuple[str, str]]:
    """Give status and code of each result, after checking that they stand in order."""
    answer = await bulk(admin, action, ids, **fields)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [result["documentId"] for result in body["results"]] == ids
    found = [(result["status"], result.get("code", "")) for result in body["results"]]
    statuses = [status for status, _ in found]
    assert body["done"] == statuses.count("done")
    assert body["refused"] == statuses.count("refused")
    assert body["unchanged"] == statuses.count("unchanged")
    assert body["wouldChange"] == statuses.count("would_change")
    return found


async def get(admin: Caller, document_id: str) -> Json:
    body: Json = (await admin.get(f"/documents/{document_id}")).json()
    return body


async def changes_of(admin: Caller, document_id: str) -> list[str]:
    items = (await admin.get("/changes", params={"limit": 500})).json()["items"]
    return [item["type"] for item in items if item["documentId"] == document_id]


async def test_a_move_gives_one_result_for_each_in_order(
    world: World, tenant: Tenant, binder: Json, folder: Json
) -> None:
    admin = tenant.admin
    other = await place(admin, binder, "Andra")
    a, b, c = await documents_in(admin, folder, "A.pdf", "B.pdf", "C.pdf")
    taken = await documents_in(admin, other, "b.PDF")
    trashed = await documents_in(admin, folder, "D.pdf")
    assert (await admin.delete(f"/documents/{trashed[0]}")).status_code == 200
    nobody = str(uuid4())
    found = await done(admin, "move", [c, nobody, b, trashed[0], a, taken[0]], folderId=other["id"])
    assert found == [
        ("done", ""),
        ("refused", "document.not_found"),
        ("refused", "document.name_taken"),
        ("refused", "document.not_found"),
        ("done", ""),
        ("unchanged", ""),
    ]
    assert [(await get(admin, one))["folderId"] for one in (a, b, c)] == [
        other["id"],
        folder["id"],
        other["id"],
    ]
    assert await changes_of(admin, a) == ["document.created", "document.moved"]
    assert await changes_of(admin, taken[0]) == ["document.created"]
    assert await database_problems(world.parts.database) == []


async def test_of_two_with_one_name_the_first_gets_it(
    tenant: Tenant, binder: Json, folder: Json
) -> None:
    admin = tenant.admin
    second, third = await place(admin, binder, "B"), await place(admin, binder, "C")
    one = await documents_in(admin, folder, "Plan.pdf")
    two = await documents_in(admin, second, "PLAN.pdf")
    found = await done(admin, "move", [*two, *one], folderId=third["id"])
    assert found == [("done", ""), ("refused", "document.name_taken")]
    assert await done(admin, "delete", [*two, *one]) == [("done", "")] * 2
    again = await place(admin, binder, "D")
    found = await done(admin, "restore", [*one, *two], folderId=again["id"])
    assert found == [("done", ""), ("refused", "document.name_taken")]


async def test_an_atomic_bulk_does_all_or_says_why_nothing(
    world: World, tenant: Tenant, binder: Json, folder: Json
) -> None:
    admin = tenant.admin
    other = await place(admin, binder, "Andra")
    a, b = await documents_in(admin, folder, "A.pdf", "B.pdf")
    nobody = str(uuid4())
    before = [(await get(admin, one)) for one in (a, b)]
    answer = await bulk(admin, "move", [a, nobody, b], folderId=other["id"], atomic=True)
    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "bulk.refused"
    assert [result["status"] for result in body["results"]] == [
        "would_change",
        "refused",
        "would_change",
    ]
    assert (body["done"], body["refused"], body["wouldChange"]) == (0, 1, 2)
    assert {"type", "title", "status", "detail", "traceId"} < set(body)
    assert [(await get(admin, one)) for one in (a, b)] == before
    assert await changes_of(admin, a) == ["document.created"]
    found = await done(admin, "move", [a, b], folderId=other["id"], atomic=True)
    assert found == [("done", "")] * 2
    assert await database_problems(world.parts.database) == []


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_dry_run_checks_all_and_changes_nothing(
    tenant: Tenant, folder: Json, *, atomic: bool
) -> None:
    admin = tenant.admin
    (a,) = await documents_in(admin, folder, "A.pdf")
    before = await get(admin, a)
    ids = [a, str(uuid4())]
    found = await done(admin, "delete", ids, dryRun=True, atomic=atomic)
    assert found == [("would_change", ""), ("refused", "document.not_found")]
    assert await get(admin, a) == before
    assert await changes_of(admin, a) == ["document.created"]


async def test_metadata_is_checked_by_each_binders_schema(
    world: World, tenant: Tenant, binder: Json, folder: Json
) -> None:
    admin = tenant.admin
    await new_element(admin, binder, "Skala")
    elsewhere = await place(admin, await new_binder(admin), "Annat")
    a, b = await documents_in(admin, folder, "A.pdf", "B.pdf")
    (c,) = await documents_in(admin, elsewhere, "C.pdf")
    given = [
        {"metadataElementId": "Skala", "value": "1:50"},
        {"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"},
    ]
    answer = (await bulk(admin, "metadata", [a, c, b], metadata=given)).json()
    assert [result["status"] for result in answer["results"]] == ["done", "refused", "done"]
    assert answer["results"][1]["code"] == "request.invalid"
    assert set(answer["results"][1]["errors"]) == {"metadata[0].metadataElementId"}
    values = {v["metadataElementId"]: v["value"] for v in (await get(admin, a))["metadata"]}
    assert values["Skala"] == "1:50"
    assert values["GLOBAL_Status"] == "Bygghandling"
    version = (await admin.get(f"/documents/{a}/versions")).json()[0]
    assert version["status"] == "Bygghandling"
    assert await done(admin, "metadata", [a, b], metadata=given) == [("unchanged", "")] * 2
    removal = [{"metadataElementId": "Skala", "value": None}]
    assert await done(admin, "metadata", [a, b], metadata=removal) == [("done", "")] * 2
    assert await database_problems(world.parts.database) == []


async def test_a_move_to_another_binder_takes_what_that_understands(
    world: World, tenant: Tenant, binder: Json, folder: Json
) -> None:
    admin = tenant.admin
    await new_element(admin, binder, "Skala")
    elsewhere = await place(admin, await new_binder(admin), "Annat")
    a, b = await documents_in(admin, folder, "A.pdf", "B.pdf")
    given = [{"metadataElementId": "Skala", "value": "1:50"}]
    assert await done(admin, "metadata", [a], metadata=given) == [("done", "")]
    found = await done(admin, "move", [a, b], folderId=elsewhere["id"])
    assert found == [("refused", "document.metadata_not_in_binder"), ("done", "")]
    assert (await get(admin, b))["binderId"] == elsewhere["binderId"]
    assert await database_problems(world.parts.database) == []


async def test_into_the_trash_and_back(
    world: World, tenant: Tenant, binder: Json, folder: Json
) -> None:
    admin = tenant.admin
    other = await place(admin, binder, "Andra")
    a, b = await documents_in(admin, folder, "A.pdf", "B.pdf")
    (c,) = await documents_in(admin, other, "C.pdf")
    assert await done(admin, "delete", [a, b, c]) == [("done", "")] * 3
    assert await done(admin, "delete", [a]) == [("refused", "document.not_found")]
    await documents_in(admin, folder, "B.pdf")
    path = f"/documents/drives/binders/{binder['id']}/folders/{other['id']}"
    assert (await admin.delete(path)).status_code == 200
    found = await done(admin, "restore", [a, b, c, str(uuid4())])
    assert found == [
        ("done", ""),
        ("refused", "document.name_taken"),
        ("refused", "document.folder_gone"),
        ("refused", "document.not_found"),
    ]
    assert await done(admin, "restore", [a]) == [("refused", "document.not_in_trash")]
    assert await done(admin, "restore", [c], folderId=folder["id"]) == [("done", "")]
    assert await changes_of(admin, c) == [
        "document.created",
        "document.deleted",
        "document.restored",
    ]
    elsewhere = await place(admin, await new_binder(admin), "Annat")
    found = await done(admin, "restore", [b], folderId=elsewhere["id"])
    assert found == [("refused", "folder.not_found")]
    assert await database_problems(world.parts.database) == []


async def test_an_archived_binder_refuses_each_of_its_documents(
    tenant: Tenant, folder: Json
) -> None:
    admin = tenant.admin
    archived = await new_binder(admin)
    shelf = await place(admin, archived, "Stängd")
    (a,) = await documents_in(admin, folder, "A.pdf")
    (b,) = await documents_in(admin, shelf, "B.pdf")
    state = {"state": "archived"}
    assert (await admin.patch(f"/binders/{archived['id']}", json=state)).status_code == 200
    found = await done(admin, "move", [b, a], folderId=folder["id"])
    assert found == [("refused", "binder.archived"), ("unchanged", "")]
    answer = await bulk(admin, "move", [a], folderId=shelf["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "binder.archived")
    assert await done(admin, "delete", [b, a]) == [("refused", "binder.archived"), ("done", "")]


async def test_every_wrong_field_is_named(tenant: Tenant) -> None:
    one, two = str(uuid4()), str(uuid4())
    wrong: list[tuple[Json, set[str]]] = [
        ({}, {"action", "documentIds"}),
        ({"action": "burn", "documentIds": []}, {"action", "documentIds"}),
        (
            {"action": "move", "documentIds": [one, two, one.upper(), one]},
            {"documentIds[2]", "documentIds[3]", "folderId"},
        ),
        ({"action": "metadata", "documentIds": [one], "folderId": two}, {"folderId", "metadata"}),
        ({"action": "delete", "documentIds": [one], "metadata": []}, {"metadata"}),
        ({"action": "move", "documentIds": [1], "folderId": "x"}, {"documentIds[0]", "folderId"}),
        ({"action": "delete", "documentIds": [str(uuid4()) for _ in range(1001)]}, {"documentIds"}),
    ]
    for body, paths in wrong:
        answer = await tenant.admin.post("/documents/bulk", json=body)
        assert answer.status_code == 400, body
        assert set(answer.json()["errors"]) == paths


async def test_a_strangers_document_looks_like_none(world: World, tenant: Tenant) -> None:
    stranger = (await world.new_tenant()).admin
    shelf = await place(stranger, await new_binder(stranger), "Hemligt")
    (theirs,) = await documents_in(stranger, shelf, "A.pdf")
    unused = str(uuid4())
    for action in ("delete", "restore"):
        answers = [(await bulk(tenant.admin, action, [one])).text for one in (theirs, unused)]
        assert answers[0].replace(theirs, "") == answers[1].replace(unused, "")
    assert (await get(stranger, theirs))["deletedAt"] is None


async def test_two_bulks_that_overlap_do_not_wait_in_a_circle(
    world: World, tenant: Tenant, folder: Json
) -> None:
    admin = tenant.admin
    places = [folder, await place(admin, await new_binder(admin), "B")]
    ids = await documents_in(admin, folder, *(f"{number}.pdf" for number in range(12)))
    for _ in range(6):
        answers = await asyncio.gather(
            bulk(admin, "move", ids, folderId=places[0]["id"]),
            bulk(admin, "move", ids[::-1], folderId=places[1]["id"]),
            bulk(
                admin,
                "metadata",
                ids[3:] + ids[:3],
                metadata=[{"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"}],
            ),
            admin.patch(f"/documents/{ids[5]}", json={"folderId": places[1]["id"]}),
        )
        for answer in answers[:3]:
            assert answer.status_code == 200, answer.text
            assert {r.get("code") for r in answer.json()["results"]} <= {None, "change.concurrent"}
        assert answers[3].status_code in {200, 409}
        folders = {(await get(admin, one))["folderId"] for one in ids}
        assert folders <= {item["id"] for item in places}
    assert await database_problems(world.parts.database) == []
