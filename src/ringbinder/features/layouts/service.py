"""Remember what binders are like.

Hardly a page does without a binder, its tabs and its schema, and they are seldom other ones than a
moment ago. They are remembered with the number of the organisation's last change, as searches are,
and each time the session is asked whether it sees a later one of anything but documents.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import Sight
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import service as folders
from ringbinder.features.layouts.types import Layout
from ringbinder.features.metadata import service as metadata
from ringbinder.features.search import service as search

REMEMBERED_LAYOUTS: Final = 200
"""Each of one binder, as those see it who see the same of the organisation; 0.1 MB or less."""


@dataclass(slots=True)
class _Known:
    """A layout that was found out at a change, or still held then."""

    layout: Layout
    sequence: int


class Layouts:
    """What was last found out in this process."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: OrderedDict[tuple[int, Sight, str], _Known] = OrderedDict()

    async def find(self, session: ReadSession, *, binder_id: str) -> Layout:
        """Give what a binder is like, as the session sees it.

        The binder has the name of who made it as it was when that was found out.

        Raises:
            BinderNotFoundError: there is no such binder.

        """
        if isinstance(session, WriteSession):
            # What it has changed is not there for anybody else yet.
            return await find_layout(session, binder_id=binder_id)
        key = (session.organisation_key, session.sight, binder_id)
        known = self._known.get(key)
        # Asked before anything is looked up, which may then be newer, but is never older.
        state = await search.state_of(session, 0 if known is None else known.sequence)
        if known is None or not state.holds:
            known = _Known(await find_layout(session, binder_id=binder_id), state.sequence)
            self._known[key] = known
            while len(self._known) > REMEMBERED_LAYOUTS:
                self._known.popitem(last=False)
        known.sequence = max(known.sequence, state.sequence)
        return known.layout


async def find_layout(session: ReadSession, *, binder_id: str) -> Layout:
    """Give what a binder is like, looking up everything anew.

    Raises:
        BinderNotFoundError: there is no such binder.

    """
    binder = await binders.get_binder(session, binder_id=binder_id)
    tree = await folders.list_tree(session, binder)
    schema = await metadata.load_schema(session, binder_key=binder.key)
    return Layout(binder, tuple(tree), schema)
