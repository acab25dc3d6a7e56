"""Webhooks, their sealed secrets, and what was sent to them or waits for it."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import Guid, Key, UtcDateTime

webhooks = Table(
    "webhooks",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column("url", Text, nullable=False),
    Column("event_types", Text, nullable=False),
    Column("description", Text),
    Column("state", String(20), nullable=False),
    Column("state_reason", String(20)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by_name", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    # The last change that became a delivery, or was none of this webhook's business.
    Column("position", BigInteger, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("held_until", UtcDateTime),
    # One worker at a time. Free from lease_until on, which then says who has waited longest.
    Column("lease_until", UtcDateTime, nullable=False),
    Column("lease_holder", Guid),
    Index("ix_webhooks_organisation", "organisation_key", "key"),
)

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    Column("key", Key, primary_key=True),
    organisation_column(),
    Column(
        "webhook_key", BigInteger, ForeignKey("webhooks.key", ondelete="CASCADE"), nullable=False
    ),
    Column("sealed", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Index("ix_webhook_secrets_webhook", "webhook_key", "key"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    organisation_column(),
    Column(
        "webhook_key", BigInteger, ForeignKey("webhooks.key", ondelete="CASCADE"), nullable=False
    ),
    Column("type", String(60), nullable=False),
    Column("sequence", BigInteger),
    Column("body", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("asked_for", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_attempt_at", UtcDateTime),
    Column("last_attempt_at", UtcDateTime),
    # Empty where nothing is left to do, so that the index below finds what is due.
    Column("next_attempt_at", UtcDateTime),
    Column("status_code", Integer),
    Column("duration_ms", Integer),
    Column("error", String(40)),
    Column("response_body", Text),
    Index("ix_webhook_deliveries_webhook", "webhook_key", "key"),
    Index("ix_webhook_deliveries_due", "next_attempt_at", "webhook_key"),
)
