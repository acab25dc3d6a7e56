"""Take the audit trail away: streamed in bounded memory, and signed as a whole."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import Database
from ringbinder.features.audit.repository import checkpoints as stored
from ringbinder.features.audit.repository import events as recorded
from ringbinder.features.audit.rules import statements, writing
from ringbinder.features.audit.service.checkpoints import Checkpoints
from ringbinder.features.audit.service.keys import AuditKeys
from ringbinder.features.audit.types import (
    AuditEvent,
    Checkpoint,
    Coverage,
    ExportFormat,
    ExportWish,
    Head,
)
from ringbinder.kit.chains import genesis
from ringbinder.kit.clock import Clock
from ringbinder.kit.errors import FieldErrors

BATCH: Final = 500

Conditions = Mapping[str, Any] | None


class Exports:
    """Writes exports. Each batch has a session of its own, so a slow reader holds nothing."""

    def __init__(
        self, database: Database, checkpoints: Checkpoints, keys: AuditKeys, clock: Clock
    ) -> None:
        """Export from this database, vouched for by these keys."""
        self.database = database
        self.checkpoints = checkpoints
        self.keys = keys
        self.clock = clock

    async def prepare(
        self, actor: Actor, wish: ExportWish, *, conditions: Conditions, kind: ExportFormat
    ) -> AsyncIterator[bytes]:
        """Begin an export of all that was done until now; what can be wrong is found here.

        ``conditions`` are the filter as the header shall state it.

        Raises:
            FieldErrors: the range begins behind the last event.
            ChainBrokenError: the trail was tampered with, so nobody vouches for it.

        """
        if wish.coverage is Coverage.COMPLETE and kind is ExportFormat.JSONL:
            await self.checkpoints.make(actor.organisation_key, actor.organisation_id)
        async with self.database.read(actor.organisation_key) as session:
            head = await recorded.get_head(session)
            first = wish.first or 1
            before = (
                genesis(actor.organisation_id)
                if first == 1
                else await recorded.find_hash(session, first - 1)
            )
        if before is None:
            raise FieldErrors({"fromSequence": [f"The last event is {head.sequence}."]})
        last = min(wish.last or head.sequence, head.sequence)
        export = Export(self, actor, wish, conditions, self.clock.now(), first, before, last)
        return export.csv() if kind is ExportFormat.CSV else export.jsonl()


@dataclass(slots=True)
class Export:
    """One export on its way."""

    service: Exports
    actor: Actor
    wish: ExportWish
    conditions: Conditions
    exported_at: datetime
    first: int
    starting_hash: bytes
    last: int
    counted: Counter[str] = field(default_factory=Counter)
    digest: Any = field(default_factory=hashlib.sha256)
    head: Head | None = None

    async def csv(self) -> AsyncIterator[bytes]:
        """Write CSV: a row of names, then one for each event."""
        yield writing.csv_head()
        async for events in self._batches():
            yield await asyncio.to_thread(writing.csv_lines, events)

    async def jsonl(self) -> AsyncIterator[bytes]:
        """Write JSON Lines: a header, the events, checkpoints between them, a signed trailer."""
        yield self._hashed(writing.line(await self._header()))
        async for events in self._batches():
            checkpoints = await self._checkpoints(events)
            # Encoding hundreds of events takes some milliseconds, which others need not wait for.
            yield await asyncio.to_thread(self._lines, events, checkpoints)
        yield writing.line(await self._trailer())

    async def _header(self) -> dict[str, Any]:
        return writing.header(
            organisation_id=self.actor.organisation_id,
            coverage=self.wish.coverage,
            first=self.first,
            starting_hash=self.starting_hash,
            conditions=self.conditions,
            exported_at=self.exported_at,
            keys=await self.service.keys.published(),
        )

    async def _batches(self) -> AsyncIterator[Sequence[AuditEvent]]:
        after = self.first - 1
        while True:
            async with self.service.database.read(self.actor.organisation_key) as session:
                events = await recorded.list_events(
                    session,
                    self.wish.wanted,
                    newest_first=False,
                    after=after,
                    until=self.last,
                    limit=BATCH,
                )
            if events:
                yield events
                after = events[-1].sequence
            elif not await self._goes_on():
                return

    async def _goes_on(self) -> bool:
        """Tell whether a person was erased meanwhile, so that the event that says so must follow.

        Otherwise a complete export would hold a gap in what it says that nothing in it explains.
        """
        if self.wish.coverage is not Coverage.COMPLETE:
            return False
        key = self.actor.organisation_key
        async with self.service.database.read(key) as session:
            if not await recorded.was_erased_after(session, self.last):
                return False
        made = await self.service.checkpoints.make(key, self.actor.organisation_id)
        self.last = made.sequence
        return True

    async def _checkpoints(self, events: Sequence[AuditEvent]) -> dict[int, Checkpoint]:
        if self.wish.coverage is Coverage.FILTERED:
            return {}
        async with self.service.database.read(self.actor.organisation_key) as session:
            found = await stored.list_checkpoints(
                session,
                newest_first=False,
                after=events[0].sequence - 1,
                until=events[-1].sequence,
                limit=len(events),
            )
        return {checkpoint.sequence: checkpoint for checkpoint in found}

    def _lines(self, events: Sequence[AuditEvent], checkpoints: Mapping[int, Checkpoint]) -> bytes:
        lines = bytearray()
        for event in events:
            lines += writing.line(writing.event_line(event, self.actor.organisation_id))
            self.counted["event"] += 1
            if event.sequence in checkpoints:
                lines += writing.line(writing.checkpoint_line(checkpoints[event.sequence]))
                self.counted["checkpoint"] += 1
        self.head = Head(events[-1].sequence, events[-1].hash)
        return self._hashed(bytes(lines))

    def _hashed(self, lines: bytes) -> bytes:
        self.digest.update(lines)
        return lines

    async def _trailer(self) -> dict[str, Any]:
        line = writing.trailer(counted=self.counted, head=self.head, sha256=self.digest.hexdigest())
        _, key = await self.service.keys.signing_key()
        stated = {name: value for name, value in line.items() if name != "kind"}
        stated["organisationId"] = str(self.actor.organisation_id)
        return {**line, "signed": statements.sign(statements.EXPORT, stated, key)}
