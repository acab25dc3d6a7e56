"""Calls to the identity providers that the operator has named."""

from ringbinder.adapters.identity.protocol import ProviderCaller, ProviderUnavailable

__all__ = ["ProviderCaller", "ProviderUnavailable"]
