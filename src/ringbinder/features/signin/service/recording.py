"""What people did, in the audit trail of each organisation that they belong to."""

from collections.abc import Mapping, Sequence
from typing import Any

from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.access.permissions import MemberRole
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.signin.types import Membership, Person


def actor_of(person: Person, membership: Membership, address: str | None) -> Actor:
    """Give a person as the actor of an event; what it sees is not looked up for that."""
    return Actor(
        kind=ActorKind.PERSON,
        source=Source.WEB,
        id=membership.id,
        name=person.name,
        role=MemberRole(membership.role),
        organisation_key=membership.organisation_key,
        organisation_id=membership.organisation_id,
        address=address,
        member_key=membership.key,
    )


def record(
    session: WriteSession,
    person: Person,
    memberships: Sequence[Membership],
    action: Action,
    *,
    address: str | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Leave an event in each of these organisations, with the member as actor and as object."""
    for membership in memberships:
        evidence.record(
            session.act_for(membership.organisation_key),
            actor_of(person, membership, address),
            action,
            Subject(type="member", id=str(membership.id), name=person.name, names_person=True),
            before=before,
            after=after,
        )
