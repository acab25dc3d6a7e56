"""The job that vouches for audit trails."""

import logging

from ringbinder.features.audit.service import Checkpoints

_logger = logging.getLogger("ringbinder.audit")


async def make_checkpoints(checkpoints: Checkpoints) -> None:
    """Make the checkpoints that are due, and say how many there were, if any."""
    made = await checkpoints.make_due()
    if made:
        _logger.info("audit checkpoints made", extra={"checkpoints": made})
