"""Make an upload a document or a version: one transaction, no file is touched."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders.errors import BinderNotFoundError
from ringbinder.features.blobs import service as blobs
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.errors import DocumentNotFoundError
from ringbinder.features.documents.service import Target
from ringbinder.features.documents.types import Document, Version
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.uploads import repository, rules
from ringbinder.features.uploads.errors import (
    UploadDocumentGoneError,
    UploadFolderGoneError,
    UploadMetadataInvalidError,
    UploadNotFoundError,
)
from ringbinder.features.uploads.service.sites import lock_sites
from ringbinder.features.uploads.types import CommitAnswer, CommitResult, Upload, UploadState
from ringbinder.kit.errors import FieldErrors, RingbinderError

AnswerWriter = Callable[[Document, Version], bytes]
"""Writes the answer of a commit as clients get it."""


async def commit_upload(
    session: WriteSession, actor: Actor, *, upload_id: UUID, write_answer: AnswerWriter
) -> CommitAnswer:
    """Commit an upload; see :meth:`UploadService.commit_upload`.

    Locks are taken in one order: upload, binder, folder, document, bytes, sequences.
    """
    upload = await repository.lock_upload(session, upload_id)
    if upload is None:
        raise UploadNotFoundError
    if upload.answer is not None:
        return upload.answer
    rules.assert_permitted(upload)
    rules.assert_waiting(upload.state_at(session.now))
    rules.content_to_commit(upload, upload.file_name)
    folder = await _folder_of(session, upload)
    document, version = await _put(session, actor, upload, folder)
    answer = write_answer(document, version).decode()
    await repository.change_upload(
        session,
        upload_id,
        state=str(UploadState.COMMITTED),
        finished_at=session.now,
        answer_json=answer,
    )
    return replace(rules.read_answer(answer), is_repeated=False)


async def commit_uploads(
    session: WriteSession, actor: Actor, *, upload_ids: Sequence[UUID], write_answer: AnswerWriter
) -> list[CommitResult]:
    """Commit several uploads in one transaction, one after the other.

    All that they will lock is locked beforehand, each kind in the order of its keys: two batches
    that name the same in another order would otherwise wait for each other. A commit is refused
    before it has written anything, so that a refusal leaves the others as they are.
    """
    await _lock_all(session, await repository.lock_uploads(session, upload_ids))
    results = []
    for upload_id in upload_ids:
        try:
            answer = await commit_upload(
                session, actor, upload_id=upload_id, write_answer=write_answer
            )
        except RingbinderError as error:
            results.append(CommitResult(upload_id, None, error))
        else:
            results.append(CommitResult(upload_id, answer))
    return results


async def _lock_all(session: WriteSession, uploads: Sequence[Upload]) -> None:
    waiting = [upload for upload in uploads if upload.state_at(session.now).is_waiting]
    await lock_sites(
        session,
        [(upload.folder_id, upload.file_name, upload.document_id) for upload in waiting],
    )
    contents = {upload.received_sha256 for upload in waiting} - {None}
    await blobs.lock_blobs(session, sha256s=sorted(content for content in contents if content))


async def _folder_of(session: WriteSession, upload: Upload) -> Folder:
    try:
        return await folders.get_writable_folder(session, folder_id=upload.folder_id)
    except (FolderNotFoundError, BinderNotFoundError) as error:
        raise UploadFolderGoneError from error


async def _put(
    session: WriteSession, actor: Actor, upload: Upload, folder: Folder
) -> tuple[Document, Version]:
    target = await _target(session, upload, folder)
    content = rules.content_to_commit(upload, target.file_name)
    try:
        return await documents.put_content(
            session, actor, folder=folder, target=target.document, content=content
        )
    except FieldErrors as error:
        raise UploadMetadataInvalidError(rules.sentences_of(error)) from error


async def _target(session: WriteSession, upload: Upload, folder: Folder) -> Target:
    try:
        return await documents.resolve_target(
            session,
            folder=folder,
            file_name=upload.file_name,
            behavior=upload.conflict_behavior,
            document_id=upload.document_id,
        )
    except DocumentNotFoundError as error:
        raise UploadDocumentGoneError from error
