"""A group as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members; ``key`` is its number inside the database."""

    key: int
    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    revision: int
    member_ids: tuple[UUID, ...] = ()
