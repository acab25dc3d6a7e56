"""Questions about keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update

from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import idempotency_keys
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.idempotency.types import KnownKey
from ringbinder.web.keeping import Attempt

_key = idempotency_keys.c


async def add_or_lock(
    session: WriteSession, attempt: Attempt, *, content_sha256: str, lease_until: datetime
) -> KnownKey | None:
    """Give what is known about a key, locked; where nothing was, it is now known by this attempt.

    None where another attempt gave the key up at this very moment.
    """
    row = {
        "actor_id": attempt.actor_id,
        "key_sha256": attempt.key_sha256,
        "content_sha256": content_sha256,
        "attempt_id": attempt.id,
        "lease_until": lease_until,
    }
    identity = ("organisation_key", "actor_id", "key_sha256")
    await session.insert_or(idempotency_keys, [row], key=identity)
    statement = select(idempotency_keys).where(_same_key(attempt)).with_for_update()
    found = await session.first(statement)
    return None if found is None else _known(found)


async def take_over(session: WriteSession, attempt: Attempt, *, lease_until: datetime) -> None:
    """Put this attempt in place of one that has died, or is about to find out that it is late."""
    await session.execute(
        update(idempotency_keys)
        .where(_same_key(attempt))
        .values(attempt_id=attempt.id, lease_until=lease_until)
    )


async def finish(session: WriteSession, attempt: Attempt, sealed_answer: str | None) -> bool:
    """Keep that an attempt succeeded, with its answer; False where another has taken over."""
    touched = await session.execute(
        update(idempotency_keys)
        .where(_same_key(attempt), _key.attempt_id == attempt.id)
        .values(finished_at=session.now, sealed_answer=sealed_answer)
    )
    return touched == 1


async def drop_unfinished(session: WriteSession, attempt: Attempt) -> None:
    """Forget a key whose attempt has failed."""
    await session.execute(
        delete(idempotency_keys).where(
            _same_key(attempt), _key.attempt_id == attempt.id, _key.finished_at.is_(None)
        )
    )


async def drop_answers_before(session: WriteSession, moment: datetime) -> int:
    """Drop the answers, but not the keys, of what succeeded until a moment; by the system."""
    return await session.execute(
        update(idempotency_keys)
        .where(_key.finished_at <= moment, _key.sealed_answer.is_not(None))
        .values(sealed_answer=None)
    )


async def drop_keys_before(session: WriteSession, moment: datetime) -> int:
    """Forget what succeeded until a moment; by the system."""
    return await session.execute(delete(idempotency_keys).where(_key.finished_at <= moment))


async def drop_dead_before(session: WriteSession, moment: datetime) -> int:
    """Forget attempts that died before a moment; by the system."""
    return await session.execute(
        delete(idempotency_keys).where(_key.finished_at.is_(None), _key.lease_until < moment)
    )


def _known(row: Row[Any]) -> KnownKey:
    return KnownKey(
        content_sha256=row.content_sha256,
        attempt_id=row.attempt_id,
        lease_until=row.lease_until,
        finished_at=row.finished_at,
        sealed_answer=row.sealed_answer,
    )


def _same_key(attempt: Attempt) -> ColumnElement[bool]:
    return and_(
        of_tenant(idempotency_keys),
        _key.actor_id == attempt.actor_id,
        _key.key_sha256 == attempt.key_sha256,
    )
