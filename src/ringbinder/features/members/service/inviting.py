"""Invite people, by letter or without one."""

from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import MemberRole
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence.types import Action
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.members import repository, rules
from ringbinder.features.members.errors import MemberExistsError
from ringbinder.features.members.service.reading import existing, get_member
from ringbinder.features.members.service.recording import record
from ringbinder.features.members.types import Member, MemberState
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key


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
    record(session, actor, Action.MEMBER_INVITED, member, after=after)
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
    member = existing(await repository.lock_member(session, member_id))
    if member.state is MemberState.INVITED and not member.is_disabled:
        await _send_letter(session, actor, invitations, member)
        record(session, actor, Action.MEMBER_INVITED_AGAIN, member, after={"email": member.email})
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
