"""A member as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from ringbinder.access.permissions import MemberRole


class MemberState(StrEnum):
    """Whether a person has accepted to be a member."""

    INVITED = "invited"
    ACTIVE = "active"


DISABLED: Final = "disabled"
"""What stands in place of its state while a member is kept out; so nothing takes it for active."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the installation, which belongs to no organisation by itself."""

    key: int
    id: UUID
    email: str
    name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A person's place in one organisation; ``key`` is its number inside the database."""

    key: int
    id: UUID
    person_key: int
    email: str
    name: str
    language: str | None
    role: MemberRole
    state: MemberState
    invited_at: datetime
    joined_at: datetime | None
    last_seen_at: datetime | None
    revision: int
    is_disabled: bool = False

    @property
    def standing(self) -> str:
        """Give its state in one word, ``disabled`` where it is kept out."""
        return DISABLED if self.is_disabled else str(self.state)


@dataclass(frozen=True, slots=True)
class Seat:
    """As much of a member as it takes to act for it."""

    key: int
    id: UUID
    name: str
    role: MemberRole


@dataclass(frozen=True, slots=True)
class Membership:
    """An organisation that a person belongs to, and which member of it the person is."""

    organisation_key: int
    organisation_id: UUID
    organisation_name: str
    member_key: int
    member_id: UUID
