"""A change, and what a binder's contents come down to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Change:
    """One position of an organisation's feed."""

    sequence: int
    type: str
    at: datetime
    binder_id: str | None
    folder_id: UUID | None
    document_id: UUID | None
    version_id: UUID | None
    object_id: str
    audit_event_id: UUID


@dataclass(frozen=True, slots=True)
class Listed:
    """One version of a live document, as the digest of a binder counts it."""

    document_key: int
    document_id: UUID
    folder_id: UUID
    file_name: str
    number: int
    version_id: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class BinderDigest:
    """What a binder holds at one position of the feed."""

    documents: int
    versions: int
    digest: str
    sequence: int
