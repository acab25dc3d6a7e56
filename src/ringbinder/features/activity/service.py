"""Write down what was counted, and sum it up."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from ringbinder.db.sessions import Database, ReadSession
from ringbinder.features.activity import repository
from ringbinder.features.activity.types import Activity
from ringbinder.web.tally import Counts, Tally, TallyKey

KEPT_FOR: Final = timedelta(days=90)


async def keep(database: Database, tally: Tally) -> None:
    """Write down what was counted since the last time, one transaction for each organisation.

    What cannot be written is counted on, and tried again the next time.
    """
    by_organisation: dict[int, dict[TallyKey, Counts]] = defaultdict(dict)
    for key, counts in tally.take().items():
        by_organisation[key.organisation_key][key] = counts
    while by_organisation:
        organisation_key, found = by_organisation.popitem()
        try:
            async with database.write(organisation_key) as session:
                await repository.add(session, found)
                await repository.forget_before(session, (session.now - KEPT_FOR).date())
        except BaseException:
            for rest in (found, *by_organisation.values()):
                tally.give_back(rest)
            raise


async def sum_up(session: ReadSession, *, days: int) -> Mapping[UUID, Activity]:
    """Tell what each client of the organisation did today and in the days before, so many in all.

    Days are those of UTC. Who did nothing is not among them.
    """
    since = (session.now - timedelta(days=days - 1)).date()
    return {one.client_id: one for one in await repository.list_since(session, since)}
