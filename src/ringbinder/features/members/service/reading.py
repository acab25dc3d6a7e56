"""Find members, and what each may see."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from ringbinder.access import policies
from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.db.sessions import ReadSession
from ringbinder.features.members import repository
from ringbinder.features.members.errors import MemberNotFoundError
from ringbinder.features.members.types import Member, Membership, Seat
from ringbinder.kit.collation import sort_key
from ringbinder.kit.names import comparison_key

MAXIMUM_UNPAGED: Final = 10_000
"""How many members a listing gives that did not ask for pages."""


async def load_actor(
    session: ReadSession,
    member: Member | Seat,
    *,
    organisation_id: UUID,
    address: str | None = None,
) -> Actor:
    """Give a member as the caller of a request by the web, with what it sees.

    The session is one of the member's organisation that shows everything.
    """
    participations: policies.Participations = {}
    hidden = frozenset[int]()
    if not member.role.administers_all:
        participations = policies.strongest(
            await repository.list_participations(session, member.key)
        )
        administered = policies.administered_by(participations)
        hidden = await repository.list_hidden_folders(session, member.key, administered)
    return Actor(
        kind=ActorKind.PERSON,
        source=Source.WEB,
        id=member.id,
        name=member.name,
        role=member.role,
        organisation_key=session.organisation_key,
        organisation_id=organisation_id,
        address=address,
        member_key=member.key,
        sight=policies.sight_of(member.role, participations, hidden),
        administered=policies.administered_by(participations),
    )


async def list_memberships(session: ReadSession, *, person_key: int) -> Sequence[Membership]:
    """Give the organisations in which a person is an active member, to a session of the system."""
    return await repository.list_memberships(session, person_key)


async def list_members(
    session: ReadSession,
    *,
    search_term: str | None = None,
    after: tuple[str, int] | None = None,
    offset: int = 0,
    limit: int = MAXIMUM_UNPAGED,
) -> tuple[Sequence[tuple[Member, str]], int]:
    """Give one page of the members by Swedish name, and how many there are in all.

    Each comes with its sorting name, of which the caller makes a cursor. A term is searched for in
    names and addresses.
    """
    wanted = comparison_key(search_term or "")
    found = [one for one in await repository.list_members(session) if _is_about(one, wanted)]
    placed = sorted(((sort_key(one.name), one.key), one) for one in found)
    rest = placed if after is None else [each for each in placed if each[0] > after]
    some = rest[offset : offset + limit]
    return [(one, place[0]) for place, one in some], len(placed)


def _is_about(member: Member, wanted: str) -> bool:
    return wanted in comparison_key(member.name) or wanted in comparison_key(member.email)


async def get_member(session: ReadSession, *, member_id: UUID) -> Member:
    """Give a member.

    Raises:
        MemberNotFoundError: the organisation has none with this id.

    """
    return existing(await repository.find_member(session, member_id))


async def find_members(
    session: ReadSession, *, member_ids: Iterable[UUID]
) -> Mapping[UUID, Member]:
    """Give those of the members that the organisation has."""
    found = await repository.find_members(session, list(member_ids))
    return {member.id: member for member in found}


def existing(member: Member | None) -> Member:
    """Give what was looked for.

    Raises:
        MemberNotFoundError: it is not there.

    """
    if member is None:
        raise MemberNotFoundError
    return member
