"""The wire format of the trash and of bulk changes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from ringbinder.features.documents.schemas.documents import (
    DocumentAnswer,
    MetadataList,
    document_answer,
    given_values,
)
from ringbinder.features.documents.types import (
    BulkAction,
    BulkChange,
    BulkOutcome,
    BulkResult,
    BulkStatus,
    Document,
)
from ringbinder.kit.clock import rfc3339
from ringbinder.kit.errors import FieldErrors, RingbinderError

MAXIMUM_BULK: Final = 1000

_TAKES: Final = {
    "folderId": frozenset({BulkAction.MOVE, BulkAction.RESTORE}),
    "metadata": frozenset({BulkAction.METADATA}),
}
_NEEDS: Final = {
    "folderId": frozenset({BulkAction.MOVE}),
    "metadata": frozenset({BulkAction.METADATA}),
}


def distinct(ids: list[UUID]) -> list[UUID]:
    """Refuse a list that names one thing twice, by the index of each repetition."""
    seen: set[UUID] = set()
    repeated = []
    for index, one in enumerate(ids):
        if one in seen:
            repeated.append(index)
        seen.add(one)
    if repeated:
        raise ValidationError.from_exception_data("list", [_repeated(i, ids[i]) for i in repeated])
    return ids


def _repeated(index: int, value: UUID) -> InitErrorDetails:
    message = PydanticCustomError("repeated", "The value stands in the list already.")
    return InitErrorDetails(type=message, loc=(index,), input=value)


class BulkIn(BaseModel):
    """What to do to many documents."""

    action: BulkAction
    documentIds: Annotated[
        list[UUID], Field(min_length=1, max_length=MAXIMUM_BULK), AfterValidator(distinct)
    ] = Field(description="Each of them once.", json_schema_extra={"uniqueItems": True})
    folderId: UUID | None = Field(
        default=None,
        validate_default=True,
        description="Where to move to; or where to restore to, by default where each was.",
    )
    metadata: MetadataList | None = Field(
        default=None,
        validate_default=True,
        description="Given keys are replaced; a key whose value is null is removed.",
        examples=[None],
    )
    atomic: bool = Field(
        default=False, description="Change nothing at all where anything is refused: 409."
    )
    dryRun: bool = Field(default=False, description="Check everything and change nothing.")

    @field_validator("folderId", "metadata")
    @classmethod
    def _fits_action(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - one of two fields
        action, name = info.data.get("action"), str(info.field_name)
        if action is None:
            return value
        if value is None and action in _NEEDS[name]:
            raise ValueError(f"The {name} field is required.")
        if value is not None and action not in _TAKES[name]:
            raise ValueError(f"The action {action} takes no {name}.")
        return value


class ItemError(BaseModel):
    """Why something was refused: in the words of the single operation."""

    code: str | None = Field(
        default=None, description="The error's code.", examples=["document.name_taken"]
    )
    detail: str | None = Field(
        default=None,
        description="A sentence for people.",
        examples=["Another document of the folder has this name."],
    )
    errors: dict[str, list[str]] | None = Field(
        default=None, description="Sentences by field, where fields are wrong.", examples=[None]
    )


class BulkResultAnswer(ItemError):
    """What became of one document."""

    documentId: UUID
    status: BulkStatus = Field(examples=["refused"])


class BulkAnswer(BaseModel):
    """One result for each document in the order of the request, and how many there are of each."""

    results: list[BulkResultAnswer]
    done: int = Field(ge=0, examples=[998])
    refused: int = Field(ge=0, examples=[1])
    unchanged: int = Field(ge=0, examples=[1])
    wouldChange: int = Field(ge=0, examples=[0])


class TrashedDocumentAnswer(DocumentAnswer):
    """A document in the trash."""

    deletedBy: str | None = Field(
        description="The name of who or what deleted it.", examples=["Projektportalen"]
    )
    restorableUntil: datetime = Field(
        description="Until then it can be restored; some time later it is gone for good."
    )


class TrashPage(BaseModel):
    """One page of the trash."""

    items: list[TrashedDocumentAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="Send it as `cursor` to read on; null at the end.", examples=["hbGhmzQ"]
    )


def bulk_change(given: BulkIn) -> BulkChange:
    """Read what a client wants to do."""
    return BulkChange(
        action=given.action,
        document_ids=tuple(given.documentIds),
        folder_id=given.folderId,
        given=tuple(given_values(given.metadata)),
        is_atomic=given.atomic,
        is_dry_run=given.dryRun,
    )


def bulk_answer(outcome: BulkOutcome) -> dict[str, Any]:
    """Write what became of each document."""
    return {
        "results": [_result(result) for result in outcome.results],
        **counts_of([result.status for result in outcome.results]),
    }


def counts_of(statuses: Sequence[BulkStatus]) -> dict[str, int]:
    """Count results by their status."""
    counts: Mapping[BulkStatus, int] = Counter(statuses)
    return {
        "done": counts[BulkStatus.DONE],
        "refused": counts[BulkStatus.REFUSED],
        "unchanged": counts[BulkStatus.UNCHANGED],
        "wouldChange": counts[BulkStatus.WOULD_CHANGE],
    }


def _result(result: BulkResult) -> dict[str, Any]:
    answer = {"documentId": str(result.document_id), "status": str(result.status)}
    return answer if result.error is None else answer | item_error(result.error)


def item_error(error: RingbinderError) -> dict[str, Any]:
    """Write why one item of many was refused."""
    written: dict[str, Any] = {"code": error.code, "detail": error.detail}
    if isinstance(error, FieldErrors):
        written["errors"] = error.errors
    return written


def trashed_answer(document: Document, *, restorable_until: datetime) -> dict[str, Any]:
    """Write a document in the trash."""
    return document_answer(document) | {
        "deletedBy": document.deleted_by_name,
        "restorableUntil": rfc3339(restorable_until),
    }
