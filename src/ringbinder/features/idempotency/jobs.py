"""The sweep of keys."""

import logging

from ringbinder.features.idempotency.service import IdempotencyService

_logger = logging.getLogger("ringbinder.idempotency")


async def sweep_keys(keys: IdempotencyService) -> None:
    """Sweep once; may run twice, and in several processes."""
    touched = await keys.sweep()
    if touched:
        _logger.info("swept idempotency keys", extra={"rows": touched})
