"""Remember what was found out about an organisation for as long as it stands.

It is kept with the number of the organisation's last change, as searches are, and each time the
session is asked whether it sees a later one of anything but documents.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.sight import Sight
from ringbinder.features.search import repository

Found = TypeVar("Found")


@dataclass(slots=True)
class _Known(Generic[Found]):
    """What was found out at a change, or still stood then."""

    found: Found
    sequence: int


class Standing(Generic[Found]):
    """What was last found out in this process, by name, for those who see the same."""

    def __init__(self, *, most: int) -> None:
        """Remember so many at most."""
        self._most = most
        self._known: OrderedDict[tuple[int, Sight, str], _Known[Found]] = OrderedDict()

    async def find(
        self, session: ReadSession, name: str, look_up: Callable[[], Awaitable[Found]]
    ) -> Found:
        """Give what is known under a name, as the session sees it; else look it up with it."""
        if isinstance(session, WriteSession):
            # What it has changed is not there for anybody else yet.
            return await look_up()
        key = (session.organisation_key, session.sight, name)
        known = self._known.get(key)
        # Asked before anything is looked up, which may then be newer, but is never older.
        state = await repository.state_of(session, 0 if known is None else known.sequence)
        if known is None or not state.holds:
            known = _Known(await look_up(), state.sequence)
            self._known[key] = known
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        known.sequence = max(known.sequence, state.sequence)
        return known.found
