"""Empty the trash of what was there for long enough."""

import logging

from ringbinder.db.sessions import Database
from ringbinder.features.documents.service import Trash
from ringbinder.features.organisations import service as organisations

_logger = logging.getLogger("ringbinder.trash")


async def purge_trash(database: Database, trash: Trash) -> None:
    """Go through every organisation; may run twice, and in several processes."""
    for organisation in await organisations.list_organisations(database):
        purged = await trash.purge(organisations.system(organisation))
        if purged:
            _logger.info("purged", extra={"organisation": organisation.key, "documents": purged})
