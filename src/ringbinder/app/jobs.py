"""What runs beside the requests, until the process ends."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Iterator
from typing import Any

from ringbinder.app.parts import Parts
from ringbinder.features.activity.jobs import keep_activity
from ringbinder.features.audit.jobs import make_checkpoints
from ringbinder.features.changes.jobs import forget_old_changes
from ringbinder.features.documents.jobs import purge_trash
from ringbinder.features.idempotency.jobs import sweep_keys
from ringbinder.features.mail.jobs import deliver_mail
from ringbinder.features.signin.jobs import sweep_sign_in
from ringbinder.features.uploads.jobs import sweep
from ringbinder.features.webhooks.jobs import deliver_webhooks, forget_old_deliveries

_logger = logging.getLogger("ringbinder.jobs")
_COUNTED_EVERY_SECONDS = 15


def background_jobs(parts: Parts) -> Iterator[Coroutine[Any, Any, None]]:
    """Give each job that the settings let this process run; each runs until cancelled."""
    yield run_jobs(parts)
    if parts.settings.webhooks_enabled:
        yield deliver_webhooks(parts.dispatcher)
    if parts.settings.mail_enabled:
        yield deliver_mail(parts.people.postman)


async def run_jobs(parts: Parts) -> None:
    """Run the background jobs of one machine until cancelled."""
    await asyncio.gather(_sweep(parts), _vouch(parts), _count(parts))


async def _count(parts: Parts) -> None:
    while True:
        await asyncio.sleep(_COUNTED_EVERY_SECONDS)
        await keep_counts(parts)


async def keep_counts(parts: Parts) -> None:
    """Write down what this process has counted since the last time."""
    await _survive(keep_activity(parts.database, parts.tally))


async def _vouch(parts: Parts) -> None:
    while True:
        await asyncio.sleep(parts.checkpoints.interval.total_seconds() / 2)
        await _survive(make_checkpoints(parts.checkpoints))


async def _sweep(parts: Parts) -> None:
    while True:
        await asyncio.sleep(parts.settings.sweep_interval.total_seconds())
        await _survive(parts.keys.rotate())
        await _survive(parts.tokens.forget_expired_revocations())
        await _survive(sweep_keys(parts.idempotency))
        await _survive(_sweep_sign_in(parts))
        await _survive(purge_trash(parts.database, parts.trash))
        await _survive(sweep(parts.uploads, parts.sweeper))
        await _survive(forget_old_changes(parts.database, parts.feed))
        await _survive(forget_old_deliveries(parts.database, parts.dispatcher))


async def _sweep_sign_in(parts: Parts) -> None:
    await sweep_sign_in(parts.database, parts.people.sessions, parts.people.invitations)


async def _survive(job: Awaitable[object]) -> None:
    """Let a job that failed be tried again at its next time, and not end the others."""
    try:
        await job
    except Exception:
        _logger.exception("a background job failed")
