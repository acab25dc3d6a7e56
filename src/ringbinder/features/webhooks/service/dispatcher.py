"""The worker: what is in the feed becomes deliveries, and deliveries go out."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from ringbinder.db.sessions import Database, ReadSession, WriteSession
from ringbinder.features.changes.errors import CursorTooOldError
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.changes.types import Change
from ringbinder.features.evidence.types import Action
from ringbinder.features.webhooks import repository, rules
from ringbinder.features.webhooks.service.recording import record, system_actor
from ringbinder.features.webhooks.service.sending import Sender
from ringbinder.features.webhooks.types import (
    GAP_TYPE,
    Delivery,
    Outcome,
    Patience,
    Place,
    Webhook,
    WebhookState,
)
from ringbinder.kit.finishing import finish
from ringbinder.kit.ids import new_guid

_logger = logging.getLogger("ringbinder.webhooks")

LOOKS_EVERY: Final = timedelta(milliseconds=500)
"""How often the worker looks for something to do."""

RESTS_AFTER_A_FAILURE: Final = timedelta(seconds=5)
LEASE: Final = timedelta(seconds=60)
"""How long a webhook stays with a worker that says nothing; longer than the longest call."""

AT_ONCE: Final = 32
"""How many webhooks one process works on at the same time."""

STEPS_IN_A_TURN: Final = 200
"""After so many calls or batches, a webhook lets others go first."""

CHANGES_AT_ONCE: Final = 200


class _LeaseLostError(Exception):
    """Somebody else works on the webhook now, or it is gone."""


class Dispatcher:
    """Sends to the webhooks of all organisations; any number of processes may run one.

    Each webhook is worked on by one of them at a time, which holds its lease. Whatever is sent is
    recorded afterwards, so that what was not recorded is sent again, under the same id.
    """

    def __init__(
        self,
        database: Database,
        feed: ChangeFeed,
        sender: Sender,
        *,
        patience: Patience,
        chance: Callable[[], float] | None = None,
    ) -> None:
        """Send what this feed holds; ``chance`` gives numbers from 0 to 1 to spread retries."""
        self._database = database
        self._feed = feed
        self._sender = sender
        self._patience = patience
        self._chance = chance or secrets.SystemRandom().random
        self._id = new_guid()

    async def run(self) -> None:
        """Work until cancelled; then calls under way end, and their deliveries stay to be sent."""
        working: dict[int, asyncio.Task[None]] = {}
        try:
            while True:
                rest = await self._begin(working)
                await asyncio.sleep(rest.total_seconds())
        finally:
            tasks = list(working.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def deliver_due(self) -> int:
        """Work once on every webhook that has something to do; gives their number."""
        places = await self._places((), AT_ONCE)
        await asyncio.gather(*(self._work(place) for place in places))
        return len(places)

    async def forget(self, organisation_key: int) -> int:
        """Drop deliveries that are over and were kept long enough; gives their number."""
        async with self._database.write(organisation_key) as session:
            return await repository.forget_deliveries(
                session, session.now - self._patience.kept_for
            )

    async def _begin(self, working: dict[int, asyncio.Task[None]]) -> timedelta:
        try:
            places = await self._places(tuple(working), AT_ONCE - len(working))
        except Exception:
            _logger.exception("webhooks cannot be looked for")
            return RESTS_AFTER_A_FAILURE
        for place in places:
            working[place.webhook_key] = asyncio.create_task(self._work_and_forget(place, working))
        return LOOKS_EVERY

    async def _work_and_forget(self, place: Place, working: dict[int, asyncio.Task[None]]) -> None:
        try:
            await self._work(place)
        except Exception:
            _logger.exception("a webhook cannot be worked on")
            await asyncio.sleep(RESTS_AFTER_A_FAILURE.total_seconds())
        finally:
            working.pop(place.webhook_key, None)

    async def _places(self, besides: Sequence[int], limit: int) -> Sequence[Place]:
        async with self._database.read(None) as session:
            return await repository.list_places(session, besides=besides, limit=limit)

    async def _work(self, place: Place) -> None:
        if not await self._take(place):
            return
        try:
            for _ in range(STEPS_IN_A_TURN):
                if not await self._step(place):
                    break
        except _LeaseLostError:
            pass
        finally:
            await finish(self._leave(place))

    async def _step(self, place: Place) -> bool:
        """Send one delivery, or else make new ones; tells whether there was something to do."""
        async with self._database.read(place.organisation_key) as session:
            webhook = await repository.find_webhook_by_key(session, place.webhook_key)
            if webhook is None:
                return False
            delivery = await repository.find_due_delivery(session, webhook)
            keys = await repository.list_secrets(session, webhook.key)
            is_open = _is_open(webhook, session)
        if delivery is None:
            return is_open and await self._fan_out(place, webhook)
        outcome = await self._sender.send(webhook.url, delivery, [key.sealed for key in keys])
        await self._record(place, delivery, outcome)
        return True

    # Out of the feed

    async def _fan_out(self, place: Place, webhook: Webhook) -> bool:
        changes, lost_until = await self._news(place, webhook)
        if not changes and lost_until is None:
            return False
        rows = [
            _row(webhook, change)
            for change in changes
            if rules.is_wanted(change.type, webhook.event_types)
        ]
        position = changes[-1].sequence if changes else lost_until
        async with self._database.write(place.organisation_key) as session:
            await self._change_as_holder(session, place, {"position": position})
            if lost_until is not None:
                message = rules.gap_message(webhook.id, session.now, lost_until=lost_until)
                rows.insert(0, _new_row(webhook, GAP_TYPE, lost_until, message))
            await repository.add_deliveries(session, rows)
        return True

    async def _news(self, place: Place, webhook: Webhook) -> tuple[Sequence[Change], int | None]:
        """Give the next changes; and, where some before them are lost, the last that is lost."""
        try:
            return await self._read(place, webhook.position), None
        except CursorTooOldError:
            head = await self._feed.head(place.organisation_key)
            if webhook.position > head:
                # A backup was restored; what comes now has numbers that were used before.
                return [], head
            kept = await self._read(place, None)
            return kept, (kept[0].sequence - 1 if kept else head)

    async def _read(self, place: Place, after: int | None) -> Sequence[Change]:
        return await self._feed.read(
            place.organisation_key, after=after, limit=CHANGES_AT_ONCE, wait=timedelta()
        )

    # Out of the house

    async def _sealed(self, session: ReadSession, place: Place) -> list[str]:
        return [s.sealed for s in await repository.list_secrets(session, place.webhook_key)]

    async def _record(self, place: Place, delivery: Delivery, outcome: Outcome) -> None:
        async with self._database.write(place.organisation_key) as session:
            webhook = await repository.lock_webhook_by_key(session, place.webhook_key)
            if webhook is None:
                raise _LeaseLostError
            verdict = rules.judge(
                webhook,
                delivery,
                outcome,
                now=session.now,
                patience=self._patience,
                chance=self._chance(),
            )
            facts = {"failing_since": verdict.failing_since, "held_until": verdict.holds_until}
            await self._change_as_holder(session, place, facts)
            await repository.change_delivery(
                session, delivery.key, _attempt(delivery, outcome, verdict, session)
            )
            if verdict.is_back:
                await repository.make_pending_due(session, webhook.key)
            if verdict.disable is not None and webhook.state is WebhookState.ACTIVE:
                await _disable(session, place, webhook, verdict)

    # The lease

    async def _take(self, place: Place) -> bool:
        async with self._database.write(place.organisation_key) as session:
            until = session.now + LEASE
            return await repository.take_lease(session, place.webhook_key, self._id, until)

    async def _change_as_holder(
        self, session: WriteSession, place: Place, columns: dict[str, Any]
    ) -> None:
        columns = columns | {"lease_until": session.now + LEASE}
        if not await repository.change_as_holder(session, place.webhook_key, self._id, columns):
            raise _LeaseLostError

    async def _leave(self, place: Place) -> None:
        async with self._database.write(place.organisation_key) as session:
            columns = {"lease_until": session.now, "lease_holder": None}
            await repository.change_as_holder(session, place.webhook_key, self._id, columns)


def _is_open(webhook: Webhook, session: ReadSession) -> bool:
    is_held = webhook.held_until is not None and webhook.held_until > session.now
    return webhook.state is WebhookState.ACTIVE and not is_held


def _row(webhook: Webhook, change: Change) -> dict[str, Any]:
    return _new_row(webhook, change.type, change.sequence, rules.change_message(change))


def _new_row(webhook: Webhook, type_: str, sequence: int, body: str) -> dict[str, Any]:
    return {
        "id": new_guid(),
        "webhook_key": webhook.key,
        "type": type_,
        "sequence": sequence,
        "body": body,
        "asked_for": False,
    }


def _attempt(
    delivery: Delivery, outcome: Outcome, verdict: rules.Verdict, session: ReadSession
) -> dict[str, Any]:
    return {
        "state": str(verdict.state),
        "attempts": delivery.attempts + 1,
        "first_attempt_at": delivery.first_attempt_at or session.now,
        "last_attempt_at": session.now,
        "next_attempt_at": verdict.next_attempt_at,
        "status_code": outcome.status,
        "duration_ms": outcome.duration // timedelta(milliseconds=1),
        "error": verdict.error,
        "response_body": outcome.body,
    }


async def _disable(
    session: WriteSession, place: Place, webhook: Webhook, verdict: rules.Verdict
) -> None:
    columns = {"state": str(WebhookState.DISABLED), "state_reason": str(verdict.disable)}
    await repository.change_webhook(session, webhook.key, columns)
    record(
        session,
        system_actor(place.organisation_key, place.organisation_id),
        Action.WEBHOOK_DISABLED,
        webhook,
        before={"state": str(webhook.state)},
        after={"state": str(WebhookState.DISABLED), "reason": str(verdict.disable)},
    )
