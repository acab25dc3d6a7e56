"""Begin, look after and finish the uploads of a batch, each for itself."""

from collections.abc import Sequence
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.uploads.errors import UploadCommittedError, UploadNotFoundError
from ringbinder.features.uploads.service import UploadService
from ringbinder.features.uploads.types import BegunUpload, NewUpload, Upload, UploadState
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.names import name_problems


async def begin_uploads(
    session: WriteSession, actor: Actor, uploads: UploadService, wanted: Sequence[NewUpload]
) -> list[BegunUpload]:
    """Begin uploads; one that is refused, be it for its name, leaves the others as they are."""
    refused = {
        number: BegunUpload(None, FieldErrors({"fileName": problems}))
        for number, one in enumerate(wanted)
        if (problems := name_problems(one.file_name))
    }
    fine = [one for number, one in enumerate(wanted) if number not in refused]
    begun = iter(await uploads.create_uploads(session, actor, fine) if fine else [])
    return [refused.get(number) or next(begun) for number in range(len(wanted))]


async def look_at_uploads(
    session: ReadSession, uploads: UploadService, upload_ids: Sequence[UUID]
) -> list[tuple[Upload, UploadState, int]]:
    """Tell the state of uploads and how many of their bytes have arrived; not of unknown ones."""
    found = []
    for upload_id in upload_ids:
        try:
            upload = await uploads.get_upload(session, upload_id=upload_id)
        except UploadNotFoundError:
            continue
        state = upload.state_at(session.now)
        received = await uploads.arrived_bytes(upload) if state.is_waiting else 0
        found.append((upload, state, received))
    return found


async def give_up_uploads(
    session: WriteSession, actor: Actor, uploads: UploadService, upload_ids: Sequence[UUID]
) -> list[Upload]:
    """Give uploads up; those that are unknown or committed stay as they are."""
    given_up = []
    for upload_id in sorted(set(upload_ids)):
        try:
            given_up.append(await uploads.abort_upload(session, actor, upload_id=upload_id))
        except (UploadNotFoundError, UploadCommittedError):
            continue
    return given_up
