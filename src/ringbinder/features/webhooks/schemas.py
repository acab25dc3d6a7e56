"""The wire format of webhooks."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ringbinder.features.webhooks.types import (
    Delivery,
    DeliveryState,
    IssuedSecret,
    StateReason,
    Webhook,
    WebhookChanges,
    WebhookState,
)
from ringbinder.kit.clock import rfc3339
from ringbinder.web.patches import given, unchanged
from ringbinder.web.types import NOT_A_TEXT, ShortText

LONGEST_OVERLAP_SECONDS: Final = 7 * 24 * 3600

_CHANGES: Final = {
    "url": "url",
    "eventTypes": "event_types",
    "description": "description",
    "state": "state",
}

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    Field(
        description="Where to send: https, without user name, password or fragment, in ASCII.",
        examples=["https://erp.example.com/hooks/ringbinder"],
    ),
]
EventTypes = Annotated[
    list[ShortText],
    Field(
        min_length=1,
        max_length=50,
        description="Types of changes in the feed, all of one kind (`document.*`), or `*`.",
        examples=[["document.created", "document.version_created"]],
    ),
]
Description = Annotated[ShortText, Field(examples=["Godkända ritningar till affärssystemet"])]


class WebhookCreate(BaseModel):
    """A new webhook; it gets changes from now on."""

    url: Url
    eventTypes: EventTypes
    description: Description | None = None


class WebhookPatch(BaseModel):
    """What to change of a webhook; what is not given stays."""

    url: Url = unchanged()
    eventTypes: EventTypes = unchanged()
    description: Description | None = unchanged(description="null removes it.")
    state: Literal["active", "paused"] = unchanged(
        description="`paused` lets changes wait, `active` sends those that have waited too."
    )

    def changes(self) -> WebhookChanges:
        """Give what the client gave."""
        changes = given(self, _CHANGES)
        if "state" in changes:
            changes["state"] = WebhookState(changes["state"])
        return cast(WebhookChanges, changes)


class SecretRotation(BaseModel):
    """How to change a secret."""

    overlapSeconds: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_SECONDS), NOT_A_TEXT] = Field(
        default=24 * 3600,
        description="How long the secret before signs too.",
    )


class WebhookAnswer(BaseModel):
    """A webhook."""

    id: UUID
    url: str = Field(examples=["https://erp.example.com/hooks/ringbinder"])
    eventTypes: list[str] = Field(examples=[["document.created", "document.version_created"]])
    description: str | None = Field(examples=["Godkända ritningar till affärssystemet"])
    state: WebhookState = Field(description="`disabled` was switched off by the server.")
    stateReason: StateReason | None = Field(
        description="Why it is disabled: the receiver answered 410, or nothing arrived for days.",
        examples=[None],
    )
    position: int = Field(
        ge=0, description="The last change of the feed that was sent or is queued."
    )
    failingSince: datetime | None = Field(
        description="Since when every attempt has failed.", examples=[None]
    )
    createdAt: datetime
    createdBy: str = Field(examples=["Projektportalen"])
    updatedAt: datetime


class WebhookWithSecretAnswer(WebhookAnswer):
    """A webhook and its secret, which is shown this once."""

    secret: str = Field(
        description="Verifies signatures by Standard Webhooks.",
        examples=["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="],
    )


class SecretAnswer(BaseModel):
    """A new secret, which is shown this once."""

    secret: str = Field(examples=["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="])
    olderSecretEndsAt: datetime = Field(description="Until when the one before signs too.")


class WebhookPage(BaseModel):
    """One page of webhooks."""

    items: list[WebhookAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="For the next page, or null.", examples=["WyI3YjE0Il0"]
    )


class DeliveryAnswer(BaseModel):
    """One message, and what its last attempt came to."""

    id: UUID = Field(description="The header `webhook-id`, the same in every attempt.")
    type: str = Field(examples=["document.version_created"])
    sequence: int | None = Field(description="The change's place in the feed; null for a test.")
    state: DeliveryState
    createdAt: datetime
    attempts: int = Field(ge=0)
    lastAttemptAt: datetime | None
    nextAttemptAt: datetime | None = Field(description="null where it is over.")
    statusCode: int | None = Field(
        description="What the receiver answered; null without an answer.", examples=[503]
    )
    durationMs: int | None = Field(examples=[87])
    error: str | None = Field(
        description="A word for what went wrong; see the docs.", examples=["refused"]
    )
    responseBody: str | None = Field(
        description="The beginning of the answer's body, 1 kB at most.", examples=["try later"]
    )


class DeliveryPage(BaseModel):
    """One page of deliveries."""

    items: list[DeliveryAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="For the next page, or null.", examples=["WyI3YjE0Il0"]
    )


def webhook_answer(webhook: Webhook) -> dict[str, Any]:
    """Write a webhook."""
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "eventTypes": list(webhook.event_types),
        "description": webhook.description,
        "state": str(webhook.state),
        "stateReason": None if webhook.state_reason is None else str(webhook.state_reason),
        "position": webhook.position,
        "failingSince": _moment(webhook.failing_since),
        "createdAt": rfc3339(webhook.created_at),
        "createdBy": webhook.created_by_name,
        "updatedAt": rfc3339(webhook.updated_at),
    }


def secret_answer(issued: IssuedSecret) -> dict[str, Any]:
    """Write a secret that was rotated."""
    return {"secret": issued.secret, "olderSecretEndsAt": _moment(issued.older_end_at)}


def delivery_answer(delivery: Delivery) -> dict[str, Any]:
    """Write a delivery."""
    return {
        "id": str(delivery.id),
        "type": delivery.type,
        "sequence": delivery.sequence,
        "state": str(delivery.state),
        "createdAt": rfc3339(delivery.created_at),
        "attempts": delivery.attempts,
        "lastAttemptAt": _moment(delivery.last_attempt_at),
        "nextAttemptAt": _moment(delivery.next_attempt_at),
        "statusCode": delivery.status_code,
        "durationMs": delivery.duration_ms,
        "error": delivery.error,
        "responseBody": delivery.response_body,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
