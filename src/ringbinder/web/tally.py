"""How much API clients do, counted in memory; somebody writes it down from time to time."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from ringbinder.kit.clock import Clock

CLIENT = "ringbinder.client"
"""Where a request says which client of which organisation sent it."""


@dataclass(frozen=True, slots=True, order=True)
class TallyKey:
    """One client of an organisation on one day, in UTC."""

    organisation_key: int
    client_id: UUID
    day: date


@dataclass(slots=True)
class Counts:
    """What came of the calls."""

    last_at: datetime
    calls: int = 0
    errors: int = 0
    limited: int = 0

    def add(self, other: "Counts") -> None:
        """Add what was counted elsewhere."""
        self.calls += other.calls
        self.errors += other.errors
        self.limited += other.limited
        self.last_at = max(self.last_at, other.last_at)


class Tally:
    """The counts of one process that are not written down yet."""

    def __init__(self, clock: Clock) -> None:
        """Count by the days of this clock."""
        self._clock = clock
        self._counts: dict[TallyKey, Counts] = {}

    def count(self, organisation_key: int, client_id: UUID, status: int) -> None:
        """Count one answered call."""
        now = self._clock.now()
        key = TallyKey(organisation_key, client_id, now.date())
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = Counts(now)
        counts.calls += 1
        counts.last_at = now
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            counts.limited += 1
        elif status >= HTTPStatus.BAD_REQUEST:
            counts.errors += 1

    def take(self) -> dict[TallyKey, Counts]:
        """Give what was counted, and begin anew."""
        taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: dict[TallyKey, Counts]) -> None:
        """Take back what could not be written down."""
        for key, one in counts.items():
            known = self._counts.get(key)
            if known is None:
                self._counts[key] = one
            else:
                known.add(one)
