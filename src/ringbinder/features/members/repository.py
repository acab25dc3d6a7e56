"""Every question about people and members, by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, or_, select, update

from ringbinder.access.permissions import BinderRole, MemberRole
from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import (
    binder_participants,
    folder_viewers,
    folders,
    group_members,
    members,
    organisations,
    people,
    web_sessions,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.members.types import (
    DISABLED,
    Member,
    Membership,
    MemberState,
    Person,
)

_members = (
    select(
        members.c.key,
        members.c.id,
        members.c.person_key,
        people.c.email,
        people.c.name,
        people.c.language,
        members.c.role,
        members.c.state,
        members.c.invited_at,
        members.c.joined_at,
        members.c.last_seen_at,
        members.c.revision,
    )
    .join(people, people.c.key == members.c.person_key)
    .where(of_tenant(members), members.c.removed_at.is_(None))
)


async def find_person(session: ReadSession, email_key: str) -> Person | None:
    """Give the account with an address, or None."""
    columns = (people.c.key, people.c.id, people.c.email, people.c.name, people.c.language)
    row = await session.first(select(*columns).where(people.c.email_key == email_key))
    return None if row is None else Person(**row._asdict())


async def add_person(session: WriteSession, row: Mapping[str, Any]) -> int:
    """Add an account and give the key that it was numbered with."""
    added = await session.insert_returning(people, row, "key")
    key: int = added.key
    return key


async def add_member(session: WriteSession, row: Mapping[str, Any]) -> None:
    """Add a member."""
    await session.insert(members, row)


async def list_members(session: ReadSession) -> Sequence[Member]:
    """Give all members of the organisation."""
    return [_member(row) for row in await session.all(_members.order_by(members.c.key))]


async def find_member(session: ReadSession, member_id: UUID) -> Member | None:
    """Give a member, or None."""
    return await _one(session, _members.where(members.c.id == member_id))


async def find_members(session: ReadSession, member_ids: Sequence[UUID]) -> Sequence[Member]:
    """Give those of the members that there are."""
    rows = await session.all(_members.where(members.c.id.in_(member_ids)).order_by(members.c.key))
    return [_member(row) for row in rows]


async def lock_member(session: WriteSession, member_id: UUID) -> Member | None:
    """Give a member that nobody else changes before this transaction ends; or None."""
    statement = _members.where(members.c.id == member_id)
    return await _one(session, statement.with_for_update(of=members, key_share=True))


async def find_member_of_person(session: ReadSession, person_key: int) -> Member | None:
    """Give the member of the organisation that a person is, or None."""
    return await _one(session, _members.where(members.c.person_key == person_key))


async def lock_active_owners(session: WriteSession) -> frozenset[int]:
    """Give the keys of all owners who have joined; none of them stops being one meanwhile."""
    rows = await session.all(
        select(members.c.key)
        .where(
            of_tenant(members),
            members.c.role == str(MemberRole.OWNER),
            members.c.state == str(MemberState.ACTIVE),
            members.c.removed_at.is_(None),
        )
        .order_by(members.c.key)
        .with_for_update(key_share=True)
    )
    return frozenset(row.key for row in rows)


async def change_member(session: WriteSession, key: int, columns: Mapping[str, Any]) -> None:
    """Set columns of a member and move its revision on."""
    await session.execute(
        update(members)
        .where(of_tenant(members), members.c.key == key)
        .values(**columns, revision=members.c.revision + 1)
    )


async def end_sessions(session: WriteSession, person_key: int) -> int:
    """End the sessions in which a person looks at the organisation, or may; gives their number."""
    chosen = web_sessions.c.chosen_organisation_key
    return await session.execute(
        delete(web_sessions).where(
            web_sessions.c.person_key == person_key,
            or_(chosen.is_(None), chosen == session.organisation_key),
        )
    )


async def take_out(session: WriteSession, key: int, at: datetime) -> None:
    """Remove a member, and with it from every group, binder and hidden folder."""
    await change_member(session, key, {"removed_at": at})
    for table in (group_members, binder_participants, folder_viewers):
        await session.execute(delete(table).where(of_tenant(table), table.c.member_key == key))


async def list_memberships(session: ReadSession, person_key: int) -> Sequence[Membership]:
    """Give the organisations in which a person is an active member; a question of the system."""
    rows = await session.all(
        select(
            members.c.organisation_key,
            organisations.c.id.label("organisation_id"),
            organisations.c.name.label("organisation_name"),
            members.c.key.label("member_key"),
            members.c.id.label("member_id"),
        )
        .join(organisations, organisations.c.key == members.c.organisation_key)
        .where(
            members.c.person_key == person_key,
            members.c.state == str(MemberState.ACTIVE),
            members.c.removed_at.is_(None),
        )
        .order_by(members.c.key)
    )
    return [Membership(**row._asdict()) for row in rows]


async def organisation_name(session: ReadSession) -> str:
    """Give the name of the session's organisation."""
    name: str = await session.scalar(
        select(organisations.c.name).where(organisations.c.key == session.organisation_key)
    )
    return name


async def add_participant(session: WriteSession, row: Mapping[str, Any]) -> None:
    """Let a member take part in a binder."""
    await session.insert(binder_participants, row)


async def list_participations(
    session: ReadSession, member_key: int
) -> Sequence[tuple[int, BinderRole]]:
    """Give the binders in which a member takes part, alone or by groups, and as what."""
    table = binder_participants
    rows = await session.all(
        select(table.c.binder_key, table.c.role).where(of_tenant(table), _is_for(table, member_key))
    )
    return [(row.binder_key, BinderRole(row.role)) for row in rows]


async def list_hidden_folders(
    session: ReadSession, member_key: int, administered: frozenset[int]
) -> frozenset[int]:
    """Give the keys of the folders that are hidden from a member, with all that is below them."""
    seen = select(folder_viewers.c.folder_key).where(
        of_tenant(folder_viewers), _is_for(folder_viewers, member_key)
    )
    # Deleted folders too: what was in them is in the trash and in the feed.
    tops = select(folders.c.key, folders.c.binder_key).where(
        of_tenant(folders),
        folders.c.is_hidden,
        ~among(folders.c.binder_key, administered),
        folders.c.key.not_in(seen),
    )
    found = tops.cte("hidden", recursive=True)
    children = folders.alias("children")
    # By its binder, or else each step would look through every folder of the organisation.
    below = select(children.c.key, children.c.binder_key).where(
        of_tenant(children),
        children.c.binder_key == found.c.binder_key,
        children.c.parent_key == found.c.key,
    )
    rows = await session.all(select(found.union(below)))
    return frozenset(row.key for row in rows)


def _is_for(table: Any, member_key: int) -> ColumnElement[bool]:  # noqa: ANN401 - either table of members or groups
    of_groups = select(group_members.c.group_key).where(
        of_tenant(group_members), group_members.c.member_key == member_key
    )
    return or_(table.c.member_key == member_key, table.c.group_key.in_(of_groups))


async def _one(session: ReadSession, statement: Select[Any]) -> Member | None:
    row = await session.first(statement)
    return None if row is None else _member(row)


def _member(row: Row[Any]) -> Member:
    return Member(
        key=row.key,
        id=row.id,
        person_key=row.person_key,
        email=row.email,
        name=row.name,
        language=row.language,
        role=MemberRole(row.role),
        state=_state(row),
        invited_at=row.invited_at,
        joined_at=row.joined_at,
        last_seen_at=row.last_seen_at,
        revision=row.revision,
        is_disabled=row.state == DISABLED,
    )


def _state(row: Row[Any]) -> MemberState:
    """Give the state of a member, or the one to which a disabled one goes back."""
    if row.state != DISABLED:
        return MemberState(row.state)
    return MemberState.INVITED if row.joined_at is None else MemberState.ACTIVE
