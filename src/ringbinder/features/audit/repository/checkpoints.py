"""Checkpoints and the keys that sign them; both are only ever added."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, and_, func, or_, select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import (
    audit_checkpoints,
    audit_keys,
    organisation_sequences,
    organisations,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.audit.types import AuditKey, Checkpoint, Due
from ringbinder.kit.chains import HASH_BYTES


async def find_latest(session: ReadSession, *, until: int | None = None) -> Checkpoint | None:
    """Give the newest checkpoint, or the newest of at most so many events."""
    statement = select(audit_checkpoints).where(of_tenant(audit_checkpoints))
    if until is not None:
        statement = statement.where(audit_checkpoints.c.sequence <= until)
    newest_first = audit_checkpoints.c.sequence.desc()
    row = await session.first(statement.order_by(newest_first).limit(1))
    return None if row is None else _checkpoint(row)


async def list_checkpoints(
    session: ReadSession,
    *,
    newest_first: bool,
    after: int | None = None,
    until: int | None = None,
    offset: int = 0,
    limit: int,
) -> Sequence[Checkpoint]:
    """Give checkpoints in the order of their sequence; ``until`` is the largest that may come."""
    sequence = audit_checkpoints.c.sequence
    statement = select(audit_checkpoints).where(of_tenant(audit_checkpoints))
    if after is not None:
        statement = statement.where(sequence < after if newest_first else sequence > after)
    if until is not None:
        statement = statement.where(sequence <= until)
    order = sequence.desc() if newest_first else sequence.asc()
    rows = await session.all(statement.order_by(order).offset(offset).limit(limit))
    return [_checkpoint(row) for row in rows]


async def count_checkpoints(session: ReadSession) -> int:
    """Count the organisation's checkpoints."""
    total: int = await session.scalar(
        select(func.count(audit_checkpoints.c.sequence)).where(of_tenant(audit_checkpoints))
    )
    return total


async def add_checkpoint(session: WriteSession, made: Checkpoint) -> None:
    """Add a checkpoint; where another process made one of as many events, that one stays."""
    row = {
        "sequence": made.sequence,
        "at": made.at,
        "root": made.root,
        "head_hash": made.head_hash,
        "peaks": b"".join(made.peaks),
        "key_id": made.key_id,
        "signed": made.signed,
    }
    await session.insert_or(audit_checkpoints, [row], key=("organisation_key", "sequence"))


async def list_due(session: ReadSession, *, before: datetime) -> Sequence[Due]:
    """Give the organisations with news whose last checkpoint is older than a moment."""
    latest = (
        select(
            audit_checkpoints.c.organisation_key,
            func.max(audit_checkpoints.c.sequence).label("sequence"),
            func.max(audit_checkpoints.c.at).label("at"),
        )
        .group_by(audit_checkpoints.c.organisation_key)
        .subquery()
    )
    sequences = organisation_sequences.c
    rows = await session.all(
        select(organisations.c.key, organisations.c.id)
        .join(organisation_sequences, sequences.organisation_key == organisations.c.key)
        .outerjoin(latest, latest.c.organisation_key == organisations.c.key)
        .where(
            sequences.head_sequence > 0,
            or_(
                latest.c.sequence.is_(None),
                and_(latest.c.sequence < sequences.head_sequence, latest.c.at <= before),
            ),
        )
        .order_by(organisations.c.key)
    )
    return [Due(row.key, row.id) for row in rows]


async def list_keys(session: ReadSession) -> Sequence[AuditKey]:
    """Give every key that ever signed, oldest first."""
    rows = await session.all(select(audit_keys).order_by(audit_keys.c.created_at, audit_keys.c.id))
    return [
        AuditKey(
            row.id, row.sealed_private_key, msgspec.json.decode(row.public_key), row.created_at
        )
        for row in rows
    ]


async def add_key(session: WriteSession, key: AuditKey) -> None:
    """Add a key."""
    await session.insert(
        audit_keys,
        {
            "id": key.id,
            "sealed_private_key": key.sealed_private_key,
            "public_key": msgspec.json.encode(key.public_key).decode(),
            "created_at": key.created_at,
        },
    )


def _key(row: Row[Any]) -> AuditKey:
    public_key = msgspec.json.decode(row.public_key)
    return AuditKey(row.id, row.sealed_private_key, public_key, row.created_at)


def _checkpoint(row: Row[Any]) -> Checkpoint:
    peaks = bytes(row.peaks)
    return Checkpoint(
        sequence=row.sequence,
        at=row.at,
        root=bytes(row.root),
        head_hash=bytes(row.head_hash),
        peaks=tuple(
            peaks[start : start + HASH_BYTES] for start in range(0, len(peaks), HASH_BYTES)
        ),
        key_id=row.key_id,
        signed=row.signed,
    )
