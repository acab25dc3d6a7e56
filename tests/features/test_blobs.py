"""Bytes by content: one object for each, kept while something refers to it, and swept after."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from ringbinder.adapters.storage import StorageUnavailable
from ringbinder.adapters.storage.local import LocalObjectStore
from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import storage_deletions
from ringbinder.features.blobs import repository, service
from ringbinder.features.blobs.errors import BlobMissingError
from ringbinder.features.blobs.service import Sweeper
from ringbinder.features.blobs.types import Blob, Swept
from ringbinder.features.uploads import repository as upload_rows
from ringbinder.features.uploads.jobs import sweep
from ringbinder.features.uploads.types import NewUpload, Upload
from ringbinder.kit.clock import FixedClock
from ringbinder.kit.ids import new_guid
from tests.factories.content import Json, sha256
from tests.factories.places import new_place
from tests.support.streams import content as content_of
from tests.support.streams import stream
from tests.support.world import Tenant, World, running_world

pytestmark = pytest.mark.db

CONTENT = b"the same drawing, over and over"
DIGEST = sha256(CONTENT)
NO_GRACE = timedelta(0)


class Site:
    """One application with a clock that we move, one tenant, and one folder."""

    def __init__(self, world: World, tenant: Tenant, place: Json, clock: FixedClock) -> None:
        self.parts = world.parts
        self.uploads = world.parts.uploads
        self.storage = world.parts.storage
        self.database = world.parts.database
        self.actor = tenant.operator
        self.key = tenant.organisation.key
        self.place = place
        self.clock = clock

    def sweeper(self, grace: timedelta = NO_GRACE, **parts: Any) -> Sweeper:
        return Sweeper(
            self.database,
            self.storage,
            self.clock,
            grace=grace,
            longest_upload=timedelta(hours=24),
            **parts,
        )

    async def new_upload(self, name: str = "Plan.pdf", content: bytes = CONTENT) -> Upload:
        wanted = NewUpload(
            binder_id=self.place["binderId"],
            folder_id=UUID(self.place["id"]),
            file_name=name,
            size_bytes=len(content),
        )
        async with self.database.write(self.key) as session:
            return await self.uploads.create_upload(session, self.actor, wanted)

    async def received(self, name: str = "Plan.pdf", content: bytes = CONTENT) -> Upload:
        upload = await self.new_upload(name, content)
        await self.uploads.receive(upload.id, self.key, stream(content))
        return upload

    async def abort(self, upload: Upload) -> None:
        async with self.database.write(self.key) as session:
            await self.uploads.abort_upload(session, self.actor, upload_id=upload.id)

    async def commit(self, upload: Upload) -> None:
        async with self.database.write(self.key) as session:
            await self.uploads.commit_upload(session, self.actor, upload_id=upload.id)

    async def unreferenced(self) -> Blob:
        """Leave bytes behind that nothing refers to, old enough for a sweep without grace."""
        await self.abort(await self.received())
        self.clock.advance(seconds=1)
        return await self.blob()

    async def blob(self, digest: str = DIGEST) -> Blob:
        found = await self.find_blob(digest)
        assert found is not None
        return found

    async def find_blob(self, digest: str = DIGEST) -> Blob | None:
        async with self.database.read(self.key) as session:
            return await service.find_blob(session, sha256=digest)

    async def objects(self) -> list[str]:
        return [found.key async for found in self.storage.list_objects("")]

    async def given_up(self) -> list[str]:
        async with self.database.read(None) as session:
            rows = await session.all(select(storage_deletions.c.storage_key))
        return [row.storage_key for row in rows]

    async def put_object(self, content: bytes = CONTENT) -> str:
        stored = await service.store_object(
            self.storage, upload_id=new_guid(), chunks=stream(content), max_bytes=len(content)
        )
        return stored.key


@asynccontextmanager
async def running_site(database_url: str, data: Path, **parts: Any) -> AsyncIterator[Site]:
    clock = FixedClock(datetime.now(UTC))
    async with running_world(database_url, data, clock=clock, **parts) as world:
        tenant = await world.new_tenant()
        yield Site(world, tenant, await new_place(world, tenant), clock)


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with running_site(database_url, tmp_path) as site:
        yield site


# ── Keep ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_content_is_kept_once(site: Site) -> None:
    await site.received("a.pdf")
    first = await site.blob()
    await site.received("b.pdf")
    assert await site.blob() == first
    assert len(await site.given_up()) == 1
    assert await site.sweeper().sweep() == Swept(objects=1)
    assert await site.objects() == [first.storage_key]
    assert await site.given_up() == []


async def test_organisations_do_not_share_bytes(database_url: str, tmp_path: Path) -> None:
    async with running_world(database_url, tmp_path) as world:
        clock = FixedClock(datetime.now(UTC))
        sites = []
        for _ in range(2):
            tenant = await world.new_tenant()
            sites.append(Site(world, tenant, await new_place(world, tenant), clock))
        await sites[0].received()
        assert await sites[1].find_blob() is None
        await sites[1].received()
        one, other = await sites[0].blob(), await sites[1].blob()
        assert one.storage_key != other.storage_key
        assert await sites[0].given_up() == []


async def test_what_is_not_kept_cannot_be_referred_to(site: Site) -> None:
    with pytest.raises(BlobMissingError):
        async with site.database.write(site.key) as session:
            await service.reference_blob(session, sha256=DIGEST)


async def test_no_object_is_named_as_an_earlier_one(site: Site) -> None:
    keys = [await site.put_object() for _ in range(3)]
    assert len(set(keys)) == 3
    assert all(key.startswith(f"objects/{DIGEST[:2]}/{DIGEST}-") for key in keys)


# ── Sweep ───────────────────────────────────────────────────────────────────────────────────────


async def test_what_a_version_or_an_upload_refers_to_is_never_swept(site: Site) -> None:
    await site.commit(await site.received("a.pdf"))
    other = b"waits for its commit"
    waiting = await site.received("b.pdf", other)
    site.clock.advance(timedelta(hours=23))
    assert await site.sweeper().sweep() == Swept()
    await site.commit(waiting)
    site.clock.advance(timedelta(days=900))
    await sweep(site.uploads, site.sweeper())
    for kept in (CONTENT, other):
        blob = await site.blob(sha256(kept))
        assert await content_of(site.storage, blob.storage_key) == kept


async def test_unreferenced_bytes_stay_for_the_grace(site: Site) -> None:
    await site.abort(await site.received())
    sweeper = site.sweeper(timedelta(hours=24))
    site.clock.advance(timedelta(hours=23))
    assert await sweeper.sweep() == Swept()
    site.clock.advance(timedelta(hours=2))
    assert await sweeper.sweep() == Swept(blobs=1, objects=1)
    assert await site.objects() == []
    assert await site.find_blob() is None


async def test_an_expired_upload_lets_go_of_its_bytes(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    upload = await site.received()
    site.clock.advance(timedelta(hours=25))
    with caplog.at_level(logging.INFO, "ringbinder.sweep"):
        await sweep(site.uploads, site.sweeper())
        await sweep(site.uploads, site.sweeper())
    assert [record.msg for record in caplog.records] == ["swept"]
    assert await site.objects() == []
    async with site.database.read(site.key) as session:
        assert (await site.uploads.get_upload(session, upload_id=upload.id)).state == "expired"


async def test_bytes_replaced_by_later_ones_are_swept(site: Site) -> None:
    upload = await site.received()
    other = bytes(reversed(CONTENT))
    await site.uploads.receive(upload.id, site.key, stream(other))
    site.clock.advance(seconds=1)
    assert await site.sweeper().sweep() == Swept(blobs=1, objects=1)
    await site.commit(upload)
    assert await site.objects() == [(await site.blob(sha256(other))).storage_key]


async def test_many_are_swept_in_small_steps(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringbinder.features.blobs.service.sweeping.BATCH", 2)
    for number in range(5):
        await site.abort(await site.received(content=b"content %d" % number))
    site.clock.advance(seconds=1)
    assert await site.sweeper().sweep() == Swept(blobs=5, objects=5)
    assert await site.objects() == []


class Stubborn(LocalObjectStore):
    """A store that does not delete when told not to."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.fails = False

    async def delete(self, key: str) -> None:
        if self.fails:
            raise StorageUnavailable("not now")
        await super().delete(key)


async def test_a_deletion_that_fails_is_tried_again(database_url: str, tmp_path: Path) -> None:
    storage = Stubborn(tmp_path / "files")
    async with running_site(database_url, tmp_path, storage=storage) as site:
        blob = await site.unreferenced()
        storage.fails = True
        assert await site.sweeper().sweep() == Swept(blobs=1)
        assert await site.given_up() == [blob.storage_key]
        storage.fails = False
        # As after a crash between the object and its entry: nothing is there to delete.
        await storage.delete(blob.storage_key)
        assert await site.sweeper().sweep() == Swept(objects=1)
        assert await site.given_up() == []


async def test_leftovers_of_a_crash_are_swept_when_they_are_old(site: Site) -> None:
    upload = await site.new_upload()
    key = await site.put_object()
    ended = f"staged/{new_guid().hex}-{new_guid().hex}"
    waits = f"staged/{upload.id.hex}-{new_guid().hex}"
    foreign = ["objects/somebody-put-this", "staged/this-too"]
    for other in (ended, waits, *foreign):
        await site.storage.receive(other, stream(b"x"), max_bytes=1)
    kept = await site.received("kept.pdf", b"kept")
    assert await site.sweeper().sweep() == Swept()
    assert key in await site.objects()
    await site.commit(kept)
    blob = await site.blob(sha256(b"kept"))
    # The clock of the database has not moved: the upload still waits.
    later = FixedClock(site.clock.now() + timedelta(hours=25))
    sweeper = Sweeper(
        site.database, site.storage, later, grace=NO_GRACE, longest_upload=timedelta(hours=24)
    )
    assert await sweeper.sweep() == Swept(orphans=2)
    assert await site.objects() == sorted([blob.storage_key, waits, *foreign])


async def test_files_of_an_earlier_database_are_left_alone(
    database_url: str, tmp_path: Path
) -> None:
    storage = LocalObjectStore(tmp_path / "files")
    async with running_world(database_url, tmp_path, storage=storage) as world:
        key = (
            await service.store_object(
                storage, upload_id=new_guid(), chunks=stream(CONTENT), max_bytes=len(CONTENT)
            )
        ).key
        later = FixedClock(datetime.now(UTC) + timedelta(days=30))
        for _ in range(2):  # without any organisation, and with one that came after the files
            sweeper = Sweeper(
                world.parts.database,
                storage,
                later,
                grace=NO_GRACE,
                longest_upload=timedelta(hours=24),
            )
            assert await sweeper.sweep() == Swept()
            assert await storage.stat(key) is not None
            await world.new_tenant()


async def test_what_the_storage_was_receiving_is_its_own_to_sweep(site: Site) -> None:
    asked: list[datetime] = []

    async def sweep_incoming(older_than: datetime) -> int:
        asked.append(older_than)
        return 4

    sweeper = site.sweeper(sweep_incoming=sweep_incoming)
    assert await sweeper.sweep() == Swept(incoming_files=4)
    assert asked == [site.clock.now() - timedelta(hours=24)]


# ── At the same moment ──────────────────────────────────────────────────────────────────────────


async def adopt(session: WriteSession, upload: Upload, key: str) -> Blob:
    """Do what the end of a PUT does in its transaction."""
    blob = await service.adopt_blob(
        session, sha256=DIGEST, size_bytes=len(CONTENT), storage_key=key
    )
    await upload_rows.change_upload(
        session,
        upload.id,
        state="received",
        received_size_bytes=len(CONTENT),
        received_sha256=DIGEST,
    )
    return blob


async def test_a_reference_that_is_not_yet_committed_holds_the_bytes(site: Site) -> None:
    blob = await site.unreferenced()
    upload, key = await site.new_upload(), await site.put_object()
    async with site.database.write(site.key) as session:
        assert await adopt(session, upload, key) == blob
        sweeping = asyncio.create_task(site.sweeper().drop_unreferenced())
        # PostgreSQL passes by what is locked; on SQLite the sweep waits for its turn to write.
        if session.dialect_name == "postgresql":
            assert await sweeping == 0
        else:
            await asyncio.sleep(0.1)
            assert not sweeping.done()
    assert await sweeping == 0
    assert await site.sweeper().sweep() == Swept(objects=1)
    await site.commit(upload)
    assert await site.objects() == [blob.storage_key]


async def test_whoever_comes_after_the_sweep_brings_bytes_of_his_own(site: Site) -> None:
    old = await site.unreferenced()
    upload, key = await site.new_upload(), await site.put_object()

    async def late_put() -> Blob:
        async with site.database.write(site.key) as session:
            return await adopt(session, upload, key)

    before = site.clock.now()
    async with site.database.write(None) as system:
        contents = await repository.lock_contents(system, [(site.key, DIGEST)])
        assert contents == [(site.key, DIGEST)]
        putting = asyncio.create_task(late_put())
        await asyncio.sleep(0.1)
        assert not putting.done()
        keys = await repository.delete_unreferenced(system, contents, before=before)
        await repository.add_deletions(system, keys)
    assert (await putting).storage_key == key
    assert await site.sweeper().sweep() == Swept(objects=1)
    await site.commit(upload)
    assert await site.objects() == [key]
    assert old.storage_key != key


async def test_a_commit_that_comes_after_the_sweep_is_told(site: Site) -> None:
    await site.unreferenced()

    async def late_reference() -> None:
        async with site.database.write(site.key) as session:
            await service.reference_blob(session, sha256=DIGEST)

    before = site.clock.now()
    async with site.database.write(None) as system:
        contents = await repository.lock_contents(system, [(site.key, DIGEST)])
        referring = asyncio.create_task(late_reference())
        await asyncio.sleep(0.1)
        await repository.delete_unreferenced(system, contents, before=before)
    with pytest.raises(BlobMissingError):
        await referring


async def test_what_was_referred_to_between_look_and_lock_is_left(site: Site) -> None:
    """The second question is asked under the lock, in a statement that sees what was committed."""
    await site.unreferenced()
    upload = await site.new_upload()
    key = await site.put_object()
    async with site.database.write(site.key) as session:
        await adopt(session, upload, key)
    far_future = site.clock.now() + timedelta(days=1)
    async with site.database.write(None) as system:
        contents = [(site.key, DIGEST)]
        assert await repository.delete_unreferenced(system, contents, before=far_future) == []


async def test_an_upload_cannot_expire_under_a_commit(site: Site) -> None:
    upload = await site.received()
    site.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    async with site.database.write(site.key) as session:
        await site.uploads.commit_upload(session, site.actor, upload_id=upload.id)
        site.clock.advance(seconds=5)
        expiring = asyncio.create_task(site.uploads.expire_uploads())
        await asyncio.sleep(0.1)
        assert not expiring.done()
    assert await expiring == 0
    assert await site.sweeper().drop_unreferenced() == 0


@pytest.mark.slow
async def test_sweeping_without_grace_among_uploads_of_one_content_loses_nothing(
    site: Site,
) -> None:
    swept = 0

    async def come_and_go(worker: int) -> None:
        for number in range(15):
            upload = await site.received(f"{worker}-{number}.pdf")
            blob = await site.blob()
            assert await content_of(site.storage, blob.storage_key) == CONTENT
            await site.abort(upload)
            await asyncio.sleep(number % 4 / 100)

    async def keep_sweeping() -> None:
        nonlocal swept
        while True:
            site.clock.advance(seconds=1)
            swept += (await site.sweeper().sweep()).blobs

    sweeping = asyncio.create_task(keep_sweeping())
    await asyncio.gather(*(come_and_go(worker) for worker in range(2)))
    assert sweeping.cancel()
    await asyncio.wait([sweeping])
    assert swept
    await site.commit(await site.received("last.pdf"))
    await site.sweeper().sweep()
    assert await site.objects() == [(await site.blob()).storage_key]


# ── What is made of bytes ───────────────────────────────────────────────────────────────────────


async def made_of(site: Site, storage_key: str) -> str:
    key = service.derived_key(storage_key, "thumbnail-1.webp")
    await site.storage.receive(key, stream(b"picture"), max_bytes=7)
    return key


async def test_a_picture_goes_with_its_bytes(site: Site) -> None:
    blob = await site.unreferenced()
    await made_of(site, blob.storage_key)
    await site.received("kept.pdf", b"others")
    kept = await site.blob(sha256(b"others"))
    picture = await made_of(site, kept.storage_key)
    assert (await site.sweeper().sweep()).objects == 1
    assert sorted(await site.objects()) == sorted([kept.storage_key, picture])


async def test_a_picture_made_while_its_bytes_went_is_an_orphan(site: Site) -> None:
    blob = await site.unreferenced()
    await site.sweeper().sweep()
    await made_of(site, blob.storage_key)
    await site.received("kept.pdf", b"others")
    kept = await site.blob(sha256(b"others"))
    picture = await made_of(site, kept.storage_key)
    assert (await site.sweeper().sweep()).orphans == 0
    site.clock.advance(seconds=2 * 86400)
    assert (await site.sweeper().sweep()).orphans == 1
    assert picture in await site.objects()
