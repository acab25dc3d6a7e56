"""Write down now and then what clients did."""

from ringbinder.db.sessions import Database
from ringbinder.features.activity import service
from ringbinder.web.tally import Tally


async def keep_activity(database: Database, tally: Tally) -> None:
    """Write down what was counted since the last time."""
    await service.keep(database, tally)
