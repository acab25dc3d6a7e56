"""Every question about saved views, by name."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, select

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import saved_views
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.views.types import SavedView

_views = select(
    saved_views.c.key,
    saved_views.c.id,
    saved_views.c.name,
    saved_views.c.query,
    saved_views.c.is_shared,
    saved_views.c.owner_id,
    saved_views.c.owner_name,
    saved_views.c.created_at,
).where(of_tenant(saved_views))
_shown = _views.where(
    saved_views.c.binder_key == bindparam("binder"),
    saved_views.c.is_shared | (saved_views.c.owner_id == bindparam("owner")),
).order_by(saved_views.c.name, saved_views.c.key)


async def list_views(
    session: ReadSession, binder_key: int, owner_id: UUID | None
) -> Sequence[SavedView]:
    """Give the views of a binder that somebody sees: his own, and those that others share."""
    rows = await session.all(_shown, binder=binder_key, owner=owner_id)
    return [_view(row) for row in rows]


async def add_view(session: WriteSession, row: Mapping[str, Any]) -> None:
    """Add a view."""
    await session.insert(saved_views, row)


async def delete_view(session: WriteSession, key: int) -> None:
    """Delete a view."""
    await session.execute(
        delete(saved_views).where(of_tenant(saved_views), saved_views.c.key == key)
    )


def _view(row: Row[Any]) -> SavedView:
    return SavedView(
        key=row.key,
        id=row.id,
        name=row.name,
        query=row.query,
        is_shared=row.is_shared,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        created_at=row.created_at,
    )
