"""Look at the documents of a binder as a list, and keep views of it."""

from collections.abc import AsyncIterator, Mapping
from typing import Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.metadata import service as metadata
from ringbinder.features.search import service as search
from ringbinder.features.search.types import Found, SearchQuery
from ringbinder.features.views import repository, rules
from ringbinder.features.views.errors import (
    SavedViewNameTakenError,
    SavedViewNotFoundError,
    TooManySavedViewsError,
)
from ringbinder.features.views.rules import Cells
from ringbinder.features.views.types import NAME, Desk, Listing, ListQuery, Row, SavedView, Table
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key

MOST_VIEWS: Final = 50
"""How many views of one binder a person can save."""

ROWS_AT_ONCE: Final = 5_000
"""How many rows of a long list are in memory at a time."""


async def set_table(
    session: ReadSession,
    *,
    binder_id: str,
    query: ListQuery,
    language: str,
    names: Mapping[str, str],
) -> Table:
    """Give what a binder's list needs, in a language.

    Raises:
        BinderNotFoundError, FolderNotFoundError: there is no such binder, or no such tab in it.

    """
    binder = await binders.get_binder(session, binder_id=binder_id)
    by_id = {folder.id: folder for folder in await folders.list_tree(session, binder)}
    if query.tab is not None and query.tab not in by_id:
        raise FolderNotFoundError
    schema = await metadata.load_schema(session, binder_key=binder.key)
    available = rules.columns_of(schema, language, names)
    return Table(
        binder=binder,
        folders=by_id,
        available=available,
        columns=rules.chosen_columns(query, available),
        tab=None if query.tab is None else by_id[query.tab],
    )


async def set_desk(session: ReadSession, actor: Actor, table: Table) -> Desk:
    """Give what a binder's page shows around the list, too."""
    tree = list(table.folders.values())
    path = rules.path_to(table.tab, {folder.key: folder for folder in tree})
    counts = await folders.count_documents(session, table.binder)
    branches = rules.tree_of(tree, counts, [folder.key for folder in path])
    views = await repository.list_views(session, table.binder.key, actor.id)
    return Desk(
        binder=table.binder,
        folders=table.folders,
        available=table.available,
        columns=table.columns,
        tab=table.tab,
        branches=branches,
        documents=sum(branch.documents for branch in branches),
        path=path,
        views=rules.without_lost_tabs(views, table.folders),
    )


async def list_rows(
    session: ReadSession,
    table: Table,
    *,
    query: ListQuery,
    cells: Cells,
    offset: int,
    limit: int,
) -> Listing:
    """Give a part of the list, with each value as the reader's language writes it."""
    asked, is_turned = await _ask(session, table, query)
    if asked is None:
        return Listing((), 0, 0)
    find = _find_turned if is_turned else _find
    return _listing(await find(session, asked, offset, limit), offset, cells)


async def iter_rows(
    session: ReadSession, table: Table, *, query: ListQuery, cells: Cells
) -> AsyncIterator[Listing]:
    """Give the whole list in parts of some thousand rows; each says how many there are in all."""
    asked, is_turned = await _ask(session, table, query)
    place, cursor = 0, None
    while asked is not None:
        if is_turned:
            found = await _find_turned(session, asked, place, ROWS_AT_ONCE)
        else:
            found = await search.search_documents(
                session, asked, cursor=cursor, offset=0, limit=ROWS_AT_ONCE
            )
        yield _listing(found, place, cells)
        place, cursor = place + len(found.documents), found.next_cursor
        if not found.documents or (cursor is None and (not is_turned or place >= found.total)):
            return


async def _ask(
    session: ReadSession, table: Table, query: ListQuery
) -> tuple[SearchQuery | None, bool]:
    """Put a list as a search, None where nothing can be found, and tell whether it is turned."""
    columns = {column.key: column for column in table.available}
    wanted = rules.typed(rules.fitting(query, columns), columns)
    asked = await search.understand(session, rules.search_body(wanted, table.binder.id, columns))
    if isinstance(asked, FieldErrors):
        return None, False
    return asked.about(wanted.term), wanted.descending and wanted.sort == NAME


def _listing(found: Found, offset: int, cells: Cells) -> Listing:
    rows = [
        Row(document, place, cells.of) for place, document in enumerate(found.documents, offset)
    ]
    return Listing(rows, found.total, offset)


async def _find(session: ReadSession, query: SearchQuery, offset: int, limit: int) -> Found:
    return await search.search_documents(session, query, cursor=None, offset=offset, limit=limit)


async def _find_turned(session: ReadSession, query: SearchQuery, offset: int, limit: int) -> Found:
    """Read a list by name from its end, which the search does not know as an order."""
    total = (await _find(session, query, 0, 1)).total
    end = max(0, total - offset)
    begin = max(0, end - limit)
    if begin == end:
        return Found((), total, None)
    found = await _find(session, query, begin, end - begin)
    return Found(tuple(reversed(found.documents)), total, None)


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
