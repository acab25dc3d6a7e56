"""What Ringbinder asks of that which hashes passwords."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Hashes passwords so that a stolen table does not tell them."""

    async def hash(self, password: str) -> str:
        """Give a salted hash that says how it was made."""
        ...

    async def is_right(self, password: str, known: str | None) -> bool:
        """Tell whether a hash is of this password.

        Without a hash the answer is no, after the same work, so that nobody learns from the time
        whether there is one.
        """
        ...

    def is_outdated(self, known: str) -> bool:
        """Tell whether a hash was made with less work than one would be now."""
        ...

    async def close(self) -> None:
        """Give back threads."""
        ...
