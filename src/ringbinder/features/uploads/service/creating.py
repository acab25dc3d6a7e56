"""Begin an upload: everything that can be known to be wrong is said here already."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import Aim, Document, NewContent
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder
from ringbinder.features.uploads import repository, rules
from ringbinder.features.uploads.errors import UploadNotFoundError
from ringbinder.features.uploads.service.sites import lock_sites
from ringbinder.features.uploads.types import BegunUpload, NewUpload, Upload, UploadState
from ringbinder.kit.errors import FieldErrors, FieldProblems, RingbinderError
from ringbinder.kit.ids import new_guid

_NO_DIGEST_YET = ""


async def create_upload(
    session: WriteSession,
    actor: Actor,
    wanted: NewUpload,
    *,
    maximum_bytes: int,
    lifetime: timedelta,
) -> Upload:
    """Begin an upload; see :meth:`UploadService.create_upload`."""
    await binders.get_writable_binder(session, binder_id=wanted.binder_id)
    await folders.get_folder_of(session, binder_id=wanted.binder_id, folder_id=wanted.folder_id)
    folder = await folders.get_writable_folder(session, folder_id=wanted.folder_id)
    await _assert_would_fit(session, actor, folder, wanted, maximum_bytes)
    row = _row(session, actor, folder, wanted, lifetime)
    await repository.add_upload(session, row)
    upload = await _read_back(session, row["id"])
    facts = {"fileName": upload.file_name, "sizeBytes": upload.declared_size_bytes}
    evidence.record(session, actor, Action.UPLOAD_CREATED, rules.subject_of(upload), after=facts)
    return upload


async def create_uploads(
    session: WriteSession,
    actor: Actor,
    several: Sequence[NewUpload],
    *,
    maximum_bytes: int,
    lifetime: timedelta,
) -> list[BegunUpload]:
    """Begin several uploads; one that is refused leaves the others as they are."""
    sites = [(wanted.folder_id, wanted.file_name, wanted.document_id) for wanted in several]
    await lock_sites(session, sites)
    begun = []
    for index, wanted in enumerate(several):
        try:
            upload = await create_upload(
                session, actor, wanted, maximum_bytes=maximum_bytes, lifetime=lifetime
            )
        except FieldErrors as error:
            begun.append(BegunUpload(None, rules.inside(error, f"uploads[{index}]")))
        except RingbinderError as error:
            begun.append(BegunUpload(None, error))
        else:
            begun.append(BegunUpload(upload))
    return begun


async def _assert_would_fit(
    session: WriteSession, actor: Actor, folder: Folder, wanted: NewUpload, maximum_bytes: int
) -> None:
    aim = Aim(folder, wanted.file_name, wanted.conflict_behavior, wanted.document_id)
    target = await documents.resolve_target(session, aim)
    problems = FieldProblems()
    try:
        rules.assert_size(wanted.size_bytes, maximum_bytes)
    except FieldErrors as error:
        problems.include(error)
    try:
        await _check_metadata(session, actor, folder, target.document, wanted)
    except FieldErrors as error:
        problems.include(error)
    problems.raise_if_any()


async def _check_metadata(
    session: WriteSession,
    actor: Actor,
    folder: Folder,
    document: Document | None,
    wanted: NewUpload,
) -> None:
    content = NewContent(
        file_name=wanted.file_name,
        size_bytes=wanted.size_bytes,
        content_type=rules.UNKNOWN_TYPE,
        sha256=_NO_DIGEST_YET,
        version_label=wanted.version_label,
        given=wanted.given,
    )
    await documents.check_content(session, actor, folder=folder, target=document, content=content)


def _row(
    session: WriteSession, actor: Actor, folder: Folder, wanted: NewUpload, lifetime: timedelta
) -> dict[str, Any]:
    return {
        "id": new_guid(),
        "binder_key": folder.binder_key,
        "folder_key": folder.key,
        "document_id": wanted.document_id,
        "file_name": wanted.file_name,
        "declared_size_bytes": wanted.size_bytes,
        "declared_sha256": wanted.sha256,
        "content_type": wanted.content_type or rules.guess_content_type(wanted.file_name),
        "metadata_json": rules.given_to_json(wanted.given),
        "version_label": wanted.version_label,
        "conflict_behavior": str(wanted.conflict_behavior),
        "state": str(UploadState.OPEN),
        "created_at": session.now,
        "created_by_id": actor.id,
        "created_by_name": actor.name,
        "expires_at": session.now + lifetime,
    }


async def _read_back(session: WriteSession, upload_id: UUID) -> Upload:
    upload = await repository.find_upload(session, upload_id)
    if upload is None:
        raise UploadNotFoundError
    return upload
