"""Note what people open, and tell who has read what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.errors import MissingPermissionError
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import Document, Version
from ringbinder.features.readlog import repository
from ringbinder.features.readlog.types import Opened, Place, Read, Reader, ReadHow
from ringbinder.kit.paging import total_of

ONE_READING: Final = timedelta(minutes=10)
"""Whoever opens the same version in the same way again within this time leaves one entry."""

LONGEST_LIST: Final = 500
"""How many of those who have not read a version are named; all of them are counted."""

_AT_ONCE: Final = 500


class ReadLog:
    """Notes reads by people; those by API clients leave nothing here."""

    def __init__(self, database: Database) -> None:
        """Write into this database, in transactions of its own."""
        self._database = database

    async def note(self, actor: Actor, opened: Sequence[Opened], how: ReadHow) -> None:
        """Leave an entry for each version, durable when this returns; call it before the bytes.

        Who opens the same again shortly after leaves none, and nobody waits for a writer then.
        """
        member_key = actor.member_key
        if member_key is None:
            return
        for start in range(0, len(opened), _AT_ONCE):
            some = opened[start : start + _AT_ONCE]
            new = await self._new(actor, member_key, some, how)
            if new:
                async with self._database.write(actor.organisation_key) as session:
                    await repository.add_reads(session, new, member_key=member_key, how=how)

    async def _new(
        self, actor: Actor, member_key: int, opened: Sequence[Opened], how: ReadHow
    ) -> list[Opened]:
        async with self._database.read(actor.organisation_key) as session:
            known = await repository.opened_since(
                session,
                [one.version_id for one in opened],
                member_key=member_key,
                how=how,
                since=session.now - ONE_READING,
            )
        return [one for one in opened if one.version_id not in known]


@dataclass(frozen=True, slots=True)
class NotRead:
    """Who has not opened a version: how many of how many, and the first of them by name."""

    count: int
    of: int
    readers: tuple[Reader, ...]


async def list_reads(
    session: ReadSession,
    document: Document,
    *,
    version_id: UUID | None,
    before: int | None,
    offset: int,
    limit: int,
) -> tuple[Sequence[Read], int]:
    """Give one page of a document's read log, newest first, and how many entries there are.

    Raises:
        MissingPermissionError: the caller does not administer the document's binder.
        VersionNotFoundError: the document has no such version.

    """
    _assert_may_see(session, document)
    if version_id is not None:
        await documents.get_version(session, document, version_id=version_id)
    found = await repository.list_reads(
        session,
        document.key,
        version_id=version_id,
        before=before,
        offset=offset,
        limit=limit,
    )
    count = partial(repository.count_reads, session, document.key, version_id=version_id)
    return found, await total_of(found, count, behind=before, offset=offset, limit=limit)


async def list_not_read(session: ReadSession, document: Document, version: Version) -> NotRead:
    """Tell which of those who see a document have not opened a version of it.

    They are the active members who take part in the binder and see the folder. Whoever made the
    version knows it.

    Raises:
        MissingPermissionError: the caller does not administer the document's binder.

    """
    _assert_may_see(session, document)
    hidden = await repository.hidden_folders_above(session, document.folder_key)
    place = Place(document.binder_key, tuple(hidden), version.created_by_id)
    everybody, missing = await repository.count_readers(session, version.id, place)
    if not missing:
        return NotRead(0, everybody, ())
    named = await repository.list_without_read(session, version.id, place, limit=LONGEST_LIST)
    return NotRead(missing, everybody, tuple(named))


def _assert_may_see(session: ReadSession, document: Document) -> None:
    if not session.sight.lets_change(document.binder_key):
        raise MissingPermissionError
