"""Views of a binder's list, and an index by which a binder's last change is found."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import Guid, Key, UtcDateTime

revision = "0070"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "saved_views",
        sa.Column("key", Key, primary_key=True),
        sa.Column("id", Guid, nullable=False),
        sa.Column(
            "organisation_key",
            sa.BigInteger(),
            sa.ForeignKey("organisations.key", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "binder_key",
            sa.BigInteger(),
            sa.ForeignKey("binders.key", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("owner_id", Guid, nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("id", name="uq_saved_views_id"),
    )
    op.create_index(
        "ix_saved_views_binder", "saved_views", ["organisation_key", "binder_key", "owner_id"]
    )
    op.create_index("ix_changes_binder", "changes", ["organisation_key", "binder_id", "sequence"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_changes_binder", "changes")
    op.drop_table("saved_views")
