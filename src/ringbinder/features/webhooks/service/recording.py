"""What the audit trail says about a webhook."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.access.permissions import Role
from ringbinder.db.sessions import WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.webhooks.types import Webhook
from ringbinder.kit.ids import sha256_hex

_FINGERPRINT: int = 16


def record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    webhook: Webhook,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Leave an audit event about a webhook."""
    subject = Subject(type="webhook", id=str(webhook.id), name=urlsplit(webhook.url).hostname)
    evidence.record(session, actor, action, subject, before=before, after=after)


def as_record(webhook: Webhook) -> dict[str, Any]:
    """Give what the audit trail keeps of a webhook.

    Of the URL it keeps the server's name, and a fingerprint to tell one from another: paths and
    queries of such URLs are often secrets, and the trail is for ever.
    """
    return {
        "server": urlsplit(webhook.url).hostname,
        "urlSha256": sha256_hex(webhook.url)[:_FINGERPRINT],
        "eventTypes": list(webhook.event_types),
        "description": webhook.description,
    }


def system_actor(organisation_key: int, organisation_id: UUID) -> Actor:
    """Give the actor that stands for ourselves."""
    return Actor(
        kind=ActorKind.SYSTEM,
        source=Source.SYSTEM,
        id=None,
        name="system",
        role=Role.ADMIN,
        organisation_key=organisation_key,
        organisation_id=organisation_id,
    )
