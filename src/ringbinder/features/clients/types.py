"""An API client as the rest of the program sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringbinder.access.limits import Rate, RequestType
from ringbinder.access.permissions import Role


@dataclass(frozen=True, slots=True)
class Client:
    """An API client of one organisation."""

    key: int
    id: UUID
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    last_token_at: datetime | None
    own_limits: Mapping[RequestType, Rate]


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A client's secret, shown this once and never again; only its hash is kept."""

    client: Client
    secret: str
