"""Exports as they are written: JSON Lines for machines and verifiers, CSV for spreadsheets.

Every line of the first is canonical JSON, so that there is one way to write it; what they mean is
promised in ``docs/mechanisms/audit-chain.md``.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from ringbinder.features.audit.types import ActorPart, AuditEvent, Checkpoint, Head, ObjectPart
from ringbinder.kit.canonical import canonical_json
from ringbinder.kit.clock import rfc3339_exact

FORMAT: Final = "ringbinder-audit-export"
VERSION: Final = 1

Json = dict[str, Any]


def line(document: Mapping[str, Any]) -> bytes:
    """Write one line."""
    return canonical_json(document) + b"\n"


def header(
    *,
    organisation_id: UUID,
    coverage: str,
    first: int,
    starting_hash: bytes,
    conditions: Mapping[str, Any] | None,
    exported_at: datetime,
    keys: Sequence[Mapping[str, Any]],
) -> Json:
    """Give the first line."""
    return {
        "kind": "header",
        "format": FORMAT,
        "version": VERSION,
        "organisationId": str(organisation_id),
        "coverage": str(coverage),
        "conditions": conditions,
        "firstSequence": first,
        "startingHash": starting_hash.hex(),
        "exportedAt": rfc3339_exact(exported_at),
        "keys": list(keys),
    }


def event_line(event: AuditEvent, organisation_id: UUID) -> Json:
    """Give the line of an event: what was hashed, and what that stands for."""
    return {
        "kind": "event",
        "record": event.record.members(organisation_id),
        "hash": event.hash.hex(),
        "before": _read(event.record.before_json),
        "after": _read(event.record.after_json),
        "actor": event.actor and _actor(event.actor),
        "object": event.object and _object(event.object),
    }


def actor_members(name: object, address: object) -> Json:
    """Give what is committed to of who acted."""
    return {"address": address, "name": name}


def object_members(name: object, before: object, after: object) -> Json:
    """Give what is committed to of a person or client that something happened to."""
    return {"after": after, "before": before, "name": name}


def checkpoint_line(checkpoint: Checkpoint) -> Json:
    """Give the line of a checkpoint, which stands behind the last event that it covers."""
    return {"kind": "checkpoint", "signed": checkpoint.signed}


def trailer(*, counted: Mapping[str, int], head: Head | None, sha256: str) -> Json:
    """Give the last line, without its signature."""
    return {
        "kind": "trailer",
        "events": counted["event"],
        "checkpoints": counted["checkpoint"],
        "lastSequence": head and head.sequence,
        "lastHash": head and head.hash.hex(),
        "sha256": sha256,
    }


def checkpoint_content(
    *, organisation_id: UUID, sequence: int, root: bytes, head_hash: bytes, at: datetime
) -> Json:
    """Give what a checkpoint states."""
    return {
        "organisationId": str(organisation_id),
        "sequence": sequence,
        "root": root.hex(),
        "headHash": head_hash.hex(),
        "at": rfc3339_exact(at),
    }


def _actor(actor: ActorPart) -> Json:
    return {"salt": actor.salt.hex(), **actor_members(actor.name, actor.address)}


def _object(named: ObjectPart) -> Json:
    members = object_members(named.name, _read(named.before_json), _read(named.after_json))
    return {"salt": named.salt.hex(), **members}


def _read(text: str | None) -> Any:  # noqa: ANN401 - JSON is of any type
    return None if text is None else msgspec.json.decode(text)


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────

COLUMNS: Final = (
    "sequence",
    "at",
    "action",
    "actorKind",
    "actorId",
    "actorName",
    "address",
    "objectType",
    "objectId",
    "objectName",
    "binderId",
    "before",
    "after",
    "traceId",
    "id",
    "hash",
)

ERASED: Final = "erased"
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it, spreadsheets take the letters of other alphabets for something else."""

_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide forms count too


def csv_head() -> bytes:
    """Write the names of the columns."""
    return (BYTE_ORDER_MARK + csv_rows([COLUMNS])).encode()


def csv_lines(events: Iterable[AuditEvent]) -> bytes:
    """Write a row for each event."""
    return csv_rows(map(_cells, events)).encode()


def csv_rows(rows: Iterable[Sequence[object]]) -> str:
    """Write rows by RFC 4180, every cell in quotes and none of them a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue()


def inert(cell: object) -> str:
    """Write a cell so that no spreadsheet runs it: an apostrophe goes before what could begin one.

    A cell that begins with an apostrophe gets another, so that taking one off gives it back.
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith((*_BEGINS_FORMULA, "'")) else text


def _cells(event: AuditEvent) -> Sequence[object]:
    record, actor = event.record, event.actor
    return (
        record.sequence,
        rfc3339_exact(record.at),
        record.action,
        record.actor_kind,
        record.actor_id,
        actor.name if actor else ERASED,
        actor.address if actor else ERASED,
        record.object_type,
        record.object_id,
        ERASED if event.object_is_erased else event.object_name,
        record.binder_id,
        event.before_json,
        event.after_json,
        record.trace_id,
        record.id,
        event.hash.hex(),
    )
