"""How much API clients do."""

from sqlalchemy import Column, Integer, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, UtcDateTime

client_activity = Table(
    "client_activity",
    metadata,
    organisation_column(primary_key=True),
    Column("client_id", Guid, primary_key=True),
    # As ISO 8601 writes it, so that both engines compare it alike.
    Column("day", Text, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("limited", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
