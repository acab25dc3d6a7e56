"""Take in files of this machine: first the bytes of each, then many documents at once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import timedelta

from ringbinder.access.actor import Actor
from ringbinder.adapters.storage import ObjectStore, StoredBytes
from ringbinder.db.sessions import WriteSession
from ringbinder.features.blobs import service as blobs
from ringbinder.features.blobs.types import Blob
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import Aim, Deposit, Deposited, NewContent
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.service import Checkers
from ringbinder.features.uploads import rules
from ringbinder.features.uploads.errors import UploadDigestMismatchError
from ringbinder.features.uploads.service.receiving import exactly, no_room_told
from ringbinder.features.uploads.service.sites import lock_folders
from ringbinder.features.uploads.types import KeptFile, NewUpload
from ringbinder.kit.errors import RingbinderError
from ringbinder.kit.ids import new_guid


async def keep_whole(
    storage: ObjectStore, files: Sequence[tuple[NewUpload, bytes, str]]
) -> list[KeptFile]:
    """Store small files; see :meth:`UploadService.keep_whole`."""
    with no_room_told():
        stored = await blobs.store_whole(storage, [(data, sha256) for _, data, sha256 in files])
    return [_kept_file(wanted, one) for (wanted, _, _), one in zip(files, stored, strict=True)]


async def keep_stream(
    storage: ObjectStore, wanted: NewUpload, chunks: AsyncIterator[bytes], *, patience: timedelta
) -> KeptFile:
    """Store a stream; see :meth:`UploadService.keep_stream`."""
    size_bytes = wanted.size_bytes
    async with aclosing(exactly(size_bytes, chunks, patience)) as whole:
        with no_room_told():
            stored = await blobs.store_object(
                storage, upload_id=new_guid(), chunks=whole, max_bytes=size_bytes
            )
    if wanted.sha256 not in {None, stored.sha256}:
        await storage.delete(stored.key)
        raise UploadDigestMismatchError
    return _kept_file(wanted, stored)


def _kept_file(wanted: NewUpload, stored: StoredBytes) -> KeptFile:
    return KeptFile(wanted, Blob(stored.sha256, stored.size_bytes, stored.key))


async def put_all(
    session: WriteSession, actor: Actor, files: Sequence[KeptFile], checkers: Checkers
) -> list[Deposited]:
    """Make kept files documents or versions; see :meth:`UploadService.put_all`.

    Locks are taken in the order of a commit.
    """
    locked = await lock_folders(session, {file.wanted.folder_id for file in files})
    deposits = {
        number: _deposit(file, folder)
        for number, file in enumerate(files)
        if isinstance(folder := locked[file.wanted.folder_id], Folder)
    }
    made = await documents.put_contents(
        session,
        actor,
        list(deposits.values()),
        new_blobs=[files[number].blob for number in deposits],
        checkers=checkers,
    )
    results = dict(zip(deposits, made, strict=True))
    return [
        results.get(number) or _refused(locked[file.wanted.folder_id])
        for number, file in enumerate(files)
    ]


def _deposit(file: KeptFile, folder: Folder) -> Deposit:
    wanted = file.wanted
    content = NewContent(
        file_name=wanted.file_name,
        size_bytes=file.blob.size_bytes,
        content_type=wanted.content_type or rules.guess_content_type(wanted.file_name),
        sha256=file.blob.sha256,
        version_label=wanted.version_label,
        given=wanted.given,
    )
    aim = Aim(folder, wanted.file_name, wanted.conflict_behavior, wanted.document_id)
    return Deposit(aim, content)


def _refused(error: Folder | RingbinderError) -> Deposited:
    assert isinstance(error, RingbinderError)  # noqa: S101 - where there is a folder, there is a deposit
    return Deposited(None, None, error)
