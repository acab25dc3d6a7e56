"""What tokens are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ringbinder.access.limits import Rate, RequestType
from ringbinder.access.permissions import Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client presents: its id and secret as they came, unchecked."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class AuthorisedClient:
    """A client that may act, with the organisation that it reaches."""

    key: int
    id: UUID
    name: str
    role: Role
    organisation_key: int
    organisation_id: UUID
    own_limits: Mapping[RequestType, Rate]


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An access token, and after how many seconds it expires."""

    access_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    token_id: UUID
    client_id: UUID
    organisation_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair and when it signs and verifies."""

    id: str
    sealed_private_key: str
    public_key: dict[str, Any]
    signs_from: datetime
    signs_until: datetime
    verifies_until: datetime
