"""Remember what binders are like.

Hardly a page does without a binder, its tabs and its schema, and they are seldom other ones than a
moment ago.
"""

from functools import partial
from typing import Final

from ringbinder.db.sessions import Database, ReadSession
from ringbinder.db.sight import Sight
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import service as folders
from ringbinder.features.layouts.types import Layout
from ringbinder.features.metadata import service as metadata
from ringbinder.features.search.service import Standing

REMEMBERED_LAYOUTS: Final = 200
"""Each of one binder, for those who see the same of the organisation; 0.1 MB or less."""


class Layouts:
    """What was last found out in this process."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: Standing[Layout] = Standing(most=REMEMBERED_LAYOUTS)

    async def find(self, session: ReadSession, *, binder_id: str) -> Layout:
        """Give what a binder is like, as the session sees it.

        The binder has the name of who made it as it was when that was found out.

        Raises:
            BinderNotFoundError: there is no such binder.

        """
        return await self._known.find(session, binder_id, partial(_look_up, session, binder_id))

    async def find_now(
        self, database: Database, organisation_key: int, sight: Sight, *, binder_id: str
    ) -> Layout:
        """Give what a binder is like now, to those who see so much; call it without a session.

        Raises:
            BinderNotFoundError: there is no such binder.

        """

        async def look_up(session: ReadSession) -> Layout:
            return await _look_up(session, binder_id)

        return await self._known.find_now(database, organisation_key, sight, binder_id, look_up)

    async def find_managed(self, session: ReadSession, *, binder_id: str) -> Layout:
        """Do the same for a binder in which who asks may do what the session was opened for.

        Raises:
            BinderNotFoundError: there is no such binder, or it is not shown.
            MissingPermissionError: who asks sees it, but may not do this in it.

        """
        layout = await self.find(session, binder_id=binder_id)
        binders.assert_permitted(layout.binder)
        return layout


async def _look_up(session: ReadSession, binder_id: str) -> Layout:
    binder = await binders.get_binder(session, binder_id=binder_id)
    tree = await folders.list_tree(session, binder)
    schema = await metadata.load_schema(session, binder_key=binder.key)
    return Layout(binder, tuple(tree), schema)
