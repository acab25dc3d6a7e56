"""A clock for what counts in nanoseconds."""

from dataclasses import dataclass


@dataclass
class Ticks:
    """Stands still until a test moves it."""

    now: int = 10**18

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += round(seconds * 1_000_000_000)
