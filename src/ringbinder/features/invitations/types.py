"""Links by which a person proves to read an address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class LinkKind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was mailed, is not used yet, and has not expired."""

    key: int
    kind: LinkKind
    person_key: int
    member_key: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkLifetimes:
    """How long each kind of link is good for."""

    invitation: timedelta
    reset: timedelta

    def of(self, kind: LinkKind) -> timedelta:
        """Give how long a kind of link is good for."""
        return self.invitation if kind is LinkKind.INVITATION else self.reset


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and text of a letter."""

    subject: str
    text: str
