"""Whatever an event of the audit trail says, people find words for it."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from ringbinder.db.sessions import Database
from ringbinder.db.tables import audit_events, audit_personal
from ringbinder.features.audit.pages.words import MEMBERS, OF_LIMITS, SUBJECTS, VERBS
from ringbinder.features.audit.rules.changes import members_of


async def events_without_words(database: Database) -> list[str]:
    """Give what no word stands for, of all events that there are."""
    async with database.read(None) as session:
        events = await session.all(
            select(audit_events.c.action, audit_events.c.before_json, audit_events.c.after_json)
        )
        personal = await session.all(
            select(
                audit_events.c.action, audit_personal.c.before_json, audit_personal.c.after_json
            ).join(
                audit_personal,
                (audit_personal.c.organisation_key == audit_events.c.organisation_key)
                & (audit_personal.c.sequence == audit_events.c.sequence),
            )
        )
    rows: list[Any] = [*events, *personal]
    return sorted(
        {
            f"{action}: {text}"
            for action, before, after in rows
            for text in without_words(action, (before, after))
        }
    )


def without_words(action: str, states: Iterable[str | None]) -> Iterator[str]:
    _, subject, verb = action.split(":")
    if subject not in SUBJECTS:
        yield subject
    if verb not in VERBS:
        yield verb
    for name in {name for state in states for name in members_of(state)}:
        if not has_word(verb, name):
            yield name


def has_word(verb: str, name: str) -> bool:
    if verb == "metadata_changed":  # these are keys of the binder
        return True
    if verb == "limits_changed":
        return name in OF_LIMITS
    if name.startswith("values."):
        return name.endswith((".label", ".labels.en", ".labels.sv", ".position", ".isRetired"))
    return name in MEMBERS
