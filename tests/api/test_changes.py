"""The change feed and the digest: nothing lost, nothing twice, and a copy that can be checked."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from ringbinder.kit.clock import FixedClock
from tests.factories.content import Json, new_binder, new_document, new_folder, new_shelf
from tests.support.world import Caller, Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]


async def read_all(
    caller: Caller, cursor: str | None = None, limit: int = 7
) -> tuple[list[Json], str]:
    """Read the feed page by page to its end."""
    items: list[Json] = []
    while True:
        query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        answer = (await caller.get(f"/changes{query}")).json()
        items += answer["items"]
        cursor = answer["nextCursor"]
        if not answer["items"]:
            return items, str(cursor)


async def test_every_change_is_there_once_and_in_order(tenant: Tenant) -> None:
    shelf = await new_shelf(tenant.admin)
    items, cursor = await read_all(tenant.reader)
    assert [item["sequence"] for item in items] == list(range(1, len(items) + 1))
    assert [item["type"] for item in items] == [
        "binder.created",
        "folder.created",
        "metadata_element.created",
        "document.created",
        "document.created",
        "document.deleted",
        "member.invited",
        "participant.added",
        "member.invited",
        "group.created",
    ]
    assert items[3]["documentId"] == shelf.document["id"]
    assert items[3]["versionId"] == shelf.version["id"]
    await tenant.admin.patch(f"/binders/{shelf.binder['id']}", json={"name": "Annat namn"})
    news, _ = await read_all(tenant.reader, cursor)
    assert [item["type"] for item in news] == ["binder.updated"]


async def test_what_fails_leaves_no_change(tenant: Tenant) -> None:
    shelf = await new_shelf(tenant.admin)
    _, cursor = await read_all(tenant.reader)
    refused = await tenant.admin.delete(
        f"/documents/drives/binders/{shelf.binder['id']}/folders/{shelf.folder['id']}"
    )
    assert refused.status_code == 409
    assert await read_all(tenant.reader, cursor) == ([], cursor)


async def test_a_reader_can_begin_now(tenant: Tenant) -> None:
    await new_shelf(tenant.admin)
    start = (await tenant.reader.get("/changes?startAt=now")).json()
    assert start["items"] == []
    await new_binder(tenant.admin, name="Ny")
    items, _ = await read_all(tenant.reader, start["nextCursor"])
    assert [item["type"] for item in items] == ["binder.created"]


async def test_a_waiting_reader_is_told(tenant: Tenant) -> None:
    start = (await tenant.reader.get("/changes?startAt=now")).json()
    waiting = asyncio.create_task(
        tenant.reader.get(f"/changes?waitSeconds=20&cursor={start['nextCursor']}")
    )
    await asyncio.sleep(0)
    await new_binder(tenant.admin)
    answer = (await waiting).json()
    assert [item["type"] for item in answer["items"]] == ["binder.created"]


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "%00"])
async def test_a_garbled_cursor_is_named(tenant: Tenant, cursor: str) -> None:
    answer = await tenant.reader.get(f"/changes?cursor={cursor}")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["cursor"]


async def test_a_cursor_of_another_tenant_is_garbled(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    start = (await other.reader.get("/changes?startAt=now")).json()
    answer = await tenant.reader.get(f"/changes?cursor={start['nextCursor']}")
    assert answer.status_code == 400


async def test_too_old_a_cursor_says_so(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = FixedClock()
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, clock=clock) as world:
        tenant = await world.new_tenant()
        start = (await tenant.reader.get("/changes?startAt=now")).json()
        await new_shelf(tenant.admin)
        clock.advance(timedelta(days=179))
        assert await world.parts.feed.forget(tenant.organisation.key) == 0
        clock.advance(timedelta(days=2))
        tenant = await renewed(world, tenant)
        await new_binder(tenant.admin)
        assert await world.parts.feed.forget(tenant.organisation.key) == 10
        answer = await tenant.reader.get(f"/changes?cursor={start['nextCursor']}")
        assert (answer.status_code, answer.json()["code"]) == (409, "changes.cursor_too_old")
        items, _ = await read_all(tenant.reader)
        assert [item["sequence"] for item in items] == [11]


async def renewed(world: World, tenant: Tenant) -> Tenant:
    """Give the tenant with new tokens; the old ones ended with their hour."""
    organisation = tenant.organisation
    return Tenant(
        organisation=organisation,
        reader=await world.new_caller(organisation, tenant.reader.role),
        creator=await world.new_caller(organisation, tenant.creator.role),
        admin=await world.new_caller(organisation, tenant.admin.role),
    )


async def test_eight_writers_and_a_reader_that_starts_again(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    _, cursor = await read_all(tenant.reader)
    acknowledged: set[str] = set()

    async def write(writer: int) -> None:
        for number in range(6):
            made = await new_document(
                tenant.creator, folder, f"{writer}-{number}.pdf", b"%d" % writer
            )
            acknowledged.add(made["version"]["id"])

    async def read() -> list[Json]:
        seen: list[Json] = []
        position = cursor
        while len(seen) < 8 * 6:
            url = f"/changes?limit=5&waitSeconds=5&cursor={position}"
            first = asyncio.create_task(tenant.reader.get(url))
            await asyncio.sleep(0.002)
            first.cancel()  # the reader is killed before it has kept what it was told …
            answer = (await tenant.reader.get(url)).json()  # … and asks again from where it was
            seen += answer["items"]
            position = answer["nextCursor"]
        return seen

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(writer) for writer in range(8)))
    seen = await reading
    sequences = [item["sequence"] for item in seen]
    assert sequences == list(range(sequences[0], sequences[0] + 8 * 6))
    assert {item["versionId"] for item in seen} == acknowledged


async def test_a_reader_computes_the_same_digest(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    for number in (1, 2, 1):
        await new_document(tenant.creator, folder, f"Plan {number} å.pdf", b"%d" % number)
    answer = (await tenant.reader.get(f"/binders/{binder['id']}/digest")).json()
    lines = await digest_lines(tenant.reader, folder)
    assert answer["digest"] == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
    assert (answer["documentCount"], answer["versionCount"]) == (2, 3)
    items, _ = await read_all(tenant.reader)
    assert answer["sequence"] == items[-1]["sequence"]


async def digest_lines(caller: Caller, folder: Json) -> list[str]:
    """Compute the lines from what the API tells, as the documentation says."""
    path = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}/documents"
    lines = []
    for document in (await caller.get(path)).json()["items"]:
        versions: list[Any] = (await caller.get(f"/documents/{document['id']}/versions")).json()
        for version in versions:
            fields = (document["id"], document["folderId"], document["fileName"])
            rest = (version["number"], version["id"], version["sha256"])
            lines.append("\t".join(map(str, fields + rest)) + "\n")
    return lines
