"""Uploads from creation to commit: what is checked when, and that nothing is ever half there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from ringbinder.adapters.storage import StorageFull, StoredBytes
from ringbinder.adapters.storage.local import LocalObjectStore
from ringbinder.features.binders.types import BinderState
from ringbinder.features.metadata.types import DataType
from ringbinder.features.uploads.errors import UploadIncompleteError
from ringbinder.features.uploads.schemas import commit_answer
from ringbinder.features.uploads.service import UploadService
from ringbinder.features.uploads.types import NewUpload
from ringbinder.kit.clock import FixedClock
from tests.factories.content import (
    Json,
    created,
    fetch,
    local,
    new_document,
    new_upload,
    put_bytes,
    sha256,
)
from tests.factories.places import add_element, delete_folder, new_place, set_binder_state
from tests.support.consistency import database_problems
from tests.support.streams import stream
from tests.support.world import Caller, Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

CONTENT = b"%PDF-1.7 a small drawing"


@pytest.fixture
async def place(world: World, tenant: Tenant) -> Json:
    return await new_place(world, tenant)


def wanted(place: Json, **changes: Any) -> Json:
    body = {
        "binderId": place["binderId"],
        "folderId": place["id"],
        "fileName": "Plan 1.pdf",
        "size": len(CONTENT),
    }
    return body | changes


async def create(caller: Caller, place: Json, **changes: Any) -> Json:
    return created(await caller.post("/documents/uploads", json=wanted(place, **changes)))


async def received(caller: Caller, place: Json, content: bytes = CONTENT, **changes: Any) -> Json:
    upload = await create(caller, place, size=len(content), **changes)
    answer = await put_bytes(caller.http, upload, content)
    assert answer.status_code == 200, answer.text
    return upload


async def state_of(caller: Caller, upload: Json) -> Json:
    answer = await caller.get(f"/documents/uploads/{upload['uploadId']}")
    assert answer.status_code == 200
    body: Json = answer.json()
    return body


async def commit(caller: Caller, upload: Json, **options: Any) -> Any:
    return await caller.post(f"/documents/uploads/{upload['uploadId']}/commit", **options)


async def names_in(caller: Caller, place: Json) -> list[str]:
    path = f"/documents/drives/binders/{place['binderId']}/folders/{place['id']}/documents"
    answer = await caller.get(path)
    return [item["fileName"] for item in answer.json()["items"]]


# ── Create ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_upload_says_where_its_bytes_go(tenant: Tenant, place: Json) -> None:
    upload = await create(tenant.creator, place)
    assert upload["state"] == "open"
    assert upload["method"] == "PUT"
    assert upload["headers"] == {}
    assert f"/transfer/uploads/{upload['uploadId']}?" in upload["uploadUrl"]
    assert upload["uploadUrlExpiresAt"] < upload["expiresAt"]
    assert upload["contentType"] == "application/pdf"
    assert upload["receivedSize"] is None
    assert (await state_of(tenant.creator, upload))["state"] == "open"


async def test_all_wrong_fields_are_named_at_once(tenant: Tenant, place: Json) -> None:
    body = {
        "folderId": "no guid",
        "fileName": "a/b",
        "size": "12",
        "sha256": "abc",
        "contentType": "text/html\r\nx: y",
        "conflictBehavior": "overwrite",
        "versionLabel": "",
        "metadata": [{"valueId": 1}],
    }
    answer = await tenant.creator.post("/documents/uploads", json=body)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {
        "binderId",
        "folderId",
        "fileName",
        "size",
        "sha256",
        "contentType",
        "conflictBehavior",
        "versionLabel",
        "metadata[0].metadataElementId",
        "metadata[0].valueId",
    }
    assert await names_in(tenant.reader, place) == []


@pytest.mark.parametrize("size", [-1, 1.5, True, None, 2**60, "7"])
async def test_a_size_is_a_whole_number_in_range(tenant: Tenant, place: Json, size: object) -> None:
    answer = await tenant.creator.post("/documents/uploads", json=wanted(place, size=size))
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["size"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text",
        "text/",
        "/html",
        "text /html",
        "text/html;a",
        "a/b;c=\u00e5",
        "a/b\n",
        "a/" + "b" * 260,
    ],
    ids=["no slash", "no subtype", "no type", "blank", "bare parameter", "letter", "break", "long"],
)
async def test_a_content_type_is_a_media_type(
    tenant: Tenant, place: Json, content_type: str
) -> None:
    body = wanted(place, contentType=content_type)
    answer = await tenant.creator.post("/documents/uploads", json=body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["contentType"]


@pytest.mark.parametrize(
    "content_type", ["image/png", 'text/plain; charset="utf 8"; x=1', "application/vnd.a+b", "a/b;"]
)
async def test_a_given_content_type_is_kept(tenant: Tenant, place: Json, content_type: str) -> None:
    assert (await create(tenant.creator, place, contentType=content_type))[
        "contentType"
    ] == content_type


async def test_what_the_schema_forbids_is_said_before_the_bytes_are_sent(
    world: World, tenant: Tenant, place: Json
) -> None:
    await add_element(world, tenant, place, "Nummer", is_required=True)
    await add_element(world, tenant, place, "Antal", DataType.NUMBER)
    metadata = [
        {"metadataElementId": "Unknown", "value": "x"},
        {"metadataElementId": "Antal", "value": "many"},
        {"metadataElementId": "GLOBAL_Status", "valueId": "no such status"},
        {"metadataElementId": "GLOBAL_CreatedBy", "value": "me"},
    ]
    too_large = world.parts.settings.maximum_upload_bytes + 1
    body = wanted(place, metadata=metadata, size=too_large)
    answer = await tenant.creator.post("/documents/uploads", json=body)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {
        "size",
        "metadata",
        "metadata[0].metadataElementId",
        "metadata[1].value",
        "metadata[2].valueId",
        "metadata[3].metadataElementId",
    }


async def test_the_place_must_be_there_and_writable(
    world: World, tenant: Tenant, place: Json
) -> None:
    elsewhere = await new_place(world, tenant)
    stranger = await new_place(world, await world.new_tenant())

    async def refusal(**changes: Any) -> tuple[int, str]:
        answer = await tenant.creator.post("/documents/uploads", json=wanted(place, **changes))
        return answer.status_code, answer.json()["code"]

    assert await refusal(binderId="ZZZZZZZZZ") == (404, "binder.not_found")
    assert await refusal(binderId=stranger["binderId"]) == (404, "binder.not_found")
    assert await refusal(folderId=str(uuid4())) == (404, "folder.not_found")
    assert await refusal(folderId=elsewhere["id"]) == (404, "folder.not_found")
    assert await refusal(folderId=stranger["id"]) == (404, "folder.not_found")
    assert await refusal(documentId=str(uuid4())) == (404, "document.not_found")
    await set_binder_state(world, tenant, place, BinderState.ARCHIVED)
    assert await refusal() == (409, "binder.archived")


async def test_a_taken_name_is_refused_early_where_it_is_to_be(tenant: Tenant, place: Json) -> None:
    await new_document(tenant.creator, place, "Plan 1.pdf", CONTENT)
    body = wanted(place, fileName="PLAN 1.pdf", conflictBehavior="fail")
    answer = await tenant.creator.post("/documents/uploads", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "document.name_taken")


async def test_a_version_needs_its_document_alive_in_that_folder(
    world: World, tenant: Tenant, place: Json
) -> None:
    there = await new_place(world, tenant)
    made = (await new_document(tenant.creator, there, "Plan 1.pdf", CONTENT))["document"]
    body = wanted(place, documentId=made["id"])
    answer = await tenant.creator.post("/documents/uploads", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "document.not_found")
    await tenant.admin.delete(f"/documents/{made['id']}")
    answer = await tenant.creator.post(
        "/documents/uploads", json=wanted(there, documentId=made["id"])
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "document.in_trash")


async def test_readers_and_strangers_have_no_uploads(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload = await received(tenant.creator, place)
    path = f"/documents/uploads/{upload['uploadId']}"
    reader, stranger = tenant.reader, (await world.new_tenant()).admin
    assert (await reader.post("/documents/uploads", json=wanted(place))).status_code == 403
    for method, address in [("GET", path), ("DELETE", path), ("POST", f"{path}/commit")]:
        assert (await reader.request(method, address)).status_code == 403
        foreign = await stranger.request(method, address)
        never = address.replace(upload["uploadId"], str(uuid4()))
        unknown = await tenant.creator.request(method, never)
        for answer in (foreign, unknown):
            body = answer.json()
            assert body.pop("traceId")
            assert answer.status_code == 404
            assert body["code"] == "upload.not_found"
        assert foreign.content[:60] == unknown.content[:60]
    assert (await state_of(tenant.creator, upload))["state"] == "received"


# ── Send the bytes ──────────────────────────────────────────────────────────────────────────────


async def test_bytes_that_arrived_are_told_with_their_digest(tenant: Tenant, place: Json) -> None:
    upload = await create(tenant.creator, place)
    answer = await put_bytes(tenant.creator.http, upload, CONTENT)
    assert answer.status_code == 200
    assert answer.json() == {
        "uploadId": upload["uploadId"],
        "size": len(CONTENT),
        "sha256": sha256(CONTENT),
    }
    state = await state_of(tenant.creator, upload)
    assert state["state"] == "received"
    assert (state["receivedSize"], state["receivedSha256"]) == (len(CONTENT), sha256(CONTENT))
    assert await names_in(tenant.reader, place) == []


async def test_an_empty_file_is_a_file(tenant: Tenant, place: Json) -> None:
    made = await new_document(tenant.creator, place, "empty.txt", b"")
    assert made["version"]["size"] == 0
    assert (await fetch(tenant.reader, made["version"])).content == b""


async def test_sent_again_the_later_bytes_count(tenant: Tenant, place: Json) -> None:
    upload = await received(tenant.creator, place)
    other = bytes(reversed(CONTENT))
    assert (await put_bytes(tenant.creator.http, upload, other)).status_code == 200
    version = (await commit(tenant.creator, upload)).json()["version"]
    assert version["sha256"] == sha256(other)
    assert (await fetch(tenant.reader, version)).content == other


async def objects_in(world: World) -> set[str]:
    return {found.key async for found in world.parts.storage.list_objects("")}


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (CONTENT + b"!", "upload.wrong_size"),
        (CONTENT[:-1], "upload.wrong_size"),
        (b"", "upload.wrong_size"),
        ([CONTENT, b"!"], "upload.wrong_size"),
        ([CONTENT[:5], CONTENT[5:-1]], "upload.incomplete"),
        ([], "upload.incomplete"),
    ],
    ids=["longer", "shorter", "nothing", "longer stream", "shorter stream", "empty stream"],
)
async def test_another_size_than_announced_leaves_nothing(
    world: World, tenant: Tenant, place: Json, body: bytes | list[bytes], code: str
) -> None:
    upload = await create(tenant.creator, place)
    before = await objects_in(world)
    content = body if isinstance(body, bytes) else in_pieces(*body)
    answer = await world.http.put(local(upload["uploadUrl"]), content=content)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert await objects_in(world) == before
    assert (await state_of(tenant.creator, upload))["state"] == "open"
    assert (await put_bytes(world.http, upload, CONTENT)).status_code == 200


async def test_a_client_that_goes_away_leaves_nothing(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload = await create(tenant.creator, place)
    before = await objects_in(world)
    path, _, query = local(upload["uploadUrl"]).partition("?")
    messages = iter(
        [
            {"type": "http.request", "body": CONTENT[:7], "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"content-length", str(len(CONTENT)).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
    }

    async def receive() -> Any:
        return next(messages)

    async def send(_message: Any) -> None:
        pass

    await world.app(scope, receive, send)
    assert await objects_in(world) == before
    assert (await state_of(tenant.creator, upload))["state"] == "open"


async def test_an_address_lets_through_what_it_was_made_for(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload, other = await create(tenant.creator, place), await create(tenant.creator, place)
    address = local(upload["uploadUrl"])
    signature = address.rpartition("=")[2]
    forged = [
        address.replace(upload["uploadId"], other["uploadId"]),
        address.replace(signature, "A" * len(signature)),
        address.replace("expires=", "expires=9"),
        address.replace("organisation=", "organisation=1"),
    ]
    for each in forged:
        answer = await world.http.put(each, content=CONTENT)
        assert (answer.status_code, answer.json()["code"]) == (403, "address.invalid")
    assert (await world.http.put(address.partition("?")[0], content=CONTENT)).status_code == 400
    assert (await world.http.get(address)).status_code == 405
    assert (await state_of(tenant.creator, upload))["state"] == "open"


async def test_no_bytes_come_after_the_end(world: World, tenant: Tenant, place: Json) -> None:
    done, given_up = await received(tenant.creator, place), await received(tenant.creator, place)
    await commit(tenant.creator, done)
    await tenant.creator.delete(f"/documents/uploads/{given_up['uploadId']}")
    for upload, code in [(done, "upload.committed"), (given_up, "upload.aborted")]:
        before = await objects_in(world)
        answer = await put_bytes(world.http, upload, CONTENT)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert await objects_in(world) == before


async def test_a_sender_who_falls_silent_is_not_waited_for(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload = await create(tenant.creator, place)
    before = await objects_in(world)
    uploads = UploadService(
        world.parts.database,
        world.parts.storage,
        write_answer=commit_answer,
        lifetime=timedelta(hours=1),
        maximum_bytes=100,
        patience=timedelta(milliseconds=50),
    )

    async def silent() -> AsyncIterator[bytes]:
        yield CONTENT[:3]
        await asyncio.Event().wait()

    with pytest.raises(UploadIncompleteError):
        await uploads.receive(UUID(upload["uploadId"]), tenant.organisation.key, silent())
    assert await objects_in(world) == before
    assert (await state_of(tenant.creator, upload))["state"] == "open"


class AbortedMeanwhile(LocalObjectStore):
    """A store during whose work something else happens."""

    async def receive(self, *arguments: Any, **keywords: Any) -> StoredBytes:
        stored = await super().receive(*arguments, **keywords)
        await self.meanwhile()
        return stored

    async def meanwhile(self) -> None:
        """Nothing yet."""


async def test_bytes_of_an_upload_that_ended_while_they_came_are_not_kept(
    database_url: str, tmp_path: Path
) -> None:
    storage = AbortedMeanwhile(tmp_path / "files")
    async with running_world(database_url, tmp_path, storage=storage) as world:
        tenant = await world.new_tenant()
        upload = await create(tenant.creator, await new_place(world, tenant))
        path = f"/documents/uploads/{upload['uploadId']}"

        async def abort() -> None:
            await tenant.creator.delete(path)

        storage.meanwhile = abort  # type: ignore[method-assign]
        answer = await put_bytes(world.http, upload, CONTENT)
        assert (answer.status_code, answer.json()["code"]) == (409, "upload.aborted")
        assert await objects_in(world) == set()


class FullStore(LocalObjectStore):
    """A store without room."""

    async def receive(self, *_arguments: Any, **_keywords: Any) -> StoredBytes:
        raise StorageFull("There is no room.")


async def test_a_full_disk_is_said_and_can_be_tried_again(
    database_url: str, tmp_path: Path
) -> None:
    storage = FullStore(tmp_path / "files")
    async with running_world(database_url, tmp_path, storage=storage) as world:
        tenant = await world.new_tenant()
        upload = await create(tenant.creator, await new_place(world, tenant))
        answer = await put_bytes(world.http, upload, CONTENT)
        assert (answer.status_code, answer.json()["code"]) == (413, "upload.no_room")
        assert answer.headers["retry-after"].isdecimal()
        assert (await state_of(tenant.creator, upload))["state"] == "open"


# ── Commit ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_commit_makes_a_document_of_the_bytes(
    world: World, tenant: Tenant, place: Json
) -> None:
    element = await add_element(world, tenant, place, "Nummer")
    upload = await received(
        tenant.creator,
        place,
        metadata=[{"metadataElementId": element, "value": "A-40"}],
        versionLabel="B",
        sha256=sha256(CONTENT).upper(),
    )
    answer = await commit(tenant.creator, upload)
    assert answer.status_code == 201
    document, version = answer.json()["document"], answer.json()["version"]
    assert document["folderId"] == place["id"]
    assert document["latestVersionId"] == version["id"]
    assert (version["number"], version["label"]) == (1, "B")
    assert (version["size"], version["sha256"]) == (len(CONTENT), sha256(CONTENT))
    assert {"metadataElementId": element, "valueId": None, "value": "A-40"} in version["metadata"]
    assert (await fetch(tenant.reader, version)).content == CONTENT
    state = await state_of(tenant.creator, upload)
    assert state["state"] == "committed"
    assert state["uploadUrl"] is None
    assert (state["documentId"], state["versionId"]) == (document["id"], version["id"])


async def test_a_repeated_commit_answers_the_same_bytes_whatever_happened_since(
    tenant: Tenant, place: Json
) -> None:
    upload = await received(tenant.creator, place)
    first = await commit(tenant.creator, upload)
    path = f"/documents/{first.json()['document']['id']}"
    assert (await commit(tenant.creator, upload, json={})).content == first.content
    await tenant.admin.patch(path, json={"fileName": "Another name.pdf"})
    assert (await commit(tenant.creator, upload)).content == first.content
    await new_document(tenant.creator, place, "Another name.pdf", b"next")
    assert (await commit(tenant.creator, upload)).content == first.content
    await tenant.admin.delete(path)
    repeated = await commit(tenant.admin, upload)
    assert (repeated.status_code, repeated.content) == (201, first.content)


async def test_a_repeated_commit_answers_the_same_after_a_restart_and_the_expiry(
    database_url: str, tmp_path: Path
) -> None:
    clock = FixedClock(datetime.now(UTC))
    async with running_world(database_url, tmp_path, clock=clock) as world:
        tenant = await world.new_tenant()
        upload = await received(tenant.creator, await new_place(world, tenant))
        first = await commit(tenant.creator, upload)
    clock.advance(timedelta(days=40))
    async with running_world(database_url, tmp_path, clock=clock) as world:
        actor = tenant.operator
        await world.parts.uploads.expire_uploads()
        async with world.parts.database.write(actor.organisation_key) as session:
            again = await world.parts.uploads.commit_upload(
                session, actor, upload_id=UUID(upload["uploadId"])
            )
    assert again.body == first.content


async def test_of_many_commits_at_once_one_has_an_effect(tenant: Tenant, place: Json) -> None:
    upload = await received(tenant.creator, place)
    answers = await asyncio.gather(*(commit(tenant.creator, upload) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    document = answers[0].json()["document"]
    versions = (await tenant.reader.get(f"/documents/{document['id']}/versions")).json()
    assert [version["number"] for version in versions] == [1]


async def test_uploads_of_one_name_at_once_become_its_versions(tenant: Tenant, place: Json) -> None:
    contents = [f"content {number}".encode() for number in range(6)]
    uploads = [await received(tenant.creator, place, content) for content in contents]
    answers = await asyncio.gather(*(commit(tenant.creator, upload) for upload in uploads))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["document"]["id"] for answer in answers}) == 1
    assert sorted(a.json()["version"]["number"] for a in answers) == [1, 2, 3, 4, 5, 6]


@pytest.mark.slow
async def test_commits_moves_copies_and_the_trash_do_not_wait_for_each_other_in_a_circle(
    database_url: str, tmp_path: Path
) -> None:
    async with running_world(database_url, tmp_path) as world:
        await disturb_each_other(world)
        assert await database_problems(world.parts.database) == []


async def disturb_each_other(world: World) -> None:
    tenant = await world.new_tenant()
    places = [await new_place(world, tenant) for _ in range(2)]
    made = [
        (await new_document(tenant.creator, places[0], f"Plan {number}.pdf", b"1"))["document"]
        for number in range(3)
    ]

    async def commit_versions(worker: int) -> list[Any]:
        for number in range(8):
            name = f"Plan {number % 3}.pdf"
            upload = await received(tenant.creator, places[worker % 2], fileName=name)
            answer = await commit(tenant.creator, upload)
            assert answer.status_code == 201, answer.text
        return []

    async def disturb(worker: int) -> list[Any]:
        answers = []
        for number in range(8):
            path = f"/documents/{made[(worker + number) % 3]['id']}"
            target = {"folderId": places[number % 2]["id"]}
            answers += [
                await tenant.admin.patch(path, json=target),
                await tenant.admin.post(f"{path}/copy", json=target | {"fileName": "Plan 1.pdf"}),
                await tenant.admin.delete(path),
                await tenant.admin.post(f"{path}/restore"),
            ]
        return answers

    work = [commit_versions(worker) for worker in range(3)] + [disturb(n) for n in range(3)]
    answers = [answer for found in await asyncio.gather(*work) for answer in found]
    codes = {answer.json().get("code") for answer in answers if answer.status_code >= 400}
    assert codes <= {
        "document.name_taken",
        "document.not_found",
        "document.not_in_trash",
        "document.metadata_not_in_binder",
        "change.concurrent",  # moved by somebody else between the look and the lock
    }


async def test_a_commit_needs_the_bytes(tenant: Tenant, place: Json) -> None:
    upload = await create(tenant.creator, place)
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.not_received")
    await put_bytes(tenant.creator.http, upload, CONTENT)
    assert (await commit(tenant.creator, upload)).status_code == 201


async def test_a_commit_needs_the_announced_bytes(tenant: Tenant, place: Json) -> None:
    upload = await create(tenant.creator, place, sha256=sha256(CONTENT))
    await put_bytes(tenant.creator.http, upload, bytes(reversed(CONTENT)))
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.digest_mismatch")
    assert await names_in(tenant.reader, place) == []
    await put_bytes(tenant.creator.http, upload, CONTENT)
    assert (await commit(tenant.creator, upload)).status_code == 201


async def test_the_same_name_is_a_new_version_that_keeps_what_was_not_given(
    world: World, tenant: Tenant, place: Json
) -> None:
    kept = await add_element(world, tenant, place, "Nummer")
    changed = await add_element(world, tenant, place, "Ansvarig")
    first = await new_document(
        tenant.creator,
        place,
        "Plan 1.pdf",
        CONTENT,
        metadata=[
            {"metadataElementId": kept, "value": "A-40"},
            {"metadataElementId": changed, "value": "NN"},
        ],
    )
    second = await new_document(
        tenant.creator,
        place,
        "PLAN 1.PDF",
        b"other",
        metadata=[{"metadataElementId": changed, "value": "MM"}],
    )
    assert second["document"]["id"] == first["document"]["id"]
    assert second["document"]["fileName"] == "PLAN 1.PDF"
    assert second["version"]["number"] == 2
    values = {item["metadataElementId"]: item["value"] for item in second["version"]["metadata"]}
    assert (values[kept], values[changed], values["GLOBAL_Version"]) == ("A-40", "MM", "2")
    for made, content in ((first, CONTENT), (second, b"other")):
        assert (await fetch(tenant.reader, made["version"])).content == content


async def test_rename_finds_a_free_name(tenant: Tenant, place: Json) -> None:
    for _ in range(3):
        await new_document(tenant.creator, place, "Plan 1.pdf", CONTENT, conflictBehavior="rename")
    names = await names_in(tenant.reader, place)
    assert names == ["Plan 1 (2).pdf", "Plan 1 (3).pdf", "Plan 1.pdf"]


async def test_a_name_taken_since_creation_is_refused_at_the_commit(
    tenant: Tenant, place: Json
) -> None:
    upload = await received(tenant.creator, place, conflictBehavior="fail")
    taken = await new_document(tenant.creator, place, "Plan 1.pdf", b"quicker")
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "document.name_taken")
    path = f"/documents/{taken['document']['id']}"
    await tenant.admin.patch(path, json={"fileName": "Plan 2.pdf"})
    assert (await commit(tenant.creator, upload)).status_code == 201


async def test_a_named_document_gets_the_version_and_the_name(
    world: World, tenant: Tenant, place: Json
) -> None:
    document = (await new_document(tenant.creator, place, "Plan 1.pdf", CONTENT))["document"]
    made = await new_document(
        tenant.creator, place, "Plan 1 rev B.pdf", b"rev B", documentId=document["id"]
    )
    assert made["document"]["id"] == document["id"]
    assert (made["document"]["fileName"], made["version"]["number"]) == ("Plan 1 rev B.pdf", 2)
    upload = await received(tenant.creator, place, documentId=document["id"])
    elsewhere = await new_place(world, tenant)
    path = f"/documents/{document['id']}"
    await tenant.admin.patch(path, json={"folderId": elsewhere["id"]})
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.document_gone")
    await tenant.admin.patch(path, json={"folderId": place["id"]})
    await tenant.admin.delete(path)
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "document.in_trash")


async def test_an_archived_binder_takes_nothing_until_it_is_reopened(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload = await received(tenant.creator, place)
    await set_binder_state(world, tenant, place, BinderState.ARCHIVED)
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "binder.archived")
    await set_binder_state(world, tenant, place, BinderState.ACTIVE)
    assert (await commit(tenant.creator, upload)).status_code == 201


async def test_a_folder_that_is_gone_takes_nothing(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload = await received(tenant.creator, place)
    await delete_folder(world, tenant, place)
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.folder_gone")
    assert (await state_of(tenant.creator, upload))["state"] == "received"


async def test_metadata_that_the_schema_forbids_by_now_is_said_in_sentences(
    world: World, tenant: Tenant, place: Json
) -> None:
    upload = await received(tenant.creator, place)
    await add_element(world, tenant, place, "Nummer", is_required=True)
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.metadata_invalid")
    assert "The Nummer field is required." in answer.json()["detail"]
    assert await names_in(tenant.reader, place) == []
    assert (await state_of(tenant.creator, upload))["state"] == "received"


# ── The end ─────────────────────────────────────────────────────────────────────────────────────


async def test_an_aborted_upload_stays_aborted(tenant: Tenant, place: Json) -> None:
    upload = await received(tenant.creator, place)
    path = f"/documents/uploads/{upload['uploadId']}"
    first, second = await tenant.creator.delete(path), await tenant.creator.delete(path)
    assert first.status_code == second.status_code == 200
    assert first.json()["state"] == "aborted"
    assert first.content == second.content
    answer = await commit(tenant.creator, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.aborted")


async def test_a_committed_upload_cannot_be_aborted(tenant: Tenant, place: Json) -> None:
    upload = await received(tenant.creator, place)
    await commit(tenant.creator, upload)
    answer = await tenant.creator.delete(f"/documents/uploads/{upload['uploadId']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload.committed")


async def test_time_ends_addresses_first_and_uploads_later(
    database_url: str, tmp_path: Path
) -> None:
    clock = FixedClock(datetime.now(UTC))
    days = timedelta(days=30)
    async with running_world(
        database_url, tmp_path, clock=clock, token_lifetime=days, upload_lifetime=days / 10
    ) as world:
        tenant = await world.new_tenant()
        upload = await received(tenant.creator, await new_place(world, tenant))
        clock.advance(timedelta(hours=1))
        late = await put_bytes(world.http, upload, CONTENT)
        assert (late.status_code, late.json()["code"]) == (403, "address.expired")
        fresh = await state_of(tenant.creator, upload)
        assert (await put_bytes(world.http, fresh, CONTENT)).status_code == 200
        clock.advance(days / 10 - timedelta(hours=1, minutes=10))
        last = await state_of(tenant.creator, upload)
        assert last["uploadUrlExpiresAt"][:19] == upload["expiresAt"][:19]
        clock.advance(timedelta(minutes=10))
        for _ in range(2):  # before and after the sweep
            over = await state_of(tenant.creator, upload)
            assert (over["state"], over["uploadUrl"]) == ("expired", None)
            answer = await commit(tenant.creator, upload)
            assert (answer.status_code, answer.json()["code"]) == (409, "upload.expired")
            path = f"/documents/uploads/{upload['uploadId']}"
            assert (await tenant.creator.delete(path)).json()["state"] == "expired"
            await world.parts.uploads.expire_uploads()


# ── Without HTTP ────────────────────────────────────────────────────────────────────────────────


async def test_the_importer_goes_the_same_way(world: World, tenant: Tenant, place: Json) -> None:
    wanted = NewUpload(
        binder_id=place["binderId"],
        folder_id=UUID(place["id"]),
        file_name="Plan 1.ifc",
        size_bytes=len(CONTENT),
    )
    made = await world.parts.uploads.store(tenant.operator, wanted, stream(CONTENT))
    document = (await tenant.reader.get(f"/documents/{made.document_id}")).json()
    assert document["latestVersionId"] == str(made.version_id)
    path = f"/documents/{made.document_id}/versions/{made.version_id}"
    version = (await tenant.reader.get(path)).json()
    assert version["contentType"] == "application/x-step"
    assert (await fetch(tenant.reader, version)).content == CONTENT


async def test_uploads_leave_audit_events_and_only_documents_are_in_the_feed(
    tenant: Tenant, place: Json
) -> None:
    await commit(tenant.creator, await received(tenant.creator, place))
    given_up = await new_upload(tenant.creator, place, "Plan 2.pdf", CONTENT)
    await tenant.creator.delete(f"/documents/uploads/{given_up['uploadId']}")
    found = (await tenant.admin.post("/audit/events/search", json={})).json()["items"]
    actions = [event["action"] for event in found]
    assert actions[:4] == [
        "api:upload:aborted",
        "api:upload:created",
        "api:document:created",
        "api:upload:created",
    ]
