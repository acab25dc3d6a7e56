"""Documents through the API: described, renamed, moved, copied, trashed, restored, fetched."""

import asyncio
from pathlib import Path

import pytest

from ringbinder.kit.ids import new_guid
from tests.factories.content import (
    Json,
    fetch,
    new_binder,
    new_document,
    new_element,
    new_folder,
    new_upload,
    put_bytes,
    sha256,
)
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "files"


@pytest.fixture
async def folder(tenant: Tenant) -> Json:
    """A drawings tab in a project binder."""
    binder = await new_binder(tenant.admin)
    return await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}


def values(document: Json) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for item in document["metadata"]:
        found.setdefault(item["metadataElementId"], []).append(item["valueId"] or item["value"])
    return found


async def test_a_document_is_described_by_its_latest_version(tenant: Tenant, folder: Json) -> None:
    first = await new_document(
        tenant.creator,
        folder,
        content=b"one",
        versionLabel="A",
        metadata=[
            {"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"},
            {"metadataElementId": "GLOBAL_Date", "value": "2024-01-15"},
        ],
    )
    second = await new_document(tenant.creator, folder, "PLAN 1.PDF", b"second", versionLabel="B")
    document = (await tenant.reader.get(f"/documents/{first['document']['id']}")).json()
    assert document["id"] == second["document"]["id"]
    assert document["latestVersionId"] == second["version"]["id"]
    assert document["fileName"] == "PLAN 1.PDF"
    kept = values(document)
    assert kept["GLOBAL_Status"] == ["Bygghandling"]
    assert kept["GLOBAL_Version"] == ["B"]
    assert kept["GLOBAL_Date"] == ["2024-01-15"]
    assert kept["GLOBAL_CreatedBy"] == [str(tenant.creator.client_id)]
    versions = (await tenant.reader.get(f"/documents/{document['id']}/versions")).json()
    assert [version["label"] for version in versions] == ["B", "A"]
    assert [version["number"] for version in versions] == [2, 1]
    assert [version["fileName"] for version in versions] == ["PLAN 1.PDF", "Plan 1.pdf"]
    assert versions[1]["sha256"] == sha256(b"one")
    assert versions[0]["status"] == "Bygghandling"


async def test_a_version_without_label_is_called_by_its_number(
    tenant: Tenant, folder: Json
) -> None:
    await new_document(tenant.creator, folder, versionLabel="C")
    second = await new_document(tenant.creator, folder, content=b"two")
    assert second["version"]["label"] == "2"


async def test_metadata_is_replaced_key_by_key_and_null_removes(
    tenant: Tenant, folder: Json
) -> None:
    made = await new_document(
        tenant.creator,
        folder,
        metadata=[
            {"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"},
            {"metadataElementId": "GLOBAL_Date", "value": "2024-01-15"},
        ],
    )
    path = f"/documents/{made['document']['id']}"
    patch = {
        "metadata": [
            {"metadataElementId": "GLOBAL_Status", "valueId": "Relationshandling"},
            {"metadataElementId": "GLOBAL_Date", "value": None},
        ]
    }
    changed = (await tenant.admin.patch(path, json=patch)).json()
    assert values(changed)["GLOBAL_Status"] == ["Relationshandling"]
    assert "GLOBAL_Date" not in values(changed)
    [version] = (await tenant.admin.get(f"{path}/versions")).json()
    assert version["metadata"] == changed["metadata"]
    assert version["status"] == "Relationshandling"


async def test_every_wrong_field_is_named_at_once(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    patch = {
        "metadata": [
            {"metadataElementId": "Nonsense", "value": "x"},
            {"metadataElementId": "GLOBAL_Date", "value": "15 January"},
            {"metadataElementId": "GLOBAL_Status", "valueId": "Klar"},
            {"metadataElementId": "GLOBAL_CreatedBy", "value": "me"},
            {"metadataElementId": "GLOBAL_Version", "value": 5},
        ]
    }
    answer = await tenant.admin.patch(f"/documents/{made['document']['id']}", json=patch)
    assert answer.status_code == 400
    assert sorted(answer.json()["errors"]) == [
        "metadata[0].metadataElementId",
        "metadata[1].value",
        "metadata[2].valueId",
        "metadata[3].metadataElementId",
        "metadata[4].value",
    ]


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ({"fileName": ""}, "fileName"),
        ({"fileName": "   "}, "fileName"),
        ({"fileName": "a/b.pdf"}, "fileName"),
        ({"fileName": "a\\b.pdf"}, "fileName"),
        ({"fileName": "a\x00b.pdf"}, "fileName"),
        ({"fileName": "a\r\nX-Evil: 1.pdf"}, "fileName"),
        ({"fileName": "å" * 128}, "fileName"),
        ({"fileName": ".."}, "fileName"),
        ({"fileName": 5}, "fileName"),
        ({"folderId": "here"}, "folderId"),
        ({"metadata": {}}, "metadata"),
        ({"metadata": [5]}, "metadata[0]"),
        ({"metadata": [{}]}, "metadata[0].metadataElementId"),
        ({"metadata": [{"metadataElementId": "GLOBAL_Date", "value": []}]}, "metadata[0].value"),
        ({"metadata": [{"metadataElementId": "x", "value": "y"}] * 201}, "metadata"),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else "",
)
async def test_bad_input_names_its_field_and_changes_nothing(
    tenant: Tenant, folder: Json, patch: Json, path: str
) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    before = (await tenant.admin.get(url)).content
    answer = await tenant.admin.patch(url, json=patch)
    assert answer.status_code == 400
    assert path in answer.json()["errors"]
    assert (await tenant.admin.get(url)).content == before


@pytest.mark.parametrize(
    ("content", "status", "path"),
    [
        (b"{", 400, "$"),
        (b'{"fileName": "\\ud800"}', 400, "$"),
        (b'{"fileName": NaN}', 400, "$"),
        (b"[" * 100_000, 400, "$"),
        (b"[]", 400, "$"),
        (b'"text"', 400, "$"),
        (b" " * 1_000_001, 413, None),
        (b"\xff\xfe", 400, "$"),
    ],
    ids=["open", "surrogate", "nan", "deep", "list", "text", "large", "utf-16"],
)
async def test_bad_json_is_named_by_its_root(
    tenant: Tenant, folder: Json, content: bytes, status: int, path: str | None
) -> None:
    made = await new_document(tenant.creator, folder)
    answer = await tenant.admin.patch(
        f"/documents/{made['document']['id']}",
        content=content,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == status
    assert path is None or path in answer.json()["errors"]


async def test_a_rename_cannot_take_a_name(tenant: Tenant, folder: Json) -> None:
    await new_document(tenant.creator, folder, "Översikt.pdf")
    made = await new_document(tenant.creator, folder, "Plan 2.pdf")
    url = f"/documents/{made['document']['id']}"
    taken = await tenant.admin.patch(url, json={"fileName": "ÖVERSIKT.PDF"})
    assert (taken.status_code, taken.json()["code"]) == (409, "document.name_taken")
    own = await tenant.admin.patch(url, json={"fileName": "PLAN 2.pdf"})
    assert (own.status_code, own.json()["fileName"]) == (200, "PLAN 2.pdf")


async def test_a_document_moves_between_binders_with_what_both_understand(
    tenant: Tenant, folder: Json
) -> None:
    source = {"id": folder["binderId"]}
    await new_element(tenant.admin, source, "Skala")
    made = await new_document(
        tenant.creator, folder, metadata=[{"metadataElementId": "Skala", "value": "1:50"}]
    )
    other = await new_binder(tenant.admin, name="Förvaltning", type="project")
    target = await new_folder(tenant.admin, other, "Relationsritningar")
    url = f"/documents/{made['document']['id']}"
    refused = await tenant.admin.patch(url, json={"folderId": target["id"]})
    assert (refused.status_code, refused.json()["code"]) == (
        409,
        "document.metadata_not_in_binder",
    )
    assert "Skala" in refused.json()["detail"]
    patch = {
        "folderId": target["id"],
        "metadata": [{"metadataElementId": "Skala", "value": None}],
    }
    moved = (await tenant.admin.patch(url, json=patch)).json()
    assert (moved["binderId"], moved["folderId"]) == (other["id"], target["id"])
    old = await tenant.reader.get(
        f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}/documents"
    )
    assert old.json()["totalCount"] == 0


async def test_a_copy_shares_the_bytes(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder, content=b"shared", versionLabel="B")
    copy = await tenant.creator.post(
        f"/documents/{made['document']['id']}/copy",
        json={"folderId": folder["id"], "conflictBehavior": "rename"},
    )
    body = copy.json()
    assert copy.status_code == 201
    assert body["document"]["fileName"] == "Plan 1 (2).pdf"
    assert (body["version"]["number"], body["version"]["label"]) == (1, "B")
    assert (await fetch(tenant.reader, body["version"])).content == b"shared"
    taken = await tenant.creator.post(
        f"/documents/{made['document']['id']}/copy", json={"folderId": folder["id"]}
    )
    assert taken.json()["code"] == "document.name_taken"


async def test_trash_and_back(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    listing = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}/documents"
    link = (await tenant.reader.get(f"{url}/versions/{made['version']['id']}/downloadlink")).json()
    deleted = await tenant.admin.delete(url)
    assert (deleted.status_code, deleted.json()["id"]) == (200, made["document"]["id"])
    assert deleted.json()["deletedAt"] is not None
    assert (await tenant.reader.get(url)).status_code == 404
    assert (await tenant.admin.delete(url)).status_code == 404
    assert (await tenant.reader.get(listing)).json()["totalCount"] == 0
    gone = await tenant.reader.http.get(link["url"].removeprefix("http://127.0.0.1:8080"))
    assert gone.status_code == 404
    restored = await tenant.admin.post(f"{url}/restore")
    assert restored.status_code == 200
    assert restored.json()["deletedAt"] is None
    assert (await fetch(tenant.reader, made["version"])).content == b"%PDF"
    again = await tenant.admin.post(f"{url}/restore")
    assert again.json()["code"] == "document.not_in_trash"


async def test_a_name_that_was_given_away_needs_another(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    await tenant.admin.delete(url)
    newer = await new_document(tenant.creator, folder, content=b"newer")
    assert newer["document"]["id"] != made["document"]["id"]
    taken = await tenant.admin.post(f"{url}/restore")
    assert taken.json()["code"] == "document.name_taken"
    restored = await tenant.admin.post(f"{url}/restore", json={"fileName": "Plan 1 gammal.pdf"})
    assert restored.json()["fileName"] == "Plan 1 gammal.pdf"


async def test_a_folder_that_is_gone_needs_another(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    await tenant.admin.delete(url)
    path = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}"
    assert (await tenant.admin.delete(path)).status_code == 200
    assert (await tenant.admin.post(f"{url}/restore")).json()["code"] == "document.folder_gone"
    other = await new_folder(tenant.admin, {"id": folder["binderId"]}, "Återställt")
    restored = await tenant.admin.post(f"{url}/restore", json={"folderId": other["id"]})
    assert restored.json()["folderId"] == other["id"]


async def test_an_archived_binder_is_read_only(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    await tenant.admin.patch(f"/binders/{folder['binderId']}", json={"state": "archived"})
    answers = [
        await tenant.admin.patch(url, json={"fileName": "x.pdf"}),
        await tenant.admin.delete(url),
        await tenant.admin.post(
            f"{url}/copy", json={"folderId": folder["id"], "conflictBehavior": "rename"}
        ),
    ]
    assert {answer.json()["code"] for answer in answers} == {"binder.archived"}
    assert (await tenant.reader.get(url)).status_code == 200
    assert (await fetch(tenant.reader, made["version"])).status_code == 200


async def test_etags_guard_against_lost_updates(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    tag = (await tenant.reader.get(url)).headers["etag"]
    assert (await tenant.reader.get(url, headers={"if-none-match": tag})).status_code == 304
    first = await tenant.admin.patch(url, json={"fileName": "Ny.pdf"}, headers={"if-match": tag})
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    late = await tenant.admin.patch(url, json={"fileName": "X.pdf"}, headers={"if-match": tag})
    assert late.status_code == 412
    assert (await tenant.reader.get(url, headers={"if-none-match": tag})).status_code == 200


async def test_a_folder_lists_its_documents_in_swedish_order(tenant: Tenant, folder: Json) -> None:
    names = ["Ö.pdf", "a.pdf", "Z.pdf", "Å.pdf", "ä.pdf", "B.pdf"]
    for name in names:
        await new_document(tenant.creator, folder, name)
    listing = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}/documents"
    page = (await tenant.reader.get(listing)).json()
    assert [item["fileName"] for item in page["items"]] == [
        "a.pdf",
        "B.pdf",
        "Z.pdf",
        "Å.pdf",
        "ä.pdf",
        "Ö.pdf",
    ]
    assert (page["totalCount"], page["pageNumber"], page["pageSize"]) == (6, 1, 50)
    found = (await tenant.reader.get(f"{listing}?searchTerm=ö.P")).json()
    assert [item["fileName"] for item in found["items"]] == ["Ö.pdf"]
    past = (await tenant.reader.get(f"{listing}?pageNumber=9")).json()
    assert (past["items"], past["totalCount"]) == ([], 6)


async def test_cursors_neither_skip_nor_repeat(tenant: Tenant, folder: Json) -> None:
    for number in range(7):
        await new_document(tenant.creator, folder, f"Plan {number}.pdf")
    listing = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}/documents"
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await tenant.reader.get(f"{listing}?pageSize=2{cursor}")).json()
        seen += [item["fileName"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
        await new_document(tenant.creator, folder, f"A{len(seen)}.pdf")
    assert seen == [f"Plan {number}.pdf" for number in range(7)]
    bad = await tenant.reader.get(f"{listing}?cursor=garbled")
    assert list(bad.json()["errors"]) == ["cursor"]


async def test_bytes_come_whole_or_in_ranges(tenant: Tenant, folder: Json) -> None:
    content = bytes(range(256)) * 4096
    made = await new_document(tenant.creator, folder, content=content)
    whole = await fetch(tenant.reader, made["version"])
    assert whole.content == content
    assert whole.headers["etag"] == f'"{sha256(content)}"'
    assert whole.headers["accept-ranges"] == "bytes"
    part = await fetch(tenant.reader, made["version"], headers={"range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, content[1000:2000])
    tail = await fetch(tenant.reader, made["version"], headers={"range": "bytes=-5"})
    assert tail.content == content[-5:]
    beyond = await fetch(tenant.reader, made["version"], headers={"range": "bytes=99999999-"})
    assert beyond.status_code == 416
    same = await fetch(
        tenant.reader, made["version"], headers={"if-none-match": whole.headers["etag"]}
    )
    assert same.status_code == 304


async def test_hostile_types_are_downloads_never_pages(tenant: Tenant, folder: Json) -> None:
    for name, media_type in (("sida.html", "text/html"), ("bild.svg", "image/svg+xml")):
        made = await new_document(
            tenant.creator, folder, name, b"<script>alert(1)</script>", contentType=media_type
        )
        answer = await fetch(tenant.reader, made["version"])
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_addresses_cannot_be_changed(world: World, tenant: Tenant, folder: Json) -> None:
    other = await world.new_tenant()
    made = await new_document(tenant.creator, folder)
    path = f"/documents/{made['document']['id']}/versions/{made['version']['id']}"
    link = (await tenant.reader.get(f"{path}/downloadlink")).json()["url"]
    local = link.removeprefix("http://127.0.0.1:8080")
    assert "authorization" not in {name.lower() for name in world.http.headers}
    assert (await world.http.get(local)).status_code == 200
    ours, theirs = tenant.organisation.key, other.organisation.key
    for changed in (
        local.replace(made["version"]["id"], str(new_guid())),
        local.replace(f"organisation={ours}", f"organisation={theirs}"),
        local.replace("expires=1", "expires=2"),
        local[:-1] + ("A" if local[-1] != "A" else "B"),
    ):
        answer = await world.http.get(changed)
        assert (answer.status_code, answer.json()["code"]) == (403, "address.invalid")


async def test_two_new_versions_at_once_become_two_versions(tenant: Tenant, folder: Json) -> None:
    await new_document(tenant.creator, folder)
    await asyncio.gather(
        *(new_document(tenant.creator, folder, content=b"%d" % number) for number in range(8))
    )
    listing = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}/documents"
    [document] = (await tenant.reader.get(listing)).json()["items"]
    versions = (await tenant.reader.get(f"/documents/{document['id']}/versions")).json()
    assert [version["number"] for version in versions] == list(range(9, 0, -1))


async def test_everything_leaves_an_audit_event_and_a_change(tenant: Tenant, folder: Json) -> None:
    made = await new_document(tenant.creator, folder)
    url = f"/documents/{made['document']['id']}"
    await tenant.admin.patch(url, json={"fileName": "Ny.pdf"})
    await tenant.admin.delete(url)
    await tenant.admin.post(f"{url}/restore")
    search = {"objectId": made["document"]["id"], "direction": "asc"}
    events = (await tenant.admin.post("/audit/events/search", json=search)).json()["items"]
    assert [event["action"] for event in events] == [
        "api:document:created",
        "api:document:renamed",
        "api:document:deleted",
        "api:document:restored",
    ]
    assert events[1]["before"] == {"fileName": "Plan 1.pdf"}
    assert events[1]["after"] == {"fileName": "Ny.pdf"}
    assert events[1]["actor"]["name"] == "Admin client"


async def test_every_name_of_the_corpus_comes_back(tenant: Tenant, folder: Json) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus folder is not beside the project")
    names = sorted({path.name for path in CORPUS.rglob("*") if path.is_file()})
    for name in names:
        upload = await new_upload(tenant.creator, folder, name, b"x", conflictBehavior="rename")
        await put_bytes(tenant.creator.http, upload, b"x")
        made = (await tenant.creator.post(f"/documents/uploads/{upload['uploadId']}/commit")).json()
        answer = await fetch(tenant.reader, made["version"])
        assert answer.status_code == 200, name
        assert answer.headers["content-disposition"].isascii()
