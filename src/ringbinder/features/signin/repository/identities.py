"""Questions about the names under which providers know people."""

from collections.abc import Sequence

from sqlalchemy import select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import person_identities


async def find_person_key(session: ReadSession, issuer: str, subject: str) -> int | None:
    """Give the person whom a provider knows under a name."""
    key: int | None = await session.scalar(
        select(person_identities.c.person_key).where(
            person_identities.c.issuer == issuer, person_identities.c.subject == subject
        )
    )
    return key


async def list_issuers(session: ReadSession, person_key: int) -> Sequence[str]:
    """Give the providers that know a person."""
    rows = await session.all(
        select(person_identities.c.issuer)
        .where(person_identities.c.person_key == person_key)
        .order_by(person_identities.c.key)
    )
    return [row.issuer for row in rows]


async def add_identity(
    session: WriteSession, *, person_key: int, issuer: str, subject: str
) -> None:
    """Remember under which name a provider knows a person."""
    await session.insert(
        person_identities,
        {
            "person_key": person_key,
            "issuer": issuer,
            "subject": subject,
            "created_at": session.now,
        },
    )
