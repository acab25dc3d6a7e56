"""The rows that every change leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import (
    audit_events,
    audit_personal,
    changes,
    counters,
    organisation_sequences,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import CounterKey

_take = (
    update(organisation_sequences)
    .where(of_tenant(organisation_sequences))
    .returning(
        organisation_sequences.c.change_sequence,
        organisation_sequences.c.audit_sequence,
        organisation_sequences.c.head_sequence,
        organisation_sequences.c.head_hash,
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """The numbers before those that were taken, and the hash of the event before."""

    change_sequence: int
    event_sequence: int
    head_hash: bytes


async def begin_sequences(session: WriteSession, *, genesis: bytes) -> None:
    """Start the sequences of a new organisation at zero, and its chain of events."""
    first = {"change_sequence": 0, "audit_sequence": 0, "head_sequence": 0, "head_hash": genesis}
    await session.insert(organisation_sequences, first)


async def take_place(session: WriteSession, *, changes: int, events: int) -> Place:
    """Take the next numbers and give the place behind which they stand.

    The row stays locked until the transaction ends, so that numbers become visible in their order
    and without gaps; that is why this runs as the last thing before a commit.
    """
    row = await session.first(
        _take.values(
            change_sequence=organisation_sequences.c.change_sequence + changes,
            audit_sequence=organisation_sequences.c.audit_sequence + events,
        )
    )
    if row is None:
        message = "an organisation has no sequences"
        raise RuntimeError(message)
    if row.head_sequence != row.audit_sequence - events:
        message = "the hash of the last audit event is not known: a trigger is missing"
        raise RuntimeError(message)
    return Place(row.change_sequence - changes, row.head_sequence, row.head_hash)


async def add_audit_events(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add audit events; nothing in this program changes or removes one.

    A trigger puts the hash of the last one beside the sequences, for whoever comes next: it costs
    no statement more.
    """
    await session.insert(audit_events, *rows)


async def add_personal(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add what events say of persons, apart from them, so that it can be erased."""
    await session.insert(audit_personal, *rows)


async def add_changes(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add positions of the change feed."""
    await session.insert(changes, *rows)


async def add_to_counters(session: WriteSession, deltas: Mapping[CounterKey, int]) -> None:
    """Add to counters, making those that are missing."""
    rows = [
        {
            "kind": int(key.kind),
            "binder_key": key.binder_key,
            "subject_key": key.subject_key,
            "value": key.value,
            "count": delta,
        }
        for key, delta in sorted(deltas.items(), key=_in_key_order)
        if delta
    ]
    identity = ("organisation_key", "kind", "binder_key", "subject_key", "value")
    await session.insert_or(counters, rows, key=identity, add=("count",))


def _in_key_order(item: tuple[CounterKey, int]) -> tuple[int, int, int, str]:
    key, _ = item
    return key.kind, key.binder_key, key.subject_key, key.value
