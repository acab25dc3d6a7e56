"""What events say of persons: the one thing in the audit trail that can go."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from ringbinder.db.sessions import WriteSession
from ringbinder.db.tables import audit_events, audit_personal
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import PersonalPart


async def erase_actor(session: WriteSession, person_id: UUID) -> int:
    """Erase name and address from all that a person did; gives the number of events."""
    is_theirs = audit_events.c.actor_id == person_id
    return await _erase(session, PersonalPart.ACTOR, is_theirs)


async def erase_object(session: WriteSession, person_id: UUID) -> int:
    """Erase what names a person from all that was done to them; gives the number of events."""
    is_theirs = audit_events.c.object_id == str(person_id)
    return await _erase(session, PersonalPart.OBJECT, is_theirs)


async def _erase(session: WriteSession, part: PersonalPart, is_theirs: ColumnElement[bool]) -> int:
    events = select(audit_events.c.sequence).where(of_tenant(audit_events), is_theirs)
    return await session.execute(
        delete(audit_personal).where(
            of_tenant(audit_personal),
            audit_personal.c.part == int(part),
            audit_personal.c.sequence.in_(events),
        )
    )
