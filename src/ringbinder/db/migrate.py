"""Bring a database to the newest schema.

A database that is up to date is recognised without loading Alembic: a second start is fast.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from ringbinder.db.address import sqlite_path

if TYPE_CHECKING:
    import sqlalchemy

HEAD = "0040"
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Run what is missing; several processes may call it at once.

    Must not be called from within a running event loop.
    """
    path = sqlite_path(url)
    if path is None:
        asyncio.run(_upgrade_postgres(url))
    elif not _is_at_head(path):
        _upgrade_sqlite(path)


def _is_at_head(path: Path) -> bool:
    if not path.exists():
        return False
    connection = sqlite3.connect(path, timeout=30)
    try:
        found: object = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return False
    else:
        return found == (HEAD,)
    finally:
        connection.close()


def _upgrade_sqlite(path: Path) -> None:
    from sqlalchemy import event  # noqa: PLC0415 - loaded only when there is work to do

    from ringbinder.db.sqlite import make_sync_engine  # noqa: PLC0415 - see above

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    engine = make_sync_engine(path)
    # All in one transaction, begun before the first look: what was cut off has not happened, and a
    # second process waits for the last migration of the first.
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        # Inside of a transaction, SQLite would not hear this.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            run_migrations(connection)
    engine.dispose()


async def _upgrade_postgres(url: str) -> None:
    from sqlalchemy import text  # noqa: PLC0415 - loaded only when there is work to do
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - see above

    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        # One migrating process at a time; the number is arbitrary but ours.
        await connection.execute(text("SELECT pg_advisory_lock(7310211)"))
        await connection.commit()
        await connection.run_sync(run_migrations)
        await connection.commit()
    await engine.dispose()


def run_migrations(connection: "sqlalchemy.Connection", revision: str = "head") -> None:
    """Run the migrations up to a revision on an open connection."""
    from alembic import command  # noqa: PLC0415 - loaded only when there is work to do
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
