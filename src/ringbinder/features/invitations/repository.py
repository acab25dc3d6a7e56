"""Questions about links, which belong to people and thus to the installation."""

from datetime import datetime

from sqlalchemy import delete, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import sign_in_links
from ringbinder.features.invitations.types import Link, LinkKind


async def add_link(
    session: WriteSession,
    *,
    kind: LinkKind,
    secret_sha256: str,
    person_key: int,
    member_key: int | None,
    expires_at: datetime,
) -> None:
    """Add a link."""
    await session.insert(
        sign_in_links,
        {
            "kind": str(kind),
            "secret_sha256": secret_sha256,
            "person_key": person_key,
            "member_key": member_key,
            "created_at": session.now,
            "expires_at": expires_at,
        },
    )


async def find_link(session: ReadSession, kind: LinkKind, secret_sha256: str) -> Link | None:
    """Give a link that can be used now."""
    links = sign_in_links.c
    row = await session.first(
        select(links.key, links.kind, links.person_key, links.member_key, links.expires_at).where(
            links.secret_sha256 == secret_sha256,
            links.kind == str(kind),
            links.used_at.is_(None),
            links.expires_at > session.now,
        )
    )
    if row is None:
        return None
    return Link(row.key, LinkKind(row.kind), row.person_key, row.member_key, row.expires_at)


async def has_link_since(
    session: ReadSession, kind: LinkKind, person_key: int, since: datetime
) -> bool:
    """Tell whether a person was sent a link of a kind lately."""
    links = sign_in_links.c
    found = await session.first(
        select(links.key)
        .where(links.person_key == person_key, links.kind == str(kind), links.created_at > since)
        .limit(1)
    )
    return found is not None


async def use_link(session: WriteSession, link: Link) -> bool:
    """Use a link up; tells whether nobody was quicker."""
    links = sign_in_links.c
    changed = await session.execute(
        update(sign_in_links)
        .where(links.key == link.key, links.used_at.is_(None), links.expires_at > session.now)
        .values(used_at=session.now)
    )
    return changed == 1


async def end_links(
    session: WriteSession, kind: LinkKind, *, person_key: int, member_key: int | None
) -> None:
    """Let the older links of a person, for the same membership, be good for nothing."""
    links = sign_in_links.c
    of_member = links.member_key.is_(None) if member_key is None else links.member_key == member_key
    await session.execute(
        update(sign_in_links)
        .where(
            links.person_key == person_key,
            links.kind == str(kind),
            of_member,
            links.used_at.is_(None),
        )
        .values(used_at=session.now)
    )


async def forget_links(session: WriteSession, before: datetime) -> int:
    """Drop links that ended before a time; gives their number."""
    return await session.execute(delete(sign_in_links).where(sign_in_links.c.expires_at < before))
