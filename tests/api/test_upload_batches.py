"""Many uploads in one call each: as alone, but together."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.factories.content import Json, new_binder, new_document, new_folder, put_bytes
from tests.support.consistency import database_problems
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]


@pytest.fixture
async def folder(tenant: Tenant) -> Json:
    binder = await new_binder(tenant.admin)
    return await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}


def wanted(folder: Json, name: str, content: bytes = b"%PDF", **fields: Any) -> Json:
    body = {
        "binderId": folder["binderId"],
        "folderId": folder["id"],
        "fileName": name,
        "size": len(content),
    }
    return body | fields


async def begin(caller: Caller, *uploads: Json) -> list[Json]:
    answer = await caller.post("/documents/uploads/batch", json={"uploads": uploads})
    assert answer.status_code == 201, answer.text
    results: list[Json] = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(len(uploads)))
    return results


async def received(caller: Caller, folder: Json, *names: str) -> list[str]:
    ids = []
    for result in await begin(caller, *(wanted(folder, name) for name in names)):
        assert (await put_bytes(caller.http, result["upload"], b"%PDF")).status_code == 200
        ids.append(result["upload"]["uploadId"])
    return ids


async def commit(caller: Caller, ids: list[str], **fields: Any) -> Any:
    body = {"uploadIds": ids} | fields
    return await caller.post("/documents/uploads/batch/commit", json=body)


async def test_many_uploads_begin_or_say_each_why_not(tenant: Tenant, folder: Json) -> None:
    await new_document(tenant.admin, folder, "Taken.pdf")
    unknown = [{"metadataElementId": "Unknown", "value": "x"}]
    results = await begin(
        tenant.creator,
        wanted(folder, "A.pdf"),
        wanted(folder, "B.pdf", metadata=unknown),
        wanted(folder | {"id": str(uuid4())}, "C.pdf"),
        wanted(folder, "taken.pdf", conflictBehavior="fail"),
        wanted(folder, "D.pdf", documentId=str(uuid4())),
        wanted(folder, "A.pdf"),
    )
    assert [result.get("code") for result in results] == [
        None,
        "request.invalid",
        "folder.not_found",
        "document.name_taken",
        "document.not_found",
        None,
    ]
    assert set(results[1]["errors"]) == {"uploads[1].metadata[0].metadataElementId"}
    assert results[0]["upload"]["state"] == "open"
    assert results[0]["upload"]["uploadId"] != results[5]["upload"]["uploadId"]


async def test_all_wrong_fields_of_all_uploads_are_named_at_once(
    tenant: Tenant, folder: Json
) -> None:
    body = {
        "uploads": [
            wanted(folder, "A.pdf"),
            wanted(folder, "a/b", size=-1),
            {"metadata": [{}]},
        ]
    }
    answer = await tenant.creator.post("/documents/uploads/batch", json=body)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {
        "uploads[1].fileName",
        "uploads[1].size",
        "uploads[2].binderId",
        "uploads[2].folderId",
        "uploads[2].fileName",
        "uploads[2].size",
        "uploads[2].metadata[0].metadataElementId",
    }
    for uploads in ([], [wanted(folder, "A.pdf")] * 501):
        answer = await tenant.creator.post("/documents/uploads/batch", json={"uploads": uploads})
        assert list(answer.json()["errors"]) == ["uploads"]


async def test_a_batch_commit_answers_each_as_its_own_commit_does(
    world: World, tenant: Tenant, folder: Json
) -> None:
    caller = tenant.creator
    ids = await received(caller, folder, "A.pdf", "B.pdf", "a.PDF")
    (late,) = await begin(caller, wanted(folder, "Late.pdf"))
    nobody = str(uuid4())
    alone = await caller.post(f"/documents/uploads/{ids[1]}/commit")
    answer = await commit(caller, [ids[0], nobody, ids[1], late["upload"]["uploadId"], ids[2]])
    assert answer.status_code == 200
    body = answer.json()
    assert [(r["status"], r.get("code")) for r in body["results"]] == [
        ("committed", None),
        ("refused", "upload.not_found"),
        ("committed", None),
        ("refused", "upload.not_received"),
        ("committed", None),
    ]
    assert (body["committed"], body["refused"]) == (3, 2)
    first, _, second, _, third = body["results"]
    assert {name: second[name] for name in ("document", "version")} == alone.json()
    assert third["document"]["id"] == first["document"]["id"]
    assert [first["version"]["number"], third["version"]["number"]] == [1, 2]
    again = (await commit(caller, ids)).json()["results"]
    assert again == [first, second, third]
    assert await database_problems(world.parts.database) == []


async def test_an_atomic_batch_commits_all_or_nothing(
    world: World, tenant: Tenant, folder: Json
) -> None:
    caller = tenant.creator
    done, *ids = await received(caller, folder, "A.pdf", "B.pdf", "C.pdf")
    assert (await caller.post(f"/documents/uploads/{done}/commit")).status_code == 201
    (late,) = await begin(caller, wanted(folder, "Late.pdf"))
    everything = [done, *ids, late["upload"]["uploadId"]]
    answer = await commit(caller, everything, atomic=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "bulk.refused")
    statuses = [result["status"] for result in answer.json()["results"]]
    assert statuses == ["committed", "would_commit", "would_commit", "refused"]
    for upload_id in ids:
        state = (await caller.get(f"/documents/uploads/{upload_id}")).json()["state"]
        assert state == "received"
    answer = await commit(caller, [done, *ids], atomic=True)
    assert [result["status"] for result in answer.json()["results"]] == ["committed"] * 3
    assert await database_problems(world.parts.database) == []


async def test_overlapping_batches_do_not_wait_in_a_circle(
    world: World, tenant: Tenant, folder: Json
) -> None:
    caller = tenant.admin
    second = await new_folder(caller, {"id": folder["binderId"]}, "Andra")
    other = second | {"binderId": folder["binderId"]}
    names = [f"{number}.pdf" for number in range(8)]
    documents = [(await new_document(caller, folder, name))["document"]["id"] for name in names]
    for _ in range(3):
        ids = await received(caller, folder, *names) + await received(caller, other, *names)
        answers = await asyncio.gather(
            commit(caller, ids),
            commit(caller, ids[::-1]),
            caller.post(f"/documents/uploads/{ids[3]}/commit"),
            caller.post(
                "/documents/bulk",
                json={
                    "action": "metadata",
                    "documentIds": documents[::-1],
                    "metadata": [{"metadataElementId": "GLOBAL_Category", "value": None}],
                },
            ),
        )
        assert [answer.status_code for answer in answers] == [200, 200, 201, 200]
        first, backwards = (answer.json()["results"] for answer in answers[:2])
        assert first == backwards[::-1]
        assert {result["status"] for result in first} == {"committed"}
    assert await database_problems(world.parts.database) == []


async def test_wrong_ids_are_named(tenant: Tenant) -> None:
    one = str(uuid4())
    answer = await commit(tenant.creator, [one, one, "x"])
    assert list(answer.json()["errors"]) == ["uploadIds[2]"]
    answer = await commit(tenant.creator, [one, one])
    assert list(answer.json()["errors"]) == ["uploadIds[1]"]
