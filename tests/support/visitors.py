"""People at the door of the API: the same operations and checks, for whoever has a membership.

People have no tokens. An application over the same parts lets them in by the id of their
membership, so that what a role may do and see is asked of the real routes, services and statements.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
from fastapi import FastAPI, Request

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import MemberRole
from ringbinder.app import create_app
from ringbinder.features.members import service as members
from ringbinder.features.members.types import MemberState
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.ids import new_guid
from tests.support.world import BASE, Asking, Tenant, World

_HEADER = "x-member"


@dataclass(frozen=True)
class Visitor(Asking):
    """A person in an organisation, as a caller of operations."""

    http: httpx.AsyncClient
    member_id: UUID
    organisation: Organisation

    @property
    def headers(self) -> dict[str, str]:
        return {_HEADER: str(self.member_id), "x-ibinder-tenantid": str(self.organisation.id)}


@dataclass
class Doorman:
    """An application that lets members in."""

    world: World
    http: httpx.AsyncClient
    organisations: dict[UUID, Organisation]

    async def new_visitor(self, tenant: Tenant, role: MemberRole, name: str = "Rut Ek") -> Visitor:
        """Make somebody a member who has accepted already."""
        organisation = tenant.organisation
        async with self.world.parts.database.write(organisation.key) as session:
            member = await members.invite_member(
                session,
                tenant.operator,
                email=f"{new_guid()}@example.com",
                name=name,
                role=role,
                state=MemberState.ACTIVE,
            )
        self.organisations[member.id] = organisation
        return Visitor(self.http, member.id, organisation)


@asynccontextmanager
async def doorman_of(world: World) -> AsyncIterator[Doorman]:
    """Open the door beside that of API clients."""
    organisations: dict[UUID, Organisation] = {}

    async def admit(request: Request) -> Actor:
        member_id = UUID(request.headers[_HEADER])
        organisation = organisations[member_id]
        async with world.parts.database.read(organisation.key) as session:
            member = await members.get_member(session, member_id=member_id)
            return await members.load_actor(session, member, organisation_id=organisation.id)

    app: FastAPI = create_app(world.parts, authenticator=admit)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        yield Doorman(world, http, organisations)
