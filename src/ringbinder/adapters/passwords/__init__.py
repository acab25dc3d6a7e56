"""How people's passwords are kept."""

from ringbinder.adapters.passwords.protocol import PasswordHasher

__all__ = ["PasswordHasher"]
