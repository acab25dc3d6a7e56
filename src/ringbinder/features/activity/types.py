"""What a client did in some days."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Activity:
    """Calls of a client, with those that were refused for another reason than a limit."""

    client_id: UUID
    calls: int
    errors: int
    limited: int
    last_at: datetime
