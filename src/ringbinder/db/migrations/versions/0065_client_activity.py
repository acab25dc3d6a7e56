"""How much API clients do, day by day."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import Guid, UtcDateTime

revision = "0065"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "client_activity",
        sa.Column(
            "organisation_key",
            sa.BigInteger(),
            sa.ForeignKey("organisations.key", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("client_id", Guid, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("limited", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_key", "client_id", "day"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("client_activity")
