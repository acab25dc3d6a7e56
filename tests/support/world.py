"""The real application with its production middleware, in this process, on one of the engines."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from ringbinder.access.actor import Actor
from ringbinder.access.limits import DEFAULT_RATES, policy_name
from ringbinder.access.permissions import Role
from ringbinder.adapters.limits import LimitStore
from ringbinder.adapters.mail.memory import MemoryMailer
from ringbinder.adapters.passwords.argon2 import Argon2PasswordHasher
from ringbinder.adapters.storage import ObjectStore
from ringbinder.app import Parts, assemble, create_app
from ringbinder.db.engine import Engine
from ringbinder.features.clients import service as clients
from ringbinder.features.organisations import service as organisations
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.clock import Clock
from ringbinder.settings import Settings
from ringbinder.web.state import PageAuthenticator

BASE = "http://127.0.0.1:8080"
AMPLE_LIMITS = {policy_name(pair): "60000000/1000000" for pair in DEFAULT_RATES}
"""Limits are kept in tests too, but only tests of limits meet them."""


class Asking:
    """Asks the operations of the API, in whoever's name."""

    http: httpx.AsyncClient

    @property
    def headers(self) -> dict[str, str]:
        raise NotImplementedError

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = self.headers | options.pop("headers", {})
        return await self.http.request(method, f"/api{path}", headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("POST", path, **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("DELETE", path, **options)


@dataclass(frozen=True)
class Caller(Asking):
    """One API client with its token: what an integration would hold."""

    http: httpx.AsyncClient
    role: Role
    client_id: UUID
    client_secret: str
    token: str
    organisation_id: UUID

    @property
    def headers(self) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.token}",
            "x-ibinder-tenantid": str(self.organisation_id),
        }


@dataclass(frozen=True)
class Tenant:
    """An organisation with an API client of each role."""

    organisation: Organisation
    reader: Caller
    creator: Caller
    admin: Caller

    @property
    def operator(self) -> Actor:
        """An actor for calling services without HTTP."""
        return organisations.operator(self.organisation)


@dataclass
class World:
    """A running application."""

    engine: str
    parts: Parts
    app: FastAPI
    http: httpx.AsyncClient
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    tenants: int = field(default=0)

    async def new_tenant(self) -> Tenant:
        """Make an organisation that no other test uses."""
        self.tenants += 1
        organisation = await organisations.create_organisation(
            self.parts.database, name=f"Tenant {self.tenants}", api_clients_enabled=True
        )
        return Tenant(
            organisation=organisation,
            reader=await self.new_caller(organisation, Role.READER),
            creator=await self.new_caller(organisation, Role.CREATOR),
            admin=await self.new_caller(organisation, Role.ADMIN),
        )

    async def new_caller(self, organisation: Organisation, role: Role) -> Caller:
        """Make an API client and let it fetch a token."""
        async with self.parts.database.write(organisation.key) as session:
            issued = await clients.create_client(
                session,
                organisations.operator(organisation),
                organisation=organisation,
                name=f"{role} client",
                role=role,
            )
        form = {
            "grant_type": "client_credentials",
            "client_id": str(issued.client.id),
            "client_secret": issued.secret,
        }
        answer = await self.http.post("/connect/token", data=form)
        answer.raise_for_status()
        return Caller(
            http=self.http,
            role=role,
            client_id=issued.client.id,
            client_secret=issued.secret,
            token=answer.json()["access_token"],
            organisation_id=organisation.id,
        )


@asynccontextmanager
async def running_world(
    database_url: str,
    data: Path,
    *,
    clock: Clock | None = None,
    engine: Engine | None = None,
    storage: ObjectStore | None = None,
    limit_store: LimitStore | None = None,
    page_authenticator: PageAuthenticator | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """Run the application on a migrated database; other parts and settings can be handed in."""
    # What works in the background would come between a test's own steps.
    usual: dict[str, Any] = {
        "limits": AMPLE_LIMITS,
        "webhooks_enabled": False,
        "mail_enabled": False,
    }
    settings = usual | settings
    chosen = Settings(data=data, database_url=database_url, **settings)
    mailer = MemoryMailer()
    parts = assemble(
        chosen,
        clock=clock,
        engine=engine,
        storage=storage,
        limit_store=limit_store,
        mailer=mailer,
        # As cheap as can be: what is tested here is what happens around it.
        hasher=Argon2PasswordHasher(memory_kib=16),
    )
    app = create_app(parts, page_authenticator=page_authenticator)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE) as http,
    ):
        yield World(
            engine=database_url.partition(":")[0], parts=parts, app=app, http=http, mailer=mailer
        )
