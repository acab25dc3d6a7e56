"""What administrators do with webhooks, and what then happens by itself."""

from ringbinder.features.webhooks.service.dispatcher import Dispatcher
from ringbinder.features.webhooks.service.sending import Sender
from ringbinder.features.webhooks.service.webhooks import Webhooks

__all__ = ["Dispatcher", "Sender", "Webhooks"]
