"""Browsers in which people are signed in, links that were mailed, and letters that wait."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import UtcDateTime

revision = "0055"
down_revision = "0070"
branch_labels = None
depends_on = None

_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "web_sessions",
        sa.Column("key", _key, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("chosen_organisation_key", sa.BigInteger(), nullable=True),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        _of_person("web_sessions"),
        sa.ForeignKeyConstraint(
            ["chosen_organisation_key"],
            ["organisations.key"],
            name=op.f("fk_web_sessions_chosen_organisation_key"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("id", name=op.f("uq_web_sessions_id")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_web_sessions_secret_sha256")),
    )
    op.create_index("ix_web_sessions_person", "web_sessions", ["person_key", "key"])
    op.create_index("ix_web_sessions_expires_at", "web_sessions", ["expires_at"])
    op.create_table(
        "person_identities",
        sa.Column("key", _key, nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _of_person("person_identities"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_person_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_person_identities_issuer_subject")),
        sa.UniqueConstraint(
            "person_key", "issuer", name=op.f("uq_person_identities_person_key_issuer")
        ),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("key", _key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("member_key", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        _of_person("sign_in_links"),
        sa.ForeignKeyConstraint(
            ["member_key"],
            ["members.key"],
            name=op.f("fk_sign_in_links_member_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_sign_in_links_secret_sha256")),
    )
    op.create_index(
        "ix_sign_in_links_person", "sign_in_links", ["person_key", "kind", "created_at"]
    )
    op.create_index("ix_sign_in_links_expires_at", "sign_in_links", ["expires_at"])
    op.create_table(
        "mail_outbox",
        sa.Column("key", _key, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mail_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_mail_outbox_id")),
    )
    op.create_index("ix_mail_outbox_next_attempt_at", "mail_outbox", ["next_attempt_at"])


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_key"],
        ["people.key"],
        name=op.f(f"fk_{table}_person_key"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Go back."""
    for table in ("mail_outbox", "sign_in_links", "person_identities", "web_sessions"):
        op.drop_table(table)
