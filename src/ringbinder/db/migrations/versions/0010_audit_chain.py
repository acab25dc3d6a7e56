"""Chain the audit events, set what is personal apart, and let nothing change them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import UtcDateTime
from ringbinder.kit.canonical import canonical_json
from ringbinder.kit.chains import commitment, content_digest, genesis, new_salt, record_hash

revision = "0010"
down_revision = "0020"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    """Go forward."""
    create_tables()
    with op.batch_alter_table("audit_events") as table:
        table.add_column(sa.Column("actor_commitment", sa.LargeBinary()))
        table.add_column(sa.Column("object_commitment", sa.LargeBinary()))
        table.add_column(sa.Column("previous_hash", sa.LargeBinary()))
        table.add_column(sa.Column("hash", sa.LargeBinary()))
    with op.batch_alter_table("organisation_sequences") as table:
        table.add_column(sa.Column("head_sequence", sa.BigInteger()))
        table.add_column(sa.Column("head_hash", sa.LargeBinary()))
    connection = op.get_bind()
    for key, organisation_id in connection.execute(sa.select(organisations)).all():
        chain_events(connection, key, organisation_id)
    with op.batch_alter_table("audit_events") as table:
        for name in ("actor_commitment", "previous_hash", "hash"):
            table.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("actor_name")
        table.drop_column("address")
    with op.batch_alter_table("organisation_sequences") as table:
        table.alter_column("head_sequence", existing_type=sa.BigInteger(), nullable=False)
        table.alter_column("head_hash", existing_type=sa.LargeBinary(), nullable=False)
    statements = POSTGRES_TRIGGERS if connection.dialect.name == "postgresql" else SQLITE_TRIGGERS
    for statement in statements:
        op.execute(statement)


def create_tables() -> None:
    op.create_table(
        "audit_keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sealed_private_key", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_keys")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_audit_checkpoints_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_key", "sequence", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_personal",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("before_json", sa.Text(), nullable=True),
        sa.Column("after_json", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_audit_personal_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_key", "sequence", "part", name=op.f("pk_audit_personal")
        ),
        sqlite_with_rowid=False,
    )


# ── The chain of what is there already ────────────────────────────────────────────────────────────

organisations = sa.table("organisations", sa.column("key"), sa.column("id", sa.Uuid()))
sequences = sa.table(
    "organisation_sequences",
    sa.column("organisation_key"),
    sa.column("head_sequence"),
    sa.column("head_hash", sa.LargeBinary()),
)
personal = sa.table(
    "audit_personal",
    *(
        sa.column(name)
        for name in ("organisation_key", "sequence", "part", "name", "address", "after_json")
    ),
    sa.column("salt", sa.LargeBinary()),
)
events = sa.table(
    "audit_events",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_key"),
    sa.column("sequence"),
    sa.column("at", UtcDateTime()),
    sa.column("action"),
    sa.column("actor_kind"),
    sa.column("actor_id", sa.Uuid()),
    sa.column("actor_name"),
    sa.column("actor_commitment", sa.LargeBinary()),
    sa.column("object_type"),
    sa.column("object_id"),
    sa.column("object_name"),
    sa.column("object_commitment", sa.LargeBinary()),
    sa.column("binder_id"),
    sa.column("before_json"),
    sa.column("after_json"),
    sa.column("address"),
    sa.column("trace_id"),
    sa.column("previous_hash", sa.LargeBinary()),
    sa.column("hash", sa.LargeBinary()),
)


def chain_events(connection: sa.Connection, key: int, organisation_id: UUID) -> None:
    head_sequence, head = 0, genesis(organisation_id)
    for batch in batches(connection, key):
        changed, parts = [], []
        for event in batch:
            columns, personal_rows = chained(event, organisation_id, head)
            changed.append({"event_id": event.id, **columns})
            parts += [{"organisation_key": key, **row} for row in personal_rows]
            head_sequence, head = event.sequence, columns["hash"]
        names = [name for name in changed[0] if name != "event_id"]
        connection.execute(
            sa.update(events)
            .where(events.c.id == sa.bindparam("event_id"))
            .values({name: sa.bindparam(name) for name in names}),
            changed,
        )
        connection.execute(sa.insert(personal), parts)
    connection.execute(
        sa.update(sequences)
        .where(sequences.c.organisation_key == key)
        .values(head_sequence=head_sequence, head_hash=head)
    )


def batches(connection: sa.Connection, key: int) -> Iterator[list[sa.Row[Any]]]:
    after = 0
    statement = (
        sa.select(events)
        .where(events.c.organisation_key == key, events.c.sequence > sa.bindparam("after"))
        .order_by(events.c.sequence)
        .limit(BATCH)
    )
    while batch := list(connection.execute(statement, {"after": after})):
        yield batch
        after = batch[-1].sequence


def chained(
    event: sa.Row[Any], organisation_id: UUID, previous: bytes
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    actor = {
        "part": 0,
        "salt": new_salt(),
        "name": event.actor_name,
        "address": event.address,
    }
    rows = [{"sequence": event.sequence, "after_json": None, **actor}]
    names = {"address": event.address, "name": event.actor_name}
    columns = {
        "actor_commitment": commitment(actor["salt"], names),
        "object_name": event.object_name,
        "object_commitment": None,
        "before_json": canonical(event.before_json),
        "after_json": canonical(event.after_json),
        "previous_hash": previous,
    }
    # Until then, clients were all that could name a person: their name, and nothing before.
    if event.object_type == "client":
        salt, after = new_salt(), json.loads(event.after_json or "{}")
        named = {"name": after.pop("name")} if "name" in after else None
        columns |= {
            "object_name": None,
            "object_commitment": commitment(
                salt, {"after": named, "before": None, "name": event.object_name}
            ),
            "after_json": None if event.after_json is None else canonical_json(after).decode(),
        }
        named_json = None if named is None else canonical_json(named).decode()
        rows.append(
            {
                "sequence": event.sequence,
                "part": 1,
                "salt": salt,
                "name": event.object_name,
                "address": None,
                "after_json": named_json,
            }
        )
    return columns | {"hash": record_hash(record(event, organisation_id, columns))}, rows


def canonical(text: str | None) -> str | None:
    return None if text is None else canonical_json(json.loads(text)).decode()


def record(
    event: sa.Row[Any], organisation_id: UUID, columns: dict[str, Any]
) -> dict[str, str | int | None]:
    return {
        "action": event.action,
        "actorCommitment": columns["actor_commitment"].hex(),
        "actorId": None if event.actor_id is None else str(event.actor_id),
        "actorKind": event.actor_kind,
        "after": digest(columns["after_json"]),
        "at": exact(event.at),
        "before": digest(columns["before_json"]),
        "binderId": event.binder_id,
        "id": str(event.id),
        "objectCommitment": columns["object_commitment"] and columns["object_commitment"].hex(),
        "objectId": event.object_id,
        "objectName": columns["object_name"],
        "objectType": event.object_type,
        "organisationId": str(organisation_id),
        "previousHash": columns["previous_hash"].hex(),
        "sequence": event.sequence,
        "traceId": event.trace_id,
    }


def digest(text: str | None) -> str | None:
    return None if text is None else content_digest(text.encode()).hex()


def exact(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


# ── Triggers ──────────────────────────────────────────────────────────────────────────────────────
# A row may only go together with its organisation, whose own row is gone when the cascade comes.

REFUSAL = "audit events, checkpoints and what was erased are never changed"


def sqlite_refusal(table: str, verb: str) -> str:
    exists = "SELECT 1 FROM organisations WHERE key = OLD.organisation_key"
    condition = f"WHEN EXISTS ({exists}) " if verb == "DELETE" else ""
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


SQLITE_TRIGGERS = (
    sqlite_refusal("audit_events", "UPDATE"),
    sqlite_refusal("audit_events", "DELETE"),
    sqlite_refusal("audit_checkpoints", "UPDATE"),
    sqlite_refusal("audit_checkpoints", "DELETE"),
    sqlite_refusal("audit_personal", "UPDATE"),
    """
    CREATE TRIGGER audit_events_head AFTER INSERT ON audit_events
    BEGIN
        UPDATE organisation_sequences
        SET head_sequence = NEW.sequence, head_hash = NEW.hash
        WHERE organisation_key = NEW.organisation_key AND audit_sequence = NEW.sequence;
    END
    """,
)


def postgres_refusal(table: str, verbs: str) -> tuple[str, str]:
    row = f"""
    CREATE TRIGGER {table}_no_change BEFORE {verbs} ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()
    """
    truncate = f"""
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
    """
    return row, truncate


POSTGRES_TRIGGERS = (
    f"""
    CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            PERFORM 1 FROM organisations WHERE key = OLD.organisation_key;
            IF NOT FOUND THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION '{REFUSAL}';
    END
    $$
    """,
    """
    CREATE FUNCTION audit_move_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE organisation_sequences
        SET head_sequence = NEW.sequence, head_hash = NEW.hash
        WHERE organisation_key = NEW.organisation_key AND audit_sequence = NEW.sequence;
        RETURN NULL;
    END
    $$
    """,
    *postgres_refusal("audit_events", "UPDATE OR DELETE"),
    *postgres_refusal("audit_checkpoints", "UPDATE OR DELETE"),
    *postgres_refusal("audit_personal", "UPDATE"),
    """
    CREATE TRIGGER audit_events_head AFTER INSERT ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_move_head()
    """,
)


def downgrade() -> None:
    """There is no way back: without its chain, the trail would prove nothing."""
    message = "the chain of the audit trail cannot be taken off; restore a backup"
    raise NotImplementedError(message)
