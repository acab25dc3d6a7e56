"""Follow what happens, and check that a copy is right."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from ringbinder.db.sessions import Database, ReadSession
from ringbinder.db.sight import EVERYTHING, Sight
from ringbinder.features.binders.types import Binder
from ringbinder.features.changes import repository
from ringbinder.features.changes.errors import CursorTooOldError
from ringbinder.features.changes.rules import DigestBuilder
from ringbinder.features.changes.types import BinderDigest, Change

LOOKS_EVERY: Final = timedelta(milliseconds=500)
"""How often a waiting reader looks for news; it holds no connection meanwhile."""

VERSIONS_AT_ONCE: Final = 2000


class ChangeFeed:
    """The feed of each organisation."""

    def __init__(self, database: Database, *, kept_for: timedelta) -> None:
        """Read from this database; changes are kept for at least this long."""
        self._database = database
        self._kept_for = kept_for

    async def read(
        self,
        organisation_key: int,
        *,
        after: int | None,
        limit: int,
        wait: timedelta,
        sight: Sight = EVERYTHING,
    ) -> Sequence[Change]:
        """Give the changes after a position, in order, each exactly once, as far as is seen.

        Without a position it begins with the oldest change that is kept. Where there is no news
        it waits for some, at most as long as asked.

        Raises:
            CursorTooOldError: changes after the position are not kept any more.

        """
        ends_at = asyncio.get_running_loop().time() + wait.total_seconds()
        while True:
            found = await self._look(organisation_key, sight, after, limit)
            left = ends_at - asyncio.get_running_loop().time()
            if found or left <= 0:
                return found
            await asyncio.sleep(min(LOOKS_EVERY.total_seconds(), left))

    async def head(self, organisation_key: int) -> int:
        """Give the position of the newest change."""
        async with self._database.read(organisation_key) as session:
            return await repository.head(session)

    async def forget(self, organisation_key: int) -> int:
        """Drop changes that have been kept long enough; gives their number."""
        async with self._database.write(organisation_key) as session:
            return await repository.forget_before(session, session.now - self._kept_for)

    async def _look(
        self, organisation_key: int, sight: Sight, after: int | None, limit: int
    ) -> Sequence[Change]:
        async with self._database.read(organisation_key, sight) as session:
            found = await repository.list_after(session, after or 0, limit)
            if after is not None:
                await _assert_nothing_is_missing(session, after, found)
        return found


async def _assert_nothing_is_missing(
    session: ReadSession, after: int, found: Sequence[Change]
) -> None:
    if await _first_position(session, after, found) > after + 1:
        raise CursorTooOldError
    # A position that the feed has not reached was given before a backup was restored.
    if not found and after > await repository.head(session):
        raise CursorTooOldError


async def _first_position(session: ReadSession, after: int, found: Sequence[Change]) -> int:
    """Give the first position behind one that is kept, also where it is not shown."""
    if session.sight.is_whole:
        return found[0].sequence if found else after + 1
    return await repository.oldest(session) or after + 1


async def digest_of_binder(session: ReadSession, binder: Binder) -> BinderDigest:
    """Count a binder's live documents and versions and give their digest, at one moment."""
    builder = DigestBuilder()
    after: tuple[UUID, int] | None = None
    while True:
        listed = await repository.list_versions_of_binder(
            session, binder.key, after=after, limit=VERSIONS_AT_ONCE
        )
        builder.add(listed)
        if len(listed) < VERSIONS_AT_ONCE:
            break
        after = (listed[-1].document_id, listed[-1].number)
    return BinderDigest(
        documents=builder.documents,
        versions=builder.versions,
        digest=builder.digest,
        sequence=await repository.head(session),
    )
