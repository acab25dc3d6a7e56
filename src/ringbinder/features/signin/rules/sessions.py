"""How long a session lasts, and what its cookie is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SEEN_EVERY: Final = timedelta(minutes=1)
"""A session that is used says so to the database no more often."""

LONGEST_AGENT: Final = 300


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts without use, and how long at all."""

    idle: timedelta
    absolute: timedelta

    def is_over(self, *, last_seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
        """Tell whether a session has ended."""
        return now >= expires_at or now >= last_seen_at + self.idle


def is_news(last_seen_at: datetime, now: datetime) -> bool:
    """Tell whether it is worth writing down that a session is in use."""
    return now - last_seen_at >= SEEN_EVERY


def cookie_name(public_url: str, name: str = "ringbinder") -> str:
    """Name a cookie: over https with the prefix that binds it to this very host (RFC 6265bis)."""
    return f"__Host-{name}" if is_secure(public_url) else name


def is_secure(public_url: str) -> bool:
    """Tell whether people reach the installation over https."""
    return public_url.startswith("https://")
