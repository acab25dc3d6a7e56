"""Who acts: an API client, a person, the command line or the system itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from ringbinder.access.limits import NO_RATES, Rate, RequestType
from ringbinder.access.permissions import (
    IN_BINDER,
    PERMISSIONS_OF,
    MemberRole,
    Permission,
    Role,
)
from ringbinder.db.sight import EVERYTHING, Sight


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
    """An authenticated caller, bound to one organisation for the length of one request or job.

    API clients, the operator and the system see everything of it. What a person sees was looked up
    when the request began.
    """

    kind: ActorKind
    source: Source
    id: UUID | None
    name: str
    role: Role | MemberRole
    organisation_key: int
    organisation_id: UUID
    address: str | None = None
    own_limits: Mapping[RequestType, Rate] = field(default_factory=lambda: NO_RATES)
    """What stands for this caller in place of its role's limits."""
    member_key: int | None = None
    """The number of the person's membership inside the database; None for who is no person."""
    sight: Sight = EVERYTHING
    """What of the organisation the actor sees."""
    administered: frozenset[int] = frozenset()
    """Keys of the binders that a person administers without doing so by role."""

    def may(self, permission: Permission) -> bool:
        """Tell whether this actor may do it somewhere: by role, or in a binder of its own."""
        return self.may_everywhere(permission) or (
            permission in IN_BINDER and bool(self.administered)
        )

    def may_everywhere(self, permission: Permission) -> bool:
        """Tell whether this actor may do it wherever it sees anything, by its role."""
        if self.kind in (ActorKind.OPERATOR, ActorKind.SYSTEM):
            return True
        return permission in PERMISSIONS_OF[self.role]

    def may_in(self, permission: Permission, binder_key: int) -> bool:
        """Tell whether this actor may do it in a binder, which it sees."""
        return self.may_everywhere(permission) or (
            permission in IN_BINDER and binder_key in self.administered
        )

    def sight_for(self, permission: Permission | None) -> Sight:
        """Give what a session shows to whom asks for this, and where it may be done."""
        # Who asks for nothing in particular may change what only administrators of it may change.
        asked = Permission.MANAGE_BINDERS if permission is None else permission
        if self.may_everywhere(asked):
            return self.sight
        allowed = self.administered if asked in IN_BINDER else frozenset[int]()
        return replace(self.sight, changeable=allowed)
