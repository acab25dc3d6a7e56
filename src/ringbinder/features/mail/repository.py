"""Questions about the outbox, which belongs to the installation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import mail_outbox
from ringbinder.features.mail.types import Waiting

_columns = (
    mail_outbox.c.key,
    mail_outbox.c.id,
    mail_outbox.c.sealed,
    mail_outbox.c.created_at,
    mail_outbox.c.expires_at,
    mail_outbox.c.attempts,
    mail_outbox.c.next_attempt_at,
)


async def add_letter(
    session: WriteSession, *, letter_id: UUID, sealed: str, expires_at: datetime
) -> None:
    """Put a letter into the outbox, to be sent at once."""
    await session.insert(
        mail_outbox,
        {
            "id": letter_id,
            "sealed": sealed,
            "created_at": session.now,
            "expires_at": expires_at,
            "attempts": 0,
            "next_attempt_at": session.now,
        },
    )


async def list_due(session: ReadSession, limit: int) -> Sequence[Waiting]:
    """Give letters whose time has come, the longest waiting first."""
    rows = await session.all(
        select(*_columns)
        .where(mail_outbox.c.next_attempt_at <= session.now)
        .order_by(mail_outbox.c.next_attempt_at, mail_outbox.c.key)
        .limit(limit)
    )
    return [_waiting(row) for row in rows]


async def claim(session: WriteSession, waiting: Waiting, next_attempt_at: datetime) -> bool:
    """Count an attempt, unless another process was quicker; tells which."""
    changed = await session.execute(
        update(mail_outbox)
        .where(
            mail_outbox.c.key == waiting.key,
            mail_outbox.c.next_attempt_at == waiting.next_attempt_at,
        )
        .values(attempts=waiting.attempts + 1, next_attempt_at=next_attempt_at)
    )
    return changed == 1


async def remove(session: WriteSession, waiting: Waiting) -> None:
    """Drop a letter that was sent, or never will be."""
    await session.execute(delete(mail_outbox).where(mail_outbox.c.key == waiting.key))


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        key=row.key,
        id=row.id,
        sealed=row.sealed,
        created_at=row.created_at,
        expires_at=row.expires_at,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
    )
