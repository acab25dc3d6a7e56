"""A letter that waits to be sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sealed letter in the outbox."""

    key: int
    id: UUID
    sealed: str
    created_at: datetime
    expires_at: datetime
    attempts: int
    next_attempt_at: datetime
