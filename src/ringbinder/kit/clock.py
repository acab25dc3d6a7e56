"""What time it is, and how the API writes it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

_RFC_3339: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is told to move; for tests and demonstrations."""

    def __init__(self, moment: datetime = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)) -> None:
        """Stand at an aware moment.

        Raises:
            ValueError: the moment has no time zone.

        """
        self._moment = _in_utc(moment)

    def now(self) -> datetime:
        """Give the moment at which the clock stands, aware, in UTC."""
        return self._moment

    def advance(self, by: timedelta = timedelta(), *, seconds: float = 0) -> None:
        """Move on by a duration, or by seconds, or both; negative values move back."""
        self._moment += by + timedelta(seconds=seconds)


def rfc3339(moment: datetime) -> str:
    """Write a moment in UTC, such as ``2024-01-15T08:30:00Z``.

    Milliseconds, as ``.123``, are there only when not zero; what is below a millisecond is cut off.

    Raises:
        ValueError: the moment has no time zone.

    """
    utc = _in_utc(moment)
    precision = "milliseconds" if utc.microsecond >= 1000 else "seconds"  # noqa: PLR2004 - µs in a ms
    return utc.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def rfc3339_exact(moment: datetime) -> str:
    """Write a moment in UTC with all its microseconds, such as ``2024-01-15T08:30:00.000000Z``.

    Raises:
        ValueError: the moment has no time zone.

    """
    return _in_utc(moment).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_rfc3339(text: str) -> datetime:
    """Read a moment with its offset (RFC 3339, section 5.6) as aware UTC.

    What is below a microsecond is cut off. Leap seconds (``:60``) are refused.

    Raises:
        ValueError: the text is no such moment, or lies outside the years 1 to 9999.

    """
    match = _RFC_3339.match(text)
    if not match:
        raise ValueError("not a moment such as 2024-01-15T08:30:00Z")
    day, time, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    moment = datetime.fromisoformat(f"{day}T{time}.{(fraction or '')[:6]:0<6}{zone}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a moment outside the years 1 to 9999") from error


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
