"""Who takes part, as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ringbinder.access.permissions import BinderRole


class PartyKind(StrEnum):
    """What a party is."""

    MEMBER = "member"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Party:
    """A member or a group, to whom something can be opened; a group has no address."""

    kind: PartyKind
    key: int
    id: UUID
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A party of a binder; ``key`` is its number inside the database."""

    key: int
    party: Party
    role: BinderRole
    created_at: datetime
    revision: int
