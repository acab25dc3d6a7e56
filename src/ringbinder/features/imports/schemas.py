"""What the upload page and the server say to each other, as JSON."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from ringbinder.features.documents.schemas import MetadataList, given_values
from ringbinder.features.documents.types import ConflictBehavior
from ringbinder.features.imports.errors import RegisterUnreadableError
from ringbinder.features.imports.service import BETWEEN_NAMES
from ringbinder.features.imports.types import (
    Batch,
    BatchFile,
    BatchPlan,
    Place,
    Placing,
    PlannedFile,
    RegisterReport,
)
from ringbinder.features.metadata.types import Element
from ringbinder.features.uploads.types import (
    BegunUpload,
    CommitResult,
    NewUpload,
    Upload,
    UploadState,
)
from ringbinder.kit.errors import RingbinderError

MOST_FILES: Final = 5000
"""How many files the page takes at once."""

AT_ONCE: Final = 100
"""How many uploads one request begins, commits or gives up."""

LARGEST_REGISTER_BYTES: Final = 8 << 20
"""How large a register the page sends; the command line takes larger ones."""

LARGEST_PLAN_BYTES: Final = 16 << 20
LARGEST_CALL_BYTES: Final = 4 << 20

_LONGEST_PATH: Final = 4096
_DEEPEST: Final = 64

Say = Callable[[str], str]
"""Says a sentence in the reader's language."""

Reason = Callable[[RingbinderError | None], str]
"""Says what an error says."""

Link = Callable[[UUID, UUID], str | None]
"""Gives the address of a document in a folder, where there is a page for it."""

Address = Callable[[Upload], str | None]
"""Gives where the bytes of an upload go."""

Path = Annotated[str, Field(max_length=_LONGEST_PATH)]
UploadIds = Annotated[list[UUID], Field(min_length=1, max_length=AT_ONCE)]


class FileIn(BaseModel):
    """A file that somebody has chosen."""

    path: Path
    size: Annotated[int, Field(ge=0, le=2**53)]


class PlanIn(BaseModel):
    """Files, where they shall go, and what the register says, in Base64."""

    folderId: UUID
    placing: Placing = Placing.TAB
    files: Annotated[list[FileIn], Field(max_length=MOST_FILES)]
    register_: Annotated[str | None, Field(alias="register")] = None


class BeginFileIn(BaseModel):
    """A file, with everything that its upload must know."""

    folderId: UUID
    fileName: Path
    size: Annotated[int, Field(ge=0, le=2**53)]
    conflictBehavior: ConflictBehavior = ConflictBehavior.NEW_VERSION
    metadata: MetadataList | None = None
    documentId: UUID | None = None


class BeginIn(BaseModel):
    """Files to begin uploads of."""

    files: Annotated[list[BeginFileIn], Field(min_length=1, max_length=AT_ONCE)]


class UploadsIn(BaseModel):
    """Uploads to ask about, to commit or to give up."""

    uploadIds: UploadIds


class PlacesIn(BaseModel):
    """Folders to make, each by the names from its tab down."""

    places: Annotated[
        list[Annotated[list[Path], Field(min_length=1, max_length=_DEEPEST)]],
        Field(min_length=1, max_length=AT_ONCE),
    ]


def batch_of(binder_id: str, given: PlanIn) -> Batch:
    """Read what somebody wants to upload.

    Raises:
        RegisterUnreadableError: the register is too large, or was not sent as agreed.

    """
    return Batch(
        binder_id=binder_id,
        folder_id=given.folderId,
        placing=given.placing,
        files=[BatchFile(file.path, file.size) for file in given.files],
        register=None if given.register_ is None else _register(given.register_),
    )


def _register(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except binascii.Error:
        raise RegisterUnreadableError from None
    if len(data) > LARGEST_REGISTER_BYTES:
        raise RegisterUnreadableError
    return data


def wanted_uploads(binder_id: str, given: BeginIn) -> list[NewUpload]:
    """Read which uploads to begin."""
    return [
        NewUpload(
            binder_id=binder_id,
            folder_id=file.folderId,
            file_name=file.fileName,
            size_bytes=file.size,
            conflict_behavior=file.conflictBehavior,
            given=tuple(given_values(file.metadata)),
            document_id=file.documentId,
        )
        for file in given.files
    ]


def plan_answer(
    plan: BatchPlan,
    *,
    schema: Mapping[str, Element],
    language: str,
    say: Say,
    link: Link,
) -> dict[str, Any]:
    """Write what an upload would do."""
    return {
        "files": [_planned(file, schema, language, say, link) for file in plan.files],
        "missing": [list(place) for place in plan.missing],
        "register": plan.register and _report(plan.register, schema, language, say),
    }


def _planned(
    file: PlannedFile,
    schema: Mapping[str, Element],
    language: str,
    say: Say,
    link: Link,
) -> dict[str, Any]:
    folder, taken = file.folder, file.taken
    return {
        "name": file.name,
        "folderId": folder and str(folder.id),
        "place": BETWEEN_NAMES.join(file.place),
        "line": file.line,
        "values": {
            key: [
                {
                    "valueId": one.value_id,
                    "value": one.value,
                    "label": schema[key].value_in(language, one.value_id) or str(one.value),
                }
                for one in values
            ]
            for key, values in file.values.items()
        },
        "wrongValues": {key: [*map(say, texts)] for key, texts in file.wrong_values.items()},
        "problems": [*map(say, file.problems)],
        "taken": taken
        and {"name": taken.file_name, "href": folder and link(folder.id, taken.document_id)},
        "hasTwin": file.has_twin,
    }


def _report(
    report: RegisterReport, schema: Mapping[str, Element], language: str, say: Say
) -> dict[str, Any]:
    return {
        "rows": report.rows,
        "matched": report.matched,
        "columns": [
            {"name": name, "label": schema[key].label_in(language) if key in schema else None}
            for name, key in ((name, key or "") for name, key in report.columns)
        ],
        "withoutFile": [
            {"path": refusal.shown, "reason": say(refusal.reason)}
            for refusal in report.without_file
        ],
    }


def begun_answer(
    begun: Sequence[BegunUpload],
    *,
    address: Callable[[Upload], str | None],
    reason: Reason,
) -> dict[str, Any]:
    """Write which uploads were begun, and why the others were not."""
    return {
        "results": [
            {"uploadId": str(one.upload.id), "address": address(one.upload)}
            if one.upload is not None
            else {"reason": reason(one.error)}
            for one in begun
        ]
    }


def state_answer(
    uploads: Sequence[tuple[Upload, UploadState, int]], *, address: Address
) -> dict[str, Any]:
    """Write the truth about uploads: state, bytes that have arrived, and a fresh address."""
    return {
        "uploads": [
            {
                "uploadId": str(upload.id),
                "state": str(state),
                "received": received,
                "address": address(upload),
            }
            for upload, state, received in uploads
        ]
    }


def committed_answer(
    results: Sequence[CommitResult],
    *,
    link: Link,
    reason: Reason,
) -> dict[str, Any]:
    """Write what became of each upload."""
    return {"results": [_committed(result, link, reason) for result in results]}


def _committed(result: CommitResult, link: Link, reason: Reason) -> dict[str, Any]:
    answer: dict[str, Any] = {"uploadId": str(result.upload_id)}
    if result.answer is None:
        return answer | {"reason": reason(result.error)}
    body: dict[str, Any] = msgspec.json.decode(result.answer.body)
    folder_id = UUID(body["document"]["folderId"])
    return answer | {
        "name": body["version"]["fileName"],
        "number": body["version"]["number"],
        "href": link(folder_id, result.answer.document_id),
    }


def places_of(given: PlacesIn) -> list[Place]:
    """Read which folders to make."""
    return [tuple(names) for names in given.places]
