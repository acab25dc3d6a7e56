"""The wire format of many uploads in one call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from pydantic import AfterValidator, BaseModel, Field

from ringbinder.access.addresses import SignedAddress
from ringbinder.features.documents.schemas import (
    DocumentAnswer,
    ItemError,
    VersionAnswer,
    distinct,
    item_error,
)
from ringbinder.features.uploads.schemas.uploads import (
    UploadAnswer,
    UploadIn,
    new_upload,
    upload_answer,
)
from ringbinder.features.uploads.types import (
    BegunUpload,
    CommitOutcome,
    CommitResult,
    CommitStatus,
    NewUpload,
)

MAXIMUM_BATCH: Final = 500


class UploadBatchIn(BaseModel):
    """What you want to upload, and where to: each as in a single call."""

    uploads: list[UploadIn] = Field(min_length=1, max_length=MAXIMUM_BATCH)


class BegunAnswer(ItemError):
    """One upload of the batch, or why it was refused."""

    index: int = Field(ge=0, description="Its place in the request.", examples=[0])
    upload: UploadAnswer | None = None


class UploadBatchAnswer(BaseModel):
    """One result for each upload, in the order of the request."""

    results: list[BegunAnswer]


class CommitBatchIn(BaseModel):
    """Which uploads to commit."""

    uploadIds: Annotated[
        list[UUID], Field(min_length=1, max_length=MAXIMUM_BATCH), AfterValidator(distinct)
    ] = Field(description="Each of them once.", json_schema_extra={"uniqueItems": True})
    atomic: bool = Field(
        default=False, description="Commit nothing at all where anything is refused: 409."
    )


class CommittedAnswer(ItemError):
    """What one upload has become, as its own commit answers it, or why it was refused."""

    uploadId: UUID
    status: CommitStatus
    document: DocumentAnswer | None = None
    version: VersionAnswer | None = None


class CommitBatchAnswer(BaseModel):
    """One result for each upload, in the order of the request."""

    results: list[CommittedAnswer]
    committed: int = Field(ge=0, examples=[499])
    refused: int = Field(ge=0, examples=[1])


def new_uploads(given: UploadBatchIn) -> list[NewUpload]:
    """Read what a client wants to upload."""
    return [new_upload(upload) for upload in given.uploads]


def begun_answer(
    begun: Sequence[tuple[BegunUpload, SignedAddress | None]], *, now: datetime
) -> dict[str, Any]:
    """Write what became of each upload that was wanted."""
    return {
        "results": [
            {"index": index} | _begun(one, address, now)
            for index, (one, address) in enumerate(begun)
        ]
    }


def _begun(one: BegunUpload, address: SignedAddress | None, now: datetime) -> dict[str, Any]:
    if one.error is not None:
        return item_error(one.error)
    assert one.upload is not None  # noqa: S101 - there is either an upload or an error
    return {"upload": upload_answer(one.upload, now=now, address=address)}


def committed_answer(outcome: CommitOutcome) -> dict[str, Any]:
    """Write what each upload has become."""
    results = [_committed(result, is_kept=not outcome.is_refused) for result in outcome.results]
    statuses = [result["status"] for result in results]
    return {
        "results": results,
        "committed": statuses.count(CommitStatus.COMMITTED),
        "refused": statuses.count(CommitStatus.REFUSED),
    }


def _committed(result: CommitResult, *, is_kept: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"uploadId": str(result.upload_id)}
    if result.error is not None:
        return answer | {"status": CommitStatus.REFUSED} | item_error(result.error)
    assert result.answer is not None  # noqa: S101 - there is either an answer or an error
    if not is_kept and not result.answer.is_repeated:
        return answer | {"status": CommitStatus.WOULD_COMMIT}
    body = msgspec.json.decode(result.answer.body, type=dict[str, msgspec.Raw])
    return answer | {"status": CommitStatus.COMMITTED} | body
