"""Every question about who has read what, by name."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, case, exists, func, or_, select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import (
    binder_participants,
    document_reads,
    folder_viewers,
    folders,
    group_members,
    members,
    people,
    versions,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.readlog.types import Opened, Place, Read, Reader, ReadHow

RESTRICTED: Final = ("restricted_creator", "restricted_reader")
ADMINISTERS_ALL: Final = ("owner", "administrator")


_opened_since = (
    select(document_reads.c.version_id)
    .where(
        of_tenant(document_reads),
        document_reads.c.version_id.in_(bindparam("versions", expanding=True)),
        document_reads.c.member_key == bindparam("member"),
        document_reads.c.how == bindparam("way"),
        document_reads.c.at > bindparam("since"),
    )
    .distinct()
)


_reads = (
    select(
        document_reads.c.key,
        document_reads.c.version_id,
        versions.c.number.label("version_number"),
        versions.c.label.label("version_label"),
        members.c.id.label("member_id"),
        people.c.name.label("member_name"),
        document_reads.c.how,
        document_reads.c.at,
    )
    .join(versions, versions.c.id == document_reads.c.version_id)
    .join(members, members.c.key == document_reads.c.member_key)
    .join(people, people.c.key == members.c.person_key)
    .where(of_tenant(versions), of_tenant(members))
)


def _ask_for_hidden_above() -> Select[Any]:
    bottom = (
        select(folders.c.key, folders.c.parent_key, folders.c.is_hidden)
        .where(of_tenant(folders), folders.c.key == bindparam("folder"))
        .cte("path", recursive=True)
    )
    outer = folders.alias("outer_folders")
    above = select(outer.c.key, outer.c.parent_key, outer.c.is_hidden).where(
        of_tenant(outer), outer.c.key == bottom.c.parent_key
    )
    path = bottom.union_all(above)
    return select(path.c.key).where(path.c.is_hidden)


_hidden_above = _ask_for_hidden_above()


async def opened_since(
    session: ReadSession,
    version_ids: Collection[UUID],
    *,
    member_key: int,
    how: ReadHow,
    since: datetime,
) -> set[UUID]:
    """Tell which of these versions a member has opened in this way since then."""
    rows = await session.all(
        _opened_since, versions=list(version_ids), member=member_key, way=how, since=since
    )
    return {row.version_id for row in rows}


async def add_reads(
    session: WriteSession, opened: Iterable[Opened], *, member_key: int, how: ReadHow
) -> None:
    """Add an entry for each version."""
    rows = [
        {
            "document_key": one.document_key,
            "version_id": one.version_id,
            "member_key": member_key,
            "how": str(how),
            "at": session.now,
        }
        for one in opened
    ]
    await session.insert(document_reads, *rows)


async def list_reads(
    session: ReadSession,
    document_key: int,
    *,
    version_id: UUID | None,
    before: int | None,
    offset: int,
    limit: int,
) -> Sequence[Read]:
    """Give entries of a document, or of one version of it, newest first."""
    statement = _reads
    if before is not None:
        statement = statement.where(document_reads.c.key < before)
    rows = await session.all(
        _of_document(statement, document_key, version_id)
        .order_by(document_reads.c.key.desc())
        .offset(offset)
        .limit(limit)
    )
    return [Read(**{**row._asdict(), "how": ReadHow(row.how)}) for row in rows]


async def count_reads(session: ReadSession, document_key: int, *, version_id: UUID | None) -> int:
    """Count the entries of a document, or of one version of it."""
    counted = select(func.count(document_reads.c.key))
    total: int = await session.scalar(_of_document(counted, document_key, version_id))
    return total


def _of_document(statement: Select[Any], document_key: int, version_id: UUID | None) -> Select[Any]:
    statement = statement.where(
        of_tenant(document_reads), document_reads.c.document_key == document_key
    )
    if version_id is None:
        return statement
    return statement.where(document_reads.c.version_id == version_id)


async def hidden_folders_above(session: ReadSession, folder_key: int) -> Sequence[int]:
    """Give those of a folder and of all that it is in that are hidden."""
    rows = await session.all(_hidden_above, folder=folder_key)
    return [row.key for row in rows]


async def list_without_read(
    session: ReadSession, version_id: UUID, place: Place, *, limit: int
) -> Sequence[Reader]:
    """Give active members who see a place, but have not opened a version, by name."""
    statement = (
        select(members.c.id, people.c.name)
        .join(people, people.c.key == members.c.person_key)
        .where(*_sees(place), ~_has_read(version_id))
        .order_by(people.c.name, members.c.key)
        .limit(limit)
    )
    rows = await session.all(statement)
    return [Reader(member_id=row.id, name=row.name) for row in rows]


async def count_readers(session: ReadSession, version_id: UUID, place: Place) -> tuple[int, int]:
    """Count the active members who see a place, and those of them who have not opened a version."""
    missing = case((~_has_read(version_id), members.c.key))
    counted = (
        select(func.count(members.c.key).label("everybody"), func.count(missing).label("missing"))
        .join(people, people.c.key == members.c.person_key)
        .where(*_sees(place))
    )
    row = await session.first(counted)
    assert row is not None  # noqa: S101 - a count always gives a row
    return row.everybody, row.missing


def _has_read(version_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        of_tenant(document_reads),
        document_reads.c.version_id == version_id,
        document_reads.c.member_key == members.c.key,
    )


def _sees(place: Place) -> Sequence[ColumnElement[bool]]:
    """Keep to active members who see what is in a binder, below its hidden folders."""
    in_binder = binder_participants.c.binder_key == place.binder_key
    takes_part = or_(members.c.role.not_in(RESTRICTED), _named(binder_participants, in_binder))
    administers = or_(
        members.c.role.in_(ADMINISTERS_ALL),
        _named(binder_participants, in_binder, binder_participants.c.role == "administrator"),
    )
    shown = [
        or_(administers, _named(folder_viewers, folder_viewers.c.folder_key == key))
        for key in place.hidden_folders
    ]
    others = () if place.author_id is None else (members.c.id != place.author_id,)
    return (
        of_tenant(members),
        members.c.state == "active",
        members.c.removed_at.is_(None),
        people.c.disabled_at.is_(None),
        takes_part,
        *shown,
        *others,
    )


def _named(table: Table, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell whether a row names the member, or a group that the member is in."""
    groups_of_member = (
        select(group_members.c.group_key)
        .where(of_tenant(group_members), group_members.c.member_key == members.c.key)
        .correlate(members)
    )
    return exists().where(
        of_tenant(table),
        *which,
        or_(table.c.member_key == members.c.key, table.c.group_key.in_(groups_of_member)),
    )
