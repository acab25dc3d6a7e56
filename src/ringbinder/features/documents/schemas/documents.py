"""The wire format of documents and versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from ringbinder.features.documents.types import ConflictBehavior, Document, Version
from ringbinder.features.metadata.types import GivenValue
from ringbinder.kit.clock import rfc3339
from ringbinder.web.types import FileName, ShortText, Text

MAXIMUM_GIVEN_VALUES = 200

EXAMPLE_ADDRESS: Final = (
    "https://ringbinder.example/transfer/downloads/0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"
    "?organisation=1&expires=1705307700&signature=kq3v9Yw"
)

ScalarIn = StrictBool | StrictInt | StrictFloat | Text


class MetadataIn(BaseModel):
    """One metadata value. Lists take `valueId`, free-form keys either; `null` removes the key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"}]
        }
    )

    metadataElementId: ShortText
    valueId: Text | None = None
    value: ScalarIn | None = None


MetadataList = Annotated[list[MetadataIn], Field(max_length=MAXIMUM_GIVEN_VALUES)]


class DocumentPatch(BaseModel):
    """What to change of a document; what is not given stays."""

    fileName: FileName | None = Field(
        default=None, description="A new name.", examples=["A-40.1-1001 Plan 1.pdf"]
    )
    folderId: UUID | None = Field(
        default=None, description="Another folder, of the same or another binder."
    )
    metadata: MetadataList | None = Field(
        default=None, description="Given keys are replaced; a key whose value is null is removed."
    )


class DocumentRestore(BaseModel):
    """Where a document comes back; by default to where it was, under its name."""

    folderId: UUID | None = Field(default=None, description="Another folder of the same binder.")
    fileName: FileName | None = Field(
        default=None, description="Another name.", examples=["A-40.1-1001 Plan 1 (2).pdf"]
    )


class DocumentCopy(BaseModel):
    """Where a copy goes."""

    folderId: UUID = Field(description="A folder of any binder.")
    fileName: FileName | None = Field(
        default=None,
        description="Another name for the copy.",
        examples=["A-40.1-1001 Plan 1 (kopia).pdf"],
    )
    conflictBehavior: ConflictBehavior = Field(
        default=ConflictBehavior.FAIL,
        description="What to do when the folder has a document of this name.",
    )


class MetadataValueAnswer(BaseModel):
    """One metadata value of a document."""

    metadataElementId: str = Field(examples=["GLOBAL_Status"])
    valueId: str | None = Field(
        description="The value's id, for keys with a list of values.", examples=["Bygghandling"]
    )
    value: StrictStr | StrictBool | StrictInt | StrictFloat = Field(
        description="The label of the value, or the value itself.", examples=["Bygghandling"]
    )


class DocumentAnswer(BaseModel):
    """A document."""

    id: UUID
    fileName: str = Field(examples=["A-40.1-1001 Plan 1.pdf"])
    folderId: UUID
    binderId: str = Field(examples=["MNWI5YR89"])
    metadata: list[MetadataValueAnswer]
    latestVersionId: UUID
    createdAt: datetime
    updatedAt: datetime
    deletedAt: datetime | None = Field(description="When it went into the trash, or null.")


class VersionAnswer(BaseModel):
    """A version of a document: immutable bytes and what is said of them."""

    id: UUID
    documentId: UUID
    number: int = Field(ge=1, examples=[3])
    label: str | None = Field(description="The revision that people see.", examples=["B"])
    status: str | None = Field(
        description="The valueId of GLOBAL_Status.", examples=["Bygghandling"]
    )
    fileName: str = Field(examples=["A-40.1-1001 Plan 1.pdf"])
    size: int = Field(ge=0, description="In bytes.", examples=[482113])
    contentType: str = Field(examples=["application/pdf"])
    sha256: str = Field(
        examples=["4d0d1f2b0c9e8a7766554433221100ffeeddccbbaa99887766554433221100ff"]
    )
    createdAt: datetime
    createdBy: str = Field(
        description="The name of who or what created it.", examples=["Projektportalen"]
    )
    metadata: list[MetadataValueAnswer]


class VersionDetailAnswer(VersionAnswer):
    """A version with an address to fetch its bytes from."""

    downloadUrl: str = Field(
        description="Fetch it without the Authorization header.", examples=[EXAMPLE_ADDRESS]
    )
    downloadUrlExpiresAt: datetime


class DownloadLinkAnswer(BaseModel):
    """A short-lived address of a version's bytes; fetch it without the Authorization header."""

    url: str = Field(examples=[EXAMPLE_ADDRESS])
    expiresAt: datetime


class DocumentPage(BaseModel):
    """One page of documents."""

    items: list[DocumentAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="Send it as `cursor` to read on; null at the end.", examples=["hbGhmzQ"]
    )


class VersionPage(BaseModel):
    """One page of versions."""

    items: list[VersionAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="Send it as `cursor` to read on; null at the end.", examples=["hbGhmzQ"]
    )


class CopyAnswer(BaseModel):
    """The copy, and its first version."""

    document: DocumentAnswer
    version: VersionAnswer


def given_values(items: Sequence[MetadataIn] | None, path: str = "metadata") -> list[GivenValue]:
    """Read what a client gave, each value with the place where it stood."""
    return [
        GivenValue(item.metadataElementId, item.valueId, item.value, path=f"{path}[{index}]")
        for index, item in enumerate(items or ())
    ]


def document_answer(document: Document) -> dict[str, Any]:
    """Write a document; its metadata is copied in as it stands ready."""
    return {
        "id": str(document.id),
        "fileName": document.file_name,
        "folderId": str(document.folder_id),
        "binderId": document.binder_id,
        "metadata": msgspec.Raw(document.metadata_json.encode()),
        "latestVersionId": str(document.latest_version_id),
        "createdAt": rfc3339(document.created_at),
        "updatedAt": rfc3339(document.updated_at),
        "deletedAt": None if document.deleted_at is None else rfc3339(document.deleted_at),
    }


def version_answer(version: Version) -> dict[str, Any]:
    """Write a version; its metadata is copied in as it stands ready."""
    return {
        "id": str(version.id),
        "documentId": str(version.document_id),
        "number": version.number,
        "label": version.label,
        "status": version.status,
        "fileName": version.file_name,
        "size": version.size_bytes,
        "contentType": version.content_type,
        "sha256": version.sha256,
        "createdAt": rfc3339(version.created_at),
        "createdBy": version.created_by_name,
        "metadata": msgspec.Raw(version.metadata_json.encode()),
    }
