"""The pages of documents: one of them, what is done to it, many at once, and the trash."""

from ringbinder.features.details.pages.changing import router as changing
from ringbinder.features.details.pages.document import router
from ringbinder.features.details.pages.trash import router as trash

__all__ = ["changing", "router", "trash"]
