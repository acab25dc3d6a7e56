"""Keys under which clients may send a request again, and what was answered."""

from sqlalchemy import Column, Index, String, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, UtcDateTime

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    organisation_column(primary_key=True),
    Column("actor_id", Guid, primary_key=True),
    Column("key_sha256", String(64), primary_key=True),
    Column("content_sha256", String(64), nullable=False),
    Column("attempt_id", Guid, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("sealed_answer", Text),
    Index("ix_idempotency_keys_finished_at", "finished_at"),
    Index("ix_idempotency_keys_lease_until", "lease_until"),
)
