"""Every question about folders, by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal,
    select,
    tuple_,
    update,
)

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import binders, counters, documents, folders
from ringbinder.db.tenancy import of_tenant, of_tenant_by_ids
from ringbinder.features.evidence.types import Counted
from ringbinder.features.folders.types import Folder, FolderType

_parents = folders.alias("parents")
_alive = of_tenant(folders) & folders.c.deleted_at.is_(None)
_all_folders = (
    select(
        folders.c.key,
        folders.c.id,
        folders.c.binder_key,
        binders.c.id.label("binder_id"),
        folders.c.parent_key,
        _parents.c.id.label("parent_id"),
        folders.c.name,
        folders.c.type,
        folders.c.position,
        folders.c.created_at,
        folders.c.updated_at,
        folders.c.revision,
        folders.c.is_hidden,
    )
    .join(binders, binders.c.key == folders.c.binder_key)
    .outerjoin(_parents, of_tenant(_parents) & (_parents.c.key == folders.c.parent_key))
    .where(folders.c.deleted_at.is_(None), of_tenant(binders), binders.c.deleted_at.is_(None))
)
_folders = _all_folders.where(of_tenant(folders))
_by_ids = _all_folders.where(
    of_tenant_by_ids(folders), folders.c.id.in_(bindparam("ids", expanding=True))
)
_locked_by_ids = _by_ids.order_by(folders.c.key).with_for_update(of=folders, key_share=True)

_in_binder = _folders.where(folders.c.binder_key == bindparam("binder")).order_by(
    folders.c.position, folders.c.key
)
_document_counts = select(counters.c.subject_key, counters.c.count.label("documents")).where(
    of_tenant(counters),
    counters.c.kind == int(Counted.FOLDER),
    counters.c.binder_key == bindparam("binder"),
)


async def find_folder(session: ReadSession, folder_id: UUID) -> Folder | None:
    """Give a folder, or None."""
    return await _one(session, _folders.where(folders.c.id == folder_id))


async def lock_folder(session: WriteSession, folder_id: UUID) -> Folder | None:
    """Give a folder that nobody else locks until this transaction ends; or None."""
    # NO KEY: a foreign key that points at the folder does not have to wait.
    statement = _folders.where(folders.c.id == folder_id)
    return await _one(session, statement.with_for_update(of=folders, key_share=True))


async def find_folders(session: ReadSession, folder_ids: Iterable[UUID]) -> Sequence[Folder]:
    """Give those of the folders that there are."""
    return await _several(session, _by_ids, ids=list(folder_ids))


async def lock_folders(session: WriteSession, folder_ids: Iterable[UUID]) -> Sequence[Folder]:
    """Give folders as :func:`lock_folder` does, locked in the order of their keys."""
    return await _several(session, _locked_by_ids, ids=list(folder_ids))


async def find_child(
    session: ReadSession,
    binder_key: int,
    parent_key: int | None,
    name_key: str,
    *,
    is_hidden: bool | None = None,
) -> Folder | None:
    """Give the folder of this name at a place, or None; a hidden one only if no other has it."""
    named = _folders.where(_is_at(binder_key, parent_key), folders.c.name_key == name_key)
    if is_hidden is not None:
        named = named.where(folders.c.is_hidden.is_(is_hidden))
    return await _one(session, named.order_by(folders.c.is_hidden))


async def list_children(
    session: ReadSession,
    binder_key: int,
    parent_key: int | None,
    *,
    containing: str | None,
    after: tuple[int, int] | None,
    offset: int,
    limit: int,
) -> Sequence[Folder]:
    """Give the folders at a place in their order."""
    statement = _named(_folders.where(_is_at(binder_key, parent_key)), containing)
    if after is not None:
        statement = statement.where(tuple_(folders.c.position, folders.c.key) > tuple_(*after))
    ordered = statement.order_by(folders.c.position, folders.c.key)
    return await _several(session, ordered.offset(offset).limit(limit))


async def list_all(session: ReadSession, binder_key: int) -> Sequence[Folder]:
    """Give all folders of a binder; those at one place follow each other in their order."""
    return await _several(session, _in_binder, binder=binder_key)


async def count_documents(session: ReadSession, binder_key: int) -> Mapping[int, int]:
    """Count the documents that are directly in each folder of a binder, by the folders' keys."""
    rows = await session.all(_document_counts, binder=binder_key)
    return {row.subject_key: row.documents for row in rows}


async def count_children(
    session: ReadSession, binder_key: int, parent_key: int | None, *, containing: str | None
) -> int:
    """Count the folders at a place."""
    counted = select(func.count(folders.c.key)).where(_alive, _is_at(binder_key, parent_key))
    total: int = await session.scalar(_seen(session, _named(counted, containing)))
    return total


async def find_position(
    session: ReadSession, binder_key: int, folder_key: int
) -> tuple[int, int] | None:
    """Give where a folder stands, or stood before it was deleted; or None."""
    place = select(folders.c.position, folders.c.key).where(
        of_tenant(folders), folders.c.binder_key == binder_key, folders.c.key == folder_key
    )
    row = await session.first(_seen(session, place))
    return None if row is None else (row.position, row.key)


async def list_positions(
    session: ReadSession, binder_key: int, parent_key: int | None
) -> Sequence[int]:
    """Give the positions that folders at a place have."""
    place = _is_at(binder_key, parent_key)
    rows = await session.all(select(folders.c.position).where(_alive, place))
    return [row.position for row in rows]


async def make_room(
    session: WriteSession, binder_key: int, parent_key: int | None, position: int
) -> None:
    """Move the folders at a position of a place, and those behind it, one position back."""
    # Deleted ones move along: a cursor may hold on to where they stood.
    await session.execute(
        update(folders)
        .where(of_tenant(folders), _is_at(binder_key, parent_key), folders.c.position >= position)
        .values(position=folders.c.position + 1, revision=folders.c.revision + 1)
    )


async def add_folder(session: WriteSession, row: Mapping[str, Any]) -> None:
    """Add a folder."""
    await session.insert(folders, row)


async def change_folder(session: WriteSession, key: int, columns: Mapping[str, Any]) -> None:
    """Set columns of a folder and move its revision on."""
    await session.execute(
        update(folders)
        .where(of_tenant(folders), folders.c.key == key)
        .values(**columns, revision=folders.c.revision + 1)
    )


async def holds_anything(session: ReadSession, key: int) -> bool:
    """Tell whether a folder has sub-folders, or documents that are not in the trash."""
    has_folder = exists().where(_alive, folders.c.parent_key == key)
    has_document = exists().where(
        of_tenant(documents), documents.c.folder_key == key, documents.c.deleted_at.is_(None)
    )
    found: bool = await session.scalar(select(has_folder | has_document))
    return found


async def list_subtree(session: ReadSession, folder_key: int) -> Sequence[tuple[int, int]]:
    """Give the keys of a folder and of all below it, each with its level, from 1."""
    top = (
        select(folders.c.key, folders.c.binder_key, literal(1).label("level"))
        .where(_alive, folders.c.key == folder_key)
        .cte("subtree", recursive=True)
    )
    children = folders.alias("children")
    # By its binder, or else each step might look through every folder of the organisation.
    below = select(children.c.key, children.c.binder_key, top.c.level + 1).where(
        of_tenant(children),
        children.c.binder_key == top.c.binder_key,
        children.c.parent_key == top.c.key,
        children.c.deleted_at.is_(None),
    )
    subtree = top.union_all(below)
    return [(row.key, row.level) for row in await session.all(select(subtree))]


async def count_levels_above(session: ReadSession, folder_key: int) -> int:
    """Count a folder and those that it is in."""
    bottom = (
        select(folders.c.key, folders.c.parent_key)
        .where(_alive, folders.c.key == folder_key)
        .cte("path", recursive=True)
    )
    outer = folders.alias("outer_folders")
    above = select(outer.c.key, outer.c.parent_key).where(
        of_tenant(outer), outer.c.key == bottom.c.parent_key
    )
    path = bottom.union_all(above)
    levels: int = await session.scalar(select(func.count()).select_from(path))
    return levels


async def _one(session: ReadSession, statement: Select[Any]) -> Folder | None:
    row = await session.first(_seen(session, statement))
    return None if row is None else _folder(row)


async def _several(
    session: ReadSession,
    statement: Select[Any],
    **parameters: Any,  # noqa: ANN401 - bound values are of any type
) -> Sequence[Folder]:
    rows = await session.all(_seen(session, statement), **parameters)
    return [_folder(row) for row in rows]


def _seen(session: ReadSession, statement: Select[Any]) -> Select[Any]:
    return kept_to(session.sight, statement, binder=folders.c.binder_key, folder=folders.c.key)


def _is_at(binder_key: int, parent_key: int | None) -> ColumnElement[bool]:
    in_binder = folders.c.binder_key == binder_key
    if parent_key is None:
        return in_binder & folders.c.parent_key.is_(None)
    return in_binder & (folders.c.parent_key == parent_key)


def _named(statement: Select[Any], containing: str | None) -> Select[Any]:
    if containing is None:
        return statement
    return statement.where(folders.c.name_key.contains(containing, autoescape=True))


def _folder(row: Row[Any]) -> Folder:
    return Folder(
        key=row.key,
        id=row.id,
        binder_key=row.binder_key,
        binder_id=row.binder_id,
        parent_key=row.parent_key,
        parent_id=row.parent_id,
        name=row.name,
        type=FolderType(row.type),
        position=row.position,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        is_hidden=row.is_hidden,
    )
