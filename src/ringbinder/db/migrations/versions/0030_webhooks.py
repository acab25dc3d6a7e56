"""Webhooks, their secrets and deliveries."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import Guid, Key, UtcDateTime

revision = "0030"
down_revision = "0010"
branch_labels = None
depends_on = None


def _organisation() -> sa.Column[int]:
    return sa.Column(
        "organisation_key",
        sa.BigInteger(),
        sa.ForeignKey("organisations.key", ondelete="CASCADE"),
        nullable=False,
    )


def _webhook() -> sa.Column[int]:
    return sa.Column(
        "webhook_key",
        sa.BigInteger(),
        sa.ForeignKey("webhooks.key", ondelete="CASCADE"),
        nullable=False,
    )


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "webhooks",
        sa.Column("key", Key, primary_key=True),
        sa.Column("id", Guid, nullable=False),
        _organisation(),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_reason", sa.String(20)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", UtcDateTime()),
        sa.Column("held_until", UtcDateTime()),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.Column("lease_holder", Guid),
        sa.UniqueConstraint("id", name="uq_webhooks_id"),
    )
    op.create_index("ix_webhooks_organisation", "webhooks", ["organisation_key", "key"])
    op.create_table(
        "webhook_secrets",
        sa.Column("key", Key, primary_key=True),
        _organisation(),
        _webhook(),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
    )
    op.create_index("ix_webhook_secrets_webhook", "webhook_secrets", ["webhook_key", "key"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("key", Key, primary_key=True),
        sa.Column("id", Guid, nullable=False),
        _organisation(),
        _webhook(),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("sequence", sa.BigInteger()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_for", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", UtcDateTime()),
        sa.Column("last_attempt_at", UtcDateTime()),
        sa.Column("next_attempt_at", UtcDateTime()),
        sa.Column("status_code", sa.Integer()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("error", sa.String(40)),
        sa.Column("response_body", sa.Text()),
        sa.UniqueConstraint("id", name="uq_webhook_deliveries_id"),
    )
    op.create_index("ix_webhook_deliveries_webhook", "webhook_deliveries", ["webhook_key", "key"])
    op.create_index(
        "ix_webhook_deliveries_due", "webhook_deliveries", ["next_attempt_at", "webhook_key"]
    )


def downgrade() -> None:
    """Go back."""
    for name in ("webhook_deliveries", "webhook_secrets", "webhooks"):
        op.drop_table(name)
