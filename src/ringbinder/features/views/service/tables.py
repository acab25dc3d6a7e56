"""What a list needs beside its documents: the binder, its tabs, its columns."""

from weakref import WeakKeyDictionary

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.layouts.types import Layout
from ringbinder.features.views import repository, rules
from ringbinder.features.views.types import Column, Desk, ListQuery, Names, Table


class Tables:
    """Puts tables together, with columns that are written once for each layout and language."""

    def __init__(self) -> None:
        """Write none yet."""
        self._columns: WeakKeyDictionary[Layout, dict[str, tuple[Column, ...]]] = (
            WeakKeyDictionary()
        )

    def of(self, layout: Layout, *, query: ListQuery, names: Names) -> Table:
        """Give what a list of a binder needs.

        Raises:
            FolderNotFoundError: there is no such tab in it.

        """
        if query.tab is not None and query.tab not in layout.folders:
            raise FolderNotFoundError
        available = self._available(layout, names)
        return Table(
            binder=layout.binder,
            folders=layout.folders,
            available=available,
            columns=rules.chosen_columns(query, available),
            path=() if query.tab is None else layout.path_to(layout.folders[query.tab]),
        )

    def _available(self, layout: Layout, names: Names) -> tuple[Column, ...]:
        by_language = self._columns.setdefault(layout, {})
        if names.language not in by_language:
            by_language[names.language] = rules.columns_of(layout.schema, names)
        return by_language[names.language]


async def set_desk(session: ReadSession, actor: Actor, table: Table) -> Desk:
    """Give what a binder's page shows around the list, too."""
    tree = list(table.folders.values())
    counts = await folders.count_documents(session, table.binder)
    branches = rules.tree_of(tree, counts, [folder.key for folder in table.path])
    views = await repository.list_views(session, table.binder.key, actor.id)
    return Desk(
        binder=table.binder,
        folders=table.folders,
        available=table.available,
        columns=table.columns,
        path=table.path,
        branches=branches,
        documents=sum(branch.documents for branch in branches),
        views=rules.without_lost_tabs(views, table.folders),
    )
