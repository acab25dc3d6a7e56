"""Questions about tokens; asked by the system, since the organisation is not known before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, or_, select, update

from ringbinder.access.limits import read_own_rates
from ringbinder.access.permissions import Role
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.db.tables import (
    client_secrets,
    clients,
    organisations,
    revoked_tokens,
    signing_keys,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.tokens.types import AuthorisedClient, SigningKey

_authorised = (
    select(
        clients.c.key,
        clients.c.id,
        clients.c.name,
        clients.c.role,
        clients.c.limits_json,
        clients.c.organisation_key,
        organisations.c.id.label("organisation_id"),
    )
    .join(organisations, organisations.c.key == clients.c.organisation_key)
    .where(clients.c.disabled_at.is_(None), organisations.c.api_clients_enabled)
)


async def find_authorised_client(session: ReadSession, client_id: UUID) -> AuthorisedClient | None:
    """Give a client that may act now, or None."""
    row = await session.first(_authorised.where(clients.c.id == client_id))
    return None if row is None else _client(row)


async def find_organisation_of(session: ReadSession, client_id: UUID) -> AuthorisedClient | None:
    """Give a client whether it may act or not, to record a refusal where its owner sees it."""
    statement = (
        select(*_authorised.selected_columns)
        .join(organisations, organisations.c.key == clients.c.organisation_key)
        .where(clients.c.id == client_id)
    )
    row = await session.first(statement)
    return None if row is None else _client(row)


async def list_secret_hashes(session: ReadSession, client_key: int) -> Sequence[str]:
    """Give the hashes of the secrets that are valid now."""
    rows = await session.all(
        select(client_secrets.c.sha256).where(
            client_secrets.c.client_key == client_key,
            or_(client_secrets.c.expires_at.is_(None), client_secrets.c.expires_at > session.now),
        )
    )
    return [row.sha256 for row in rows]


async def note_token_issued(session: WriteSession, client_key: int) -> None:
    """Remember when a client last got a token."""
    await session.execute(
        update(clients)
        .where(of_tenant(clients), clients.c.key == client_key)
        .values(last_token_at=session.now)
    )


async def is_revoked(session: ReadSession, token_id: UUID) -> bool:
    """Tell whether a token was revoked."""
    found = await session.first(
        select(revoked_tokens.c.token_id).where(revoked_tokens.c.token_id == token_id)
    )
    return found is not None


async def revoke(session: WriteSession, token_id: UUID, expires_at: datetime) -> None:
    """Remember a revoked token until it would have expired."""
    await session.insert_or(
        revoked_tokens, [{"token_id": token_id, "expires_at": expires_at}], key=("token_id",)
    )


async def forget_expired_revocations(session: WriteSession) -> int:
    """Drop revocations of tokens that have expired by now."""
    return await session.execute(
        delete(revoked_tokens).where(revoked_tokens.c.expires_at < session.now)
    )


async def list_signing_keys(session: ReadSession) -> Sequence[SigningKey]:
    """Give the keys that still verify, newest first."""
    rows = await session.all(
        select(signing_keys)
        .where(signing_keys.c.verifies_until > session.now)
        .order_by(signing_keys.c.signs_from.desc())
    )
    return [_signing_key(row) for row in rows]


async def add_signing_key(session: WriteSession, key: SigningKey) -> None:
    """Add a key."""
    await session.insert(
        signing_keys,
        {
            "id": key.id,
            "sealed_private_key": key.sealed_private_key,
            "public_key": msgspec.json.encode(key.public_key).decode(),
            "created_at": session.now,
            "signs_from": key.signs_from,
            "signs_until": key.signs_until,
            "verifies_until": key.verifies_until,
        },
    )


def _client(row: Row[Any]) -> AuthorisedClient:
    return AuthorisedClient(
        key=row.key,
        id=row.id,
        name=row.name,
        role=Role(row.role),
        organisation_key=row.organisation_key,
        organisation_id=row.organisation_id,
        own_limits=read_own_rates(row.limits_json),
    )


def _signing_key(row: Row[Any]) -> SigningKey:
    return SigningKey(
        id=row.id,
        sealed_private_key=row.sealed_private_key,
        public_key=msgspec.json.decode(row.public_key),
        signs_from=row.signs_from,
        signs_until=row.signs_until,
        verifies_until=row.verifies_until,
    )
