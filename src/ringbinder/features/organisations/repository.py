"""Questions about organisations; asked by the system, since they are the tenants themselves."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import organisations
from ringbinder.features.organisations.types import Organisation

_columns = (
    organisations.c.key,
    organisations.c.id,
    organisations.c.name,
    organisations.c.api_clients_enabled,
    organisations.c.created_at,
)


async def add_organisation(
    session: WriteSession, *, organisation_id: UUID, name: str, api_clients_enabled: bool
) -> Organisation:
    """Add an organisation."""
    row = {
        "id": organisation_id,
        "name": name,
        "api_clients_enabled": api_clients_enabled,
        "created_at": session.now,
    }
    columns = [column.name for column in _columns]
    return _organisation(await session.insert_returning(organisations, row, *columns))


async def list_organisations(session: ReadSession) -> Sequence[Organisation]:
    """Give all organisations, oldest first."""
    rows = await session.all(select(*_columns).order_by(organisations.c.key))
    return [_organisation(row) for row in rows]


async def find_organisation(session: ReadSession, organisation_id: UUID) -> Organisation | None:
    """Give an organisation, or None."""
    row = await session.first(select(*_columns).where(organisations.c.id == organisation_id))
    return None if row is None else _organisation(row)


async def find_by_key(session: ReadSession, key: int) -> Organisation | None:
    """Give an organisation by its number inside the database, or None."""
    row = await session.first(select(*_columns).where(organisations.c.key == key))
    return None if row is None else _organisation(row)


async def set_api_clients_enabled(session: WriteSession, key: int, *, enabled: bool) -> None:
    """Allow or forbid API clients."""
    await session.execute(
        update(organisations).where(organisations.c.key == key).values(api_clients_enabled=enabled)
    )


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(
        key=row.key,
        id=row.id,
        name=row.name,
        api_clients_enabled=row.api_clients_enabled,
        created_at=row.created_at,
    )
