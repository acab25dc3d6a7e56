"""What administrators do with webhooks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Unpack
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.evidence.types import Action
from ringbinder.features.webhooks import repository, rules
from ringbinder.features.webhooks.errors import (
    TooManyWebhooksError,
    WebhookDeliveryNotFoundError,
    WebhookNotFoundError,
)
from ringbinder.features.webhooks.service.recording import as_record, record
from ringbinder.features.webhooks.types import (
    MAXIMUM_WEBHOOKS,
    TEST_TYPE,
    Delivery,
    DeliveryState,
    IssuedSecret,
    Webhook,
    WebhookChanges,
    WebhookState,
)
from ringbinder.kit.differences import changed_only
from ringbinder.kit.errors import FieldProblems
from ringbinder.kit.ids import new_guid
from ringbinder.kit.networks import NetworkPolicy
from ringbinder.kit.paging import total_of
from ringbinder.kit.sealing import Sealer

_STATE_ACTIONS = {
    WebhookState.ACTIVE: Action.WEBHOOK_RESUMED,
    WebhookState.PAUSED: Action.WEBHOOK_PAUSED,
    WebhookState.DISABLED: Action.WEBHOOK_DISABLED,
}


class Webhooks:
    """The webhooks of organisations."""

    def __init__(self, sealer: Sealer, policy: NetworkPolicy) -> None:
        """Seal secrets with this, and accept URLs by that."""
        self._sealer = sealer
        self._policy = policy

    async def list_webhooks(
        self, session: ReadSession, *, search_term: str | None
    ) -> Sequence[Webhook]:
        """Give the organisation's webhooks whose URL or description holds a term, oldest first."""
        term = (search_term or "").casefold()
        return [
            webhook
            for webhook in await repository.list_webhooks(session)
            if term in f"{webhook.url}\n{webhook.description or ''}".casefold()
        ]

    async def get_webhook(self, session: ReadSession, *, webhook_id: UUID) -> Webhook:
        """Give one webhook.

        Raises:
            WebhookNotFoundError: the organisation has none with this id.

        """
        return _found(await repository.find_webhook(session, webhook_id))

    async def create_webhook(
        self,
        session: WriteSession,
        actor: Actor,
        *,
        url: str,
        event_types: Sequence[str],
        description: str | None = None,
    ) -> IssuedSecret:
        """Make an active webhook, which gets changes from now on, and give its secret.

        Raises:
            FieldErrors: the URL or an event type is not acceptable.
            TooManyWebhooksError: the organisation has as many as it may have.

        """
        self._assert_acceptable(url=url, event_types=event_types)
        # The lock also keeps two that come at once from passing the limit together.
        position = await repository.lock_feed(session)
        if await repository.count_webhooks(session) >= MAXIMUM_WEBHOOKS:
            raise TooManyWebhooksError
        row = {
            "id": new_guid(),
            "url": url,
            "event_types": list(dict.fromkeys(event_types)),
            "description": description,
            "state": str(WebhookState.ACTIVE),
            "created_at": session.now,
            "created_by_name": actor.name,
            "updated_at": session.now,
            "revision": 1,
            "position": position,
        }
        key = await repository.add_webhook(session, row)
        secret = await self._add_secret(session, key)
        webhook = _found(await repository.find_webhook_by_key(session, key))
        record(session, actor, Action.WEBHOOK_CREATED, webhook, after=as_record(webhook))
        return IssuedSecret(webhook, secret)

    async def update_webhook(
        self,
        session: WriteSession,
        actor: Actor,
        *,
        webhook_id: UUID,
        **changes: Unpack[WebhookChanges],
    ) -> Webhook:
        """Change, pause or resume a webhook; what is not given stays.

        One that is resumed, or has another URL, is tried at once with all that waits.

        Raises:
            WebhookNotFoundError: the organisation has none with this id.
            FieldErrors: the URL or an event type is not acceptable.

        """
        before = _found(await repository.lock_webhook(session, webhook_id))
        if changes.get("event_types"):
            changes["event_types"] = list(dict.fromkeys(changes["event_types"]))
        after = replace(before, **changes)
        self._assert_acceptable(url=after.url, event_types=after.event_types)
        if after == before:
            return before
        await repository.change_webhook(session, before.key, _columns(before, after))
        if _begins_anew(before, after):
            await repository.restart_pending(session, before.key)
        _record_changes(session, actor, before, after)
        return _found(await repository.find_webhook_by_key(session, before.key))

    async def delete_webhook(
        self,
        session: WriteSession,
        actor: Actor,
        *,
        webhook_id: UUID,
    ) -> Webhook:
        """Delete a webhook, with what waits for it and the log of what was sent.

        Raises:
            WebhookNotFoundError: the organisation has none with this id.

        """
        webhook = _found(await repository.lock_webhook(session, webhook_id))
        await repository.delete_webhook(session, webhook.key)
        record(session, actor, Action.WEBHOOK_DELETED, webhook, before=as_record(webhook))
        return webhook

    async def rotate_secret(
        self, session: WriteSession, actor: Actor, *, webhook_id: UUID, overlap: timedelta
    ) -> IssuedSecret:
        """Give a webhook a new secret; the one before it signs too until the overlap ends.

        Raises:
            WebhookNotFoundError: the organisation has none with this id.

        """
        webhook = _found(await repository.lock_webhook(session, webhook_id))
        ends_at = session.now + overlap
        await repository.end_secrets(session, webhook.key, ends_at)
        secret = await self._add_secret(session, webhook.key)
        record(
            session,
            actor,
            Action.WEBHOOK_SECRET_ROTATED,
            webhook,
            after={"olderSecretEndsAt": ends_at.isoformat()},
        )
        return IssuedSecret(webhook, secret, ends_at)

    async def send_test_event(
        self, session: WriteSession, actor: Actor, *, webhook_id: UUID
    ) -> Delivery:
        """Send a message that tells of nothing; once, whatever the webhook's state.

        Raises:
            WebhookNotFoundError: the organisation has none with this id.

        """
        webhook = _found(await repository.lock_webhook(session, webhook_id))
        delivery_id = new_guid()
        row = {
            "id": delivery_id,
            "webhook_key": webhook.key,
            "type": TEST_TYPE,
            "sequence": None,
            "body": rules.test_message(webhook.id, session.now),
            "asked_for": True,
        }
        await repository.add_deliveries(session, [row])
        record(session, actor, Action.WEBHOOK_TESTED, webhook)
        return _delivered(await repository.find_delivery(session, webhook.key, delivery_id))

    async def list_deliveries(
        self,
        session: ReadSession,
        *,
        webhook_id: UUID,
        state: DeliveryState | None,
        search_term: str | None,
        before: int | None,
        offset: int,
        limit: int,
    ) -> tuple[Sequence[Delivery], int]:
        """Give one page of a webhook's deliveries, newest first, and how many there are in all.

        Raises:
            WebhookNotFoundError: the organisation has none with this id.

        """
        webhook = await self.get_webhook(session, webhook_id=webhook_id)
        count = partial(
            repository.count_deliveries,
            session,
            webhook.key,
            state=state,
            search_term=search_term,
        )
        found = await repository.list_deliveries(
            session,
            webhook.key,
            state=state,
            search_term=search_term,
            before=before,
            offset=offset,
            limit=limit,
        )
        return found, await total_of(found, count, behind=before, offset=offset, limit=limit)

    async def redeliver(
        self, session: WriteSession, actor: Actor, *, webhook_id: UUID, delivery_id: UUID
    ) -> Delivery:
        """Send a delivery once more, or now if it is waiting; under the same id and signed anew.

        Raises:
            WebhookNotFoundError: the organisation has no such webhook.
            WebhookDeliveryNotFoundError: the webhook has no such delivery.

        """
        webhook = _found(await repository.lock_webhook(session, webhook_id))
        delivery = _delivered(await repository.find_delivery(session, webhook.key, delivery_id))
        columns: dict[str, Any] = {"next_attempt_at": session.now, "asked_for": True}
        if delivery.state is not DeliveryState.PENDING:
            columns |= {
                "state": str(DeliveryState.PENDING),
                "attempts": 0,
                "first_attempt_at": None,
            }
        await repository.change_delivery(session, delivery.key, columns)
        after = {"deliveryId": str(delivery.id), "sequence": delivery.sequence}
        record(session, actor, Action.WEBHOOK_REDELIVERED, webhook, after=after)
        return _delivered(await repository.find_delivery(session, webhook.key, delivery_id))

    async def _add_secret(self, session: WriteSession, webhook_key: int) -> str:
        secret = rules.new_webhook_secret()
        await repository.add_secret(session, webhook_key, self._sealer.seal(secret))
        return secret

    def _assert_acceptable(self, *, url: str, event_types: Sequence[str]) -> None:
        problems = FieldProblems()
        for problem in rules.url_problems(url, self._policy):
            problems.add("url", problem)
        for index, event_type in enumerate(event_types):
            if wrong := rules.event_type_problem(event_type):
                problems.add(("eventTypes", index), wrong)
        problems.raise_if_any()


def _columns(before: Webhook, after: Webhook) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "url": after.url,
        "event_types": after.event_types,
        "description": after.description,
        "state": str(after.state),
    }
    if before.state is not after.state:
        columns["state_reason"] = None
    if _begins_anew(before, after):
        columns |= {"failing_since": None, "held_until": None}
    return columns


def _begins_anew(before: Webhook, after: Webhook) -> bool:
    is_resumed = before.state is not after.state and after.state is WebhookState.ACTIVE
    return is_resumed or before.url != after.url


def _record_changes(session: WriteSession, actor: Actor, before: Webhook, after: Webhook) -> None:
    if before.state is not after.state:
        record(
            session,
            actor,
            _STATE_ACTIONS[after.state],
            after,
            before={"state": str(before.state)},
            after={"state": str(after.state)},
        )
    was, becomes = changed_only(as_record(before), as_record(after))
    if becomes:
        record(session, actor, Action.WEBHOOK_UPDATED, after, before=was, after=becomes)


def _found(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise WebhookNotFoundError
    return webhook


def _delivered(delivery: Delivery | None) -> Delivery:
    if delivery is None:
        raise WebhookDeliveryNotFoundError
    return delivery
