"""What can go wrong with webhooks."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class WebhookNotFoundError(NotFoundError):
    """The organisation has no webhook with this id."""

    code = "webhook.not_found"


class WebhookDeliveryNotFoundError(NotFoundError):
    """The webhook has no delivery with this id, or not any more."""

    code = "webhook.delivery_not_found"


class TooManyWebhooksError(ConflictError):
    """The organisation has as many webhooks as it may have; delete one first."""

    code = "webhook.too_many"
