"""Fresh, migrated databases on both engines."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from ringbinder.db.migrate import upgrade


def new_database_url(engine: str, maintenance_dsn: str | None, folder: Path) -> str:
    """Make a migrated database of an engine; one of SQLite lies in the folder."""
    if engine == "postgresql" and maintenance_dsn is not None:
        return new_postgres_url(maintenance_dsn)
    return new_sqlite_url(folder)


def new_sqlite_url(folder: Path) -> str:
    """Make a migrated SQLite database in a folder."""
    url = f"sqlite:///{folder / f'{secrets.token_hex(4)}.sqlite3'}"
    upgrade(url)
    return url


def new_postgres_url(maintenance_dsn: str) -> str:
    """Make a migrated PostgreSQL database on a server; it goes when the server goes."""
    url = empty_postgres_url(maintenance_dsn)
    # The tests' own event loop belongs to this thread; migrations run a loop of theirs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(upgrade, url).result()
    return url


def empty_postgres_url(maintenance_dsn: str) -> str:
    """Make an empty PostgreSQL database on a server."""
    name = f"ringbinder_{secrets.token_hex(6)}"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _create(maintenance_dsn, name)).result()
    base, _, _ = maintenance_dsn.rpartition("/")
    return f"{base}/{name}"


async def _create(maintenance_dsn: str, name: str) -> None:
    connection = await asyncpg.connect(maintenance_dsn)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
