"""How an operation says that it will go: Deprecation (RFC 9745) and Sunset (RFC 8594)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from fastapi import Request

from ringbinder.web.headers import add_answer_header

SHORTEST_NOTICE: Final = timedelta(days=365)
"""How long an operation lives on after it was deprecated, at least: twelve months."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when an operation is deprecated, when it goes, and where its successor is described."""

    since: datetime
    sunset: datetime
    link: str

    def __post_init__(self) -> None:
        if self.sunset - self.since < SHORTEST_NOTICE:
            message = "a deprecated operation lives on for at least twelve months"
            raise ValueError(message)

    def announce(self, request: Request) -> None:
        """Let the answer say it."""
        add_answer_header(request, "deprecation", f"@{int(self.since.timestamp())}")
        add_answer_header(request, "sunset", format_datetime(self.sunset, usegmt=True))
        add_answer_header(request, "link", f'<{self.link}>; rel="deprecation"')
