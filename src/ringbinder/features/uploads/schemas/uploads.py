"""The wire format of uploads."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ringbinder.access.addresses import SignedAddress
from ringbinder.features.documents.schemas import (
    DocumentAnswer,
    MetadataList,
    VersionAnswer,
    document_answer,
    given_values,
    version_answer,
)
from ringbinder.features.documents.types import ConflictBehavior, Document, Version
from ringbinder.features.uploads import rules
from ringbinder.features.uploads.types import (
    ArrivedBytes,
    NewUpload,
    ReceivedBytes,
    SentPart,
    Upload,
    UploadState,
)
from ringbinder.kit.clock import rfc3339
from ringbinder.web.answers import encode
from ringbinder.web.types import NOT_A_TEXT, BinderId, FileName, Label, Sha256

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110, section 5.6.2
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'

MediaType = Annotated[
    str,
    StringConstraints(
        max_length=255,
        pattern=rf"^{_TOKEN}/{_TOKEN}(?:[ ]*;[ ]*(?:{_TOKEN}=(?:{_TOKEN}|{_QUOTED}))?)*$",
    ),
]
"""A media type as RFC 9110, section 8.3.1, has it, in printable ASCII."""

LARGEST_SIZE = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""


EXAMPLE_SHA256: Final = "4d0d1f2b0c9e8a7766554433221100ffeeddccbbaa99887766554433221100ff"
EXAMPLE_ADDRESS: Final = (
    "https://ringbinder.example/transfer/uploads/0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"
    "?organisation=1&expires=1705307700&signature=kq3v9Yw"
)


class UploadIn(BaseModel):
    """What you want to upload, and where to."""

    binderId: BinderId
    folderId: UUID = Field(description="A folder of that binder.")
    fileName: FileName
    size: Annotated[int, Field(ge=0, le=LARGEST_SIZE), NOT_A_TEXT] = Field(
        description="How many bytes will come.", examples=[482113]
    )
    documentId: UUID | None = Field(
        default=None,
        description="Make it a new version of this document of the folder, whatever its name was.",
    )
    sha256: Sha256 | None = Field(
        default=None,
        description="The bytes' SHA-256; the commit refuses others.",
        examples=[EXAMPLE_SHA256],
    )
    contentType: MediaType | None = Field(
        default=None,
        description="The media type; by default guessed from the file name.",
        examples=["application/pdf"],
    )
    metadata: MetadataList | None = Field(
        default=None, description="A new version keeps the document's values of keys not given."
    )
    versionLabel: Label | None = Field(
        default=None,
        description="The revision that people see; by default the version's number.",
        examples=["B"],
    )
    conflictBehavior: ConflictBehavior = Field(
        default=ConflictBehavior.NEW_VERSION,
        description="What to do when the folder has a document of this name.",
    )


class CommitIn(BaseModel):
    """Nothing: everything was said when the upload was created."""


class UploadAnswer(BaseModel):
    """An upload: PUT the bytes to `uploadUrl` without the Authorization header, then commit."""

    uploadId: UUID
    state: UploadState
    uploadUrl: str | None = Field(
        description="Where to PUT the bytes; null when it is over.", examples=[EXAMPLE_ADDRESS]
    )
    uploadUrlExpiresAt: datetime | None = Field(description="Get the upload again for a fresh one.")
    method: Literal["PUT"]
    headers: dict[str, str] = Field(
        description="What to send besides, with the bytes.", examples=[{}]
    )
    binderId: str = Field(examples=["MNWI5YR89"])
    folderId: UUID
    fileName: str = Field(examples=["A-40.1-1001 Plan 1.pdf"])
    size: int = Field(ge=0, description="How many bytes were announced.", examples=[482113])
    sha256: str | None = Field(examples=[EXAMPLE_SHA256])
    contentType: str = Field(examples=["application/pdf"])
    conflictBehavior: ConflictBehavior
    versionLabel: str | None = Field(examples=["B"])
    receivedSize: int | None = Field(
        description="How many bytes have arrived and are durable.", examples=[None]
    )
    receivedSha256: str | None = Field(examples=[None])
    createdAt: datetime
    createdBy: str = Field(examples=["Projektportalen"])
    expiresAt: datetime = Field(description="Until then the upload can be committed.")
    documentId: UUID | None = Field(
        description="What it will be, or has become, a version of.", examples=[None]
    )
    versionId: UUID | None = Field(description="The version that it has become.", examples=[None])


class ReceivedAnswer(BaseModel):
    """What has arrived."""

    uploadId: UUID
    size: int
    sha256: str


class CommitAnswer(BaseModel):
    """What the upload has become: always the same answer for the same upload."""

    document: DocumentAnswer
    version: VersionAnswer


def new_upload(given: UploadIn) -> NewUpload:
    """Read what a client wants to upload."""
    return NewUpload(
        binder_id=given.binderId,
        folder_id=given.folderId,
        file_name=given.fileName,
        size_bytes=given.size,
        document_id=given.documentId,
        sha256=given.sha256,
        content_type=given.contentType,
        version_label=given.versionLabel,
        conflict_behavior=given.conflictBehavior,
        given=tuple(given_values(given.metadata)),
    )


def upload_answer(
    upload: Upload, *, now: datetime, address: SignedAddress | None
) -> dict[str, Any]:
    """Write an upload as it is at this moment."""
    answer = upload.answer
    document_id = upload.document_id if answer is None else answer.document_id
    return {
        "uploadId": str(upload.id),
        "state": str(upload.state_at(now)),
        "uploadUrl": address and address.url,
        "uploadUrlExpiresAt": address and rfc3339(address.expires_at),
        "method": "PUT",
        "headers": {},
        "binderId": upload.binder_id,
        "folderId": str(upload.folder_id),
        "fileName": upload.file_name,
        "size": upload.declared_size_bytes,
        "sha256": upload.declared_sha256,
        "contentType": upload.content_type,
        "conflictBehavior": str(upload.conflict_behavior),
        "versionLabel": upload.version_label,
        "receivedSize": upload.received_size_bytes,
        "receivedSha256": upload.received_sha256,
        "createdAt": rfc3339(upload.created_at),
        "createdBy": upload.created_by_name,
        "expiresAt": rfc3339(upload.expires_at),
        "documentId": document_id and str(document_id),
        "versionId": answer and str(answer.version_id),
    }


def received_answer(received: ReceivedBytes) -> dict[str, Any]:
    """Write what has arrived."""
    return {
        "uploadId": str(received.upload_id),
        "size": received.size_bytes,
        "sha256": received.sha256,
    }


def sent_part(content_range: str) -> SentPart:
    """Read which bytes a request says that it brings.

    Raises:
        UploadRangeInvalidError: it says nothing of the kind.

    """
    return rules.read_content_range(content_range)


def part_answer(received: ReceivedBytes | ArrivedBytes) -> tuple[dict[str, Any], int]:
    """Write what has arrived, and the status: 202 while more must come."""
    if isinstance(received, ReceivedBytes):
        return received_answer(received), 200
    answer = {"uploadId": str(received.upload_id), "receivedSize": received.size_bytes}
    return answer, 202


def commit_answer(document: Document, version: Version) -> bytes:
    """Write what an upload has become."""
    return encode({"document": document_answer(document), "version": version_answer(version)})
