"""Alembic's entry: runs the migrations on the connection that :mod:`ringbinder.db.migrate` made."""

from alembic import context

from ringbinder.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters a table by copying it; PostgreSQL does it in place.
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
