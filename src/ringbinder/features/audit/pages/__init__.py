"""The audit trail for people."""

from ringbinder.features.audit.pages.trail import router

__all__ = ["router"]
