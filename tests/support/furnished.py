"""A real server with an organisation, a client and folders in it."""

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from ringbinder.access.permissions import Role
from ringbinder.app import Parts, assemble
from ringbinder.db.migrate import upgrade
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import BinderType
from ringbinder.features.clients import service as clients
from ringbinder.features.folders import service as folders
from ringbinder.features.organisations import service as organisations
from ringbinder.kit.clock import Clock
from ringbinder.settings import Settings
from tests.factories.content import Json
from tests.support.real_server import RealServer
from tests.support.world import Caller

ISSUER = "http://127.0.0.1:1"
"""The public address; tokens stay valid when the server comes back on another port."""


@dataclass(frozen=True)
class Furniture:
    """What clients of a server need to know."""

    organisation_id: UUID
    client_id: UUID
    client_secret: str
    folders: Sequence[Json]


@asynccontextmanager
async def parts_of(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Parts]:
    """Lend the parts of an installation, beside the server that runs on it."""
    parts = assemble(settings, clock=clock)
    try:
        yield parts
    finally:
        await parts.close()


async def furnish(parts: Parts, *names: str) -> Furniture:
    """Make an organisation, an API client that may do all, and a binder with folders."""
    organisation = await organisations.create_organisation(
        parts.database, name="Kastanjen", api_clients_enabled=True
    )
    operator = organisations.operator(organisation)
    made: list[Json] = []
    async with parts.database.write(organisation.key) as session:
        issued = await clients.create_client(
            session, operator, organisation=organisation, name="client", role=Role.ADMIN
        )
        binder = await binders.create_binder(
            session, operator, name="Kastanjen 4", type=BinderType.PROJECT
        )
        for name in names:
            folder = await folders.create_folder(session, operator, binder_id=binder.id, name=name)
            made.append({"id": str(folder.id), "binderId": binder.id})
    return Furniture(organisation.id, issued.client.id, issued.secret, made)


@asynccontextmanager
async def signed_in(base: str, furniture: Furniture) -> AsyncIterator[Caller]:
    """Lend the client with a fresh token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": str(furniture.client_id),
        "client_secret": furniture.client_secret,
    }
    async with httpx.AsyncClient(base_url=base, timeout=60) as http:
        answer = await http.post("/connect/token", data=form)
        yield Caller(
            http=http,
            role=Role.ADMIN,
            client_id=furniture.client_id,
            client_secret=furniture.client_secret,
            token=answer.raise_for_status().json()["access_token"],
            organisation_id=furniture.organisation_id,
        )


@asynccontextmanager
async def furnished_server(
    data: Path, database_url: str
) -> AsyncIterator[tuple[RealServer, Caller, Json]]:
    """Run a real server on a new database; gives it, a client, and a folder."""
    upgrade_apart(database_url)
    async with parts_of(Settings(data=data, database_url=database_url)) as parts:
        furniture = await furnish(parts, "Modeller")
    server = RealServer(data, database_url=database_url, limits_enabled="false")
    server.start()
    try:
        async with signed_in(server.base, furniture) as caller:
            yield server, caller, furniture.folders[0]
    finally:
        server.stop()


def upgrade_apart(database_url: str) -> None:
    """Migrate; the event loop of the caller is busy, and migrations run one of their own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(upgrade, database_url).result()
