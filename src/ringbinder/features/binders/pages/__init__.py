"""The settings of a binder: what it is, and its metadata schema."""

from ringbinder.features.binders.pages import schema
from ringbinder.features.binders.pages.general import router

__all__ = ["router", "schema"]
