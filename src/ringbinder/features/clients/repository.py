"""Questions about API clients and their secrets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from ringbinder.access.limits import Rate, RequestType, read_own_rates, write_own_rates
from ringbinder.access.permissions import Role
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import client_secrets, clients
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.clients.types import Client

_columns = (
    clients.c.key,
    clients.c.id,
    clients.c.name,
    clients.c.role,
    clients.c.created_at,
    clients.c.disabled_at,
    clients.c.last_token_at,
    clients.c.limits_json,
)
_of_organisation = select(*_columns).where(of_tenant(clients))


async def add_client(session: WriteSession, *, client_id: UUID, name: str, role: Role) -> Client:
    """Add a client."""
    row = {"id": client_id, "name": name, "role": str(role), "created_at": session.now}
    columns = [column.name for column in _columns]
    return _client(await session.insert_returning(clients, row, *columns))


async def list_clients(session: ReadSession) -> Sequence[Client]:
    """Give the organisation's clients, oldest first."""
    return [_client(row) for row in await session.all(_of_organisation.order_by(clients.c.key))]


async def find_client(session: ReadSession, client_id: UUID) -> Client | None:
    """Give one client of the organisation, or None."""
    row = await session.first(_of_organisation.where(clients.c.id == client_id))
    return None if row is None else _client(row)


async def set_disabled_at(session: WriteSession, client: Client, moment: datetime | None) -> None:
    """Disable a client, or enable it again."""
    await session.execute(
        update(clients)
        .where(of_tenant(clients), clients.c.key == client.key)
        .values(disabled_at=moment)
    )


async def set_own_limits(
    session: WriteSession, client: Client, limits: Mapping[RequestType, Rate]
) -> None:
    """Put these limits in place of those that a client has of its own."""
    await session.execute(
        update(clients)
        .where(of_tenant(clients), clients.c.key == client.key)
        .values(limits_json=write_own_rates(limits))
    )


async def add_secret(session: WriteSession, client_key: int, sha256: str) -> None:
    """Add the hash of a secret that has no end yet."""
    await session.insert(
        client_secrets, {"client_key": client_key, "sha256": sha256, "created_at": session.now}
    )


async def end_secrets(session: WriteSession, client: Client, at: datetime) -> None:
    """Let the secrets that have no end, or a later one, end at a time."""
    await session.execute(
        update(client_secrets)
        .where(
            of_tenant(client_secrets),
            client_secrets.c.client_key == client.key,
            client_secrets.c.expires_at.is_(None) | (client_secrets.c.expires_at > at),
        )
        .values(expires_at=at)
    )


def _client(row: Row[Any]) -> Client:
    return Client(
        key=row.key,
        id=row.id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        last_token_at=row.last_token_at,
        own_limits=read_own_rates(row.limits_json),
    )
