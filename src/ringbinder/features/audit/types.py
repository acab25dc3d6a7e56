"""An audit event, what one can ask for, and what vouches for all of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ringbinder.features.evidence.types import AuditRecord
from ringbinder.kit.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class ActorPart:
    """What an event says of who acted, and can be erased."""

    salt: bytes
    name: str
    address: str | None


@dataclass(frozen=True, slots=True)
class ObjectPart:
    """What an event says of the person or client that it happened to, and can be erased."""

    salt: bytes
    name: str | None
    before_json: str | None
    after_json: str | None


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which object, when and from where; a part is None where it was erased."""

    record: AuditRecord
    hash: bytes
    actor: ActorPart | None
    object: ObjectPart | None

    @property
    def sequence(self) -> int:
        """The event's number; they have no gaps."""
        return self.record.sequence

    @property
    def object_is_erased(self) -> bool:
        """Whether it once said who the object was."""
        return self.object is None and self.record.object_commitment is not None

    @property
    def object_name(self) -> str | None:
        """The object's name at that time, if it has one that was not erased."""
        return self.object.name if self.object else self.record.object_name

    @property
    def before_json(self) -> str | None:
        """What was before, with what names a person, unless that was erased."""
        return _joined(self.record.before_json, self.object.before_json if self.object else None)

    @property
    def after_json(self) -> str | None:
        """What came after, with what names a person, unless that was erased."""
        return _joined(self.record.after_json, self.object.after_json if self.object else None)


def _joined(recorded: str | None, personal: str | None) -> str | None:
    """Put together what is kept apart because it names a person."""
    if recorded is None or personal is None:
        return recorded
    return canonical_json(json.loads(recorded) | json.loads(personal)).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Conditions that must all hold; None is no condition."""

    since: datetime | None = None
    until: datetime | None = None
    actor_id: UUID | None = None
    actor_kind: str | None = None
    source: str | None = None
    actions: Sequence[str] | None = None
    object_id: str | None = None
    binder_id: str | None = None
    search_term: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every event passes."""
        return self == AuditFilter()


class ExportFormat(StrEnum):
    """How an export is written."""

    JSONL = "jsonl"
    CSV = "csv"


class Coverage(StrEnum):
    """Which events an export holds, and so how much a verifier can tell from it."""

    COMPLETE = "complete"
    """All of them, from the first on."""
    RANGE = "range"
    """All between two numbers."""
    FILTERED = "filtered"
    """Some; what is missing cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What shall be exported: events that pass the filter, between two numbers."""

    wanted: AuditFilter
    first: int | None = None
    last: int | None = None

    @property
    def coverage(self) -> Coverage:
        """Tell what the export will be."""
        if not self.wanted.is_empty:
            return Coverage.FILTERED
        whole = self.first in {None, 1} and self.last is None
        return Coverage.COMPLETE if whole else Coverage.RANGE


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain; 0 and the genesis where there is none."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """What of an event the chain is made of."""

    sequence: int
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A signed statement of how many events there were, and of their Merkle root."""

    sequence: int
    at: datetime
    root: bytes
    head_hash: bytes
    peaks: tuple[bytes, ...]
    key_id: str
    signed: str


@dataclass(frozen=True, slots=True)
class AuditKey:
    """A key pair that signs checkpoints; its id is the fingerprint of its public half."""

    id: str
    sealed_private_key: str
    public_key: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """An organisation that has news which no checkpoint covers."""

    organisation_key: int
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of the audit trail spoke of a person: as the one who acted, as the object."""

    as_actor: int
    as_object: int
