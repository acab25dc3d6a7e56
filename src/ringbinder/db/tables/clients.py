"""API clients, their secrets (hashed), the keys that sign their tokens, and revoked tokens."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, Key, UtcDateTime

clients = Table(
    "clients",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("last_token_at", UtcDateTime),
    Column("limits_json", Text),
    Index("ix_clients_organisation", "organisation_key", "key"),
)

client_secrets = Table(
    "client_secrets",
    metadata,
    Column("key", Key, primary_key=True),
    organisation_column(),
    Column("client_key", BigInteger, ForeignKey("clients.key", ondelete="CASCADE"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Index("ix_client_secrets_client", "organisation_key", "client_key"),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("sealed_private_key", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("signs_from", UtcDateTime, nullable=False),
    Column("signs_until", UtcDateTime, nullable=False),
    Column("verifies_until", UtcDateTime, nullable=False),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("token_id", Guid, primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_revoked_tokens_expires_at", "expires_at"),
)
