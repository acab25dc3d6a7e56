"""Who acts: an API client, a person, the command line or the system itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ringbinder.access.limits import NO_RATES, Rate, RequestType
from ringbinder.access.permissions import PERMISSIONS_OF, Permission, Role


class ActorKind(StrEnum):
    """What kind of actor did something; stands in every audit event."""

    CLIENT = "client"
    PERSON = "person"
    OPERATOR = "operator"
    SYSTEM = "system"


class Source(StrEnum):
    """By which door something was done; the first word of an audit action."""

    API = "api"
    WEB = "web"
    CLI = "cli"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """An authenticated caller, bound to one organisation for the length of one request or job."""

    kind: ActorKind
    source: Source
    id: UUID | None
    name: str
    role: Role
    organisation_key: int
    organisation_id: UUID
    address: str | None = None
    own_limits: Mapping[RequestType, Rate] = field(default_factory=lambda: NO_RATES)
    """What stands for this caller in place of its role's limits."""

    def may(self, permission: Permission) -> bool:
        """Tell whether this actor's role includes the permission."""
        return permission in PERMISSIONS_OF[self.role]
