"""Take in the bytes of an upload."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
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
        upload = await _find(session, upload_id)
    rules.assert_waiting(upload.state_at(session.now))
    if announced_bytes not in {None, upload.declared_size_bytes}:
        raise UploadWrongSizeError(_said(upload, announced_bytes))
    stored = await _store(storage, upload, chunks, patience)
    await _adopt(database, storage, organisation_key, upload_id, stored)
    return ReceivedBytes(upload_id, stored.size_bytes, stored.sha256)


async def _store(
    storage: ObjectStore, upload: Upload, chunks: AsyncIterator[bytes], patience: timedelta
) -> StoredBytes:
    try:
        async with aclosing(_exactly(upload, chunks, patience)) as whole:
            return await blobs.store_object(
                storage, upload_id=upload.id, chunks=whole, max_bytes=upload.declared_size_bytes
            )
    except StorageFull as error:
        raise UploadNoRoomError(headers={"retry-after": str(_RETRY_AFTER_SECONDS)}) from error


async def _exactly(
    upload: Upload, chunks: AsyncIterator[bytes], patience: timedelta
) -> AsyncGenerator[bytes, None]:
    """Pass on as many bytes as were announced; fail, so that nothing is kept, when others come."""
    received = 0
    while (chunk := await _next(chunks, patience)) is not None:
        received += len(chunk)
        if received > upload.declared_size_bytes:
            raise UploadWrongSizeError(_said(upload, received))
        yield chunk
    if received < upload.declared_size_bytes:
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


async def _find(session: ReadSession, upload_id: UUID) -> Upload:
    upload = await repository.find_upload(session, upload_id)
    if upload is None:
        raise UploadNotFoundError
    return upload


def _said(upload: Upload, other_bytes: int | None) -> str:
    announced = upload.declared_size_bytes
    return f"{announced} bytes were announced, but {other_bytes} or more came; nothing was kept."
