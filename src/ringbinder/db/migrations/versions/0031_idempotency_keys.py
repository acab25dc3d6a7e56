"""Keys under which clients may send a request again."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "idempotency_keys",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("sealed_answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_idempotency_keys_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_key", "actor_id", "key_sha256", name=op.f("pk_idempotency_keys")
        ),
    )
    for column in ("finished_at", "lease_until"):
        op.create_index(f"ix_idempotency_keys_{column}", "idempotency_keys", [column])


def downgrade() -> None:
    """Go back."""
    op.drop_table("idempotency_keys")
