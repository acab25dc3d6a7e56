"""Leave the events of what is done to members."""

from typing import Any

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.members.types import Member


def record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    member: Member,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record what an administrator did to a member."""
    subject = Subject(type="member", id=str(member.id), name=member.name, names_person=True)
    evidence.record(session, actor, action, subject, before=before, after=after)
