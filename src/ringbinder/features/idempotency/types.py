"""What is known about a key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that came before; ``finished_at`` is when its request succeeded."""

    content_sha256: str
    attempt_id: UUID
    lease_until: datetime
    finished_at: datetime | None
    sealed_answer: str | None
