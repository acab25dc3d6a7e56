"""Change what members may do, keep them out, and remove them."""

from collections.abc import Callable
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import BinderRole, MemberRole
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.members import repository, rules
from ringbinder.features.members.service.reading import existing, get_member
from ringbinder.features.members.service.recording import record
from ringbinder.features.members.types import DISABLED, Member

Precondition = Callable[[Member], None]


def _accept(_member: Member) -> None:
    """Accept every member."""


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
    before = existing(await repository.lock_member(session, member_id))
    precondition(before)
    rules.assert_may_manage(actor, before.role, role)
    if before.role is role:
        return before
    rules.assert_owner_remains(owners, before.key)
    await repository.change_member(session, before.key, {"role": str(role)})
    was, becomes = {"role": str(before.role)}, {"role": str(role)}
    record(session, actor, Action.MEMBER_ROLE_CHANGED, before, before=was, after=becomes)
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
    member = existing(await repository.lock_member(session, member_id))
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
    before = existing(await repository.lock_member(session, member_id))
    rules.assert_may_manage(actor, before.role)
    if before.is_disabled:
        return before
    rules.assert_owner_remains(owners, before.key)
    await repository.change_member(session, before.key, {"state": DISABLED})
    ended = await repository.end_sessions(session, before.person_key)
    was, becomes = {"isDisabled": False}, {"isDisabled": True, "sessions": ended}
    record(session, actor, Action.MEMBER_DISABLED, before, before=was, after=becomes)
    return await get_member(session, member_id=member_id)


async def enable_member(session: WriteSession, actor: Actor, *, member_id: UUID) -> Member:
    """Let a member that was kept out in again, as what it was; it has to sign in anew.

    Raises:
        MemberNotFoundError: the organisation has none with this id.
        MissingPermissionError: only owners let owners in.

    """
    before = existing(await repository.lock_member(session, member_id))
    rules.assert_may_manage(actor, before.role)
    if not before.is_disabled:
        return before
    await repository.change_member(session, before.key, {"state": str(before.state)})
    was, becomes = {"isDisabled": True}, {"isDisabled": False}
    record(session, actor, Action.MEMBER_ENABLED, before, before=was, after=becomes)
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
    member = existing(await repository.lock_member(session, member_id))
    precondition(member)
    rules.assert_may_manage(actor, member.role)
    rules.assert_owner_remains(owners, member.key)
    await repository.take_out(session, member.key, session.now)
    was = {"name": member.name, "email": member.email, "role": str(member.role)}
    record(session, actor, Action.MEMBER_REMOVED, member, before=was)
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
