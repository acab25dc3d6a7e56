"""Issue, verify and revoke tokens; keep the keys that sign them."""

from ringbinder.features.tokens.service.keys import KeyRing
from ringbinder.features.tokens.service.tokens import TokenService

__all__ = ["KeyRing", "TokenService"]
