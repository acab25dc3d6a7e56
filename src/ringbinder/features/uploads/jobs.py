"""The sweep: ends uploads whose time is over, and takes away bytes that nothing refers to."""

import logging
from dataclasses import asdict

from ringbinder.features.blobs.service import Sweeper
from ringbinder.features.uploads.service import UploadService

_logger = logging.getLogger("ringbinder.sweep")


async def sweep(uploads: UploadService, sweeper: Sweeper) -> None:
    """Sweep once, and say what was taken away, if anything was."""
    found = {"uploads": await uploads.expire_uploads()}
    found |= asdict(await sweeper.sweep())
    if any(found.values()):
        _logger.info("swept", extra=found)
