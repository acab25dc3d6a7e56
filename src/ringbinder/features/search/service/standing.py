"""Remember what was found out about an organisation for as long as it stands.

It is kept with the number of the organisation's last change, as searches are, and each time the
session is asked whether it sees a later one of anything but documents.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database, ReadSession, WriteSession
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
        self._statement: Prepared | None = None

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

    async def find_now(
        self,
        database: Database,
        organisation_key: int,
        sight: Sight,
        name: str,
        look_up: Callable[[ReadSession], Awaitable[Found]],
    ) -> Found:
        """Do the same for those who see so much, without a session where it stands.

        Whoever calls it holds no connection: one is asked for here.
        """
        known = self._known.get((organisation_key, sight, name))
        if known is not None:
            if self._statement is None:
                self._statement = repository.prepare_state(database)
            state = await repository.read_state(
                database, organisation_key, self._statement, known.sequence
            )
            if state.holds:
                known.sequence = max(known.sequence, state.sequence)
                return known.found
        async with database.read(organisation_key, sight) as session:
            return await self.find(session, name, partial(look_up, session))
