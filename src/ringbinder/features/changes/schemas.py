"""The wire format of the feed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ringbinder.features.binders.types import Binder
from ringbinder.features.changes.types import BinderDigest, Change
from ringbinder.kit.clock import rfc3339


class ChangeAnswer(BaseModel):
    """One change: what happened to which object. Read the object for how it is now."""

    sequence: int = Field(ge=1, description="Counts the organisation's changes without gaps.")
    type: str = Field(examples=["document.version_created"])
    at: datetime
    objectId: str = Field(
        description="The id of what was changed.",
        examples=["0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"],
    )
    binderId: str | None = Field(examples=["MNWI5YR89"])
    folderId: UUID | None
    documentId: UUID | None
    versionId: UUID | None
    auditEventId: UUID


class ChangesAnswer(BaseModel):
    """Changes in their order, and where to go on."""

    items: list[ChangeAnswer]
    nextCursor: str = Field(
        description="Send it as `cursor` to read what comes after these.", examples=["hbGhmzQ"]
    )


class BinderDigestAnswer(BaseModel):
    """What a binder holds, to compare with a copy of it."""

    binderId: str = Field(examples=["MNWI5YR89"])
    documentCount: int = Field(ge=0)
    versionCount: int = Field(ge=0)
    digest: str = Field(
        description="SHA-256 over one line for each version; see the docs.",
        examples=["4d0d1f2b0c9e8a7766554433221100ffeeddccbbaa99887766554433221100ff"],
    )
    sequence: int = Field(ge=0, description="The position of the feed that it is true at.")


def change_answer(change: Change) -> dict[str, Any]:
    """Write one change."""
    return {
        "sequence": change.sequence,
        "type": change.type,
        "at": rfc3339(change.at),
        "objectId": change.object_id,
        "binderId": change.binder_id,
        "folderId": _text(change.folder_id),
        "documentId": _text(change.document_id),
        "versionId": _text(change.version_id),
        "auditEventId": str(change.audit_event_id),
    }


def digest_answer(binder: Binder, digest: BinderDigest) -> dict[str, Any]:
    """Write a binder's digest."""
    return {
        "binderId": binder.id,
        "documentCount": digest.documents,
        "versionCount": digest.versions,
        "digest": digest.digest,
        "sequence": digest.sequence,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
