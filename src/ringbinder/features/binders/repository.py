"""Every question about binders, by name."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, exists, func, select, tuple_, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import kept_to
from ringbinder.db.tables import binders, documents, folders
from ringbinder.db.tenancy import of_tenant, of_tenant_by_ids
from ringbinder.features.binders.types import Binder, BinderState, BinderType

_alive = of_tenant(binders) & binders.c.deleted_at.is_(None)
_binders = select(
    binders.c.key,
    binders.c.id,
    binders.c.name,
    binders.c.sort_name,
    binders.c.type,
    binders.c.state,
    binders.c.description,
    binders.c.colour,
    binders.c.created_at,
    binders.c.created_by_name,
    binders.c.updated_at,
    binders.c.revision,
).where(_alive)
_binder_by_id = _binders.where(binders.c.id == bindparam("binder_id"))
_by_name = _binders.order_by(binders.c.sort_name, binders.c.key)
_shared = _binders.with_for_update(read=True)
_shared_by_keys = _shared.where(binders.c.key.in_(bindparam("keys", expanding=True))).order_by(
    binders.c.key
)

_shared_by_folders = _shared.where(
    binders.c.key.in_(
        select(folders.c.binder_key).where(
            of_tenant_by_ids(folders), folders.c.id.in_(bindparam("folder_ids", expanding=True))
        )
    )
).order_by(binders.c.key)


async def find_binder(session: ReadSession, binder_id: str) -> Binder | None:
    """Give a binder, or None."""
    return await _one(session, _binder_by_id, binder_id=binder_id)


async def find_binders(session: ReadSession, binder_ids: Iterable[str]) -> Sequence[Binder]:
    """Give those of the binders that there are."""
    return await _several(session, _binders.where(binders.c.id.in_(list(binder_ids))))


async def share_binder(session: WriteSession, binder_id: str) -> Binder | None:
    """Give a binder, or None, as it stays until this transaction ends; others may share it."""
    return await _one(session, _shared.where(binders.c.id == binder_id))


async def share_binder_by_key(session: WriteSession, binder_key: int) -> Binder | None:
    """Give a binder as :func:`share_binder` does, by its number inside the database."""
    return await _one(session, _shared.where(binders.c.key == binder_key))


async def share_binders(session: WriteSession, binder_keys: Iterable[int]) -> Sequence[Binder]:
    """Give binders as :func:`share_binder` does, locked in the order of their keys."""
    rows = await session.all(_seen(session, _shared_by_keys), keys=sorted(binder_keys))
    return [_binder(session, row) for row in rows]


async def share_binders_of(session: WriteSession, folder_ids: Iterable[UUID]) -> Sequence[Binder]:
    """Give the binders in which these folders are, or were deleted, as :func:`share_binders`."""
    statement = _seen(session, _shared_by_folders)
    return [
        _binder(session, row) for row in await session.all(statement, folder_ids=list(folder_ids))
    ]


async def lock_binder(session: WriteSession, binder_id: str) -> Binder | None:
    """Give a binder that nobody else shares or locks until this transaction ends; or None."""
    # NO KEY: a foreign key that points at the binder does not have to wait.
    return await _one(
        session, _binders.where(binders.c.id == binder_id).with_for_update(key_share=True)
    )


async def list_binders(
    session: ReadSession, *, after: tuple[str, int] | None, offset: int, limit: int
) -> Sequence[tuple[Binder, str]]:
    """Give binders by name, each with its sorting name."""
    statement = _by_name.offset(offset).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(binders.c.sort_name, binders.c.key) > tuple_(*after))
    return await _sorted(session, statement)


async def count_binders(session: ReadSession) -> int:
    """Count the organisation's binders."""
    counted = select(func.count(binders.c.key)).where(_alive)
    total: int = await session.scalar(_seen(session, counted))
    return total


async def list_names(session: ReadSession) -> Sequence[tuple[str, str, int]]:
    """Give name, sorting name and key of all binders, by name."""
    statement = select(binders.c.name, binders.c.sort_name, binders.c.key).where(_alive)
    ordered = statement.order_by(binders.c.sort_name, binders.c.key)
    rows = await session.all(_seen(session, ordered))
    return [(row.name, row.sort_name, row.key) for row in rows]


async def list_by_keys(session: ReadSession, keys: Sequence[int]) -> Sequence[tuple[Binder, str]]:
    """Give these binders by name, each with its sorting name."""
    statement = _binders.where(binders.c.key.in_(keys))
    return await _sorted(session, statement.order_by(binders.c.sort_name, binders.c.key))


async def add_binder(session: WriteSession, row: dict[str, Any]) -> bool:
    """Add a binder; tell whether its id was still free in the whole installation."""
    statement = session.dialect_insert(binders).values(
        **row, organisation_key=session.organisation_key
    )
    free = statement.on_conflict_do_nothing(index_elements=["id"]).returning(binders.c.key)
    return await session.first(free) is not None


async def change_binder(session: WriteSession, key: int, columns: dict[str, Any]) -> None:
    """Set columns of a binder and move its revision on."""
    await session.execute(
        update(binders)
        .where(of_tenant(binders), binders.c.key == key)
        .values(**columns, revision=binders.c.revision + 1)
    )


async def holds_anything(session: ReadSession, key: int) -> bool:
    """Tell whether a binder has folders or documents that are not deleted."""
    has_folder = exists().where(
        of_tenant(folders), folders.c.binder_key == key, folders.c.deleted_at.is_(None)
    )
    has_document = exists().where(
        of_tenant(documents), documents.c.binder_key == key, documents.c.deleted_at.is_(None)
    )
    found: bool = await session.scalar(select(has_folder | has_document))
    return found


async def _one(
    session: ReadSession,
    statement: Select[Any],
    **parameters: Any,  # noqa: ANN401 - bound values are of any type
) -> Binder | None:
    row = await session.first(_seen(session, statement), **parameters)
    return None if row is None else _binder(session, row)


async def _several(session: ReadSession, statement: Select[Any]) -> Sequence[Binder]:
    rows = await session.all(_seen(session, statement))
    return [_binder(session, row) for row in rows]


async def _sorted(session: ReadSession, statement: Select[Any]) -> Sequence[tuple[Binder, str]]:
    rows = await session.all(_seen(session, statement))
    return [(_binder(session, row), row.sort_name) for row in rows]


def _seen(session: ReadSession, statement: Select[Any]) -> Select[Any]:
    return kept_to(session.sight, statement, binder=binders.c.key)


def _binder(session: ReadSession, row: Row[Any]) -> Binder:
    return Binder(
        key=row.key,
        id=row.id,
        name=row.name,
        type=BinderType(row.type),
        state=BinderState(row.state),
        description=row.description,
        colour=row.colour,
        created_at=row.created_at,
        created_by_name=row.created_by_name,
        updated_at=row.updated_at,
        revision=row.revision,
        is_changeable=session.sight.lets_change(row.key),
    )
