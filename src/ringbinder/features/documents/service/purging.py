"""The end of the trash: documents that were there for long enough are deleted for good."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import Database, ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.blobs import service as blobs
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.types import Document
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action
from ringbinder.kit.names import comparison_key
from ringbinder.kit.paging import total_of

AT_ONCE: Final = 100
"""How many documents one transaction purges, so that other writers do not wait long for it."""


class Trash:
    """What was deleted and can be restored, for a stated time."""

    def __init__(self, database: Database, *, kept_for: timedelta) -> None:
        """Keep deleted documents for at least this long."""
        self._database = database
        self._kept_for = kept_for

    def restorable_until(self, deleted_at: datetime) -> datetime:
        """Give the time from which on a document may be gone for good."""
        return deleted_at + self._kept_for

    async def list_documents(
        self,
        session: ReadSession,
        binder: Binder | None,
        *,
        search_term: str | None,
        after: tuple[datetime, int] | None,
        offset: int,
        limit: int,
    ) -> tuple[Sequence[Document], int]:
        """Give one page of the trash, the latest first, and how many there are in all.

        ``after`` is when the last document that the caller has seen was deleted, and its key.
        """
        binder_key = None if binder is None else binder.key
        containing = None if search_term is None else comparison_key(search_term)
        found = await repository.list_trash(
            session,
            binder_key=binder_key,
            containing=containing,
            after=after,
            offset=offset,
            limit=limit,
        )
        count = partial(
            repository.count_trash, session, binder_key=binder_key, containing=containing
        )
        return found, await total_of(found, count, behind=after, offset=offset, limit=limit)

    async def purge(self, actor: Actor) -> int:
        """Delete for good what an organisation deleted long enough ago; gives the number.

        Works in small transactions; whoever is interrupted, or works beside another, goes on where
        it is now. A document that somebody is restoring at this moment is left to him.
        """
        purged, after = 0, 0
        while True:
            async with self._database.read(actor.organisation_key) as session:
                before = session.now - self._kept_for
                found = await repository.list_deleted_before(
                    session, before, after=after, limit=AT_ONCE
                )
            if not found:
                return purged
            async with self._database.write(actor.organisation_key) as session:
                purged += await _purge(session, actor, found, before)
            after = found[-1][0]


async def _purge(
    session: WriteSession, actor: Actor, found: Sequence[tuple[int, int]], before: datetime
) -> int:
    """Lock binders, documents and bytes, in this order, then delete what is still in the trash."""
    await binders.share_binders(session, binder_keys={binder_key for _, binder_key in found})
    documents = await repository.lock_deleted_before(session, [key for key, _ in found], before)
    if not documents:
        return 0
    keys = [document.key for document in documents]
    await blobs.release_blobs(session, sha256s=await repository.contents_of(session, keys))
    await repository.delete_documents(session, keys)
    for document in documents:
        _record(session, actor, document)
    return len(documents)


def _record(session: WriteSession, actor: Actor, document: Document) -> None:
    facts = {
        "fileName": document.file_name,
        "versions": document.latest_version_number,
        "deletedBy": document.deleted_by_name,
    }
    evidence.record(
        session, actor, Action.DOCUMENT_PURGED, rules.subject_of(document), before=facts
    )
