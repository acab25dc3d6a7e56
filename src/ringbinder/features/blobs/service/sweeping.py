"""Take away what nothing refers to any more."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from ringbinder.adapters.storage import ObjectStore, StorageError
from ringbinder.db.sessions import Database
from ringbinder.features.blobs import repository, rules
from ringbinder.features.blobs.types import DERIVED, OBJECTS, STAGED, Swept
from ringbinder.kit.clock import Clock

BATCH: Final = 200
"""How much one transaction takes away, so that other writers do not wait long for it."""

YOUNGEST_ORPHAN: Final = timedelta(hours=1)
"""An object this young may be one whose upload is just about to refer to it."""

BETWEEN_LISTINGS: Final = timedelta(hours=24)
"""How often all stored objects are looked at, which takes long where there are many."""

_logger = logging.getLogger("ringbinder.sweep")


class Sweeper:
    """Sweeps all organisations; repeatable at any point, also by several processes at once."""

    def __init__(
        self,
        database: Database,
        storage: ObjectStore,
        clock: Clock,
        *,
        grace: timedelta,
        longest_upload: timedelta,
        sweep_incoming: Callable[[datetime], Awaitable[int]] | None = None,
    ) -> None:
        """Keep unreferenced bytes for a grace, and what comes in for as long as it may take.

        ``sweep_incoming`` is the storage's own sweep of what a crash cut off, where it has one.
        """
        self._database = database
        self._storage = storage
        self._clock = clock
        self._grace = grace
        self._orphan_age = max(grace, longest_upload, YOUNGEST_ORPHAN)
        self._sweep_incoming = sweep_incoming
        self._listed_at: datetime | None = None

    async def sweep(self) -> Swept:
        """Do all that follows once; orphans are looked for once a day."""
        return Swept(
            blobs=await self.drop_unreferenced(),
            objects=await self.delete_given_up(),
            orphans=await self.delete_orphans() if self._listing_is_due() else 0,
            incoming_files=await self.delete_incoming(),
        )

    def _listing_is_due(self) -> bool:
        now = self._clock.now()
        if self._listed_at is not None and now < self._listed_at + BETWEEN_LISTINGS:
            return False
        self._listed_at = now
        return True

    async def drop_unreferenced(self) -> int:
        """Forget contents that have been unreferenced for the grace, and give up their objects."""
        before, after = self._clock.now() - self._grace, repository.FIRST
        dropped = 0
        while True:
            async with self._database.read(None) as session:
                found = await repository.list_unreferenced(session, after=after, limit=BATCH)
            if not found:
                return dropped
            after = found[-1][0]
            old = [content for content, touched_at in found if touched_at < before]
            dropped += await self._drop(old, before) if old else 0

    async def _drop(self, contents: Sequence[repository.Content], before: datetime) -> int:
        async with self._database.write(None) as session:
            locked = await repository.lock_contents(session, contents)
            keys = await repository.delete_unreferenced(session, locked, before=before)
            await repository.add_deletions(session, keys)
        return len(keys)

    async def delete_given_up(self) -> int:
        """Delete the objects that were given up; what cannot be deleted now waits for next time."""
        deleted, after = 0, 0
        while True:
            async with self._database.read(None) as session:
                waiting = await repository.list_deletions(session, after=after, limit=BATCH)
            if not waiting:
                return deleted
            after = waiting[-1][0]
            gone = [number for number, key in waiting if await self._is_deleted(key)]
            async with self._database.write(None) as session:
                await repository.forget_deletions(session, gone)
            deleted += len(gone)

    async def delete_orphans(self) -> int:
        """Delete old objects without a row: what a crash left between storage and database.

        Only those that were put since this database began: whoever starts with another database by
        mistake finds the files as they were.
        """
        async with self._database.read(None) as session:
            began = await repository.began_at(session)
        if began is None:
            return 0
        before = self._clock.now() - self._orphan_age
        deleted = 0
        async for some in self._old_objects(OBJECTS, began, before):
            deleted += await self._delete(await self._without_blob(some))
        async for some in self._old_objects(DERIVED, began, before):
            deleted += await self._delete(await self._without_origin(some))
        async for some in self._old_objects(STAGED, began, before):
            deleted += await self._delete(await self._without_upload(some))
        return deleted

    async def _old_objects(
        self, prefix: str, began: datetime, before: datetime
    ) -> AsyncIterator[list[str]]:
        batch: list[str] = []
        async for found in self._storage.list_objects(prefix):
            is_derived = prefix == DERIVED
            put_at = rules.put_at(rules.origin_of(found.key) if is_derived else found.key)
            if put_at is not None and put_at >= began and found.modified_at < before:
                batch.append(found.key)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    async def _without_blob(self, keys: Sequence[str]) -> Sequence[str]:
        async with self._database.read(None) as session:
            known = await repository.known_storage_keys(session, keys)
        return [key for key in keys if key not in known]

    async def _without_origin(self, keys: Sequence[str]) -> Sequence[str]:
        origins = {key: rules.origin_of(key) for key in keys}
        gone = set(await self._without_blob(sorted(set(origins.values()))))
        return [key for key in keys if origins[key] in gone]

    async def _without_upload(self, keys: Sequence[str]) -> Sequence[str]:
        uploads = {key: rules.upload_of(key) for key in keys}
        named = [upload_id for upload_id in uploads.values() if upload_id is not None]
        async with self._database.read(None) as session:
            waiting = await repository.waiting_uploads(session, named)
        return [key for key in keys if uploads[key] not in waiting]

    async def delete_incoming(self) -> int:
        """Delete what the storage itself was receiving when a crash came."""
        if self._sweep_incoming is None:
            return 0
        return await self._sweep_incoming(self._clock.now() - self._orphan_age)

    async def _delete(self, keys: Sequence[str]) -> int:
        return sum([await self._is_deleted(key) for key in keys])

    async def _delete_derived(self, key: str) -> None:
        """Delete what was made of an object; what is made just now is an orphan of a later day."""
        if key.startswith(OBJECTS):
            prefix = rules.derived_prefix(key)
            for derived in [found.key async for found in self._storage.list_objects(prefix)]:
                await self._storage.delete(derived)

    async def _is_deleted(self, key: str) -> bool:
        try:
            await self._delete_derived(key)
            await self._storage.delete(key)
        except StorageError:
            _logger.warning("an object could not be deleted", extra={"key": key}, exc_info=True)
            return False
        return True
