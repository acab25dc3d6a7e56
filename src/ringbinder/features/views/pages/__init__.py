"""A binder: its tabs, the list of its documents, and views of that list."""

from ringbinder.features.views.pages.binder import router
from ringbinder.features.views.pages.exports import router as exports
from ringbinder.features.views.pages.saving import router as saving

__all__ = ["exports", "router", "saving"]
