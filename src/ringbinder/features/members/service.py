"""What administrators do with members, and what a member may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ringbinder.access import policies
from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.access.permissions import BinderRole, MemberRole
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.members import repository, rules
from ringbinder.features.members.errors import MemberExistsError, MemberNotFoundError
from ringbinder.features.members.types import DISABLED, Member, Membership, MemberState, Seat
from ringbinder.kit.collation import sort_key
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key

MAXIMUM_UNPAGED: Final = 10_000
"""How many members a listing gives that did not ask for pages."""

Precondition = Callable[[Member], None]


def _accept(_member: Member) -> None:
    """Accept every member."""


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
    return _found(await repository.find_member(session, member_id))


async def find_members(
    session: ReadSession, *, member_ids: Iterable[UUID]
) -> Mapping[UUID, Member]:
    """Give those of the members that the organisation has."""
    found = await repository.find_members(session, list(member_ids))
    return {member.id: member for member in found}


async def invite_member(
    session: WriteSession,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: MemberRole,
    language: str | None = None,
    state: MemberState = MemberState.INVITED,
) -> Member:
    """Make a person a member who has yet to accept; the account is made where there is none.

    An account that exists keeps its name and language. The operator may make a member who need
    not accept.

    Raises:
        MemberExistsError: somebody with the address is a member already.
        MissingPermissionError: only owners make owners.
        FieldErrors: the address can be none.

    """
    rules.assert_email(email)
    rules.assert_may_manage(actor, role)
    person_key = await _person_key(session, email, name, language)
    if await repository.find_member_of_person(session, person_key) is not None:
        raise MemberExistsError
    member_id = new_guid()
    row = {
        "id": member_id,
        "person_key": person_key,
        "role": str(role),
        "state": str(state),
        "invited_at": session.now,
        "joined_at": session.now if state is MemberState.ACTIVE else None,
        "revision": 1,
    }
    await repository.add_member(session, row)
    member = await get_member(session, member_id=member_id)
    after = {"name": member.name, "email": member.email, "role": str(role), "state": str(state)}
    _record(session, actor, Action.MEMBER_INVITED, member, after=after)
    return member


async def invite_by_letter(
    session: WriteSession,
    actor: Actor,
    invitations: Invitations,
    *,
    email: str,
    name: str,
    role: MemberRole,
    language: str | None = None,
) -> Member:
    """Invite a member as :func:`invite_member` does, and send the letter with the commit.

    Raises:
        MemberExistsError, MissingPermissionError, FieldErrors: as there.

    """
    member = await invite_member(
        session, actor, email=email, name=name, role=role, language=language
    )
    await _send_letter(session, actor, invitations, member)
    return member


async def invite_again(
    session: WriteSession, actor: Actor, invitations: Invitations, *, member_id: UUID
) -> Member:
    """Send whoever has yet to accept a new letter; the link of the one before is good for no more.

    A member who has accepted, or who is kept out, is sent nothing.

    Raises:
        MemberNotFoundError: the organisation has none with this id.

    """
    member = _found(await repository.lock_member(session, member_id))
    if member.state is MemberState.INVITED and not member.is_disabled:
        await _send_letter(session, actor, invitations, member)
        _record(session, actor, Action.MEMBER_INVITED_AGAIN, member, after={"email": member.email})
    return member


async def _send_letter(
    session: WriteSession, actor: Actor, invitations: Invitations, member: Member
) -> None:
    await invitations.send_invitation(
        session,
        person_key=member.person_key,
        member_key=member.key,
        email=member.email,
        name=member.name,
        language=member.language,
        organisation_name=await repository.organisation_name(session),
        invited_by=actor.name,
    )


async def _person_key(session: WriteSession, email: str, name: str, language: str | None) -> int:
    email_key = comparison_key(email)
    known = await repository.find_person(session, email_key)
    if known is not None:
        return known.key
    row = {
        "id": new_guid(),
        "email": email,
        "email_key": email_key,
        "name": name,
        "language": language,
        "created_at": session.now,
    }
    return await repository.add_person(session, row)


async def change_role(
    session: WriteSession,
    actor: Actor,
    *,
    member_id: UUID,
    role: MemberRole,
    precondition: Precondition = _accept,
) -> Member:
    """Give a member another role; it holds from the member's next request on.

    Raises:
        MemberNotFoundError: the organisation has none with this id.
        MissingPermissionError: only owners make owners, and only they change them.
        LastOwnerError: it is the last owner.

    """
    owners = await repository.lock_active_owners(session)
    before = _found(await repository.lock_member(session, member_id))
    precondition(before)
    rules.assert_may_manage(actor, before.role, role)
    if before.role is role:
        return before
    rules.assert_owner_remains(owners, before.key)
    await repository.change_member(session, before.key, {"role": str(role)})
    was, becomes = {"role": str(before.role)}, {"role": str(role)}
    _record(session, actor, Action.MEMBER_ROLE_CHANGED, before, before=was, after=becomes)
    return await get_member(session, member_id=member_id)


async def update_member(
    session: WriteSession,
    actor: Actor,
    *,
    member_id: UUID,
    role: MemberRole | None = None,
    is_disabled: bool | None = None,
    precondition: Precondition = _accept,
) -> Member:
    """Give a member another role, keep it out of the organisation, or let it in again.

    Raises:
        MemberNotFoundError, MissingPermissionError, LastOwnerError: as :func:`change_role` and
            :func:`disable_member` say.

    """
    # Owners before members, as everywhere: two who lock in another order wait for ever.
    await repository.lock_active_owners(session)
    member = _found(await repository.lock_member(session, member_id))
    precondition(member)
    if role is not None:
        member = await change_role(session, actor, member_id=member_id, role=role)
    if is_disabled is not None:
        switch = disable_member if is_disabled else enable_member
        member = await switch(session, actor, member_id=member_id)
    return member


async def disable_member(session: WriteSession, actor: Actor, *, member_id: UUID) -> Member:
    """Keep a member out of the organisation, from its next request on, and end its sessions there.

    Its role, groups, binders and hidden folders stay as they are, and so does what it did.

    Raises:
        MemberNotFoundError: the organisation has none with this id.
        MissingPermissionError: only owners keep owners out.
        LastOwnerError: it is the last owner.

    """
    owners = await repository.lock_active_owners(session)
    before = _found(await repository.lock_member(session, member_id))
    rules.assert_may_manage(actor, before.role)
    if before.is_disabled:
        return before
    rules.assert_owner_remains(owners, before.key)
    await repository.change_member(session, before.key, {"state": DISABLED})
    ended = await repository.end_sessions(session, before.person_key)
    was, becomes = {"isDisabled": False}, {"isDisabled": True, "sessions": ended}
    _record(session, actor, Action.MEMBER_DISABLED, before, before=was, after=becomes)
    return await get_member(session, member_id=member_id)


async def enable_member(session: WriteSession, actor: Actor, *, member_id: UUID) -> Member:
    """Let a member that was kept out in again, as what it was; it has to sign in anew.

    Raises:
        MemberNotFoundError: the organisation has none with this id.
        MissingPermissionError: only owners let owners in.

    """
    before = _found(await repository.lock_member(session, member_id))
    rules.assert_may_manage(actor, before.role)
    if not before.is_disabled:
        return before
    await repository.change_member(session, before.key, {"state": str(before.state)})
    was, becomes = {"isDisabled": True}, {"isDisabled": False}
    _record(session, actor, Action.MEMBER_ENABLED, before, before=was, after=becomes)
    return await get_member(session, member_id=member_id)


async def remove_member(
    session: WriteSession, actor: Actor, *, member_id: UUID, precondition: Precondition = _accept
) -> Member:
    """Take a member out of the organisation, its groups, binders and hidden folders, at once.

    The person's account stays, and what the person did stays in the audit trail.

    Raises:
        MemberNotFoundError: the organisation has none with this id.
        MissingPermissionError: only owners remove owners.
        LastOwnerError: it is the last owner.

    """
    owners = await repository.lock_active_owners(session)
    member = _found(await repository.lock_member(session, member_id))
    precondition(member)
    rules.assert_may_manage(actor, member.role)
    rules.assert_owner_remains(owners, member.key)
    await repository.take_out(session, member.key, session.now)
    was = {"name": member.name, "email": member.email, "role": str(member.role)}
    _record(session, actor, Action.MEMBER_REMOVED, member, before=was)
    return member


async def make_binder_administrator(
    session: WriteSession, actor: Actor, *, binder_key: int, binder_id: str
) -> None:
    """Let whoever creates a binder administer it, where that is a member without that by role."""
    is_by_role = isinstance(actor.role, MemberRole) and actor.role.administers_all
    if actor.member_key is None or is_by_role:
        return
    row = {
        "binder_key": binder_key,
        "member_key": actor.member_key,
        "role": str(BinderRole.ADMINISTRATOR),
        "created_at": session.now,
        "revision": 1,
    }
    await repository.add_participant(session, row)
    subject = Subject(
        type="participant",
        id=str(actor.id),
        name=actor.name,
        names_person=True,
        binder_id=binder_id,
    )
    after = {"role": str(BinderRole.ADMINISTRATOR)}
    evidence.record(session, actor, Action.PARTICIPANT_ADDED, subject, after=after)


def _record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    member: Member,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = Subject(type="member", id=str(member.id), name=member.name, names_person=True)
    evidence.record(session, actor, action, subject, before=before, after=after)


def _found(member: Member | None) -> Member:
    if member is None:
        raise MemberNotFoundError
    return member
