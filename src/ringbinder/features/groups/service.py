"""What administrators do with groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.groups import repository
from ringbinder.features.groups.errors import GroupNameTakenError, GroupNotFoundError
from ringbinder.features.groups.types import Group
from ringbinder.features.members import service as members
from ringbinder.features.members.errors import MemberNotFoundError
from ringbinder.kit.collation import sort_key
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key

Precondition = Callable[[Group], None]


def _accept(_group: Group) -> None:
    """Accept every group."""


async def list_groups(session: ReadSession) -> Sequence[Group]:
    """Give all groups by Swedish name, with their members."""
    found = await repository.list_groups(session)
    ids = await repository.list_member_ids(session, [group.key for group in found])
    return [replace(group, member_ids=ids.get(group.key, ())) for group in found]


async def get_group(session: ReadSession, *, group_id: UUID) -> Group:
    """Give a group with its members.

    Raises:
        GroupNotFoundError: the organisation has none with this id.

    """
    group = await repository.find_group(session, group_id)
    if group is None:
        raise GroupNotFoundError
    return group


async def create_group(
    session: WriteSession, actor: Actor, *, name: str, member_ids: Iterable[UUID] = ()
) -> Group:
    """Make a group of members.

    Raises:
        GroupNameTakenError: another group has the name.
        MemberNotFoundError: somebody is no member.

    """
    await _assert_name_is_free(session, name, of=None)
    member_keys = await _member_keys(session, member_ids)
    group_id = new_guid()
    row = {
        "id": group_id,
        **_name_columns(name),
        "created_at": session.now,
        "updated_at": session.now,
        "revision": 1,
    }
    key = await repository.add_group(session, row)
    await repository.put_members(session, key, member_keys)
    group = await get_group(session, group_id=group_id)
    _record(session, actor, Action.GROUP_CREATED, group, after=_as_record(group))
    return group


async def update_group(
    session: WriteSession,
    actor: Actor,
    *,
    group_id: UUID,
    name: str | None = None,
    member_ids: Iterable[UUID] | None = None,
    precondition: Precondition = _accept,
) -> Group:
    """Rename a group or give it other members; what is None stays.

    Raises:
        GroupNotFoundError: the organisation has none with this id.
        GroupNameTakenError: another group has the name.
        MemberNotFoundError: somebody is no member.

    """
    before = await get_group(session, group_id=group_id)
    precondition(before)
    columns: dict[str, Any] = {"updated_at": session.now}
    if name is not None:
        await _assert_name_is_free(session, name, of=before)
        columns |= _name_columns(name)
    if member_ids is not None:
        await repository.put_members(session, before.key, await _member_keys(session, member_ids))
    await repository.change_group(session, before.key, columns)
    after = await get_group(session, group_id=group_id)
    was, becomes = _as_record(before), _as_record(after)
    if was != becomes:
        _record(session, actor, Action.GROUP_UPDATED, after, before=was, after=becomes)
    return after


async def delete_group(
    session: WriteSession, actor: Actor, *, group_id: UUID, precondition: Precondition = _accept
) -> Group:
    """Delete a group; what was open to it alone is no longer open to its members.

    Raises:
        GroupNotFoundError: the organisation has none with this id.

    """
    group = await get_group(session, group_id=group_id)
    precondition(group)
    await repository.delete_group(session, group.key)
    _record(session, actor, Action.GROUP_DELETED, group, before=_as_record(group))
    return group


async def _member_keys(session: ReadSession, member_ids: Iterable[UUID]) -> list[int]:
    wanted = set(member_ids)
    found = await members.find_members(session, member_ids=wanted)
    if len(found) < len(wanted):
        raise MemberNotFoundError
    return [member.key for member in found.values()]


async def _assert_name_is_free(session: ReadSession, name: str, *, of: Group | None) -> None:
    other = await repository.find_named(session, comparison_key(name))
    if other is not None and (of is None or other != of.key):
        raise GroupNameTakenError


def _name_columns(name: str) -> dict[str, str]:
    return {"name": name, "name_key": comparison_key(name), "sort_name": sort_key(name)}


def _as_record(group: Group) -> dict[str, Any]:
    return {"name": group.name, "memberIds": [str(each) for each in group.member_ids]}


def _record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    group: Group,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = Subject(type="group", id=str(group.id), name=group.name)
    evidence.record(session, actor, action, subject, before=before, after=after)
