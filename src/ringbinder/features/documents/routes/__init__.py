"""The doors to documents."""

from ringbinder.features.documents.routes.bulk import router as bulk
from ringbinder.features.documents.routes.documents import router
from ringbinder.features.documents.routes.transfers import router as transfers
from ringbinder.features.documents.routes.versions import router as versions

__all__ = ["bulk", "router", "transfers", "versions"]
