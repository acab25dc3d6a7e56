"""A webhook and what was sent to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypedDict
from uuid import UUID

MAXIMUM_WEBHOOKS: Final = 50
"""How many webhooks an organisation may have."""

TEST_TYPE: Final = "webhook.test"
GAP_TYPE: Final = "webhook.gap"


class WebhookState(StrEnum):
    """What becomes of the changes that a webhook asks for."""

    ACTIVE = "active"
    """They are sent."""
    PAUSED = "paused"
    """They wait, for as long as the feed keeps them."""
    DISABLED = "disabled"
    """The same; it was switched off by us, since nobody took them."""


class StateReason(StrEnum):
    """Why a webhook was disabled."""

    GONE = "gone"
    """The receiver answered 410."""
    FAILING = "failing"
    """For days, nothing that was sent arrived."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription: where to send which changes."""

    key: int
    id: UUID
    url: str
    event_types: Sequence[str]
    description: str | None
    state: WebhookState
    state_reason: StateReason | None
    created_at: datetime
    created_by_name: str
    updated_at: datetime
    revision: int
    position: int
    failing_since: datetime | None
    held_until: datetime | None


class WebhookChanges(TypedDict, total=False):
    """What a caller wants to change of a webhook."""

    url: str
    event_types: Sequence[str]
    description: str | None
    state: WebhookState


@dataclass(frozen=True, slots=True)
class Secret:
    """A sealed secret; one without an end is the newest."""

    key: int
    sealed: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A secret in the clear, shown this once; and when those before it end."""

    webhook: Webhook
    secret: str
    older_end_at: datetime | None = None


class DeliveryState(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one webhook, and what its last attempt came to.

    ``asked_for``: somebody wants it now, as a test or once more; it goes out whatever the state
    of the webhook is, and no other waits for it.
    """

    key: int
    id: UUID
    type: str
    sequence: int | None
    body: str
    state: DeliveryState
    asked_for: bool
    created_at: datetime
    attempts: int
    first_attempt_at: datetime | None
    last_attempt_at: datetime | None
    next_attempt_at: datetime | None
    status_code: int | None
    duration_ms: int | None
    error: str | None
    response_body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an attempt came to: an answer's status, or a word for why there was none."""

    status: int | None = None
    error: str | None = None
    duration: timedelta = timedelta()
    body: str | None = None
    wait: timedelta | None = None
    """How long the receiver wants to be left alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """A webhook with something to do, and the organisation that it belongs to."""

    webhook_key: int
    organisation_key: int
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long deliveries are tried, webhooks may fail, and the log is kept."""

    retry_for: timedelta
    disable_after: timedelta
    kept_for: timedelta
