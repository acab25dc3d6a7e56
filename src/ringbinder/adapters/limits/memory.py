"""Budgets in the memory of one process."""

import time
from collections.abc import Callable

from ringbinder.adapters.limits.protocol import NANOSECONDS, Decision, Policy

MonotonicClock = Callable[[], int]


class MemoryLimitStore:
    """Keeps one number for each key: the moment at which its bucket will be full again.

    Nothing is ever searched: keys lie in two generations, of which the older is dropped whole once
    every bucket in it must be full. A full bucket is the same as none.
    """

    def __init__(self, clock: MonotonicClock = time.monotonic_ns) -> None:
        """Count by a clock that gives nanoseconds and never goes back."""
        self._clock = clock
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}
        self._longest_refill_ns = 0
        self._turns_at = 0

    @property
    def held(self) -> int:
        """How many keys are held, idle ones that were not dropped yet among them."""
        return len(self._young.keys() | self._old.keys())

    async def take(self, key: str, policy: Policy, cost: int = 1) -> Decision:
        """Take units if all of them are there; see :class:`LimitStore`."""
        if not 0 <= cost <= policy.burst:
            message = f"a cost of {cost} does not fit into a burst of {policy.burst}"
            raise ValueError(message)
        now = self._clock()
        full_at = self._full_at(key, now)
        wanted = full_at + cost * policy.interval_ns
        late_ns = wanted - policy.refill_ns - now
        if late_ns > 0:
            return _decision(policy, full_at - now, late_ns)
        if cost:
            self._keep(key, policy, now, wanted)
        return _decision(policy, wanted - now, 0)

    async def give_back(self, key: str, policy: Policy, cost: int = 1) -> Decision:
        """Return units; see :class:`LimitStore`."""
        now = self._clock()
        full_at = max(now, self._full_at(key, now) - cost * policy.interval_ns)
        self._keep(key, policy, now, full_at)
        return _decision(policy, full_at - now, 0)

    def _full_at(self, key: str, now: int) -> int:
        known = self._young.get(key)
        return max(now, self._old.get(key, now) if known is None else known)

    def _keep(self, key: str, policy: Policy, now: int, full_at: int) -> None:
        self._longest_refill_ns = max(self._longest_refill_ns, policy.refill_ns)
        if now >= self._turns_at:
            # Older than one turn means older than the longest refill, so full.
            overdue = now - self._turns_at >= self._longest_refill_ns
            self._old = {} if overdue else self._young
            self._young = {}
            self._turns_at = now + self._longest_refill_ns
        self._young[key] = full_at


def _decision(policy: Policy, until_full_ns: int, late_ns: int) -> Decision:
    interval = policy.interval_ns
    # A client whose limit was just lowered may have used more than it now has.
    remaining = max(0, policy.burst - -(-until_full_ns // interval))
    until_more = until_full_ns - (policy.burst - remaining - 1) * interval
    return Decision(
        allowed=late_ns == 0,
        remaining=remaining,
        more_after_seconds=until_more / NANOSECONDS if until_full_ns else 0,
        reset_seconds=until_full_ns / NANOSECONDS,
        retry_after_seconds=late_ns / NANOSECONDS,
    )
