"""Take in the bytes of an upload."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

from ringbinder.adapters.storage import ObjectStore, StorageFull, StoredBytes
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.features.blobs import service as blobs
from ringbinder.features.uploads import repository, rules
from ringbinder.features.uploads.errors import (
    UploadIncompleteError,
    UploadNoRoomError,
    UploadNotFoundError,
    UploadWrongSizeError,
)
from ringbinder.features.uploads.types import ReceivedBytes, Upload, UploadState
from ringbinder.kit.errors import RingbinderError

_RETRY_AFTER_SECONDS: Final = 300


async def receive(
    database: Database,
    storage: ObjectStore,
    *,
    organisation_key: int,
    upload_id: UUID,
    chunks: AsyncIterator[bytes],
    announced_bytes: int | None,
    patience: timedelta,
) -> ReceivedBytes:
    """Take in bytes; see :meth:`UploadService.receive`."""
    async with database.read(organisation_key) as session:
        upload = await find(session, upload_id)
    rules.assert_waiting(upload.state_at(session.now))
    if announced_bytes not in {None, upload.declared_size_bytes}:
        raise UploadWrongSizeError(said(upload.declared_size_bytes, announced_bytes))
    async with aclosing(exactly(upload.declared_size_bytes, chunks, patience)) as whole:
        return await keep(database, storage, organisation_key, upload, whole)


async def keep(
    database: Database,
    storage: ObjectStore,
    organisation_key: int,
    upload: Upload,
    whole: AsyncGenerator[bytes, None],
) -> ReceivedBytes:
    """Make a stream the bytes of an upload."""
    with no_room_told():
        stored = await blobs.store_object(
            storage, upload_id=upload.id, chunks=whole, max_bytes=upload.declared_size_bytes
        )
    await _adopt(database, storage, organisation_key, upload.id, stored)
    return ReceivedBytes(upload.id, stored.size_bytes, stored.sha256)


@contextmanager
def no_room_told() -> Iterator[None]:
    """Say by a named error that the disk is full."""
    try:
        yield
    except StorageFull as error:
        raise UploadNoRoomError(headers={"retry-after": str(_RETRY_AFTER_SECONDS)}) from error


async def exactly(
    expected: int, chunks: AsyncIterator[bytes], patience: timedelta
) -> AsyncGenerator[bytes, None]:
    """Pass on as many bytes as were announced; fail, so that nothing is kept, when others come."""
    received = 0
    while (chunk := await _next(chunks, patience)) is not None:
        received += len(chunk)
        if received > expected:
            raise UploadWrongSizeError(said(expected, received))
        yield chunk
    if received < expected:
        raise UploadIncompleteError


async def _next(chunks: AsyncIterator[bytes], patience: timedelta) -> bytes | None:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await anext(chunks, None)
    except TimeoutError as error:
        raise UploadIncompleteError from error


async def _adopt(
    database: Database,
    storage: ObjectStore,
    organisation_key: int,
    upload_id: UUID,
    stored: StoredBytes,
) -> None:
    try:
        async with database.write(organisation_key) as session:
            upload = await repository.lock_upload(session, upload_id)
            if upload is None:
                raise UploadNotFoundError
            rules.assert_waiting(upload.state_at(session.now))
            await blobs.adopt_blob(
                session,
                sha256=stored.sha256,
                size_bytes=stored.size_bytes,
                storage_key=stored.key,
            )
            await repository.change_upload(
                session,
                upload_id,
                state=str(UploadState.RECEIVED),
                received_size_bytes=stored.size_bytes,
                received_sha256=stored.sha256,
            )
    except RingbinderError:
        # Refused, so nothing refers to the object. After any other failure the commit may have
        # come through all the same; then only the sweep, which asks, may take the object away.
        await storage.delete(stored.key)
        raise


async def find(session: ReadSession, upload_id: UUID) -> Upload:
    """Give an upload.

    Raises:
        UploadNotFoundError: there is none with this id.

    """
    upload = await repository.find_upload(session, upload_id)
    if upload is None:
        raise UploadNotFoundError
    return upload


def said(announced: int, other_bytes: int | None) -> str:
    """Say that other bytes came than were announced."""
    return f"{announced} bytes were announced, but {other_bytes} or more came; nothing was kept."
