"""What every change leaves: an audit event, a position in the change feed, and exact counters.

Triggers, made by the migrations, refuse to change or delete audit events and checkpoints while
their organisation exists, and keep ``organisation_sequences`` at the hash of the last event.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ringbinder.db.tables.base import metadata, organisation_column
from ringbinder.db.types import ByteOrderedText, Guid, UtcDateTime

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Guid, primary_key=True),
    organisation_column(),
    Column("sequence", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("action", String(80), nullable=False),
    Column("actor_kind", String(20), nullable=False),
    Column("actor_id", Guid),
    Column("actor_commitment", LargeBinary, nullable=False),
    Column("object_type", String(40), nullable=False),
    Column("object_id", Text, nullable=False),
    Column("object_name", Text),
    Column("object_commitment", LargeBinary),
    Column("binder_id", String(9)),
    Column("before_json", Text),
    Column("after_json", Text),
    Column("trace_id", String(55)),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("organisation_key", "sequence"),
    Index("ix_audit_events_object", "organisation_key", "object_id", "sequence"),
    Index("ix_audit_events_actor", "organisation_key", "actor_id", "sequence"),
)

audit_personal = Table(
    "audit_personal",
    metadata,
    organisation_column(primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("part", SmallInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("name", Text),
    Column("address", Text),
    Column("before_json", Text),
    Column("after_json", Text),
    sqlite_with_rowid=False,
)
"""What an event says of a person; erasing deletes it and leaves the event its commitment."""

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    organisation_column(primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("signed", Text, nullable=False),
)

audit_keys = Table(
    "audit_keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("sealed_private_key", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
"""The keys that sign checkpoints; unlike those of tokens they are published forever."""

changes = Table(
    "changes",
    metadata,
    organisation_column(primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("binder_id", String(9)),
    Column("folder_id", Guid),
    Column("document_id", Guid),
    Column("version_id", Guid),
    Column("object_id", Text, nullable=False),
    Column("audit_event_id", Guid, nullable=False),
    # When a binder changed last, which the bookshelf tells.
    Index("ix_changes_binder", "organisation_key", "binder_id", "sequence"),
)

counters = Table(
    "counters",
    metadata,
    organisation_column(primary_key=True),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("binder_key", BigInteger, primary_key=True, autoincrement=False),
    Column("subject_key", BigInteger, primary_key=True, autoincrement=False),
    Column("value", ByteOrderedText, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
