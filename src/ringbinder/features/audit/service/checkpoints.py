"""Checkpoints: signed statements of how far a chain of events goes, and of its Merkle root."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from ringbinder.db.sessions import Database
from ringbinder.features.audit.errors import ChainBrokenError
from ringbinder.features.audit.repository import checkpoints as stored
from ringbinder.features.audit.repository import events as recorded
from ringbinder.features.audit.rules import statements
from ringbinder.features.audit.rules.writing import checkpoint_content
from ringbinder.features.audit.service.keys import AuditKeys
from ringbinder.features.audit.types import Checkpoint, Head, Link
from ringbinder.kit.chains import genesis
from ringbinder.kit.clock import Clock
from ringbinder.kit.merkle import Frontier

BATCH: Final = 2000


class Checkpoints:
    """Makes checkpoints; each goes on from the one before and reads only what is new."""

    def __init__(
        self, database: Database, keys: AuditKeys, clock: Clock, *, interval: timedelta
    ) -> None:
        """Cover every event within an interval of its commit."""
        self._database = database
        self._keys = keys
        self._clock = clock
        self.interval = interval

    async def make_due(self) -> int:
        """Make a checkpoint of every organisation that has news; gives their number.

        Asked for twice within the interval, each event is covered within it: what one call leaves,
        because the last checkpoint is younger than half of it, the next one covers.
        """
        before = self._clock.now() - self.interval / 2
        async with self._database.read(None) as session:
            due = await stored.list_due(session, before=before)
        for one in due:
            await self.make(one.organisation_key, one.organisation_id)
        return len(due)

    async def make(self, organisation_key: int, organisation_id: UUID) -> Checkpoint:
        """Cover all events of now, and give that checkpoint.

        Where there is no news, it is the last one. Nothing is locked meanwhile.

        Raises:
            ChainBrokenError: the events do not follow from one another as they were written.

        """
        async with self._database.read(organisation_key) as session:
            last = await stored.find_latest(session)
            head = await recorded.get_head(session)
        if last is not None and last.sequence == head.sequence:
            return last
        frontier = Frontier(last.sequence, last.peaks) if last else Frontier()
        previous = last.head_hash if last else genesis(organisation_id)
        async for link in self._links(organisation_key, after=frontier.size, until=head.sequence):
            if link.sequence != frontier.size + 1 or link.previous_hash != previous:
                raise ChainBrokenError(frontier.size + 1)
            previous = link.hash
            frontier.add(link.hash)
        if Head(frontier.size, previous) != head:
            raise ChainBrokenError(min(frontier.size + 1, head.sequence))
        made = await self._signed(organisation_id, frontier, head)
        async with self._database.write(organisation_key) as writing:
            await stored.add_checkpoint(writing, made)
        # Another process may have covered as many events a moment before; then its word stands.
        async with self._database.read(organisation_key) as session:
            return await stored.find_latest(session, until=head.sequence) or made

    async def _links(self, organisation_key: int, *, after: int, until: int) -> AsyncIterator[Link]:
        while after < until:
            async with self._database.read(organisation_key) as session:
                links = await recorded.list_links(session, after=after, until=until, limit=BATCH)
            if not links:
                return
            for link in links:
                yield link
            after = links[-1].sequence

    async def _signed(self, organisation_id: UUID, frontier: Frontier, head: Head) -> Checkpoint:
        key_id, key = await self._keys.signing_key()
        at, root = self._clock.now(), frontier.root()
        content = checkpoint_content(
            organisation_id=organisation_id,
            sequence=head.sequence,
            root=root,
            head_hash=head.hash,
            at=at,
        )
        return Checkpoint(
            sequence=head.sequence,
            at=at,
            root=root,
            head_hash=head.hash,
            peaks=frontier.peaks,
            key_id=key_id,
            signed=statements.sign(statements.CHECKPOINT, content, key),
        )
