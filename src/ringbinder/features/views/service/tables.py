"""What a list needs beside its documents: the binder, its tabs, its columns.

A list is asked for again with every window that somebody scrolls to, and its binder, tabs and
columns are seldom other ones. They are remembered with the number of the organisation's last
change, as searches are, and each time the database is asked whether anything but documents has
changed since.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.db.sight import Sight
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.search.service import Standing
from ringbinder.features.views import repository, rules
from ringbinder.features.views.types import Column, Desk, ListQuery, Names, Table

REMEMBERED_TABLES: Final = 500
"""Each of one binder, as those see it who see the same of the organisation, in one language."""


@dataclass(slots=True)
class _Layout:
    """What lists of a binder have in common; it was found out at a change."""

    sequence: int
    binder: Binder
    folders: Mapping[UUID, Folder]
    available: tuple[Column, ...]

    def table(self, query: ListQuery) -> Table:
        """Give what one list needs.

        Raises:
            FolderNotFoundError: there is no such tab.

        """
        if query.tab is not None and query.tab not in self.folders:
            raise FolderNotFoundError
        return Table(
            binder=self.binder,
            folders=self.folders,
            available=self.available,
            columns=rules.chosen_columns(query, self.available),
            tab=None if query.tab is None else self.folders[query.tab],
        )


class Tables:
    """What was last found out about binders in one process."""

    def __init__(self, database: Database) -> None:
        """Remember nothing yet."""
        self._database = database
        self._standing = Standing(database)
        self._known: OrderedDict[tuple[int, Sight, str, str], _Layout] = OrderedDict()

    async def find(
        self, organisation_key: int, sight: Sight, *, binder_id: str, query: ListQuery, names: Names
    ) -> Table:
        """Give what a binder's list needs, to those who see so much of the organisation.

        Raises:
            BinderNotFoundError, FolderNotFoundError: there is no such binder, or no such tab in it.

        """
        key = (organisation_key, sight, binder_id, names.language)
        known = self._known.get(key)
        since = 0 if known is None else known.sequence
        state = await self._standing.since(organisation_key, since)
        if known is None or not state.holds:
            async with self._database.read(organisation_key, sight) as session:
                known = await _layout(session, state.sequence, binder_id, names)
            self._known[key] = known
            while len(self._known) > REMEMBERED_TABLES:
                self._known.popitem(last=False)
        known.sequence = max(known.sequence, state.sequence)
        return known.table(query)


async def set_table(
    session: ReadSession, *, binder_id: str, query: ListQuery, names: Names
) -> Table:
    """Give what a binder's list needs, as the session sees it.

    Raises:
        BinderNotFoundError, FolderNotFoundError: there is no such binder, or no such tab in it.

    """
    return (await _layout(session, 0, binder_id, names)).table(query)


async def _layout(session: ReadSession, sequence: int, binder_id: str, names: Names) -> _Layout:
    binder = await binders.get_binder(session, binder_id=binder_id)
    by_id = {folder.id: folder for folder in await folders.list_tree(session, binder)}
    schema = await metadata.load_schema(session, binder_key=binder.key)
    return _Layout(sequence, binder, by_id, rules.columns_of(schema, names))


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
