"""An organisation as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Organisation:
    """A tenant."""

    key: int
    id: UUID
    name: str
    api_clients_enabled: bool
    created_at: datetime
