"""Record what was done, in the transaction that does it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence import repository, rules
from ringbinder.features.evidence.types import Action, CounterKey, Entry, Subject
from ringbinder.kit.chains import genesis, new_salts
from ringbinder.kit.ids import new_guid
from ringbinder.kit.tracing import current_trace_id

_SALTS_OF_EVENT: Final = 2
"""One for who did it, and one for whom it was done to."""


@dataclass(slots=True)
class _Ledger:
    """What one unit of work has to record; written together as the last thing before the commit."""

    entries: list[Entry] = field(default_factory=list)
    deltas: Counter[CounterKey] = field(default_factory=Counter)


async def begin(session: WriteSession, *, organisation_id: UUID) -> None:
    """Prepare the records of a new organisation; its id is what its audit chain begins with."""
    await repository.begin_sequences(session, genesis=genesis(organisation_id))


def record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    subject: Subject,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Leave an audit event and, where clients can see the change, a position in the change feed.

    ``before`` and ``after`` hold what changed and nothing that is secret.
    """
    _ledger(session).entries.append(
        Entry(actor, action, subject, before, after, current_trace_id())
    )


def count(session: WriteSession, key: CounterKey, delta: int) -> None:
    """Add to a counter when the unit of work is committed."""
    _ledger(session).deltas[key] += delta


def _ledger(session: WriteSession) -> _Ledger:
    def open_ledger() -> _Ledger:
        ledger = _Ledger()
        session.before_commit(partial(_write, session, ledger))
        return ledger

    return session.keep(_Ledger, open_ledger)


async def _write(session: WriteSession, ledger: _Ledger) -> None:
    entries = ledger.entries
    salts = new_salts(_SALTS_OF_EVENT * len(entries))
    # Before the place is taken: the database is still busy, and others wait for whoever has it.
    drafts = [rules.drafted(entry, id=new_guid(), at=session.now, salts=salts) for entry in entries]
    in_feed = sum(entry.action.is_in_feed for entry in entries)
    place = await repository.take_place(session, changes=in_feed, events=len(entries))
    change_sequence, head = place.change_sequence, place.head_hash
    events, personal, changes = [], [], []
    drafted = zip(entries, drafts, strict=True)
    for sequence, (entry, draft) in enumerate(drafted, start=place.event_sequence + 1):
        written = draft.at(sequence, after=head)
        head = written.hash
        events.append(written.event)
        personal.extend(written.personal)
        if entry.action.is_in_feed:
            change_sequence += 1
            changes.append(_change_row(entry, change_sequence, written.event))
    await repository.add_audit_events(session, events)
    await repository.add_personal(session, personal)
    await repository.add_changes(session, changes)
    await repository.add_to_counters(session, ledger.deltas)


def _change_row(entry: Entry, sequence: int, event: Mapping[str, Any]) -> dict[str, Any]:
    subject = entry.subject
    return {
        "sequence": sequence,
        "type": entry.action.change_type,
        "at": event["at"],
        "binder_id": subject.binder_id,
        "folder_id": subject.folder_id,
        "document_id": subject.document_id,
        "version_id": subject.version_id,
        "object_id": subject.id,
        "audit_event_id": event["id"],
    }
