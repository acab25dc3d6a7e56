"""Take in the bytes of an upload in parts, so that a lost connection costs one part at most.

What has arrived is read from the storage itself: each part is an object whose key says where it
begins, so there is nothing that could tell another story. The last part makes all of them one
object, which costs a second writing of the bytes.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress
from datetime import timedelta
from uuid import UUID

from ringbinder.adapters.storage import ObjectNotFound, ObjectStore, StorageError
from ringbinder.db.sessions import Database
from ringbinder.features.uploads import rules
from ringbinder.features.uploads.errors import UploadIncompleteError, UploadWrongSizeError
from ringbinder.features.uploads.service import receiving
from ringbinder.features.uploads.types import (
    ArrivedBytes,
    ReceivedBytes,
    SentPart,
    StoredPart,
    Upload,
)
from ringbinder.kit.ids import new_guid


async def receive_part(
    database: Database,
    storage: ObjectStore,
    *,
    organisation_key: int,
    upload_id: UUID,
    chunks: AsyncIterator[bytes],
    part: SentPart,
    announced_bytes: int | None,
    patience: timedelta,
) -> ReceivedBytes | ArrivedBytes:
    """Take in a part; see :meth:`UploadService.receive_part`."""
    upload = await _waiting(database, organisation_key, upload_id)
    if part.total != upload.declared_size_bytes:
        raise UploadWrongSizeError(receiving.said(upload.declared_size_bytes, part.total))
    if announced_bytes not in {None, part.length}:
        raise UploadWrongSizeError(receiving.said(part.length, announced_bytes))
    rules.assert_next(part, await arrived_bytes(storage, upload))
    if (received := _received(upload)) is not None:
        return received
    await _store(storage, upload, chunks, part, patience)
    parts = await _leading_parts(storage, upload_id)
    arrived = sum(part.size_bytes for part in parts)
    if arrived < upload.declared_size_bytes:
        return ArrivedBytes(upload_id, arrived)
    return await _join(database, storage, organisation_key, upload, parts)


async def arrived_bytes(storage: ObjectStore, upload: Upload) -> int:
    """Tell how many bytes from the first one on need not be sent again."""
    if upload.received_size_bytes is not None:
        return upload.received_size_bytes
    return sum(part.size_bytes for part in await _leading_parts(storage, upload.id))


async def _waiting(database: Database, organisation_key: int, upload_id: UUID) -> Upload:
    async with database.read(organisation_key) as session:
        upload = await receiving.find(session, upload_id)
    rules.assert_waiting(upload.state_at(session.now))
    return upload


def _received(upload: Upload) -> ReceivedBytes | None:
    if upload.received_size_bytes is None or upload.received_sha256 is None:
        return None
    return ReceivedBytes(upload.id, upload.received_size_bytes, upload.received_sha256)


async def _leading_parts(storage: ObjectStore, upload_id: UUID) -> list[StoredPart]:
    return rules.leading_parts(await _stored_parts(storage, upload_id))


async def _stored_parts(storage: ObjectStore, upload_id: UUID) -> list[StoredPart]:
    return [
        StoredPart(found.key, rules.first_of(found.key, upload_id), found.size_bytes)
        async for found in storage.list_objects(rules.part_prefix(upload_id))
    ]


async def _store(
    storage: ObjectStore,
    upload: Upload,
    chunks: AsyncIterator[bytes],
    part: SentPart,
    patience: timedelta,
) -> None:
    async with aclosing(receiving.exactly(part.length, chunks, patience)) as whole:
        if part.first is None:
            async for _ in whole:
                pass
            return
        key = rules.part_key(upload.id, part.first, new_guid())
        with receiving.no_room_told():
            await storage.receive(key, whole, max_bytes=part.length)


async def _join(
    database: Database,
    storage: ObjectStore,
    organisation_key: int,
    upload: Upload,
    parts: Sequence[StoredPart],
) -> ReceivedBytes:
    try:
        async with aclosing(_bytes_of(storage, parts)) as whole:
            received = await receiving.keep(database, storage, organisation_key, upload, whole)
    except ObjectNotFound as error:
        # Another request has made them one, and has taken the parts away.
        if (known := _received(await _waiting(database, organisation_key, upload.id))) is None:
            raise UploadIncompleteError from error
        return known
    for part in await _stored_parts(storage, upload.id):
        with suppress(StorageError):  # the sweep takes away what stays
            await storage.delete(part.key)
    return received


async def _bytes_of(
    storage: ObjectStore, parts: Sequence[StoredPart]
) -> AsyncGenerator[bytes, None]:
    for part in parts:
        async with aclosing(storage.read(part.key)) as pieces:
            async for piece in pieces:
                yield piece
