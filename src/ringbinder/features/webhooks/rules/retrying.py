"""What becomes of a delivery after an attempt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from ringbinder.features.webhooks.types import (
    TEST_TYPE,
    Delivery,
    DeliveryState,
    Outcome,
    Patience,
    StateReason,
    Webhook,
)

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(hours=1)
HOLDS_FOR_ATTEMPTS: Final = 8
"""For so many attempts, over some ten minutes, later changes wait for one that fails."""

DOWN_AFTER: Final = timedelta(minutes=5)
"""A receiver that failed for so long was down; when it is back, nothing waits any longer."""

_SUCCESS: Final = range(200, 300)
_REDIRECTION: Final = range(300, 400)
_DOUBLINGS_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a delivery and its webhook.

    ``holds_until``: later changes wait until then. ``is_back``: whatever waits may go out now.
    """

    state: DeliveryState
    error: str | None = None
    next_attempt_at: datetime | None = None
    failing_since: datetime | None = None
    holds_until: datetime | None = None
    is_back: bool = False
    disable: StateReason | None = None


def judge(
    webhook: Webhook,
    delivery: Delivery,
    outcome: Outcome,
    *,
    now: datetime,
    patience: Patience,
    chance: float,
) -> Verdict:
    """Decide after an attempt; ``chance``, from 0 to 1, spreads the waiting."""
    error = _error(outcome)
    if error is None:
        return Verdict(state=DeliveryState.DELIVERED, is_back=_is_back(webhook, now))
    return _failure(webhook, delivery, outcome, error, now, patience, chance)


def waiting_time(attempts: int, *, chance: float, asked: timedelta | None = None) -> timedelta:
    """Give the wait after so many failed attempts: doubling from 5 seconds to an hour, ± 20 %.

    A receiver may ask for longer, up to an hour.
    """
    doubled = FIRST_WAIT * (1 << min(attempts - 1, _DOUBLINGS_AT_MOST))
    wait = min(doubled, LONGEST_WAIT) * (0.8 + 0.4 * chance)
    return wait if asked is None else max(wait, min(asked, LONGEST_WAIT))


def _error(outcome: Outcome) -> str | None:
    if outcome.status is None:
        return outcome.error or "failed"
    if outcome.status in _SUCCESS:
        return None
    if outcome.status == HTTPStatus.GONE:
        return "gone"
    return "redirected" if outcome.status in _REDIRECTION else "refused"


def _is_back(webhook: Webhook, now: datetime) -> bool:
    # What is sent while others are held was asked for by somebody, who knows that it will arrive.
    is_held = webhook.held_until is not None and webhook.held_until > now
    since = webhook.failing_since
    return is_held or (since is not None and now - since >= DOWN_AFTER)


def _failure(
    webhook: Webhook,
    delivery: Delivery,
    outcome: Outcome,
    error: str,
    now: datetime,
    patience: Patience,
    chance: float,
) -> Verdict:
    attempts = delivery.attempts + 1
    began = delivery.first_attempt_at or now
    failing_since = webhook.failing_since or now
    is_over = (
        outcome.status == HTTPStatus.GONE
        or delivery.type == TEST_TYPE
        or now - began >= patience.retry_for
    )
    wait = waiting_time(attempts, chance=chance, asked=outcome.wait)
    next_attempt_at = None if is_over else now + wait
    holds_until = next_attempt_at if attempts < HOLDS_FOR_ATTEMPTS else None
    return Verdict(
        state=DeliveryState.FAILED if is_over else DeliveryState.PENDING,
        error=error,
        next_attempt_at=next_attempt_at,
        failing_since=webhook.failing_since if delivery.type == TEST_TYPE else failing_since,
        holds_until=webhook.held_until if delivery.asked_for else holds_until,
        disable=_reason_to_disable(outcome, failing_since, now, patience),
    )


def _reason_to_disable(
    outcome: Outcome, failing_since: datetime, now: datetime, patience: Patience
) -> StateReason | None:
    if outcome.status == HTTPStatus.GONE:
        return StateReason.GONE
    return StateReason.FAILING if now - failing_since >= patience.disable_after else None
