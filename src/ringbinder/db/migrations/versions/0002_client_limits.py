"""Limits of single API clients."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("clients", sa.Column("limits_json", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("clients", "limits_json")
