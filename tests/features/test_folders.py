"""Folders, through the front door and, where two callers meet, through the service."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.errors import BinderArchivedError
from ringbinder.features.binders.types import Binder, BinderState, BinderType
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import (
    FolderCycleError,
    FolderNameTakenError,
    FolderNotFoundError,
    FolderTooDeepError,
)
from ringbinder.features.folders.types import Folder, FolderType
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.ids import new_guid
from tests.factories.content import new_binder, new_document, new_folder
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

Json = dict[str, Any]


def _drive(binder: Json) -> str:
    return f"/documents/drives/binders/{binder['id']}"


def _path(binder: Json, folder: Json) -> str:
    return f"{_drive(binder)}/folders/{folder['id']}"


async def _names(caller: Caller, path: str) -> list[str]:
    return [item["name"] for item in (await caller.get(path)).json()]


async def _events(admin: Caller, folder: Json) -> list[Json]:
    answer = await admin.post("/audit/events/search", json={"objectId": folder["id"]})
    return sorted(answer.json()["items"], key=lambda event: event["sequence"])


async def _binder(world: World, tenant: Tenant) -> Binder:
    async with world.parts.database.write(tenant.organisation.key) as session:
        return await binders.create_binder(
            session, tenant.operator, name="Pärm", type=BinderType.PROJECT
        )


async def test_a_new_folder_is_answered_whole(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    tab = await new_folder(tenant.creator, binder, "A Ritningar")
    inner = await new_folder(tenant.creator, binder, "Plan 1", parentId=tab["id"], type="container")
    assert UUID(tab["id"]).version == 7
    assert tab["createdAt"] == tab["updatedAt"]
    assert tab | {"id": "", "createdAt": "", "updatedAt": ""} == {
        "id": "",
        "name": "A Ritningar",
        "type": "drawings",
        "parentId": None,
        "position": 0,
        "createdAt": "",
        "updatedAt": "",
        "isHidden": False,
    }
    assert (inner["parentId"], inner["type"]) == (tab["id"], "container")
    assert (await tenant.reader.get(_drive(binder))).json() == [tab]
    assert (await tenant.reader.get(_path(binder, tab))).json() == [inner]
    (event,) = await _events(tenant.admin, inner)
    assert event["action"] == "api:folder:created"
    assert event["object"]["binderId"] == binder["id"]
    assert event["after"] == {
        "name": "Plan 1",
        "type": "container",
        "position": 0,
        "parentId": tab["id"],
    }


async def test_everything_that_is_wrong_is_told_at_once(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    wrong = {"name": "a/b", "type": "shelf", "parentId": "7", "position": 1.5}
    answer = await tenant.admin.post(f"{_drive(binder)}/folders", json=wrong)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["name", "type", "parentId", "position"]
    folder = await new_folder(tenant.admin, binder)
    answer = await tenant.admin.patch(
        _path(binder, folder), json={"name": None, "type": None, "position": -1}
    )
    assert list(answer.json()["errors"]) == ["name", "type", "position"]


async def test_only_binders_are_drives(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder)
    path = f"/documents/drives/shelves/{binder['id']}"
    for answer in (
        await tenant.admin.get(path),
        await tenant.admin.get(f"{path}/folders/{folder['id']}"),
        await tenant.admin.post(f"{path}/folders", json={"name": 5}),
        await tenant.admin.patch(f"{path}/folders/{folder['id']}", json={"name": "Ny"}),
        await tenant.admin.delete(f"{path}/folders/{folder['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "drive.not_found")


@pytest.mark.parametrize("same", ["ritningar", "RITNINGAR", "Ritningar"])
async def test_siblings_have_different_names(tenant: Tenant, same: str) -> None:
    binder = await new_binder(tenant.admin)
    tab = await new_folder(tenant.admin, binder, "Ritningar")
    other = await new_folder(tenant.admin, binder, "Avtal")
    path = f"{_drive(binder)}/folders"
    for answer in (
        await tenant.admin.post(path, json={"name": same}),
        await tenant.admin.patch(_path(binder, other), json={"name": same}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "folder.name_taken")
    await new_folder(tenant.admin, binder, same, parentId=tab["id"])
    renamed = await tenant.admin.patch(_path(binder, tab), json={"name": same})
    assert renamed.json()["name"] == same


async def test_names_are_compared_in_one_unicode_form(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    await new_folder(tenant.admin, binder, "\u00c5kern")
    answer = await tenant.admin.post(f"{_drive(binder)}/folders", json={"name": "a\u030akern"})
    assert answer.json()["code"] == "folder.name_taken"


async def test_the_name_of_a_deleted_folder_is_free(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    for parent in ({}, {"parentId": (await new_folder(tenant.admin, binder, "A"))["id"]}):
        folder = await new_folder(tenant.admin, binder, "Ritningar", **parent)
        assert (await tenant.admin.delete(_path(binder, folder))).json() == folder
        again = await new_folder(tenant.admin, binder, "Ritningar", **parent)
        assert again["id"] != folder["id"]


async def test_folders_stand_in_the_order_that_people_give_them(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    made = {name: await new_folder(tenant.admin, binder, name) for name in "cab"}
    assert await _names(tenant.reader, _drive(binder)) == ["c", "a", "b"]
    await new_folder(tenant.admin, binder, "first", position=0)
    await new_folder(tenant.admin, binder, "last", position=1_000_000)
    assert await _names(tenant.reader, _drive(binder)) == ["first", "c", "a", "b", "last"]

    async def move(name: str, position: int) -> Json:
        path = _path(binder, made[name])
        return dict((await tenant.admin.patch(path, json={"position": position})).json())

    there = (await move("b", 1))["position"]
    assert await _names(tenant.reader, _drive(binder)) == ["first", "b", "c", "a", "last"]
    assert (await move("b", there))["position"] == there
    await move("c", 1_000_000)
    assert await _names(tenant.reader, _drive(binder)) == ["first", "b", "a", "last", "c"]
    assert (await move("c", 1_000_000)) == (await move("c", 999_999))
    await tenant.admin.delete(_path(binder, made["a"]))
    await move("c", 0)
    assert await _names(tenant.reader, _drive(binder)) == ["c", "first", "b", "last"]


async def test_a_folder_moves_with_all_that_is_in_it(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    a, b = [await new_folder(tenant.admin, binder, name) for name in "ab"]
    inner = await new_folder(tenant.admin, binder, "inner", parentId=a["id"])
    moved = (await tenant.admin.patch(_path(binder, a), json={"parentId": b["id"]})).json()
    assert (moved["parentId"], moved["position"]) == (b["id"], 0)
    assert await _names(tenant.reader, _drive(binder)) == ["b"]
    assert (await tenant.reader.get(_path(binder, b))).json() == [moved]
    assert (await tenant.reader.get(_path(binder, a))).json() == [inner]
    path = _path(binder, inner)
    out = (await tenant.admin.patch(path, json={"parentId": None, "name": "ut"})).json()
    assert (out["parentId"], out["name"], out["position"]) == (None, "ut", 2)
    events = [
        (event["action"], event["before"], event["after"])
        for event in await _events(tenant.admin, inner)
    ]
    assert events[1:] == [
        ("api:folder:moved", {"parentId": a["id"]}, {"parentId": None}),
        ("api:folder:updated", {"name": "inner", "position": 0}, {"name": "ut", "position": 2}),
    ]


async def test_a_name_can_be_taken_at_the_new_place(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    a, b = [await new_folder(tenant.admin, binder, name) for name in "ab"]
    await new_folder(tenant.admin, binder, "B", parentId=a["id"])
    path = _path(binder, b)
    answer = await tenant.admin.patch(path, json={"parentId": a["id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "folder.name_taken")
    answer = await tenant.admin.patch(path, json={"parentId": a["id"], "name": "c"})
    assert answer.status_code == 200


async def test_a_folder_cannot_move_into_itself(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    a = await new_folder(tenant.admin, binder, "a")
    b = await new_folder(tenant.admin, binder, "b", parentId=a["id"])
    c = await new_folder(tenant.admin, binder, "c", parentId=b["id"])
    for parent in (a, b, c):
        answer = await tenant.admin.patch(_path(binder, a), json={"parentId": parent["id"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "folder.cycle")


async def test_a_folder_stays_in_its_binder(tenant: Tenant) -> None:
    one, other = [await new_binder(tenant.admin) for _ in range(2)]
    a, b = await new_folder(tenant.admin, one, "a"), await new_folder(tenant.admin, other, "b")
    for answer in (
        await tenant.admin.patch(_path(one, a), json={"parentId": b["id"]}),
        await tenant.admin.patch(_path(one, b), json={"name": "c"}),
        await tenant.admin.delete(_path(one, b)),
        await tenant.admin.get(_path(one, b)),
        await tenant.admin.post(f"{_drive(one)}/folders", json={"name": "c", "parentId": b["id"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "folder.not_found")


async def test_folders_are_nested_twenty_deep_at_most(world: World, tenant: Tenant) -> None:
    database, key = world.parts.database, tenant.organisation.key
    binder = await _binder(world, tenant)
    async with database.write(key) as session:
        deepest = await folders.ensure_path(
            session, tenant.operator, binder=binder, names=["x"] * 20
        )
        with pytest.raises(FolderTooDeepError):
            await folders.create_folder(
                session, tenant.operator, binder_id=binder.id, name="y", parent_id=deepest.id
            )
        with pytest.raises(FolderTooDeepError):
            await folders.ensure_path(session, tenant.operator, binder=binder, names=["x"] * 21)
        two_levels = await folders.ensure_path(
            session, tenant.operator, binder=binder, names=["a", "b"]
        )
        assert deepest.parent_id is not None
        assert two_levels.parent_id is not None
        with pytest.raises(FolderTooDeepError):
            await folders.update_folder(
                session,
                tenant.operator,
                binder_id=binder.id,
                folder_id=two_levels.parent_id,
                parent_id=deepest.parent_id,
            )
        moved = await folders.update_folder(
            session,
            tenant.operator,
            binder_id=binder.id,
            folder_id=two_levels.id,
            parent_id=deepest.parent_id,
        )
        assert moved.parent_id == deepest.parent_id


async def test_a_folder_that_holds_something_is_not_deleted(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    tab = await new_folder(tenant.admin, binder, "tab")
    inner = await new_folder(tenant.admin, binder, "inner", parentId=tab["id"])
    made = await new_document(tenant.admin, inner | {"binderId": binder["id"]})
    for blocked, undo in (
        (tab, f"/documents/{made['document']['id']}"),
        (tab, _path(binder, inner)),
    ):
        answer = await tenant.admin.delete(_path(binder, blocked))
        assert (answer.status_code, answer.json()["code"]) == (409, "folder.not_empty")
        assert (await tenant.admin.delete(undo)).status_code == 200
    assert (await tenant.admin.delete(_path(binder, tab))).status_code == 200


async def test_documents_hold_a_folder_until_they_are_trashed(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    tab = await new_folder(tenant.admin, binder, "tab")
    made = await new_document(tenant.admin, tab | {"binderId": binder["id"]})
    answer = await tenant.admin.delete(_path(binder, tab))
    assert (answer.status_code, answer.json()["code"]) == (409, "folder.not_empty")
    await tenant.admin.delete(f"/documents/{made['document']['id']}")
    assert (await tenant.admin.delete(_path(binder, tab))).status_code == 200


async def test_a_deleted_folder_is_gone(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder)
    path = _path(binder, folder)
    assert (await tenant.admin.delete(path)).status_code == 200
    for answer in (
        await tenant.admin.get(path),
        await tenant.admin.patch(path, json={"name": "Ny"}),
        await tenant.admin.delete(path),
        await tenant.admin.get(f"{path}/documents"),
        await tenant.admin.post(
            f"{_drive(binder)}/folders", json={"name": "c", "parentId": folder["id"]}
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "folder.not_found")
    assert (await tenant.admin.get(_drive(binder))).json() == []
    actions = [event["action"] for event in await _events(tenant.admin, folder)]
    assert actions == ["api:folder:created", "api:folder:deleted"]


async def test_listings_come_in_pages_where_these_are_asked_for(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    for name in ("Övrigt", "Ritningar", "ritat"):
        await new_folder(tenant.admin, binder, name)
    page = (await tenant.reader.get(f"{_drive(binder)}?pageSize=2&pageNumber=2")).json()
    assert (page["totalCount"], [item["name"] for item in page["items"]]) == (3, ["ritat"])
    found = (await tenant.reader.get(f"{_drive(binder)}?searchTerm=RIT")).json()
    assert [item["name"] for item in found["items"]] == ["Ritningar", "ritat"]
    assert found["totalCount"] == 2
    assert (await tenant.reader.get(f"{_drive(binder)}?searchTerm=%25")).json()["items"] == []


async def test_cursors_neither_skip_nor_repeat_while_folders_come_and_go(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    made = {name: await new_folder(tenant.admin, binder, name) for name in "abcdef"}
    seen, cursor = [], ""
    while True:
        body = (await tenant.reader.get(f"{_drive(binder)}?pageSize=2{cursor}")).json()
        seen += [item["name"] for item in body["items"]]
        if not body["nextCursor"]:
            break
        if not cursor:
            await tenant.admin.delete(_path(binder, made["a"]))
            await tenant.admin.delete(_path(binder, made["b"]))
            for name in ("x", "y"):
                await new_folder(tenant.admin, binder, name, position=0)
        cursor = f"&cursor={body['nextCursor']}"
    assert seen == ["a", "b", "c", "d", "e", "f"]


async def test_a_cursor_of_another_folder_is_refused(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder)
    body = (await tenant.reader.get(f"{_drive(binder)}?pageSize=1")).json()
    answer = await tenant.reader.get(f"{_path(binder, folder)}?cursor={body['nextCursor']}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


async def test_nobody_overwrites_what_he_has_not_seen(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    answer = await tenant.admin.post(f"{_drive(binder)}/folders", json={"name": "a"})
    path, etag = _path(binder, answer.json()), answer.headers["etag"]
    changed = await tenant.admin.patch(path, json={"name": "b"}, headers={"if-match": etag})
    assert changed.status_code == 200
    for answer in (
        await tenant.admin.patch(path, json={"name": "c"}, headers={"if-match": etag}),
        await tenant.admin.delete(path, headers={"if-match": etag}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "request.precondition_failed")
    # Who stands in front of it changes the folder's position, so its tag too.
    await new_folder(tenant.admin, binder, "front", position=0)
    stale = {"if-match": changed.headers["etag"]}
    answer = await tenant.admin.patch(path, json={"name": "c"}, headers=stale)
    assert answer.status_code == 412


async def test_roles_say_who_may_change_folders(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.creator, binder)
    path = _path(binder, folder)
    assert (await tenant.reader.get(path)).status_code == 200
    for answer in (
        await tenant.reader.post(f"{_drive(binder)}/folders", json={"name": "Ny"}),
        await tenant.creator.patch(path, json={"name": "Ny"}),
        await tenant.creator.delete(path),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "permission.missing")


async def test_another_organisations_folder_is_like_one_that_never_was(world: World) -> None:
    one, other = await world.new_tenant(), await world.new_tenant()
    theirs, own = await new_binder(one.admin), await new_binder(other.admin)
    folder = await new_folder(one.admin, theirs)
    mine = await new_folder(other.admin, own)
    answers = []
    for folder_id in (folder["id"], str(new_guid())):
        path, body = f"{_drive(own)}/folders/{folder_id}", {"parentId": folder_id}
        answers.append(
            [
                await other.reader.get(path),
                await other.admin.patch(path, json={"name": "Min"}),
                await other.admin.delete(path),
                await other.admin.patch(_path(own, mine), json=body),
                await other.admin.post(f"{_drive(own)}/folders", json={"name": "c"} | body),
            ]
        )
    for foreign, unused in zip(*answers, strict=True):
        assert foreign.status_code == unused.status_code == 404
        assert foreign.json() | {"traceId": ""} == unused.json() | {"traceId": ""}
    assert (await other.reader.get(_path(theirs, folder))).json()["code"] == "binder.not_found"


async def test_of_two_creators_of_one_name_one_wins(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    async with world.parts.database.write(tenant.organisation.key) as session:
        tab = await folders.ensure_path(session, tenant.operator, binder=binder, names=["tab"])
    for parent_id in (None, tab.id):

        async def create(name: str, parent_id: UUID | None = parent_id) -> Folder:
            async with world.parts.database.write(tenant.organisation.key) as session:
                return await folders.create_folder(
                    session, tenant.operator, binder_id=binder.id, name=name, parent_id=parent_id
                )

        names = ["Ritning", "RITNING", "ritning", "andra"]
        made = await asyncio.gather(*map(create, names), return_exceptions=True)
        assert sum(isinstance(one, FolderNameTakenError) for one in made) == 2
        positions = sorted(one.position for one in made if isinstance(one, Folder))
        assert len(positions) == len(set(positions)) == 2


async def test_two_moves_at_once_make_no_cycle(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    database, key = world.parts.database, tenant.organisation.key
    async with database.write(key) as session:
        a, b = [
            await folders.ensure_path(session, tenant.operator, binder=binder, names=[name])
            for name in "ab"
        ]

    async def move(folder: Folder, parent: Folder) -> Folder:
        async with database.write(key) as session:
            return await folders.update_folder(
                session,
                tenant.operator,
                binder_id=binder.id,
                folder_id=folder.id,
                parent_id=parent.id,
            )

    moved = await asyncio.gather(move(a, b), move(b, a), return_exceptions=True)
    assert sum(isinstance(one, FolderCycleError) for one in moved) == 1


async def test_a_folder_is_not_deleted_under_somebody_who_fills_it(
    world: World, tenant: Tenant
) -> None:
    binder = await _binder(world, tenant)
    database, key = world.parts.database, tenant.organisation.key
    async with database.write(key) as session:
        folder = await folders.ensure_path(session, tenant.operator, binder=binder, names=["a"])
    deleting = asyncio.Event()

    async def delete() -> None:
        async with database.write(key) as session:
            await folders.delete_folder(
                session, tenant.operator, binder_id=binder.id, folder_id=folder.id
            )
            deleting.set()
            await asyncio.sleep(0.2)

    async def fill() -> None:
        await deleting.wait()
        async with database.write(key) as session:
            await folders.get_writable_folder(session, folder_id=folder.id)

    async with asyncio.timeout(20):
        _, filled = await asyncio.gather(delete(), fill(), return_exceptions=True)
    assert isinstance(filled, FolderNotFoundError)


async def test_a_path_is_made_once(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    database, key = world.parts.database, tenant.organisation.key

    async def ensure(*names: str) -> Folder:
        async with database.write(key) as session:
            return await folders.ensure_path(session, tenant.operator, binder=binder, names=names)

    first, *others = await asyncio.gather(*(ensure("A", "B", "C") for _ in range(4)))
    assert all(other == first for other in others)
    assert await ensure("a", "b", "c") == first
    assert (await ensure("A", "B", "D")).parent_id == first.parent_id
    assert (first.type, first.name) == (FolderType.DOCUMENTS, "C")


async def test_a_path_has_proper_names(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    async with world.parts.database.write(tenant.organisation.key) as session:
        with pytest.raises(FieldErrors) as raised:
            await folders.ensure_path(
                session, tenant.operator, binder=binder, names=["ok", "a/b", ".."]
            )
        assert list(raised.value.errors) == ["names[1]", "names[2]"]
        with pytest.raises(FieldErrors):
            await folders.ensure_path(session, tenant.operator, binder=binder, names=[])


async def test_a_path_that_is_there_needs_no_open_binder(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)
    async with world.parts.database.write(tenant.organisation.key) as session:
        made = await folders.ensure_path(session, tenant.operator, binder=binder, names=["a"])
        await binders.update_binder(
            session, tenant.operator, binder_id=binder.id, state=BinderState.ARCHIVED
        )
        again = await folders.ensure_path(session, tenant.operator, binder=binder, names=["A"])
        assert again == made
        with pytest.raises(BinderArchivedError):
            await folders.ensure_path(session, tenant.operator, binder=binder, names=["b"])
        with pytest.raises(BinderArchivedError):
            await folders.get_writable_folder(session, folder_id=made.id)


async def test_a_subtree_is_the_folder_and_all_below_it(world: World, tenant: Tenant) -> None:
    binder = await _binder(world, tenant)

    async def make(session: WriteSession, *names: str) -> Folder:
        return await folders.ensure_path(session, tenant.operator, binder=binder, names=names)

    async with world.parts.database.write(tenant.organisation.key) as session:
        top = await make(session, "a")
        inner = [await make(session, "a", "b"), await make(session, "a", "b", "c")]
        await make(session, "other")
        gone = await make(session, "a", "gone")
        await folders.delete_folder(
            session, tenant.operator, binder_id=binder.id, folder_id=gone.id
        )
        keys = await folders.subtree_keys(session, folder_key=top.key)
        assert sorted(keys) == sorted(folder.key for folder in (top, *inner))
        assert await folders.subtree_keys(session, folder_key=gone.key) == []
    other = await world.new_tenant()
    async with world.parts.database.read(other.organisation.key) as foreign:
        assert await folders.subtree_keys(foreign, folder_key=top.key) == []
