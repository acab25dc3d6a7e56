"""Forget a person: the one thing that the audit trail can lose, and it says so."""

from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.audit.errors import NothingToEraseError
from ringbinder.features.audit.repository import personal
from ringbinder.features.audit.types import Erased
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject


async def erase_person(session: WriteSession, actor: Actor, *, person_id: UUID) -> Erased:
    """Erase names and addresses of a person or client from the organisation's audit trail.

    Every event stays, with the person's id, and so does the proof that none was changed. That
    somebody was erased, by whom and when, is an event itself.

    Raises:
        NothingToEraseError: the audit trail says nothing of this person.

    """
    erased = Erased(
        as_actor=await personal.erase_actor(session, person_id),
        as_object=await personal.erase_object(session, person_id),
    )
    if not erased.as_actor and not erased.as_object:
        raise NothingToEraseError
    evidence.record(
        session,
        actor,
        Action.PERSON_ERASED,
        Subject(type="person", id=str(person_id)),
        after={"asActor": erased.as_actor, "asObject": erased.as_object},
    )
    return erased
