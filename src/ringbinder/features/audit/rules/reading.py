"""Lines of an export as a verifier reads them: in the one way in which they can be written."""

from typing import Any
from uuid import UUID

import msgspec

from ringbinder.features.audit.types import Coverage
from ringbinder.kit.canonical import canonical_json
from ringbinder.kit.chains import HASH_BYTES
from ringbinder.kit.json_reading import read_json

_DEPTH = 64


class Line(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", tag_field="kind"
):
    """Any line; its kind says which."""


class HeaderLine(Line, frozen=True, tag="header"):
    """The first line: whose events, which of them, and the keys that vouch for them."""

    format: str
    version: int
    organisation_id: UUID
    coverage: Coverage
    conditions: dict[str, Any] | None
    first_sequence: int
    starting_hash: str
    exported_at: str
    keys: list[dict[str, Any]]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What of an event is hashed."""

    action: str
    actor_commitment: str
    actor_id: str | None
    actor_kind: str
    after: str | None
    at: str
    before: str | None
    binder_id: str | None
    id: str
    object_commitment: str | None
    object_id: str
    object_name: str | None
    object_type: str
    organisation_id: str
    previous_hash: str
    sequence: int
    trace_id: str | None


class ActorMembers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What an event says of who acted."""

    salt: str
    name: str
    address: str | None


class ObjectMembers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What an event says of the person or client that it happened to."""

    salt: str
    name: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class EventLine(Line, frozen=True, tag="event"):
    """An event."""

    record: dict[str, Any]
    hash: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    actor: ActorMembers | None
    object: ObjectMembers | None


class CheckpointLine(Line, frozen=True, tag="checkpoint"):
    """A signed statement about all events before it."""

    signed: str


class TrailerLine(Line, frozen=True, tag="trailer"):
    """The last line: what came before it, signed."""

    events: int
    checkpoints: int
    last_sequence: int | None
    last_hash: str | None
    sha256: str
    signed: str


AnyLine = HeaderLine | EventLine | CheckpointLine | TrailerLine


def read_line(raw: bytes) -> AnyLine:
    """Read one line.

    Raises:
        ValueError: it is not a line of an export, or it could be written in another way.

    """
    parsed = read_json(raw, max_depth=_DEPTH)
    if canonical_json(parsed) + b"\n" != raw:
        raise ValueError("not canonical JSON")
    # msgspec's ValidationError is a ValueError.
    line: AnyLine = msgspec.convert(parsed, AnyLine)
    return line


def read_record(members: dict[str, Any]) -> Record:
    """Read what of an event is hashed.

    Raises:
        ValueError: a member is missing, unknown or of another type.

    """
    return msgspec.convert(members, Record)


def hash_of(text: str) -> bytes:
    """Read a hash or salt of 64 lower-case hexadecimal digits.

    Raises:
        ValueError: it is none.

    """
    raw = bytes.fromhex(text)
    if len(raw) != HASH_BYTES or raw.hex() != text:
        raise ValueError("not a hash")
    return raw
