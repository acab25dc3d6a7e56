"""Take bytes in, and refer to them."""

from collections.abc import AsyncIterable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ringbinder.adapters.storage import ObjectStore, StoredBytes
from ringbinder.db.engine import Told
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.blobs import repository, rules
from ringbinder.features.blobs.errors import BlobMissingError
from ringbinder.features.blobs.types import Blob
from ringbinder.kit.ids import new_guid


async def store_object(
    storage: ObjectStore, *, upload_id: UUID, chunks: AsyncIterable[bytes], max_bytes: int
) -> StoredBytes:
    """Store a stream under a name that is never used again; durable when this returns.

    Nothing refers to the object yet: whoever asked for it adopts it, or deletes it. What a crash
    leaves in between is swept.

    Raises:
        TooManyBytes, StorageFull: nothing is kept.

    """
    put_id = new_guid()
    staged = await storage.receive(rules.staged_key(upload_id, put_id), chunks, max_bytes=max_bytes)
    key = rules.object_key(staged.sha256, put_id)
    await storage.move(staged.key, key)
    return StoredBytes(key, staged.size_bytes, staged.sha256)


async def store_whole(
    storage: ObjectStore, contents: Iterable[tuple[bytes, str]]
) -> list[StoredBytes]:
    """Store small contents, each with its digest, as :func:`store_object` does streams.

    Raises:
        StorageFull: what has been kept is swept.

    """
    first: str | None = None
    named = []
    for data, sha256 in contents:
        first = first or sha256
        named.append((rules.object_key(sha256, new_guid(), beside=first), data, sha256))
    await storage.put_all({key: data for key, data, _ in named})
    return [StoredBytes(key, len(data), sha256) for key, data, sha256 in named]


def derived_key(storage_key: str, name: str) -> str:
    """Name something that is made of an object, kept beside it and swept with it.

    Who made it may find it swept, or make it anew: only what can be made again belongs there.
    """
    return rules.derived_key(storage_key, name)


async def adopt_blob(
    session: WriteSession, *, sha256: str, size_bytes: int, storage_key: str
) -> Blob:
    """Make a stored object the bytes of its content; the sweep leaves them for the grace.

    Where the organisation has this content already, that object stays the one, and this one is
    given up in the same transaction.
    """
    adoption = await begin_to_adopt(session, [Blob(sha256, size_bytes, storage_key)])
    (blob,) = await adoption.finish()
    return blob


@dataclass(frozen=True, slots=True)
class Adoption:
    """Many objects on their way to become the bytes of their contents.

    Whatever this transaction does next comes after it, and can refer to the bytes of each content.
    """

    session: WriteSession
    stored: Sequence[Blob]
    told: Told

    async def finish(self) -> Sequence[Blob]:
        """Give up what the organisation had already; gives the bytes of each content once."""
        kept = [repository.as_blob(row) for row in await self.told]
        taken = {blob.storage_key for blob in kept}
        given_up = [blob.storage_key for blob in self.stored if blob.storage_key not in taken]
        await repository.add_deletions(self.session, given_up)
        return kept


async def begin_to_adopt(session: WriteSession, stored: Sequence[Blob]) -> Adoption:
    """Do for many objects what :func:`adopt_blob` does, and leave the end to the caller.

    Of several objects with one content, the first is taken.
    """
    first = {blob.sha256: blob for blob in reversed(stored)}
    wanted = [first[sha256] for sha256 in sorted(first)]
    return Adoption(session, stored, await repository.add_or_touch_blobs(session, wanted))


async def reference_blobs(session: WriteSession, *, sha256s: Sequence[str]) -> set[str]:
    """Hold bytes as :func:`reference_blob` does, in this order; gives those that are there."""
    if len(sha256s) > 1:
        await repository.lock_blobs(session, sha256s)
    return await repository.touch_blobs(session, sha256s)


async def reference_blob(session: WriteSession, *, sha256: str) -> Blob:
    """Hold bytes until this transaction ends, which is about to refer to them.

    Every new reference goes through here in its own transaction, so that the sweep either comes
    first, and this raises, or sees the reference.

    Raises:
        BlobMissingError: the organisation has no such bytes.

    """
    blob = await repository.touch_blob(session, sha256)
    if blob is None:
        raise BlobMissingError
    return blob


async def lock_blobs(session: WriteSession, *, sha256s: Sequence[str]) -> None:
    """Take several bytes in the order that keeps two who need the same from a deadlock."""
    await repository.lock_blobs(session, sha256s)


async def release_blobs(session: WriteSession, *, sha256s: Sequence[str]) -> None:
    """Let the grace of bytes begin, to which this transaction gives references up."""
    await repository.lock_blobs(session, sha256s)
    await repository.touch_blobs(session, sha256s)


async def find_blob(session: ReadSession, *, sha256: str) -> Blob | None:
    """Give the bytes of a content, or None."""
    return await repository.find_blob(session, sha256)
