"""Open binders and hidden folders to members and groups.

Whoever may manage a binder decides who takes part in it, archived or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import BinderRole
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder
from ringbinder.features.groups import service as groups
from ringbinder.features.members import service as members
from ringbinder.features.participants import repository
from ringbinder.features.participants.errors import (
    ParticipantExistsError,
    ParticipantNotFoundError,
)
from ringbinder.features.participants.types import Participant, Party, PartyKind
from ringbinder.kit.collation import sort_key


async def list_participants(session: ReadSession, *, binder_id: str) -> Sequence[Participant]:
    """Give who takes part in a binder, by Swedish name; who sees it by role is not among them.

    Raises:
        BinderNotFoundError: there is no such binder.
        MissingPermissionError: who asks does not manage it.

    """
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    found = await repository.list_participants(session, binder.key)
    return sorted(found, key=lambda one: (sort_key(one.party.name), one.key))


async def find_member(session: ReadSession, *, member_id: UUID) -> Party:
    """Give a member as a party.

    Raises:
        MemberNotFoundError: the organisation has none with this id.

    """
    found = await members.get_member(session, member_id=member_id)
    return Party(PartyKind.MEMBER, found.key, found.id, found.name, found.email)


async def find_group(session: ReadSession, *, group_id: UUID) -> Party:
    """Give a group as a party.

    Raises:
        GroupNotFoundError: the organisation has none with this id.

    """
    found = await groups.get_group(session, group_id=group_id)
    return Party(PartyKind.GROUP, found.key, found.id, found.name)


async def find_party(session: ReadSession, *, kind: PartyKind, party_id: UUID) -> Party:
    """Give a member or a group as a party.

    Raises:
        MemberNotFoundError, GroupNotFoundError: the organisation has none with this id.

    """
    if kind is PartyKind.MEMBER:
        return await find_member(session, member_id=party_id)
    return await find_group(session, group_id=party_id)


async def add_participant(
    session: WriteSession, actor: Actor, *, binder_id: str, party: Party, role: BinderRole
) -> Participant:
    """Let a member or a group take part in a binder.

    Raises:
        BinderNotFoundError: there is no such binder.
        MissingPermissionError: the actor does not manage it.
        ParticipantExistsError: it takes part already.

    """
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    if await repository.find_participant(session, binder.key, party.id) is not None:
        raise ParticipantExistsError
    row = {
        "binder_key": binder.key,
        **repository.party_columns(party),
        "role": str(role),
        "created_at": session.now,
        "revision": 1,
    }
    await repository.add_participant(session, row)
    added = await _get(session, binder, party.id)
    _record(session, actor, Action.PARTICIPANT_ADDED, binder, party, after={"role": str(role)})
    return added


async def update_participant(
    session: WriteSession, actor: Actor, *, binder_id: str, participant_id: UUID, role: BinderRole
) -> Participant:
    """Make a participant an administrator of the binder, or no longer.

    Raises:
        BinderNotFoundError, ParticipantNotFoundError: not there.
        MissingPermissionError: the actor does not manage the binder.

    """
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    before = await _get(session, binder, participant_id)
    if before.role is role:
        return before
    await repository.set_role(session, before.key, role)
    was, becomes = {"role": str(before.role)}, {"role": str(role)}
    action = Action.PARTICIPANT_UPDATED
    _record(session, actor, action, binder, before.party, before=was, after=becomes)
    return await _get(session, binder, participant_id)


async def remove_participant(
    session: WriteSession, actor: Actor, *, binder_id: str, participant_id: UUID
) -> Participant:
    """Let a member or group take part in a binder no longer.

    Raises:
        BinderNotFoundError, ParticipantNotFoundError: not there.
        MissingPermissionError: the actor does not manage the binder.

    """
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    found = await _get(session, binder, participant_id)
    await repository.delete_participant(session, found.key)
    was = {"role": str(found.role)}
    _record(session, actor, Action.PARTICIPANT_REMOVED, binder, found.party, before=was)
    return found


async def list_viewers(session: ReadSession, *, binder_id: str, folder_id: UUID) -> Sequence[Party]:
    """Give who sees a folder when it is hidden, besides the binder's administrators.

    Raises:
        BinderNotFoundError, FolderNotFoundError: not there.
        MissingPermissionError: who asks does not manage the binder.

    """
    folder = await _managed_folder(session, binder_id, folder_id)
    found = await repository.list_viewers(session, folder.key)
    return sorted(found, key=lambda one: (sort_key(one.name), one.key))


async def set_viewers(
    session: WriteSession,
    actor: Actor,
    *,
    binder_id: str,
    folder_id: UUID,
    member_ids: Iterable[UUID],
    group_ids: Iterable[UUID],
) -> Sequence[Party]:
    """Say who sees a folder when it is hidden: these and no others.

    A restricted member sees it only if it takes part in the binder as well.

    Raises:
        BinderNotFoundError, FolderNotFoundError: not there.
        MemberNotFoundError, GroupNotFoundError: not there.
        MissingPermissionError: the actor does not manage the binder.

    """
    folder = await _managed_folder(session, binder_id, folder_id)
    before = await repository.list_viewers(session, folder.key)
    parties = [await find_member(session, member_id=each) for each in dict.fromkeys(member_ids)]
    parties += [await find_group(session, group_id=each) for each in dict.fromkeys(group_ids)]
    await repository.put_viewers(session, folder.key, parties)
    was, becomes = _ids(before), _ids(parties)
    if was != becomes:
        subject = Subject(
            type="folder",
            id=str(folder.id),
            name=folder.name,
            binder_id=folder.binder_id,
            folder_id=folder.id,
        )
        action = Action.FOLDER_VIEWERS_CHANGED
        evidence.record(session, actor, action, subject, before=was, after=becomes)
    return await list_viewers(session, binder_id=binder_id, folder_id=folder_id)


async def _managed_folder(session: ReadSession, binder_id: str, folder_id: UUID) -> Folder:
    await binders.get_managed_binder(session, binder_id=binder_id)
    return await folders.get_folder_of(session, binder_id=binder_id, folder_id=folder_id)


async def _get(session: ReadSession, binder: Binder, party_id: UUID) -> Participant:
    found = await repository.find_participant(session, binder.key, party_id)
    if found is None:
        raise ParticipantNotFoundError
    return found


def _ids(parties: Iterable[Party]) -> dict[str, Any]:
    return {"viewers": sorted(f"{party.kind}:{party.id}" for party in parties)}


def _record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    binder: Binder,
    party: Party,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = Subject(
        type="participant",
        id=str(party.id),
        name=party.name,
        names_person=party.kind is PartyKind.MEMBER,
        binder_id=binder.id,
    )
    evidence.record(session, actor, action, subject, before=before, after=after)
