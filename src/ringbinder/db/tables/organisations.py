"""Organisations: the tenants. Everything else belongs to exactly one of them."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, Key, UtcDateTime

organisations = Table(
    "organisations",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("api_clients_enabled", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

organisation_sequences = Table(
    "organisation_sequences",
    metadata,
    organisation_column(primary_key=True),
    Column("change_sequence", BigInteger, nullable=False),
    Column("audit_sequence", BigInteger, nullable=False),
    Column("head_sequence", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
)
