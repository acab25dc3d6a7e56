"""Forget changes that have been kept long enough."""

from ringbinder.db.sessions import Database
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.organisations import service as organisations


async def forget_old_changes(database: Database, feed: ChangeFeed) -> None:
    """Go through every organisation; may run twice, and in several processes."""
    for organisation in await organisations.list_organisations(database):
        await feed.forget(organisation.key)
