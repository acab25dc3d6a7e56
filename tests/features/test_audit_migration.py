"""A data folder from before the chain: its events are chained, and nothing is lost."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Uuid, column, insert, table
from sqlalchemy.ext.asyncio import create_async_engine

from ringbinder.access.permissions import Role
from ringbinder.app import assemble
from ringbinder.db.migrate import run_migrations, upgrade
from ringbinder.db.sqlite import make_sync_engine
from ringbinder.db.types import UtcDateTime
from ringbinder.features.audit.rules.verifying import verify
from ringbinder.features.audit.service import Exports, erase_person
from ringbinder.features.audit.types import AuditFilter, ExportFormat, ExportWish
from ringbinder.features.clients import service as clients
from ringbinder.features.organisations import service as organisations
from ringbinder.kit.ids import new_guid
from ringbinder.settings import Settings
from tests.support.databases import empty_postgres_url

pytestmark = pytest.mark.db

BEFORE = "0020"
ORGANISATIONS = [new_guid() for _ in range(2)]
CLIENT = new_guid()


@pytest.fixture
def old_url(engine_name: str, postgres_server: str | None, tmp_path: Path) -> str:
    if engine_name == "postgresql" and postgres_server is not None:
        return empty_postgres_url(postgres_server)
    return f"sqlite:///{tmp_path / 'ringbinder.sqlite3'}"


def on(url: str, work: Callable[[sqlalchemy.Connection], None]) -> None:
    """Do something in one transaction, without the application."""
    if url.startswith("sqlite"):
        engine = make_sync_engine(Path(url.removeprefix("sqlite:///")))
        with engine.connect() as connection:
            work(connection)
            connection.commit()
        engine.dispose()
        return

    async def run() -> None:
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
        async with engine.begin() as connection:
            await connection.run_sync(work)
        await engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


AT = datetime(2024, 1, 15, 8, 30, 0, 123456, tzinfo=UTC)
OLD_ORGANISATIONS = table(
    "organisations",
    column("key"),
    column("id", Uuid()),
    column("name"),
    column("api_clients_enabled"),
    column("created_at", UtcDateTime()),
)
OLD_SEQUENCES = table(
    "organisation_sequences",
    column("organisation_key"),
    column("change_sequence"),
    column("audit_sequence"),
)
OLD_EVENTS = table(
    "audit_events",
    column("id", Uuid()),
    column("organisation_key"),
    column("sequence"),
    column("at", UtcDateTime()),
    column("action"),
    column("actor_kind"),
    column("actor_id", Uuid()),
    column("actor_name"),
    column("object_type"),
    column("object_id"),
    column("object_name"),
    column("after_json"),
    column("address"),
)


def write_old_rows(connection: sqlalchemy.Connection) -> None:
    """Two organisations with some events each, as they were written before."""
    for key, organisation_id in enumerate(ORGANISATIONS, start=1):
        organisation = {
            "key": key,
            "id": organisation_id,
            "name": "Kastanjen",
            "api_clients_enabled": True,
            "created_at": AT,
        }
        connection.execute(insert(OLD_ORGANISATIONS), organisation)
        sequences = {"organisation_key": key, "change_sequence": 0, "audit_sequence": 1203}
        connection.execute(insert(OLD_SEQUENCES), sequences)
        events = [old_event(key, sequence) for sequence in range(1, 1204)]
        connection.execute(insert(OLD_EVENTS), events)


def old_event(key: int, sequence: int) -> dict[str, Any]:
    """Documents mostly, and each hundredth time a client, which names a person."""
    about_client = sequence % 100 == 0
    return {
        "id": new_guid(),
        "organisation_key": key,
        "sequence": sequence,
        "at": AT,
        "action": "api:x:y",
        "actor_kind": "client",
        "actor_id": CLIENT,
        "actor_name": "Åsa",
        "object_type": "client" if about_client else "document",
        "object_id": str(CLIENT) if about_client else "x",
        "object_name": "Åsa",
        "after_json": json.dumps({"role": "Reader", "name": "Åsa", "scale": 1.50}),
        "address": "192.0.2.17",
    }


async def test_old_events_are_chained(old_url: str, tmp_path: Path) -> None:
    on(old_url, lambda connection: run_migrations(connection, BEFORE))
    on(old_url, write_old_rows)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(upgrade, old_url).result()
    parts = assemble(Settings(data=tmp_path, database_url=old_url))
    try:
        for organisation in await organisations.list_organisations(parts.database):
            actor = organisations.operator(organisation)
            async with parts.database.write(organisation.key) as session:
                await clients.create_client(
                    session, actor, organisation=organisation, name="New", role=Role.READER
                )
            assert await exported(parts, actor) == 1204
            async with parts.database.write(organisation.key) as session:
                erased = await erase_person(session, actor, person_id=CLIENT)
            assert (erased.as_actor, erased.as_object) == (1203, 12)
            assert await exported(parts, actor) == 1205
    finally:
        await parts.close()


async def exported(parts: Any, actor: Any) -> int:
    """Verify everything that is there now; gives the number of events."""
    exports = Exports(parts.database, parts.checkpoints, parts.audit_keys, parts.clock)
    wish = ExportWish(wanted=AuditFilter())
    chunks = await exports.prepare(actor, wish, conditions=None, kind=ExportFormat.JSONL)
    content = b"".join([chunk async for chunk in chunks])
    report = verify(content.splitlines(keepends=True))
    assert report.problem is None, report.problem
    events = [json.loads(line) for line in content.splitlines()]
    shown = [event["after"] for event in events if event["kind"] == "event"]
    assert shown[0] == {"name": "Åsa", "role": "Reader", "scale": 1.5}
    assert shown[99] == {"role": "Reader", "scale": 1.5}
    return report.events
