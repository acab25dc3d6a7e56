"""Make uploads documents or versions: one transaction, no file is touched."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders.errors import BinderNotFoundError
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.errors import DocumentNotFoundError
from ringbinder.features.documents.types import Aim, Deposit, Deposited, Document, Version
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.uploads import repository, rules
from ringbinder.features.uploads.errors import (
    UploadDocumentGoneError,
    UploadFolderGoneError,
    UploadMetadataInvalidError,
    UploadNotFoundError,
)
from ringbinder.features.uploads.service.sites import lock_folders
from ringbinder.features.uploads.types import CommitAnswer, CommitResult, Upload
from ringbinder.kit.errors import FieldErrors, RingbinderError

AnswerWriter = Callable[[Document, Version], bytes]
"""Writes the answer of a commit as clients get it."""


async def commit_upload(
    session: WriteSession, actor: Actor, *, upload_id: UUID, write_answer: AnswerWriter
) -> CommitAnswer:
    """Commit an upload; see :meth:`UploadService.commit_upload`."""
    (result,) = await commit_uploads(
        session, actor, upload_ids=[upload_id], write_answer=write_answer
    )
    if result.answer is None:
        raise result.error or UploadNotFoundError
    return result.answer


async def commit_uploads(
    session: WriteSession, actor: Actor, *, upload_ids: Sequence[UUID], write_answer: AnswerWriter
) -> list[CommitResult]:
    """Commit distinct uploads in one transaction, as if one after the other.

    Locks are taken in one order: uploads, binders, folders, documents, bytes, sequences; and each
    kind in the order of its keys, because two batches that name the same in another order would
    otherwise wait for each other. A commit is refused before it has written anything, so that a
    refusal leaves the others as they are.
    """
    locked = {upload.id: upload for upload in await repository.lock_uploads(session, upload_ids)}
    results: dict[UUID, CommitResult] = {}
    waiting: list[Upload] = []
    for upload_id in upload_ids:
        upload = locked.get(upload_id)
        if upload is not None and upload.answer is not None:
            results[upload_id] = CommitResult(upload_id, upload.answer)
        elif error := _refusal(session, upload):
            results[upload_id] = CommitResult(upload_id, None, error)
        elif upload is not None:
            waiting.append(upload)
    for result in await _commit(session, actor, waiting, write_answer):
        results[result.upload_id] = result
    return [results[upload_id] for upload_id in upload_ids]


def _refusal(session: WriteSession, upload: Upload | None) -> RingbinderError | None:
    """Say why an upload cannot be committed, as far as it tells by itself."""
    try:
        if upload is None:
            raise UploadNotFoundError
        rules.assert_permitted(upload)
        rules.assert_waiting(upload.state_at(session.now))
        rules.content_to_commit(upload)
    except RingbinderError as error:
        return error
    return None


async def _commit(
    session: WriteSession, actor: Actor, uploads: Sequence[Upload], write_answer: AnswerWriter
) -> list[CommitResult]:
    if not uploads:
        return []
    folders = await lock_folders(session, {upload.folder_id for upload in uploads})
    deposits = {
        upload.id: _deposit(upload, folder)
        for upload in uploads
        if isinstance(folder := folders[upload.folder_id], Folder)
    }
    made = await documents.put_contents(session, actor, list(deposits.values()))
    deposited = dict(zip(deposits, made, strict=True))
    results = [
        _result(upload, folders[upload.folder_id], deposited.get(upload.id), write_answer)
        for upload in uploads
    ]
    await repository.finish_uploads(
        session, {one.upload_id: one.answer.body.decode() for one in results if one.answer}
    )
    return results


def _deposit(upload: Upload, folder: Folder) -> Deposit:
    aim = Aim(folder, upload.file_name, upload.conflict_behavior, upload.document_id)
    return Deposit(aim, rules.content_to_commit(upload))


def _result(
    upload: Upload,
    folder: Folder | RingbinderError,
    made: Deposited | None,
    write_answer: AnswerWriter,
) -> CommitResult:
    if made is not None and made.document is not None and made.version is not None:
        body = write_answer(made.document, made.version)
        answer = replace(rules.read_answer(body.decode()), is_repeated=False)
        return CommitResult(upload.id, answer)
    error = made.error if made is not None else folder
    return CommitResult(upload.id, None, _as_told(error))


def _as_told(error: RingbinderError | Folder | None) -> RingbinderError:
    """Give the error that says what has changed since the upload was created."""
    match error:
        case FolderNotFoundError() | BinderNotFoundError():
            return _because(UploadFolderGoneError(), error)
        case DocumentNotFoundError():
            return _because(UploadDocumentGoneError(), error)
        case FieldErrors():
            return _because(UploadMetadataInvalidError(rules.sentences_of(error)), error)
        case RingbinderError():
            return error
    message = "a deposit was neither made nor refused"
    raise RuntimeError(message)


def _because(told: RingbinderError, cause: RingbinderError) -> RingbinderError:
    told.__cause__ = cause
    return told
