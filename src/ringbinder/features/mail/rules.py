"""When a letter that was not taken is tried again."""

from datetime import datetime, timedelta
from typing import Final

from ringbinder.features.mail.types import Waiting

_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(hours=1)


def next_attempt_at(waiting: Waiting, now: datetime) -> datetime:
    """Give when to try next: after half a minute, then twice as long each time up to an hour."""
    factor: int = 2 ** min(waiting.attempts, 10)
    return now + min(_FIRST_WAIT * factor, _LONGEST_WAIT)


def is_too_late(waiting: Waiting, now: datetime) -> bool:
    """Tell whether what the letter says holds no more."""
    return now >= waiting.expires_at
