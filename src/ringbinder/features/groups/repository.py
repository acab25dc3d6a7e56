"""Every question about groups, by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import group_members, groups, members
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.groups.types import Group

_groups = select(
    groups.c.key,
    groups.c.id,
    groups.c.name,
    groups.c.created_at,
    groups.c.updated_at,
    groups.c.revision,
).where(of_tenant(groups))


async def list_groups(session: ReadSession) -> Sequence[Group]:
    """Give all groups by name, without their members."""
    rows = await session.all(_groups.order_by(groups.c.sort_name, groups.c.key))
    return [Group(**row._asdict()) for row in rows]


async def find_group(session: ReadSession, group_id: UUID) -> Group | None:
    """Give a group with its members, or None."""
    row = await session.first(_groups.where(groups.c.id == group_id))
    if row is None:
        return None
    found = Group(**row._asdict())
    return replace(
        found, member_ids=(await list_member_ids(session, [found.key])).get(found.key, ())
    )


async def find_named(session: ReadSession, name_key: str) -> int | None:
    """Give the key of the group that has a name, or None."""
    found: int | None = await session.scalar(
        select(groups.c.key).where(of_tenant(groups), groups.c.name_key == name_key)
    )
    return found


async def list_member_ids(
    session: ReadSession, group_keys: Iterable[int]
) -> Mapping[int, tuple[UUID, ...]]:
    """Give the members of groups."""
    rows = await session.all(
        select(group_members.c.group_key, members.c.id)
        .join(members, members.c.key == group_members.c.member_key)
        .where(
            of_tenant(group_members),
            of_tenant(members),
            group_members.c.group_key.in_(list(group_keys)),
        )
        .order_by(members.c.key)
    )
    found: dict[int, tuple[UUID, ...]] = {}
    for row in rows:
        found[row.group_key] = (*found.get(row.group_key, ()), row.id)
    return found


async def add_group(session: WriteSession, row: Mapping[str, Any]) -> int:
    """Add a group and give the key that it was numbered with."""
    added = await session.insert_returning(groups, row, "key")
    key: int = added.key
    return key


async def change_group(session: WriteSession, key: int, columns: Mapping[str, Any]) -> None:
    """Set columns of a group and move its revision on."""
    await session.execute(
        update(groups)
        .where(of_tenant(groups), groups.c.key == key)
        .values(**columns, revision=groups.c.revision + 1)
    )


async def put_members(session: WriteSession, key: int, member_keys: Iterable[int]) -> None:
    """Let a group have these members and no others."""
    await session.execute(
        delete(group_members).where(of_tenant(group_members), group_members.c.group_key == key)
    )
    rows = [{"group_key": key, "member_key": each} for each in sorted(set(member_keys))]
    await session.insert(group_members, *rows)


async def delete_group(session: WriteSession, key: int) -> None:
    """Delete a group; binders and folders are no longer open to it."""
    await session.execute(delete(groups).where(of_tenant(groups), groups.c.key == key))
