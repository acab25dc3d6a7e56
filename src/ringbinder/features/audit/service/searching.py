"""Look at what was done, by integrations and by people, in one list."""

from collections.abc import Sequence
from functools import partial

from ringbinder.db.sessions import ReadSession
from ringbinder.features.audit.errors import CheckpointNotFoundError
from ringbinder.features.audit.repository import checkpoints as stored
from ringbinder.features.audit.repository import events as recorded
from ringbinder.features.audit.types import AuditEvent, AuditFilter, Checkpoint
from ringbinder.kit.paging import total_of


async def search_events(
    session: ReadSession,
    wanted: AuditFilter,
    *,
    newest_first: bool,
    after: int | None,
    offset: int,
    limit: int,
) -> tuple[Sequence[AuditEvent], int]:
    """Give one page of the organisation's events and how many there are in all.

    ``after`` is the sequence of the last event that the caller has seen.
    """
    events = await recorded.list_events(
        session, wanted, newest_first=newest_first, after=after, offset=offset, limit=limit
    )
    count = partial(recorded.count_events, session, wanted)
    return events, await total_of(events, count, behind=after, offset=offset, limit=limit)


async def list_checkpoints(
    session: ReadSession, *, after: int | None, offset: int, limit: int
) -> tuple[Sequence[Checkpoint], int]:
    """Give one page of the organisation's checkpoints, newest first, and how many there are."""
    found = await stored.list_checkpoints(
        session, newest_first=True, after=after, offset=offset, limit=limit
    )
    count = partial(stored.count_checkpoints, session)
    return found, await total_of(found, count, behind=after, offset=offset, limit=limit)


async def get_checkpoint(session: ReadSession, *, sequence: int) -> Checkpoint:
    """Give the checkpoint that ends with an event.

    Raises:
        CheckpointNotFoundError: there is none.

    """
    found = await stored.find_latest(session, until=sequence)
    if found is None or found.sequence != sequence:
        raise CheckpointNotFoundError
    return found
