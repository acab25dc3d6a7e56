"""What callers may hand to any store."""

import re

from ringbinder.adapters.storage.errors import TooManyBytes

PIECE_BYTES = 1 << 20
LONGEST_KEY = 512
LONGEST_SEGMENT = 200  # File systems end at 255.

_KEY = re.compile(r"[a-z0-9]+(?:[/.-][a-z0-9]+)*")


def is_key(text: str) -> bool:
    """Say whether a store takes this as a key."""
    return (
        len(text) <= LONGEST_KEY
        and _KEY.fullmatch(text) is not None
        and max(map(len, text.split("/"))) <= LONGEST_SEGMENT
    )


def require_key(key: str) -> None:
    """Raise ValueError for anything but a key."""
    if not is_key(key):
        raise ValueError(f"Not a key of the store: {key!r}")


def require_prefix(prefix: str) -> None:
    """Raise ValueError unless some key could begin like this."""
    if prefix and not is_key(prefix) and not is_key(f"{prefix}0"):
        raise ValueError(f"No key begins with {prefix!r}")


def require_range(start: int, end: int | None) -> None:
    """Raise ValueError unless 0 <= start <= end."""
    if start < 0 or (end is not None and end < start):
        raise ValueError(f"Not a range of bytes: {start} to {end}")


class Allowance:
    """Counts the bytes of one stream; TooManyBytes as soon as there are more than allowed."""

    def __init__(self, max_bytes: int) -> None:
        if max_bytes < 0:
            raise ValueError(f"Not a number of bytes: {max_bytes}")
        self._max_bytes = max_bytes
        self.taken_bytes = 0

    def take(self, size_bytes: int) -> None:
        """Count another chunk."""
        self.taken_bytes += size_bytes
        if self.taken_bytes > self._max_bytes:
            raise TooManyBytes(self._max_bytes)
