"""Every question about participants and viewers, by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, delete, func, or_, select, update

from ringbinder.access.permissions import BinderRole
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import binder_participants, folder_viewers, groups, members, people
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.participants.types import Participant, Party, PartyKind


def _parties(table: Table, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Begin a question about what a table opens to whom."""
    return (
        select(
            *columns,
            table.c.member_key,
            table.c.group_key,
            func.coalesce(members.c.id, groups.c.id).label("party_id"),
            func.coalesce(people.c.name, groups.c.name).label("party_name"),
            people.c.email,
        )
        .outerjoin(members, of_tenant(members) & (members.c.key == table.c.member_key))
        .outerjoin(people, people.c.key == members.c.person_key)
        .outerjoin(groups, of_tenant(groups) & (groups.c.key == table.c.group_key))
        .where(of_tenant(table))
    )


_participants = _parties(
    binder_participants,
    binder_participants.c.key,
    binder_participants.c.role,
    binder_participants.c.created_at,
    binder_participants.c.revision,
)
_viewers = _parties(folder_viewers, folder_viewers.c.key)


async def list_participants(session: ReadSession, binder_key: int) -> Sequence[Participant]:
    """Give the participants of a binder."""
    rows = await session.all(_participants.where(binder_participants.c.binder_key == binder_key))
    return [_participant(row) for row in rows]


async def find_participant(
    session: ReadSession, binder_key: int, party_id: UUID
) -> Participant | None:
    """Give the participant that is this member or group, or None."""
    row = await session.first(
        _participants.where(
            binder_participants.c.binder_key == binder_key,
            or_(members.c.id == party_id, groups.c.id == party_id),
        )
    )
    return None if row is None else _participant(row)


async def add_participant(session: WriteSession, row: Mapping[str, Any]) -> None:
    """Add a participant."""
    await session.insert(binder_participants, row)


async def set_role(session: WriteSession, key: int, role: BinderRole) -> None:
    """Give a participant another role."""
    table = binder_participants
    await session.execute(
        update(table)
        .where(of_tenant(table), table.c.key == key)
        .values(role=str(role), revision=table.c.revision + 1)
    )


async def delete_participant(session: WriteSession, key: int) -> None:
    """Let somebody take part no longer."""
    table = binder_participants
    await session.execute(delete(table).where(of_tenant(table), table.c.key == key))


async def list_viewers(session: ReadSession, folder_key: int) -> Sequence[Party]:
    """Give the viewers of a folder."""
    rows = await session.all(_viewers.where(folder_viewers.c.folder_key == folder_key))
    return [_party(row) for row in rows]


async def put_viewers(session: WriteSession, folder_key: int, parties: Iterable[Party]) -> None:
    """Let a folder have these viewers and no others."""
    table = folder_viewers
    await session.execute(delete(table).where(of_tenant(table), table.c.folder_key == folder_key))
    rows = [{"folder_key": folder_key, **party_columns(party)} for party in parties]
    await session.insert(table, *rows)


def party_columns(party: Party) -> dict[str, int | None]:
    """Give the columns that name a party."""
    is_member = party.kind is PartyKind.MEMBER
    return {
        "member_key": party.key if is_member else None,
        "group_key": None if is_member else party.key,
    }


def _participant(row: Row[Any]) -> Participant:
    return Participant(
        key=row.key,
        party=_party(row),
        role=BinderRole(row.role),
        created_at=row.created_at,
        revision=row.revision,
    )


def _party(row: Row[Any]) -> Party:
    is_member = row.member_key is not None
    return Party(
        kind=PartyKind.MEMBER if is_member else PartyKind.GROUP,
        key=row.member_key if is_member else row.group_key,
        id=row.party_id,
        name=row.party_name,
        email=row.email,
    )
