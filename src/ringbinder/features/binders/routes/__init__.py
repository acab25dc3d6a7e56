"""The doors to binders and to the elements of their schemas, on one router."""

from ringbinder.features.binders.routes import elements
from ringbinder.features.binders.routes.binders import router

__all__ = ["elements", "router"]
