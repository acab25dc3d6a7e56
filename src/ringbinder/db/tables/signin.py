"""Browsers in which people are signed in, links that were mailed, and letters that wait."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ringbinder.db.tables.base import metadata
from ringbinder.db.types import Guid, Key, UtcDateTime


def _person_column() -> Column[int]:
    return Column(
        "person_key", BigInteger, ForeignKey("people.key", ondelete="CASCADE"), nullable=False
    )


web_sessions = Table(
    "web_sessions",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    _person_column(),
    # The organisation that this browser looks at; a person may be in several.
    Column(
        "chosen_organisation_key",
        BigInteger,
        ForeignKey("organisations.key", ondelete="SET NULL"),
    ),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("address", Text),
    Column("agent", Text),
    Index("ix_web_sessions_person", "person_key", "key"),
    Index("ix_web_sessions_expires_at", "expires_at"),
)

person_identities = Table(
    "person_identities",
    metadata,
    Column("key", Key, primary_key=True),
    _person_column(),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("person_key", "issuer"),
)
"""Under which name a provider knows a person; from the second time on, this counts."""

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("key", Key, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    _person_column(),
    Column("member_key", BigInteger, ForeignKey("members.key", ondelete="CASCADE")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Index("ix_sign_in_links_person", "person_key", "kind", "created_at"),
    Index("ix_sign_in_links_expires_at", "expires_at"),
)
"""Invitations and resets; the secret stands in the letter alone."""

mail_outbox = Table(
    "mail_outbox",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Guid, nullable=False, unique=True),
    # The letter, sealed: it holds a link by which one can sign in.
    Column("sealed", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Index("ix_mail_outbox_next_attempt_at", "next_attempt_at"),
)
