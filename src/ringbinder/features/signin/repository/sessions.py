"""Questions about browsers in which people are signed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import web_sessions
from ringbinder.features.signin.types import Session

SESSION_COLUMNS: Final = (
    web_sessions.c.key,
    web_sessions.c.id,
    web_sessions.c.person_key,
    web_sessions.c.chosen_organisation_key,
    web_sessions.c.created_at,
    web_sessions.c.last_seen_at,
    web_sessions.c.expires_at,
    web_sessions.c.address,
    web_sessions.c.agent,
)
"""In the order of :class:`Session`."""


async def add_session(
    session: WriteSession,
    *,
    secret_sha256: str,
    expires_at: datetime,
    **columns: Any,  # noqa: ANN401 - the rest of the row
) -> Session:
    """Add a session that begins now."""
    row = {
        **columns,
        "secret_sha256": secret_sha256,
        "created_at": session.now,
        "last_seen_at": session.now,
        "expires_at": expires_at,
    }
    names = [column.name for column in SESSION_COLUMNS]
    added = await session.insert_returning(web_sessions, row, *names)
    return Session(**added._asdict())


async def find_session(session: ReadSession, secret_sha256: str) -> Session | None:
    """Give the session of a cookie, ended or not."""
    row = await session.first(
        select(*SESSION_COLUMNS).where(web_sessions.c.secret_sha256 == secret_sha256)
    )
    return None if row is None else Session(**row._asdict())


async def list_sessions(
    session: ReadSession, person_key: int, *, seen_after: datetime
) -> Sequence[Session]:
    """Give a person's sessions that have not ended, the last used first."""
    rows = await session.all(
        select(*SESSION_COLUMNS)
        .where(
            web_sessions.c.person_key == person_key,
            web_sessions.c.expires_at > session.now,
            web_sessions.c.last_seen_at > seen_after,
        )
        .order_by(web_sessions.c.last_seen_at.desc(), web_sessions.c.key.desc())
        .limit(100)
    )
    return [Session(**row._asdict()) for row in rows]


async def note_use(session: WriteSession, key: int, address: str | None) -> None:
    """Remember when, and from where, a session was last used."""
    await session.execute(
        update(web_sessions)
        .where(web_sessions.c.key == key)
        .values(last_seen_at=session.now, address=address)
    )


async def choose_organisation(session: WriteSession, key: int, organisation_key: int) -> None:
    """Let a session look at another organisation."""
    await session.execute(
        update(web_sessions)
        .where(web_sessions.c.key == key)
        .values(chosen_organisation_key=organisation_key)
    )


async def end_session(session: WriteSession, key: int) -> bool:
    """End a session; tells whether it was there."""
    return await session.execute(delete(web_sessions).where(web_sessions.c.key == key)) == 1


async def end_sessions(
    session: WriteSession,
    person_key: int,
    *,
    besides: int | None = None,
    only: UUID | None = None,
) -> int:
    """End sessions of a person, all or one, but never that of a key; gives their number."""
    statement = delete(web_sessions).where(web_sessions.c.person_key == person_key)
    if besides is not None:
        statement = statement.where(web_sessions.c.key != besides)
    if only is not None:
        statement = statement.where(web_sessions.c.id == only)
    return await session.execute(statement)


async def forget_sessions(session: WriteSession, *, seen_before: datetime) -> int:
    """Drop sessions that have ended; gives their number."""
    ended = (web_sessions.c.expires_at <= session.now) | (
        web_sessions.c.last_seen_at <= seen_before
    )
    return await session.execute(delete(web_sessions).where(ended))
