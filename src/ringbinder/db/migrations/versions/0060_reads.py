"""Who has opened which version, and the CRC-32 of contents, which zip files name."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import Key, UtcDateTime

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("blobs", sa.Column("crc32", sa.BigInteger(), nullable=True))
    op.create_table(
        "document_reads",
        sa.Column("key", Key, nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("document_key", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("member_key", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(_key_of(column) for column in ("organisation", "document", "member")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_document_reads")),
    )
    op.create_index("ix_document_reads_document", "document_reads", ["document_key", "key"])
    op.create_index(
        "ix_document_reads_version", "document_reads", ["version_id", "member_key", "how", "at"]
    )
    op.create_index("ix_document_reads_member", "document_reads", ["member_key"])


def _key_of(noun: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{noun}_key"],
        [f"{noun}s.key"],
        name=op.f(f"fk_document_reads_{noun}_key"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("document_reads")
    op.drop_column("blobs", "crc32")
