"""Questions about webhooks, their secrets and deliveries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, update
from sqlalchemy.sql.elements import SQLCoreOperations

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import (
    organisation_sequences,
    organisations,
    webhook_deliveries,
    webhook_secrets,
    webhooks,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.webhooks.types import (
    Delivery,
    DeliveryState,
    Place,
    Secret,
    StateReason,
    Webhook,
    WebhookState,
)

_NOT_SHOWN: Final = {"organisation_key", "webhook_key", "lease_until", "lease_holder"}
_columns = tuple(column for column in webhooks.c if column.name not in _NOT_SHOWN)
_of_delivery = tuple(column for column in webhook_deliveries.c if column.name not in _NOT_SHOWN)


# Webhooks


async def lock_feed(session: WriteSession) -> int:
    """Give the newest position of the feed, which stays so until the transaction ends."""
    found: int | None = await session.scalar(
        select(organisation_sequences.c.change_sequence)
        .where(of_tenant(organisation_sequences))
        .with_for_update()
    )
    return found or 0


async def add_webhook(session: WriteSession, row: Mapping[str, Any]) -> int:
    """Add a webhook and give its key."""
    added = {**row, "event_types": _written(row["event_types"]), "lease_until": session.now}
    key: int = (await session.insert_returning(webhooks, added, "key")).key
    return key


async def list_webhooks(session: ReadSession) -> Sequence[Webhook]:
    """Give the organisation's webhooks, oldest first; there are never many."""
    rows = await session.all(select(*_columns).where(of_tenant(webhooks)).order_by(webhooks.c.key))
    return [_webhook(row) for row in rows]


async def count_webhooks(session: ReadSession) -> int:
    """Count the organisation's webhooks."""
    found: int = await session.scalar(select(func.count(webhooks.c.key)).where(of_tenant(webhooks)))
    return found


async def find_webhook(session: ReadSession, webhook_id: UUID) -> Webhook | None:
    """Give one webhook of the organisation, or None."""
    row = await session.first(
        select(*_columns).where(of_tenant(webhooks), webhooks.c.id == webhook_id)
    )
    return None if row is None else _webhook(row)


async def lock_webhook(session: WriteSession, webhook_id: UUID) -> Webhook | None:
    """Give one webhook, which nobody else changes until the transaction ends, or None."""
    row = await session.first(
        select(*_columns).where(of_tenant(webhooks), webhooks.c.id == webhook_id).with_for_update()
    )
    return None if row is None else _webhook(row)


async def find_webhook_by_key(session: ReadSession, webhook_key: int) -> Webhook | None:
    """Give one webhook of the organisation by its key, or None."""
    row = await session.first(_by_key(webhook_key))
    return None if row is None else _webhook(row)


async def lock_webhook_by_key(session: WriteSession, webhook_key: int) -> Webhook | None:
    """Give one webhook as :func:`lock_webhook` does, by its key."""
    row = await session.first(_by_key(webhook_key).with_for_update())
    return None if row is None else _webhook(row)


def _by_key(webhook_key: int) -> Select[Any]:
    return select(*_columns).where(of_tenant(webhooks), webhooks.c.key == webhook_key)


async def change_webhook(session: WriteSession, key: int, columns: Mapping[str, Any]) -> None:
    """Change columns of a webhook, as its next revision."""
    values = dict(columns)
    if "event_types" in values:
        values["event_types"] = _written(values["event_types"])
    await session.execute(
        update(webhooks)
        .where(of_tenant(webhooks), webhooks.c.key == key)
        .values(**values, revision=webhooks.c.revision + 1, updated_at=session.now)
    )


async def delete_webhook(session: WriteSession, key: int) -> None:
    """Delete a webhook with its secrets and deliveries."""
    for table, column in (
        (webhook_deliveries, webhook_deliveries.c.webhook_key),
        (webhook_secrets, webhook_secrets.c.webhook_key),
        (webhooks, webhooks.c.key),
    ):
        await session.execute(delete(table).where(of_tenant(table), column == key))


# Secrets


async def add_secret(session: WriteSession, webhook_key: int, sealed: str) -> None:
    """Add a secret that has no end yet."""
    row = {"webhook_key": webhook_key, "sealed": sealed, "created_at": session.now}
    await session.insert(webhook_secrets, row)


async def list_secrets(session: ReadSession, webhook_key: int) -> Sequence[Secret]:
    """Give the secrets that are valid now, the newest first."""
    expires_at = webhook_secrets.c.expires_at
    rows = await session.all(
        select(webhook_secrets.c.key, webhook_secrets.c.sealed, expires_at)
        .where(
            of_tenant(webhook_secrets),
            webhook_secrets.c.webhook_key == webhook_key,
            or_(expires_at.is_(None), expires_at > session.now),
        )
        .order_by(webhook_secrets.c.key.desc())
    )
    return [Secret(**row._asdict()) for row in rows]


async def end_secrets(session: WriteSession, webhook_key: int, at: datetime) -> None:
    """Let the secret that has no end have one, and drop those that had one before."""
    own = (of_tenant(webhook_secrets), webhook_secrets.c.webhook_key == webhook_key)
    await session.execute(
        delete(webhook_secrets).where(*own, webhook_secrets.c.expires_at.is_not(None))
    )
    await session.execute(update(webhook_secrets).where(*own).values(expires_at=at))


# Deliveries


async def add_deliveries(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add deliveries that are due at once."""
    common = {
        "state": str(DeliveryState.PENDING),
        "created_at": session.now,
        "attempts": 0,
        "next_attempt_at": session.now,
    }
    await session.insert(webhook_deliveries, *({**common, **row} for row in rows))


async def find_delivery(
    session: ReadSession, webhook_key: int, delivery_id: UUID
) -> Delivery | None:
    """Give one delivery of a webhook, or None."""
    row = await session.first(
        _deliveries(webhook_key).where(webhook_deliveries.c.id == delivery_id)
    )
    return None if row is None else _delivery(row)


async def list_deliveries(
    session: ReadSession,
    webhook_key: int,
    *,
    state: DeliveryState | None,
    search_term: str | None,
    before: int | None,
    offset: int,
    limit: int,
) -> Sequence[Delivery]:
    """Give deliveries of a webhook, newest first."""
    statement = _deliveries(webhook_key).where(*_conditions(state, search_term))
    if before is not None:
        statement = statement.where(webhook_deliveries.c.key < before)
    order = webhook_deliveries.c.key.desc()
    rows = await session.all(statement.order_by(order).offset(offset).limit(limit))
    return [_delivery(row) for row in rows]


async def count_deliveries(
    session: ReadSession,
    webhook_key: int,
    *,
    state: DeliveryState | None,
    search_term: str | None,
) -> int:
    """Count deliveries of a webhook."""
    found: int = await session.scalar(
        select(func.count(webhook_deliveries.c.key)).where(
            of_tenant(webhook_deliveries),
            webhook_deliveries.c.webhook_key == webhook_key,
            *_conditions(state, search_term),
        )
    )
    return found


async def find_due_delivery(session: ReadSession, webhook: Webhook) -> Delivery | None:
    """Give the oldest delivery that may be tried now; what was asked for goes first."""
    due = _deliveries(webhook.key).where(webhook_deliveries.c.next_attempt_at <= session.now)
    if webhook.state is not WebhookState.ACTIVE or _is_held(webhook, session.now):
        due = due.where(webhook_deliveries.c.asked_for.is_(True))
    row = await session.first(
        due.order_by(webhook_deliveries.c.asked_for.desc(), webhook_deliveries.c.key).limit(1)
    )
    return None if row is None else _delivery(row)


async def change_delivery(session: WriteSession, key: int, columns: Mapping[str, Any]) -> None:
    """Change columns of a delivery."""
    await session.execute(
        update(webhook_deliveries)
        .where(of_tenant(webhook_deliveries), webhook_deliveries.c.key == key)
        .values(**columns)
    )


async def make_pending_due(session: WriteSession, webhook_key: int) -> None:
    """Let everything that waits for another attempt have it now."""
    await session.execute(
        update(webhook_deliveries)
        .where(
            of_tenant(webhook_deliveries),
            webhook_deliveries.c.webhook_key == webhook_key,
            webhook_deliveries.c.next_attempt_at > session.now,
        )
        .values(next_attempt_at=session.now)
    )


async def restart_pending(session: WriteSession, webhook_key: int) -> None:
    """Let everything that waits be tried now, with all the patience of a first attempt."""
    await session.execute(
        update(webhook_deliveries)
        .where(
            of_tenant(webhook_deliveries),
            webhook_deliveries.c.webhook_key == webhook_key,
            webhook_deliveries.c.next_attempt_at.is_not(None),
        )
        .values(next_attempt_at=session.now, attempts=0, first_attempt_at=None)
    )


async def forget_deliveries(session: WriteSession, before: datetime) -> int:
    """Drop deliveries that are over and older than a time."""
    return await session.execute(
        delete(webhook_deliveries).where(
            of_tenant(webhook_deliveries),
            webhook_deliveries.c.next_attempt_at.is_(None),
            webhook_deliveries.c.created_at < before,
        )
    )


# The worker


async def list_places(
    session: ReadSession, *, besides: Collection[int], limit: int
) -> Sequence[Place]:
    """Give webhooks of every organisation that have something to do and that nobody works on.

    For the system's own sessions. Those that have waited longest come first.
    """
    rows = await session.all(
        select(webhooks.c.key, webhooks.c.organisation_key, organisations.c.id)
        .join(organisations, organisations.c.key == webhooks.c.organisation_key)
        .join(
            organisation_sequences,
            organisation_sequences.c.organisation_key == webhooks.c.organisation_key,
        )
        .where(
            webhooks.c.lease_until <= session.now,
            webhooks.c.key.not_in(besides),
            or_(_has_due(session.now), _has_asked_for(session.now)),
        )
        .order_by(webhooks.c.lease_until, webhooks.c.key)
        .limit(limit)
    )
    return [Place(row.key, row.organisation_key, row.id) for row in rows]


async def take_lease(
    session: WriteSession, webhook_key: int, holder: UUID, until: datetime
) -> bool:
    """Become the one who works on a webhook, or tell that somebody else is."""
    changed = await session.execute(
        update(webhooks)
        .where(
            of_tenant(webhooks),
            webhooks.c.key == webhook_key,
            webhooks.c.lease_until <= session.now,
        )
        .values(lease_until=until, lease_holder=holder)
    )
    return changed == 1


async def change_as_holder(
    session: WriteSession, webhook_key: int, holder: UUID, columns: Mapping[str, Any]
) -> bool:
    """Change columns of a webhook if this holder still works on it; tells whether it does."""
    changed = await session.execute(
        update(webhooks)
        .where(
            of_tenant(webhooks),
            webhooks.c.key == webhook_key,
            webhooks.c.lease_holder == holder,
        )
        .values(**columns)
    )
    return changed == 1


def _has_due(now: datetime) -> ColumnElement[bool]:
    has_news = organisation_sequences.c.change_sequence != webhooks.c.position
    return and_(
        webhooks.c.state == str(WebhookState.ACTIVE),
        or_(webhooks.c.held_until.is_(None), webhooks.c.held_until <= now),
        or_(has_news, webhooks.c.key.in_(_due_webhooks(now))),
    )


def _has_asked_for(now: datetime) -> ColumnElement[bool]:
    return webhooks.c.key.in_(_due_webhooks(now).where(webhook_deliveries.c.asked_for.is_(True)))


def _due_webhooks(now: datetime) -> Select[tuple[int]]:
    return select(webhook_deliveries.c.webhook_key).where(
        webhook_deliveries.c.next_attempt_at <= now
    )


def _is_held(webhook: Webhook, now: datetime) -> bool:
    return webhook.held_until is not None and webhook.held_until > now


def _deliveries(webhook_key: int) -> Select[Any]:
    return select(*_of_delivery).where(
        of_tenant(webhook_deliveries), webhook_deliveries.c.webhook_key == webhook_key
    )


def _conditions(
    state: DeliveryState | None, search_term: str | None
) -> list[SQLCoreOperations[bool]]:
    conditions: list[SQLCoreOperations[bool]] = []
    if state is not None:
        conditions.append(webhook_deliveries.c.state == str(state))
    if search_term:
        conditions.append(webhook_deliveries.c.type.icontains(search_term, autoescape=True))
    return conditions


def _written(event_types: Sequence[str]) -> str:
    return msgspec.json.encode(event_types).decode()


def _webhook(row: Row[Any]) -> Webhook:
    fields = row._asdict()
    reason = fields["state_reason"]
    return Webhook(
        **fields
        | {
            "event_types": msgspec.json.decode(fields["event_types"], type=list[str]),
            "state": WebhookState(fields["state"]),
            "state_reason": None if reason is None else StateReason(reason),
        }
    )


def _delivery(row: Row[Any]) -> Delivery:
    fields = row._asdict()
    return Delivery(**fields | {"state": DeliveryState(fields["state"])})
