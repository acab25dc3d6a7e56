"""What Ringbinder asks of a place that counts requests."""

from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

NANOSECONDS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """A bucket of ``burst`` units, which fills again at ``per_minute`` units a minute."""

    name: str
    per_minute: int
    burst: int
    interval_ns: int = field(init=False)
    """How long one unit takes to come back, rounded up."""
    refill_ns: int = field(init=False)
    """How long an empty bucket takes to fill."""

    def __post_init__(self) -> None:
        interval_ns = -(-60 * NANOSECONDS // self.per_minute)
        object.__setattr__(self, "interval_ns", interval_ns)
        object.__setattr__(self, "refill_ns", self.burst * interval_ns)


class Decision(msgspec.Struct, frozen=True):  # made for every request: a dataclass takes longer
    """What came of asking for units.

    ``remaining`` whole units are there now. After ``more_after_seconds`` there is one unit more,
    after ``reset_seconds`` all of them. Where it was refused, ``retry_after_seconds`` is how long
    until the same request is granted, as long as nobody else takes units meanwhile; else it is 0.
    """

    allowed: bool
    remaining: int
    more_after_seconds: float
    reset_seconds: float
    retry_after_seconds: float


class LimitStore(Protocol):
    """Budgets under keys, by the generic cell rate algorithm (GCRA).

    A key that was never used has its full burst. Every caller of a key names the same policy.
    """

    async def take(self, key: str, policy: Policy, cost: int = 1) -> Decision:
        """Take units if all of them are there, else none; a cost of 0 only looks.

        Raises:
            ValueError: the cost is above the burst, so it could never be granted.

        """
        ...

    async def give_back(self, key: str, policy: Policy, cost: int = 1) -> Decision:
        """Return units that were granted before; the budget is then as if never asked for them."""
        ...
