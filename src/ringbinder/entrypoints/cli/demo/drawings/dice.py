"""Numbers that look random and are the same on every machine and Python."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_MODULUS = 2**64


class Dice:
    """A linear congruential generator seeded by text."""

    def __init__(self, *seed: str) -> None:
        """Seed the generator."""
        digest = hashlib.sha256("|".join(seed).encode()).digest()
        self._state = int.from_bytes(digest[:8], "big")

    def unit(self) -> float:
        """Return a number in [0, 1)."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % _MODULUS
        return (self._state >> 11) / 2**53

    def between(self, low: float, high: float, step: float = 0.0) -> float:
        """Return a number in [low, high], on the step if one is given."""
        value = low + (high - low) * self.unit()
        return round(round((value - low) / step) * step + low, 3) if step else value

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def one(self, items: Sequence[T]) -> T:
        """Pick one."""
        return items[int(self.unit() * len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order."""
        rest = list(items)
        return [rest.pop(int(self.unit() * len(rest))) for _ in items]

    def yes(self, chance: float = 0.5) -> bool:
        """Toss a coin."""
        return self.unit() < chance
