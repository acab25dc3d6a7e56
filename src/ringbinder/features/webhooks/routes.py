"""The doors to webhooks and to the log of what was sent."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Body, Depends, Path, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.webhooks import schemas
from ringbinder.features.webhooks.errors import (
    TooManyWebhooksError,
    WebhookDeliveryNotFoundError,
    WebhookNotFoundError,
)
from ringbinder.features.webhooks.service import Webhooks
from ringbinder.features.webhooks.types import DeliveryState
from ringbinder.kit.paging import Cursor, query_shape
from ringbinder.web.answers import created, ok
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging, page, position_of

router = OperationRouter(tag="Webhooks", prefix="/webhooks")

Service = Annotated[Webhooks, Depends(part(Webhooks))]
WebhookId = Annotated[UUID, Path(alias="webhookId", description="The webhook's id.")]
DeliveryId = Annotated[UUID, Path(alias="deliveryId", description="The delivery's id.")]


@router.operation(
    "GET",
    "",
    "listWebhooks",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.WebhookPage,
)
async def list_webhooks(session: Reading, service: Service, query: Paging) -> Response:
    """List the organisation's webhooks, oldest first; `searchTerm` is any part of URL or text."""
    shape = query_shape("webhooks", query.search_term)
    after = position_of(query, shape=shape, types=(int,))
    found = await service.list_webhooks(session, search_term=query.search_term)
    rest = found[query.offset :] if after is None else [w for w in found if w.key > after[0]]
    shown = rest[: query.size]
    next_cursor = Cursor((shown[-1].key,)).encode(shape=shape) if len(rest) > len(shown) else None
    items = [schemas.webhook_answer(webhook) for webhook in shown]
    return ok(page(items, total=len(found), query=query, next_cursor=next_cursor))


@router.operation(
    "POST",
    "",
    "createWebhook",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.WebhookWithSecretAnswer,
    errors=(TooManyWebhooksError,),
    status=201,
)
async def create_webhook(
    session: Writing, actor: Caller, service: Service, webhook: schemas.WebhookCreate
) -> Response:
    """Make a webhook; the answer holds its secret, which is never shown again."""
    issued = await service.create_webhook(
        session,
        actor,
        url=webhook.url,
        event_types=webhook.eventTypes,
        description=webhook.description,
    )
    answer = schemas.webhook_answer(issued.webhook) | {"secret": issued.secret}
    return created(answer, headers={"cache-control": "no-store"})


@router.operation(
    "GET",
    "/{webhookId}",
    "getWebhook",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.WebhookAnswer,
    errors=(WebhookNotFoundError,),
)
async def get_webhook(session: Reading, service: Service, webhook_id: WebhookId) -> Response:
    """Give one webhook, without its secret."""
    webhook = await service.get_webhook(session, webhook_id=webhook_id)
    return ok(schemas.webhook_answer(webhook))


@router.operation(
    "PATCH",
    "/{webhookId}",
    "updateWebhook",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.WebhookAnswer,
    errors=(WebhookNotFoundError,),
)
async def update_webhook(
    session: Writing,
    actor: Caller,
    service: Service,
    webhook_id: WebhookId,
    patch: schemas.WebhookPatch,
) -> Response:
    """Change, pause or resume a webhook; one that was disabled goes on as `active` too."""
    webhook = await service.update_webhook(
        session,
        actor,
        webhook_id=webhook_id,
        **patch.changes(),
    )
    return ok(schemas.webhook_answer(webhook))


@router.operation(
    "DELETE",
    "/{webhookId}",
    "deleteWebhook",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.WebhookAnswer,
    errors=(WebhookNotFoundError,),
)
async def delete_webhook(
    session: Writing, actor: Caller, service: Service, webhook_id: WebhookId
) -> Response:
    """Delete a webhook with what waits for it and the log of what was sent."""
    webhook = await service.delete_webhook(
        session,
        actor,
        webhook_id=webhook_id,
    )
    return ok(schemas.webhook_answer(webhook))


@router.operation(
    "POST",
    "/{webhookId}/secret",
    "rotateSecret",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.SecretAnswer,
    errors=(WebhookNotFoundError,),
)
async def rotate_secret(
    session: Writing,
    actor: Caller,
    service: Service,
    webhook_id: WebhookId,
    rotation: Annotated[schemas.SecretRotation | None, Body()] = None,
) -> Response:
    """Give a webhook a new secret; the one before signs too until the overlap ends."""
    overlap = timedelta(seconds=(rotation or schemas.SecretRotation()).overlapSeconds)
    issued = await service.rotate_secret(session, actor, webhook_id=webhook_id, overlap=overlap)
    return ok(schemas.secret_answer(issued), headers={"cache-control": "no-store"})


@router.operation(
    "POST",
    "/{webhookId}/test",
    "sendTestEvent",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.DeliveryAnswer,
    errors=(WebhookNotFoundError,),
    status=201,
)
async def send_test_event(
    session: Writing, actor: Caller, service: Service, webhook_id: WebhookId
) -> Response:
    """Send `webhook.test` once, whatever the state; read the delivery to see what came of it."""
    delivery = await service.send_test_event(session, actor, webhook_id=webhook_id)
    return created(schemas.delivery_answer(delivery))


@router.operation(
    "GET",
    "/{webhookId}/deliveries",
    "listDeliveries",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.DeliveryPage,
    errors=(WebhookNotFoundError,),
)
async def list_deliveries(
    session: Reading,
    service: Service,
    query: Paging,
    webhook_id: WebhookId,
    state: Annotated[DeliveryState | None, Query(description="Only those in this state.")] = None,
) -> Response:
    """List what was sent or waits, newest first; `searchTerm` is any part of the type."""
    shape = query_shape("deliveries", str(webhook_id), state, query.search_term)
    listing = Listing(query, shape, int)
    found, total = await service.list_deliveries(
        session,
        webhook_id=webhook_id,
        state=state,
        search_term=query.search_term,
        before=listing.place,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found, total, write=schemas.delivery_answer, position=lambda one: (one.key,)
    )


@router.operation(
    "POST",
    "/{webhookId}/deliveries/{deliveryId}/redeliver",
    "redeliver",
    permission=Permission.MANAGE_WEBHOOKS,
    answer=schemas.DeliveryAnswer,
    errors=(WebhookNotFoundError, WebhookDeliveryNotFoundError),
)
async def redeliver(
    session: Writing,
    actor: Caller,
    service: Service,
    webhook_id: WebhookId,
    delivery_id: DeliveryId,
) -> Response:
    """Send a delivery once more under its id; one that waits is sent now."""
    delivery = await service.redeliver(
        session, actor, webhook_id=webhook_id, delivery_id=delivery_id
    )
    return ok(schemas.delivery_answer(delivery))
