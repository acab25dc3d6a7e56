"""The doors to uploads: create, look, abort, commit; and where the bytes come in."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from starlette.requests import ClientDisconnect

from ringbinder.access.addresses import SignedAddress
from ringbinder.access.permissions import Permission
from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.blobs.errors import BlobMissingError
from ringbinder.features.documents.errors import (
    BulkRefusedError,
    DocumentInTrashError,
    DocumentNameTakenError,
    DocumentNotFoundError,
)
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.uploads import schemas
from ringbinder.features.uploads.errors import (
    UploadAbortedError,
    UploadCommittedError,
    UploadDigestMismatchError,
    UploadDocumentGoneError,
    UploadExpiredError,
    UploadFolderGoneError,
    UploadIncompleteError,
    UploadMetadataInvalidError,
    UploadNotFoundError,
    UploadNotReceivedError,
    UploadSizeMismatchError,
)
from ringbinder.features.uploads.service import UploadAddresses, UploadService
from ringbinder.features.uploads.types import CommitOutcome, Upload
from ringbinder.web.answers import created, encode, ok, raw
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.limits import charge_link
from ringbinder.web.operations import OperationRouter

LARGEST_KEY: Final = 2**63 - 1

router = OperationRouter(tag="Documents", prefix="/documents/uploads")
transfers = APIRouter(tags=["Transfer"])

Uploads = Annotated[UploadService, Depends(part(UploadService))]
Addresses = Annotated[UploadAddresses, Depends(part(UploadAddresses))]
UploadId = Annotated[UUID, Path(alias="uploadId", description="The upload's id.")]


@router.operation(
    "POST",
    "",
    "createUpload",
    permission=Permission.CREATE,
    answer=schemas.UploadAnswer,
    status=201,
    errors=(
        BinderNotFoundError,
        FolderNotFoundError,
        DocumentNotFoundError,
        BinderArchivedError,
        DocumentInTrashError,
        DocumentNameTakenError,
    ),
)
async def create_upload(
    session: Writing,
    actor: Caller,
    uploads: Uploads,
    addresses: Addresses,
    wanted: schemas.UploadIn,
) -> Response:
    """Begin an upload; nothing is visible before its commit."""
    upload = await uploads.create_upload(session, actor, schemas.new_upload(wanted))
    return created(_answer(session, addresses, upload))


@router.operation(
    "POST",
    "/batch",
    "createUploads",
    permission=Permission.CREATE,
    answer=schemas.UploadBatchAnswer,
    status=201,
)
async def create_uploads(
    session: Writing,
    actor: Caller,
    uploads: Uploads,
    addresses: Addresses,
    batch: schemas.UploadBatchIn,
) -> Response:
    """Begin up to 500 uploads; each gives the upload, or why it alone was refused."""
    begun = await uploads.create_uploads(session, actor, schemas.new_uploads(batch))
    found = [(one, _address(session, addresses, one.upload)) for one in begun]
    return created(schemas.begun_answer(found, now=session.now))


@router.operation(
    "POST",
    "/batch/commit",
    "commitUploads",
    permission=Permission.CREATE,
    answer=schemas.CommitBatchAnswer,
    errors=(BulkRefusedError,),
)
async def commit_uploads(
    session: Writing, actor: Caller, uploads: Uploads, batch: schemas.CommitBatchIn
) -> Response:
    """Commit up to 500 uploads; each gives what its own commit would answer, also when repeated.

    What is refused does not stop the others, unless `atomic` is set: then nothing is committed, and
    the 409 has the same `results`. Without it they are made in steps: when the call fails midway,
    some are committed already, and repeating it answers them the same and makes the others.
    """
    outcome = await uploads.commit_uploads(
        session, actor, upload_ids=batch.uploadIds, is_atomic=batch.atomic
    )
    return ok(_accepted(outcome))


def _accepted(outcome: CommitOutcome) -> dict[str, object]:
    answer = schemas.committed_answer(outcome)
    if outcome.is_refused:
        raise BulkRefusedError(members=answer)
    return answer


@router.operation(
    "GET",
    "/{uploadId}",
    "getUpload",
    permission=Permission.CREATE,
    answer=schemas.UploadAnswer,
    errors=(UploadNotFoundError,),
)
async def get_upload(
    session: Reading, uploads: Uploads, addresses: Addresses, upload_id: UploadId
) -> Response:
    """Tell the truth about an upload, with a fresh address while bytes may still come."""
    upload = await uploads.get_upload(session, upload_id=upload_id)
    return ok(_answer(session, addresses, upload))


@router.operation(
    "DELETE",
    "/{uploadId}",
    "abortUpload",
    permission=Permission.CREATE,
    answer=schemas.UploadAnswer,
    errors=(UploadNotFoundError, UploadCommittedError),
)
async def abort_upload(
    session: Writing, actor: Caller, uploads: Uploads, addresses: Addresses, upload_id: UploadId
) -> Response:
    """Give an upload up; to repeat it changes nothing."""
    upload = await uploads.abort_upload(session, actor, upload_id=upload_id)
    return ok(_answer(session, addresses, upload))


@router.operation(
    "POST",
    "/{uploadId}/commit",
    "commitUpload",
    permission=Permission.CREATE,
    answer=schemas.CommitAnswer,
    status=201,
    errors=(
        UploadNotFoundError,
        UploadNotReceivedError,
        UploadSizeMismatchError,
        UploadDigestMismatchError,
        UploadAbortedError,
        UploadExpiredError,
        UploadFolderGoneError,
        UploadDocumentGoneError,
        UploadMetadataInvalidError,
        BinderArchivedError,
        BlobMissingError,
        DocumentInTrashError,
        DocumentNameTakenError,
    ),
)
async def commit_upload(
    session: Writing,
    actor: Caller,
    uploads: Uploads,
    upload_id: UploadId,
    _nothing: Annotated[schemas.CommitIn | None, Body()] = None,
) -> Response:
    """Make the bytes a document or a version; every repetition gets the same answer."""
    answer = await uploads.commit_upload(session, actor, upload_id=upload_id)
    return raw(answer.body, status=201)


@transfers.put("/transfer/uploads/{upload_id}", include_in_schema=False)
async def put_bytes(
    request: Request,
    uploads: Uploads,
    addresses: Addresses,
    upload_id: UUID,
    organisation: Annotated[int, Query(ge=0, le=LARGEST_KEY)],
    expires: Annotated[int, Query(ge=0, le=2**40)],
    signature: Annotated[str, Query(max_length=100)],
) -> Response:
    """Take in the bytes of an upload, or a part of them, from whoever has its address."""
    check = partial(
        addresses.check,
        organisation_key=organisation,
        subject=upload_id,
        expires=expires,
        signature=signature,
    )
    await charge_link(request, organisation, check=check)
    sent, length = request.headers.get("content-range"), _content_length(request)
    if sent is None:
        whole = await uploads.receive(
            upload_id, organisation, _chunks(request), announced_bytes=length
        )
        return ok(schemas.received_answer(whole))
    received = await uploads.receive_part(
        upload_id,
        organisation,
        _chunks(request),
        part=schemas.sent_part(sent),
        announced_bytes=length,
    )
    answer, status = schemas.part_answer(received)
    return raw(encode(answer), status=status)


def _answer(session: Reading, addresses: UploadAddresses, upload: Upload) -> dict[str, object]:
    address = _address(session, addresses, upload)
    return schemas.upload_answer(upload, now=session.now, address=address)


def _address(
    session: Reading, addresses: UploadAddresses, upload: Upload | None
) -> SignedAddress | None:
    if upload is None:
        return None
    return addresses.make(organisation_key=session.organisation_key, upload=upload)


def _content_length(request: Request) -> int | None:
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdecimal() else None


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise UploadIncompleteError from error
