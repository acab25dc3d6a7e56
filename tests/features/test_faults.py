"""Whichever call fails: what is there is old or new, the records agree, and the retry succeeds."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from ringbinder.app import make_engine
from ringbinder.features.documents.jobs import purge_trash
from ringbinder.features.imports.service import Importer
from ringbinder.features.imports.types import ImportOrder
from ringbinder.features.organisations import service as organisations
from ringbinder.features.uploads.jobs import sweep
from ringbinder.kit.clock import FixedClock
from tests.factories.content import (
    Json,
    local,
    new_binder,
    new_document,
    new_folder,
    new_upload,
    put_bytes,
)
from tests.fakes.faults import Faults, FaultyEngine, FaultyStore
from tests.support.consistency import database_problems, storage_problems
from tests.support.watchers import Onlooker
from tests.support.world import Caller, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db, pytest.mark.slow, pytest.mark.timeout(300)]

FEWEST_CALLS, MOST_CALLS = 10, 400
LEASE = timedelta(seconds=61)
AFTER_THE_TRASH = timedelta(days=31)
AFTER_THE_GRACE = timedelta(days=2)


@dataclass
class Scene:
    """A running application, of which every call to the outside can be made to fail."""

    world: World
    faults: Faults
    clock: FixedClock
    admin: Caller
    folders: list[Json] = field(default_factory=list)
    numbers: int = 0
    cursor: str = ""

    async def new_document(self) -> str:
        self.numbers += 1
        made = await new_document(self.admin, self.folders[0], f"Plan {self.numbers}.pdf")
        document_id: str = made["document"]["id"]
        return document_id

    async def state_of(self, document_id: str) -> object:
        """Give what clients see of a document."""
        answer = await self.admin.get(f"/documents/{document_id}")
        return answer.status_code, answer.headers.get("etag")

    async def news(self) -> list[str]:
        """Give the types of the changes since this was asked last."""
        where = f"cursor={self.cursor}" if self.cursor else "startAt=now"
        page = (await self.admin.get(f"/changes?limit=1000&{where}")).json()
        self.cursor = page["nextCursor"]
        return [item["type"] for item in page["items"]]

    async def problems(self) -> list[str]:
        parts = self.world.parts
        return [
            *await database_problems(parts.database),
            *await storage_problems(parts.database, parts.storage),
        ]


@dataclass(frozen=True)
class Errand:
    """One thing to do; ``act`` may be called again for the same ``prepare``."""

    prepare: Callable[[], Awaitable[str]]
    act: Callable[[str, str], Awaitable[httpx.Response | None]]
    state: Callable[[str], Awaitable[object]]
    changes: tuple[str, ...] = ()


@pytest.fixture
async def scene(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    # Files have the time of this machine, and the sweep compares the two.
    faults, clock = Faults(), FixedClock(datetime.now(UTC))
    data = tmp_path_factory.mktemp("data")
    async with running_world(
        database_url,
        data,
        clock=clock,
        engine=FaultyEngine(make_engine(database_url), faults),
        storage=FaultyStore(Path(data) / "files", faults),
        token_lifetime="P36500D",
    ) as world:
        admin = (await world.new_tenant()).admin
        made = Scene(world, faults, clock, admin)
        binder = await new_binder(admin)
        for name in ("Ritningar", "Arkiv"):
            made.folders.append(await new_folder(admin, binder, name) | {"binderId": binder["id"]})
        yield made


async def attempt(errand: Errand, given: str, key: str) -> int:
    """Do it; gives the status, 500 where a job failed."""
    try:
        answer = await errand.act(given, key)
    except Exception:  # noqa: BLE001 - whatever the fault became on its way up
        return 500
    return 200 if answer is None else answer.status_code


async def with_every_fault(scene: Scene, errand: Errand) -> None:
    """Do an errand again and again, each time with the next fault, until none is met."""
    for number in range(1, MOST_CALLS):
        given, key = await errand.prepare(), str(uuid4())
        await scene.news()
        old = await errand.state(given)
        scene.faults.arm(number)
        status = await attempt(errand, given, key)
        failed = scene.faults.disarm()
        assert status < 400 or (failed and status >= 500), (number, failed)
        between, told = await errand.state(given), await scene.news()
        assert await scene.problems() == [], (number, failed)
        if status >= 400:
            await retry(scene, errand, given, key)
        new = await errand.state(given)
        assert old != new
        assert between == (old if status >= 400 and not came_through(errand, told, failed) else new)
        assert (*told, *await scene.news()) == errand.changes, (number, failed)
        if failed is None:
            assert number > FEWEST_CALLS
            assert await scene.problems() == []
            return
    raise AssertionError("it calls the outside without end")


def came_through(errand: Errand, told: Sequence[str], failed: str | None) -> bool:
    """Tell whether the work was done although its answer says that it failed."""
    if not errand.changes:
        return failed == "answer of a commit"
    assert tuple(told) in {(), errand.changes}
    return bool(told)


async def retry(scene: Scene, errand: Errand, given: str, key: str) -> None:
    status = await attempt(errand, given, key)
    if status == 409:
        # Not even that it failed could be written down; so the lease has to end.
        scene.clock.advance(LEASE)
        status = await attempt(errand, given, key)
    assert status < 400


def under(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


async def test_bytes_that_arrive(scene: Scene) -> None:
    admin = scene.admin

    async def prepare() -> str:
        scene.numbers += 1
        content = b"%d" % scene.numbers
        upload = await new_upload(admin, scene.folders[0], "Plan.pdf", content)
        return f"{upload['uploadId']} {scene.numbers} {local(upload['uploadUrl'])}"

    async def act(given: str, _key: str) -> httpx.Response:
        _, number, url = given.split(" ")
        return await admin.http.put(url, content=number.encode())

    async def state(given: str) -> object:
        told = (await admin.get(f"/documents/uploads/{given.partition(' ')[0]}")).json()
        return told["state"], told["receivedSha256"]

    await with_every_fault(scene, Errand(prepare, act, state))
    assert {"fsync", "write", "rename", "receive", "commit"} <= scene.faults.kinds
    await everything_else_is_swept(scene)


async def test_commits(scene: Scene) -> None:
    admin = scene.admin
    document_id = await scene.new_document()

    async def prepare() -> str:
        scene.numbers += 1
        content = b"%d" % scene.numbers
        wanted = {"documentId": document_id}
        upload = await new_upload(admin, scene.folders[0], "Plan.pdf", content, **wanted)
        await put_bytes(admin.http, upload, content)
        return str(upload["uploadId"])

    async def act(given: str, _key: str) -> httpx.Response:
        return await admin.post(f"/documents/uploads/{given}/commit")

    async def state(given: str) -> object:
        told = (await admin.get(f"/documents/uploads/{given}")).json()
        version = await admin.get(f"/documents/{document_id}/versions/{told['versionId']}")
        return told["state"], told["versionId"], version.status_code

    errand = Errand(prepare, act, state, ("document.version_created",))
    await with_every_fault(scene, errand)


async def test_imports(scene: Scene, tmp_path: Path) -> None:
    parts, admin, shelf = scene.world.parts, scene.admin, scene.folders[0]
    organisation = (await organisations.list_organisations(parts.database))[-1]
    importer = Importer(parts.database, parts.uploads)

    async def prepare() -> str:
        scene.numbers += 1
        folder = tmp_path / str(scene.numbers) / "Ritningar"
        folder.mkdir(parents=True)
        for number in range(3):
            (folder / f"{scene.numbers}-{number}.txt").write_text(f"{scene.numbers} {number % 2}")
        return str(folder.parent)

    async def act(given: str, _key: str) -> None:
        order = ImportOrder(folder=Path(given), binder_id=shelf["binderId"])
        report = await importer.run(organisations.operator(organisation), order, Onlooker())
        assert report.refused == []

    async def state(given: str) -> object:
        drive = f"/documents/drives/binders/{shelf['binderId']}/folders/{shelf['id']}/documents"
        listed = (await admin.get(f"{drive}?searchTerm={Path(given).name}-")).json()["items"]
        return [item["fileName"] for item in listed]

    errand = Errand(prepare, act, state, ("document.created",) * 3)
    await with_every_fault(scene, errand)
    assert {"put", "fsync", "write", "rename", "statement", "commit"} <= scene.faults.kinds
    await sweep_twice(scene)
    contents = [found async for found in parts.storage.list_objects("")]
    assert len(contents) == 2 * scene.numbers


async def test_moves(scene: Scene) -> None:
    document_id = await scene.new_document()

    async def prepare() -> str:
        told = (await scene.admin.get(f"/documents/{document_id}")).json()
        return next(str(each["id"]) for each in scene.folders if each["id"] != told["folderId"])

    async def act(given: str, key: str) -> httpx.Response:
        path = f"/documents/{document_id}"
        return await scene.admin.patch(path, json={"folderId": given}, headers=under(key))

    async def state(_given: str) -> object:
        return await scene.state_of(document_id)

    errand = Errand(prepare, act, state, ("document.moved",))
    await with_every_fault(scene, errand)


@pytest.mark.parametrize("action", ["move", "delete"])
async def test_bulks(scene: Scene, action: str) -> None:
    ids = [await scene.new_document() for _ in range(3)]

    async def bulk(what: str, key: str, number: int) -> httpx.Response:
        body: Json = {"action": what, "documentIds": ids, "atomic": True}
        if what == "move":
            body["folderId"] = scene.folders[(number + 1) % 2]["id"]
        return await scene.admin.post("/documents/bulk", json=body, headers=under(key))

    async def prepare() -> str:
        scene.numbers += 1
        if action == "delete":
            await bulk("restore", str(uuid4()), 0)
        return str(scene.numbers)

    async def act(given: str, key: str) -> httpx.Response:
        return await bulk(action, key, int(given))

    async def state(_given: str) -> object:
        return [await scene.state_of(one) for one in ids]

    errand = Errand(prepare, act, state, (f"document.{action}d",) * 3)
    await with_every_fault(scene, errand)


@pytest.mark.parametrize("action", ["delete", "restore"])
async def test_into_the_trash_and_back(scene: Scene, action: str) -> None:
    document_id = await scene.new_document()

    async def do(what: str, key: str) -> httpx.Response:
        path = f"/documents/{document_id}"
        if what == "delete":
            return await scene.admin.delete(path, headers=under(key))
        return await scene.admin.post(f"{path}/restore", headers=under(key))

    async def prepare() -> str:
        await do("restore" if action == "delete" else "delete", str(uuid4()))
        return document_id

    async def act(_given: str, key: str) -> httpx.Response:
        return await do(action, key)

    errand = Errand(prepare, act, scene.state_of, (f"document.{action}d",))
    await with_every_fault(scene, errand)


async def test_purges(scene: Scene) -> None:
    parts = scene.world.parts

    async def prepare() -> str:
        document_id = await scene.new_document()
        assert (await scene.admin.delete(f"/documents/{document_id}")).status_code == 200
        scene.clock.advance(AFTER_THE_TRASH)
        return document_id

    async def act(_given: str, _key: str) -> None:
        await purge_trash(parts.database, parts.trash)

    async def state(given: str) -> object:
        trash = (await scene.admin.get("/documents/trash?pageSize=500")).json()
        return given in {item["id"] for item in trash["items"]}

    errand = Errand(prepare, act, state, ("document.purged",))
    await with_every_fault(scene, errand)
    await everything_else_is_swept(scene)


async def test_sweeps(scene: Scene) -> None:
    parts = scene.world.parts

    async def objects() -> set[str]:
        return {found.key async for found in parts.storage.list_objects("")}

    async def prepare() -> str:
        before = await objects()
        document_id = await scene.new_document()
        (key,) = await objects() - before
        assert (await scene.admin.delete(f"/documents/{document_id}")).status_code == 200
        scene.clock.advance(AFTER_THE_TRASH)
        await purge_trash(parts.database, parts.trash)
        scene.clock.advance(AFTER_THE_GRACE)
        return key

    async def act(_given: str, _key: str) -> None:
        await sweep(parts.uploads, parts.sweeper)

    async def state(given: str) -> object:
        return given in await objects()

    # An object whose deletion failed is left to the next sweep, so nothing is raised.
    for number in range(1, MOST_CALLS):
        given = await prepare()
        scene.faults.arm(number)
        await attempt(Errand(prepare, act, state), given, "")
        failed = scene.faults.disarm()
        assert await scene.problems() == [], (number, failed)
        await act(given, "")
        assert await objects() == set(), (number, failed)
        assert await scene.problems() == [], (number, failed)
        if failed is None:
            break
    assert {"delete", "unlink", "fsync", "commit", "statement"} <= scene.faults.kinds


async def everything_else_is_swept(scene: Scene) -> None:
    """What failed attempts left on the disk goes, and nothing else."""
    await sweep_twice(scene)
    assert [found async for found in scene.world.parts.storage.list_objects("")] == []


async def sweep_twice(scene: Scene) -> None:
    parts = scene.world.parts
    scene.clock.advance(AFTER_THE_TRASH)
    for _ in range(2):
        await sweep(parts.uploads, parts.sweeper)
        scene.clock.advance(AFTER_THE_GRACE)
    assert await scene.problems() == []
