"""Send what is due until told to stop, and forget what was sent long ago."""

from ringbinder.db.sessions import Database
from ringbinder.features.organisations import service as organisations
from ringbinder.features.webhooks.service import Dispatcher


async def deliver_webhooks(dispatcher: Dispatcher) -> None:
    """Work until cancelled; may run in several processes."""
    await dispatcher.run()


async def forget_old_deliveries(database: Database, dispatcher: Dispatcher) -> None:
    """Go through every organisation; may run twice, and in several processes."""
    for organisation in await organisations.list_organisations(database):
        await dispatcher.forget(organisation.key)
