"""The migrations: from nothing to the newest schema on both engines, without drift."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from ringbinder.db.migrate import HEAD, MIGRATIONS, upgrade
from ringbinder.db.sqlite import make_sync_engine
from ringbinder.db.tables import metadata

pytestmark = pytest.mark.db

# The parts of names are an index on PostgreSQL; on SQLite several tables, known to SQL alone.
_PARTS = ("", "_config", "_data", "_docsize", "_idx")
_SPECIAL = {
    "postgresql": frozenset[str](),
    "sqlite": {"ix_documents_name_parts", *(f"document_names{part}" for part in _PARTS)},
}


def test_the_head_that_a_fast_start_looks_for_is_the_newest() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_there_is_no_drift(database_url: str) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(upgrade, database_url).result()
        assert thread.submit(_differences, database_url).result() == []


def _differences(url: str) -> list[Any]:
    if url.startswith("sqlite"):
        engine = make_sync_engine(Path(url.removeprefix("sqlite:///")))
        with engine.connect() as connection:
            return _compared(connection)
    return asyncio.run(_postgres_differences(url))


async def _postgres_differences(url: str) -> list[Any]:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        found = await connection.run_sync(_compared)
    await engine.dispose()
    return found


def _compared(connection: sqlalchemy.Connection) -> list[Any]:
    engine = connection.dialect.name
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "compare_server_default": True,
            "include_object": lambda _object, name, *_others: name not in _SPECIAL[engine],
        },
    )
    return list(compare_metadata(context, metadata))


def test_every_table_of_a_tenant_says_so() -> None:
    of_the_system = {
        "audit_keys",
        "mail_outbox",
        "organisations",
        "people",
        "person_identities",
        "revoked_tokens",
        "sign_in_links",
        "signing_keys",
        "storage_deletions",
        "web_sessions",
    }
    without = {name for name, table in metadata.tables.items() if "organisation_key" not in table.c}
    assert without == of_the_system
