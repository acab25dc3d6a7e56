"""The wire format of the audit trail."""

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from ringbinder.features.audit.types import AuditEvent, Checkpoint, ExportFormat
from ringbinder.kit.clock import rfc3339
from ringbinder.web.types import BinderId, CleanText, Day, Moment, SearchTerm, ShortText

LARGEST: Final = 2**62
ERASED: Final = "erased"
HASH_EXAMPLE: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
KEY_EXAMPLE: Final = "mWTOkGUey6Xm2dLTVZq___pOXqXy9QKFWc-NNDonADY"


class AuditSearch(BaseModel):
    """Which events; all conditions must hold."""

    from_: Moment | None = Field(default=None, alias="from", description="From this time on.")
    to: Moment | None = Field(default=None, description="Before this time.")
    actorId: UUID | None = Field(default=None, description="Who: the id of a client or person.")
    actorKind: Literal["client", "person", "operator", "system"] | None = Field(
        default=None, description="What kind of actor it was."
    )
    actions: list[ShortText] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="Any of these actions, whole (`api:document:created`) or without the source.",
        examples=[["document:created", "document:deleted"]],
    )
    objectId: ShortText | None = Field(
        default=None,
        description="The object's id.",
        examples=["0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"],
    )
    binderId: BinderId | None = Field(default=None, description="What is in this binder.")
    direction: Literal["asc", "desc"] = Field(
        default="desc", description="Newest first, or oldest."
    )


class AuditExportQuery(BaseModel):
    """What to export, and how; all conditions must hold."""

    format: ExportFormat = Field(
        default=ExportFormat.JSONL,
        description="JSON Lines, which can be verified, or CSV for spreadsheets.",
    )
    fromSequence: int | None = Field(
        default=None, ge=1, le=LARGEST, description="From this event on."
    )
    toSequence: int | None = Field(
        default=None, ge=1, le=LARGEST, description="Up to this event, itself included."
    )
    from_: Moment | None = Field(default=None, alias="from", description="From this time on.")
    to: Moment | None = Field(default=None, description="Before this time.")
    actorId: UUID | None = Field(default=None, description="Who: the id of a client or person.")
    actorKind: Literal["client", "person", "operator", "system"] | None = Field(
        default=None, description="What kind of actor it was."
    )
    actions: list[ShortText] | None = Field(
        default=None,
        max_length=50,
        description="Any of these actions, whole (`api:document:created`) or without the source.",
    )
    objectId: ShortText | None = Field(default=None, description="The object's id.")
    binderId: BinderId | None = Field(default=None, description="What is in this binder.")
    searchTerm: SearchTerm | None = Field(
        default=None, description="Any part of the object's name or of the actor's."
    )


class AuditDesk(BaseModel):
    """What the page of the audit trail was asked for; days are those of the installation's zone."""

    q: SearchTerm | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    kind: Literal["client", "person", "operator", "system"] | None = None
    source: Literal["api", "web", "cli", "system"] | None = None
    actor: UUID | None = None
    action: ShortText | None = None
    object: ShortText | None = None
    binder: BinderId | None = None
    cursor: CleanText | None = None
    format: ExportFormat = ExportFormat.JSONL


class AuditActorAnswer(BaseModel):
    """Who did it, by the name of that time."""

    kind: str = Field(examples=["client"])
    id: UUID | None
    name: str = Field(
        examples=["ERP integration"], description="`erased` where `erased` says that it was."
    )
    erased: bool = Field(
        description="Whether name and address were erased from the trail.", examples=[False]
    )


class AuditObjectAnswer(BaseModel):
    """What it was done to."""

    type: str = Field(examples=["document"])
    id: str = Field(examples=["0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"])
    name: str | None = Field(examples=["A-40.1-1001 Plan 1.pdf"])
    binderId: str | None = Field(examples=["MNWI5YR89"])
    erased: bool = Field(
        description="Whether what names a person was erased from the trail.", examples=[False]
    )


class AuditEventAnswer(BaseModel):
    """One thing that was done."""

    id: UUID
    sequence: int = Field(ge=1, description="Counts the organisation's events without gaps.")
    at: datetime
    action: str = Field(examples=["api:document:created"])
    actor: AuditActorAnswer
    object: AuditObjectAnswer
    before: dict[str, Any] | None = Field(
        description="What it was, as far as that changed.", examples=[None]
    )
    after: dict[str, Any] | None = Field(
        description="What it became.", examples=[{"fileName": "A-40.1-1001 Plan 1.pdf"}]
    )
    address: str | None = Field(
        description="The network address it came from.", examples=["192.0.2.17"]
    )
    traceId: str | None = Field(
        description="The trace of the request, as in its answer.",
        examples=["00-4b9b9c0e9c4b4a6b8c1d9e3f7a5b6c2d-1a2b3c4d5e6f7a8b-01"],
    )
    hash: str = Field(
        description="Its hash in the organisation's chain of events.", examples=[HASH_EXAMPLE]
    )


class AuditPage(BaseModel):
    """One page of events."""

    items: list[AuditEventAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="Send it as `cursor` to read on; null at the end.", examples=["hbGhmzQ"]
    )


class CheckpointAnswer(BaseModel):
    """A signed statement of how many events there are, and of the root of their Merkle tree."""

    sequence: int = Field(ge=0, description="How many events it covers: the last one's sequence.")
    at: datetime
    root: str = Field(
        description="The Merkle root (RFC 9162) of the hashes of the events.",
        examples=[HASH_EXAMPLE],
    )
    headHash: str = Field(
        description="The hash of the last event that it covers.", examples=[HASH_EXAMPLE]
    )
    keyId: str = Field(
        description="The fingerprint (RFC 7638) of the key that signed it.", examples=[KEY_EXAMPLE]
    )
    signed: str = Field(
        description="The statement as a compact JWS (ES256): keep it somewhere else.",
        examples=["eyJhbGciOiJFUzI1NiJ9.eyJzZXF1ZW5jZSI6MX0.c2lnbmF0dXJl"],
    )


class CheckpointPage(BaseModel):
    """One page of checkpoints, newest first."""

    items: list[CheckpointAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="Send it as `cursor` to read on; null at the end.", examples=["hbGhmzQ"]
    )


class AuditKeysAnswer(BaseModel):
    """The public halves of all keys that ever signed checkpoints (RFC 7517)."""

    keys: list[dict[str, str]]


def event_answer(event: AuditEvent) -> dict[str, Any]:
    """Write one event."""
    record = event.record
    return {
        "id": str(record.id),
        "sequence": record.sequence,
        "at": rfc3339(record.at),
        "action": record.action,
        "actor": {
            "kind": record.actor_kind,
            "id": None if record.actor_id is None else str(record.actor_id),
            "name": event.actor.name if event.actor else ERASED,
            "erased": event.actor is None,
        },
        "object": {
            "type": record.object_type,
            "id": record.object_id,
            "name": event.object_name,
            "binderId": record.binder_id,
            "erased": event.object_is_erased,
        },
        "before": _ready(event.before_json),
        "after": _ready(event.after_json),
        "address": event.actor.address if event.actor else None,
        "traceId": record.trace_id,
        "hash": event.hash.hex(),
    }


def checkpoint_answer(checkpoint: Checkpoint) -> dict[str, Any]:
    """Write one checkpoint."""
    return {
        "sequence": checkpoint.sequence,
        "at": rfc3339(checkpoint.at),
        "root": checkpoint.root.hex(),
        "headHash": checkpoint.head_hash.hex(),
        "keyId": checkpoint.key_id,
        "signed": checkpoint.signed,
    }


def _ready(text: str | None) -> msgspec.Raw | None:
    return None if text is None else msgspec.Raw(text.encode())
