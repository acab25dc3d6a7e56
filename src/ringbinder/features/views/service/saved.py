"""Keep views of a binder's list under a name."""

from typing import Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.views import repository
from ringbinder.features.views.errors import (
    SavedViewNameTakenError,
    SavedViewNotFoundError,
    TooManySavedViewsError,
)
from ringbinder.features.views.types import SavedView
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key

MOST_VIEWS: Final = 50
"""How many views of one binder a person can save."""


async def save_view(
    session: WriteSession,
    actor: Actor,
    *,
    binder_id: str,
    name: str,
    query: str,
    is_shared: bool,
) -> SavedView:
    """Keep a list of a binder under a name, for oneself or for all who see the binder.

    What it names is looked up each time, so a view shows nobody more than he may see.

    Raises:
        BinderNotFoundError: there is no such binder.
        SavedViewNameTakenError: one's own views have this name already.
        TooManySavedViewsError: one has saved 50 of this binder.

    """
    binder = await binders.get_binder(session, binder_id=binder_id)
    mine = [
        view
        for view in await repository.list_views(session, binder.key, actor.id)
        if view.owner_id == actor.id
    ]
    if any(comparison_key(view.name) == comparison_key(name) for view in mine):
        raise SavedViewNameTakenError
    if len(mine) >= MOST_VIEWS:
        raise TooManySavedViewsError
    view_id = new_guid()
    await repository.add_view(
        session,
        {
            "id": view_id,
            "binder_key": binder.key,
            "owner_id": actor.id,
            "owner_name": actor.name,
            "name": name,
            "query": query,
            "is_shared": is_shared,
            "created_at": session.now,
        },
    )
    return await _get_view(session, binder, actor, view_id)


async def delete_view(
    session: WriteSession, actor: Actor, *, binder_id: str, view_id: UUID
) -> SavedView:
    """Forget a view of one's own.

    Raises:
        BinderNotFoundError, SavedViewNotFoundError: there is none, or it is somebody else's.

    """
    binder = await binders.get_binder(session, binder_id=binder_id)
    view = await _get_view(session, binder, actor, view_id)
    if view.owner_id != actor.id:
        raise SavedViewNotFoundError
    await repository.delete_view(session, view.key)
    return view


async def _get_view(session: ReadSession, binder: Binder, actor: Actor, view_id: UUID) -> SavedView:
    for view in await repository.list_views(session, binder.key, actor.id):
        if view.id == view_id:
            return view
    raise SavedViewNotFoundError
