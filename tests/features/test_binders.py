"""Binders, through the front door and, where two callers meet, through the service."""

import asyncio
from typing import Any

import pytest

from ringbinder.features.binders import service as binders
from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.binders.types import BinderState, BinderType
from tests.factories.content import new_binder, new_document, new_folder
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

NOBODYS = "ZZZZZZZZ0"


async def _events(admin: Caller, binder: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await admin.post("/audit/events/search", json={"objectId": binder["id"]})
    return sorted(answer.json()["items"], key=lambda event: event["sequence"])


async def _names(caller: Caller, query: str) -> list[str]:
    answer = await caller.get(f"/binders?{query}")
    return [item["name"] for item in answer.json()["items"]]


async def test_a_new_binder_is_answered_whole(tenant: Tenant) -> None:
    answer = await tenant.admin.post(
        "/binders",
        json={"name": "Åkern", "type": "tender", "colour": "#ABCDEF", "nobodyKnows": "this"},
    )
    assert answer.status_code == 201
    body = answer.json()
    assert len(body["id"]) == 9
    assert body["createdAt"] == body["updatedAt"]
    assert body["createdAt"].endswith("Z")
    assert body | {"id": "", "createdAt": "", "updatedAt": ""} == {
        "id": "",
        "name": "Åkern",
        "type": "tender",
        "createdAt": "",
        "description": None,
        "colour": "#abcdef",
        "state": "active",
        "createdBy": "Admin client",
        "updatedAt": "",
    }
    assert (await tenant.reader.get(f"/binders/{body['id']}")).json() == body


async def test_everything_that_is_wrong_is_told_at_once(tenant: Tenant) -> None:
    wrong = {"name": " ", "type": "pile", "description": 5, "colour": "red"}
    answer = await tenant.admin.post("/binders", json=wrong)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "name": ["The value must not be blank."],
        "type": ["The value should be 'project', 'facility', 'tender' or 'organisation'."],
        "description": ["The value must be a text."],
        "colour": ["The value has the wrong form."],
    }
    answer = await tenant.admin.post("/binders", json={})
    assert answer.json()["errors"] == {
        "name": ["The name field is required."],
        "type": ["The type field is required."],
    }


@pytest.mark.parametrize("name", ["", "x" * 201, "two\nlines", "nul\x00", None])
async def test_a_name_is_one_line_of_at_most_200_characters(
    tenant: Tenant, name: str | None
) -> None:
    binder = await new_binder(tenant.admin)
    answer = await tenant.admin.patch(f"/binders/{binder['id']}", json={"name": name})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["name"]


async def test_the_listing_is_an_array_until_pages_are_asked_for(tenant: Tenant) -> None:
    for name in ("Örnen", "apan", "Zebran", "Älgen", "Åsnan", "Apan"):
        await new_binder(tenant.admin, name=name)
    everything = (await tenant.reader.get("/binders")).json()
    swedish = ["apan", "Apan", "Zebran", "Åsnan", "Älgen", "Örnen"]
    assert [item["name"] for item in everything] == swedish
    page = (await tenant.reader.get("/binders?pageSize=4&pageNumber=2")).json()
    assert [item["name"] for item in page["items"]] == ["Älgen", "Örnen"]
    assert page | {"items": []} == {
        "items": [],
        "totalCount": 6,
        "pageNumber": 2,
        "pageSize": 4,
        "nextCursor": None,
    }
    assert await _names(tenant.reader, "pageNumber=9") == []


async def test_cursors_neither_skip_nor_repeat_while_binders_come_and_go(tenant: Tenant) -> None:
    made = {name: await new_binder(tenant.admin, name=name) for name in "bdfh"}
    seen, cursor = [], ""
    while True:
        answer = await tenant.reader.get(f"/binders?pageSize=2{cursor}")
        body = answer.json()
        seen += [item["name"] for item in body["items"]]
        if not body["nextCursor"]:
            break
        if not cursor:
            await tenant.admin.delete(f"/binders/{made['b']['id']}")
            await new_binder(tenant.admin, name="a")
            await new_binder(tenant.admin, name="g")
        cursor = f"&cursor={body['nextCursor']}"
    assert seen == ["b", "d", "f", "g", "h"]


async def test_a_cursor_of_another_listing_is_refused(tenant: Tenant) -> None:
    await new_binder(tenant.admin)
    body = (await tenant.reader.get("/binders?pageSize=1")).json()
    for query in (f"cursor={body['nextCursor']}&searchTerm=x", "cursor=nonsense"):
        answer = await tenant.reader.get(f"/binders?{query}")
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["cursor"]


async def test_binders_are_found_by_any_part_of_their_name(tenant: Tenant) -> None:
    for name in ("Kvarteret ÅKERN", "Åkeriet", "Akern", "100 % klart", "100 procent"):
        await new_binder(tenant.admin, name=name)
    assert await _names(tenant.reader, "searchTerm=åker") == ["Kvarteret ÅKERN", "Åkeriet"]
    assert await _names(tenant.reader, "searchTerm=%25") == ["100 % klart"]
    page = (await tenant.reader.get("/binders?searchTerm=ak&pageSize=1")).json()
    assert (page["totalCount"], [item["name"] for item in page["items"]]) == (1, ["Akern"])
    first = (await tenant.reader.get("/binders?searchTerm=k&pageSize=2")).json()
    rest = (
        await tenant.reader.get(f"/binders?searchTerm=k&pageSize=2&cursor={first['nextCursor']}")
    ).json()
    names = [item["name"] for item in first["items"] + rest["items"]]
    assert names == ["100 % klart", "Akern", "Kvarteret ÅKERN", "Åkeriet"]
    assert first["totalCount"] == rest["totalCount"] == 4


async def test_only_what_is_given_changes(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin, description="Gammal", colour="#000000")
    path = f"/binders/{binder['id']}"
    changed = (await tenant.admin.patch(path, json={"name": "Ny", "description": None})).json()
    assert changed == binder | {
        "name": "Ny",
        "description": None,
        "updatedAt": changed["updatedAt"],
    }
    (event,) = (await _events(tenant.admin, binder))[1:]
    assert event["action"] == "api:binder:updated"
    assert event["before"] == {"name": "Kastanjen 4", "description": "Gammal"}
    assert event["after"] == {"name": "Ny", "description": None}


async def test_a_change_that_changes_nothing_leaves_no_trace(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    path = f"/binders/{binder['id']}"
    for body in ({}, {"name": binder["name"]}, {"state": "active"}):
        answer = await tenant.admin.patch(path, json=body)
        assert answer.json() == binder
    assert len(await _events(tenant.admin, binder)) == 1


async def test_an_archived_binder_takes_nothing_but_reopening(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    path = f"/binders/{binder['id']}"
    assert (await tenant.admin.patch(path, json={"state": "archived"})).json()[
        "state"
    ] == "archived"
    for answer in (
        await tenant.admin.patch(path, json={"name": "Ny"}),
        await tenant.admin.patch(path, json={"name": "Ny", "state": "archived"}),
        await tenant.admin.delete(path),
        await tenant.creator.post(f"/documents/drives{path}/folders", json={"name": "Flik"}),
        await tenant.admin.post(
            f"{path}/metadataelements", json={"label": "Skala", "dataType": "Text"}
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "binder.archived")
    assert (await tenant.reader.get(path)).status_code == 200
    assert (await tenant.admin.patch(path, json={"state": "archived"})).status_code == 200
    reopened = (await tenant.admin.patch(path, json={"state": "active", "name": "Ny"})).json()
    assert (reopened["state"], reopened["name"]) == ("active", "Ny")
    actions = [event["action"] for event in await _events(tenant.admin, binder)]
    assert actions == [
        "api:binder:created",
        "api:binder:archived",
        "api:binder:reopened",
        "api:binder:updated",
    ]


async def test_a_binder_that_holds_something_is_not_deleted(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    made = await new_document(tenant.admin, folder)
    path, folder_path = f"/binders/{binder['id']}", f"/documents/drives/binders/{binder['id']}"
    for undo in (
        f"/documents/{made['document']['id']}",
        f"{folder_path}/folders/{folder['id']}",
    ):
        answer = await tenant.admin.delete(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "binder.not_empty")
        assert (await tenant.admin.delete(undo)).status_code == 200
    assert (await tenant.admin.delete(path)).status_code == 200


async def test_a_deleted_binder_is_gone_for_everybody(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    path = f"/binders/{binder['id']}"
    answer = await tenant.admin.delete(path)
    assert (answer.status_code, answer.json()) == (200, binder)
    for answer in (
        await tenant.reader.get(path),
        await tenant.admin.patch(path, json={"state": "active"}),
        await tenant.admin.delete(path),
        await tenant.reader.get(f"{path}/metadataelements"),
        await tenant.reader.get(f"/documents/drives{path}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "binder.not_found")
    assert (await tenant.reader.get("/binders")).json() == []
    event = (await _events(tenant.admin, binder))[-1]
    assert (event["action"], event["before"]["name"]) == ("api:binder:deleted", binder["name"])


async def test_what_was_not_changed_is_not_sent_again(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    path = f"/binders/{binder['id']}"
    etag = (await tenant.reader.get(path)).headers["etag"]
    answer = await tenant.reader.get(path, headers={"if-none-match": f'"other", {etag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    changed = await tenant.admin.patch(path, json={"name": "Ny"}, headers={"if-match": etag})
    assert changed.headers["etag"] != etag
    answer = await tenant.reader.get(path, headers={"if-none-match": etag})
    assert (answer.status_code, answer.headers["etag"]) == (200, changed.headers["etag"])


async def test_nobody_overwrites_what_he_has_not_seen(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    path, stale = f"/binders/{binder['id']}", {"if-match": '"stale"'}
    for answer in (
        await tenant.admin.patch(path, json={"name": "Ny"}, headers=stale),
        await tenant.admin.delete(path, headers=stale),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "request.precondition_failed")
    assert (await tenant.reader.get(path)).json() == binder
    answer = await tenant.admin.patch(path, json={"name": "Ny"}, headers={"if-match": "*"})
    assert answer.status_code == 200


async def test_roles_say_who_may_change_binders(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    path = f"/binders/{binder['id']}"
    for caller in (tenant.reader, tenant.creator):
        assert (await caller.get(path)).status_code == 200
        for answer in (
            await caller.post("/binders", json={"name": "Ny", "type": "project"}),
            await caller.patch(path, json={"name": "Ny"}),
            await caller.delete(path),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "permission.missing")


async def test_another_organisations_binder_is_like_one_that_never_was(world: World) -> None:
    one, other = await world.new_tenant(), await world.new_tenant()
    binder = await new_binder(one.admin)
    answers = []
    for binder_id in (binder["id"], NOBODYS):
        path = f"/binders/{binder_id}"
        answers.append(
            [
                await other.reader.get(path),
                await other.admin.patch(path, json={"name": "Min"}),
                await other.admin.delete(path),
                await other.reader.get(f"{path}/metadataelements"),
            ]
        )
    for foreign, unused in zip(*answers, strict=True):
        assert foreign.status_code == unused.status_code == 404
        assert foreign.json() | {"traceId": ""} == unused.json() | {"traceId": ""}
    assert (await other.reader.get("/binders")).json() == []
    assert (await one.reader.get(f"/binders/{binder['id']}")).json() == binder


async def test_archiving_waits_for_those_who_write(world: World, tenant: Tenant) -> None:
    database, key = world.parts.database, tenant.organisation.key
    async with database.write(key) as session:
        binder = await binders.create_binder(
            session, tenant.operator, name="Pärm", type=BinderType.PROJECT
        )
    writing, order = asyncio.Event(), []

    async def write() -> None:
        async with database.write(key) as session:
            await binders.get_writable_binder(session, binder_id=binder.id)
            writing.set()
            await asyncio.sleep(0.2)
            order.append("written")

    async def archive() -> None:
        await writing.wait()
        async with database.write(key) as session:
            await binders.update_binder(
                session, tenant.operator, binder_id=binder.id, state=BinderState.ARCHIVED
            )
            order.append("archived")

    await asyncio.wait_for(asyncio.gather(write(), archive()), 20)
    assert order == ["written", "archived"]
    async with database.write(key) as session:
        with pytest.raises(BinderArchivedError):
            await binders.get_writable_binder_by_key(session, binder_key=binder.key)


async def test_those_who_write_share_a_binder(world: World, tenant: Tenant) -> None:
    if world.engine == "sqlite":
        pytest.skip("SQLite has one writer")
    database, key = world.parts.database, tenant.organisation.key
    async with database.write(key) as session:
        binder = await binders.create_binder(
            session, tenant.operator, name="Pärm", type=BinderType.PROJECT
        )
    async with asyncio.timeout(20), database.write(key) as one, database.write(key) as other:
        await binders.get_writable_binder(one, binder_id=binder.id)
        await binders.get_writable_binder(other, binder_id=binder.id)


async def test_the_service_finds_nothing_of_others(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    database = world.parts.database
    async with database.write(tenant.organisation.key) as session:
        binder = await binders.create_binder(
            session, tenant.operator, name="Pärm", type=BinderType.PROJECT
        )
    async with database.write(other.organisation.key) as session:
        with pytest.raises(BinderNotFoundError):
            await binders.get_binder(session, binder_id=binder.id)
        with pytest.raises(BinderNotFoundError):
            await binders.get_writable_binder_by_key(session, binder_key=binder.key)
        with pytest.raises(BinderNotFoundError):
            await binders.lock_binder(session, binder_id=binder.id)
