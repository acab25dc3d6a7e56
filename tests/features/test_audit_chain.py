"""The audit chain: what is written, taken away, signed and erased; on both engines."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import column, delete, select, table, text
from sqlalchemy.exc import DBAPIError

from ringbinder.access.permissions import Role
from ringbinder.app import assemble, make_engine
from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.db.sessions import Database
from ringbinder.db.tables import audit_events, audit_personal
from ringbinder.features.audit.errors import ChainBrokenError, NothingToEraseError
from ringbinder.features.audit.rules.reports import Fault, Report
from ringbinder.features.audit.rules.verifying import verify
from ringbinder.features.audit.service import erase_person
from ringbinder.features.clients import service as clients
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.organisations import service as organisations
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.clock import SystemClock
from ringbinder.kit.ids import new_guid
from ringbinder.settings import Settings
from tests.factories.content import Json, new_binder, new_document, new_folder
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.db, pytest.mark.api]


async def exported(admin: Caller, **query: Any) -> list[bytes]:
    answer = await admin.get("/audit/events/export", params=query)
    assert answer.status_code == 200, answer.text
    return answer.content.splitlines(keepends=True)


def read(lines: list[bytes]) -> list[Json]:
    return [json.loads(line) for line in lines]


def events_in(lines: list[bytes]) -> list[Json]:
    return [line for line in read(lines) if line["kind"] == "event"]


def assert_good(report: Report) -> None:
    assert report.problem is None, report.problem


async def work(admin: Caller, creator: Caller | None = None) -> None:
    """Leave some events of several kinds."""
    creator = creator or admin
    binder = await new_binder(admin, name="=HYPERLINK(1)")
    folder = await new_folder(creator, binder) | {"binderId": binder["id"]}
    await new_document(creator, folder)


async def test_an_export_is_whole_and_verifies(tenant: Tenant) -> None:
    await work(tenant.admin)
    lines = await exported(tenant.admin)
    header, *_, trailer = read(lines)
    events = events_in(lines)
    assert header["organisationId"] == str(tenant.organisation.id)
    assert header["coverage"] == "complete"
    assert [event["record"]["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert trailer["events"] == len(events)
    assert trailer["lastHash"] == events[-1]["hash"]
    report = verify(lines)
    assert_good(report)
    assert report.events == report.signed_until == len(events)
    assert report.erased_parts == 0


async def test_the_search_gives_the_hash_and_all_that_it_gave(tenant: Tenant) -> None:
    await work(tenant.admin)
    by_sequence = {
        event["record"]["sequence"]: event for event in events_in(await exported(tenant.admin))
    }
    answer = await tenant.admin.post("/audit/events/search", params={"pageSize": 500})
    for found in answer.json()["items"]:
        event = by_sequence[found["sequence"]]
        assert found["hash"] == event["hash"]
        assert found["actor"]["name"] == event["actor"]["name"]
        assert found["actor"]["erased"] is found["object"]["erased"] is False
        assert found["address"] == event["actor"]["address"]
        named = event["object"] or {"name": event["record"]["objectName"], "after": None}
        assert found["object"]["name"] == named["name"]
        assert (found["after"] or {}) == (event["after"] or {}) | (named["after"] or {})


async def test_the_search_still_finds_names(tenant: Tenant) -> None:
    for term in ("creator cl", "CREATOR CLIENT"):
        answer = await tenant.admin.post("/audit/events/search", params={"searchTerm": term})
        found = answer.json()
        actions = {item["action"] for item in found["items"]}
        assert actions == {"cli:client:created", "api:token:issued"}
        assert found["totalCount"] == len(found["items"])


async def test_ranges_and_filters_say_what_they_are(tenant: Tenant) -> None:
    await work(tenant.admin)
    ranged = await exported(tenant.admin, fromSequence=3, toSequence=6)
    report = verify(ranged)
    assert_good(report)
    assert (report.coverage, report.first_sequence, report.last_sequence) == ("range", 3, 6)
    filtered = await exported(tenant.admin, actions=["binder:created", "folder:created"])
    report = verify(filtered)
    assert_good(report)
    assert (report.coverage, report.events) == ("filtered", 2)
    assert read(filtered)[0]["conditions"] == {"actions": ["binder:created", "folder:created"]}
    assert "partial" not in report.notes
    empty = verify(await exported(tenant.admin, searchTerm="nobody at all"))
    assert_good(empty)
    assert empty.events == 0
    wrong = await tenant.admin.get("/audit/events/export", params={"fromSequence": 10_000})
    assert wrong.status_code == 400
    assert "fromSequence" in wrong.json()["errors"]


async def test_csv_has_no_formulas(tenant: Tenant) -> None:
    await work(tenant.admin)
    answer = await tenant.admin.get("/audit/events/export", params={"format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    events = events_in(await exported(tenant.admin))
    assert [row["hash"] for row in rows] == [event["hash"] for event in events]
    assert "'=HYPERLINK(1)" in {row["objectName"] for row in rows}
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert verify(answer.content.splitlines(keepends=True)).problem is not None


# ── Checkpoints ───────────────────────────────────────────────────────────────────────────────────


async def checkpoint(admin: Caller) -> Json:
    answer = await admin.post("/audit/checkpoints")
    assert answer.status_code == 200, answer.text
    made: Json = answer.json()
    return made


async def test_checkpoints_are_made_when_there_is_news_and_can_be_taken_away(
    tenant: Tenant,
) -> None:
    first = await checkpoint(tenant.admin)
    assert await checkpoint(tenant.admin) == first
    await work(tenant.admin)
    second = await checkpoint(tenant.admin)
    assert second["sequence"] > first["sequence"]
    listed = (await tenant.admin.get("/audit/checkpoints")).json()
    assert listed["items"] == [second, first]
    assert listed["totalCount"] == 2
    page = (await tenant.admin.get("/audit/checkpoints", params={"pageSize": 1})).json()
    assert page["items"] == [second]
    query = {"pageSize": 1, "cursor": page["nextCursor"]}
    assert (await tenant.admin.get("/audit/checkpoints", params=query)).json()["items"] == [first]
    taken = [first["signed"], second["signed"]]
    await work(tenant.admin)
    lines = await exported(tenant.admin)
    report = verify(lines, taken=taken, fingerprints=[first["keyId"]])
    assert_good(report)
    assert report.checkpoints == 3
    assert report.notes == ()


async def test_the_keys_are_published(world: World, tenant: Tenant) -> None:
    made = await checkpoint(tenant.admin)
    answer = await world.http.get("/.well-known/ringbinder-audit-keys.json")
    keys = answer.json()["keys"]
    assert made["keyId"] in [key["kid"] for key in keys]
    assert not any("d" in key for key in keys)
    assert read(await exported(tenant.admin))[0]["keys"] == keys


async def test_the_job_covers_every_organisation_with_news(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    await world.parts.checkpoints.make_due()
    for one in (tenant, other):
        listed = (await one.admin.get("/audit/checkpoints")).json()["items"]
        assert [item["sequence"] for item in listed] == [len(events_in(await exported(one.admin)))]
    # There is no news, and what is younger than half the interval waits for the next time.
    await work(tenant.admin)
    await world.parts.checkpoints.make_due()
    assert (await tenant.admin.get("/audit/checkpoints")).json()["totalCount"] == 1


async def test_an_older_key_still_vouches(world: World, tenant: Tenant) -> None:
    old = await checkpoint(tenant.admin)
    newer = await world.parts.audit_keys.add()
    await work(tenant.admin)
    lines = await exported(tenant.admin)
    report = verify(lines, taken=[old["signed"]], fingerprints=[old["keyId"], newer])
    assert_good(report)
    assert set(report.keys) == {old["keyId"], newer}
    only_new = verify(lines, fingerprints=[newer])
    assert only_new.problem is not None
    assert only_new.problem.fault is Fault.FORGED


# ── What the database refuses ─────────────────────────────────────────────────────────────────────

EVENTS = table("audit_events", column("organisation_key"), column("action"), column("sequence"))


async def test_the_database_refuses_to_change_or_delete_events(
    world: World, tenant: Tenant
) -> None:
    before = await exported(tenant.admin)
    for statement in (
        "UPDATE audit_events SET action = 'x' WHERE organisation_key = :key",
        "DELETE FROM audit_events WHERE organisation_key = :key",
        "UPDATE audit_checkpoints SET sequence = 0 WHERE organisation_key = :key",
        "DELETE FROM audit_checkpoints WHERE organisation_key = :key",
        "UPDATE audit_personal SET name = 'x' WHERE organisation_key = :key",
    ):
        with pytest.raises((DBAPIError, ConcurrentChangeError)):
            async with world.parts.database.write(None) as session:
                await session.execute(text(statement), key=tenant.organisation.key)
    assert events_in(await exported(tenant.admin)) == events_in(before)


async def test_replacing_or_emptying_is_refused_too(world: World, tenant: Tenant) -> None:
    statement = (
        "TRUNCATE audit_events"
        if world.engine == "postgresql"
        else "REPLACE INTO audit_events SELECT * FROM audit_events"
    )
    before = await exported(tenant.admin)
    with pytest.raises((DBAPIError, ConcurrentChangeError)):
        async with world.parts.database.write(None) as session:
            await session.execute(text(statement))
    assert events_in(await exported(tenant.admin)) == events_in(before)


async def test_events_go_only_with_their_organisation(world: World) -> None:
    gone, stays = await world.new_tenant(), await world.new_tenant()
    await checkpoint(gone.admin)
    async with world.parts.database.write(None) as session:
        delete_it = text("DELETE FROM organisations WHERE key = :key")
        await session.execute(delete_it, key=gone.organisation.key)
    async with world.parts.database.read(None) as reading:
        of = select(EVENTS.c.sequence).where(EVENTS.c.organisation_key == gone.organisation.key)
        assert not await reading.all(of)
    assert_good(verify(await exported(stays.admin)))


async def test_what_was_tampered_with_is_not_vouched_for(database_url: str, tmp_path: Path) -> None:
    parts = assemble(Settings(data=tmp_path, database_url=database_url))
    organisation = await organisations.create_organisation(
        parts.database, name="Kastanjen", api_clients_enabled=True
    )
    for _ in range(3):
        await leave_event(parts.database, organisation)
    async with parts.database.write(None) as session:
        drop = (
            "ALTER TABLE audit_events DISABLE TRIGGER audit_events_no_change"
            if database_url.startswith("postgresql")
            else "DROP TRIGGER audit_events_no_delete"
        )
        await session.execute(text(drop))
        await session.execute(text("DELETE FROM audit_events WHERE sequence = 2"))
    with pytest.raises(ChainBrokenError) as caught:
        await parts.checkpoints.make(organisation.key, organisation.id)
    assert caught.value.sequence == 2
    await parts.close()


async def leave_event(database: Database, organisation: Organisation, count: int = 1) -> None:
    async with database.write(organisation.key) as session:
        for _ in range(count):
            evidence.record(
                session,
                organisations.operator(organisation),
                Action.ORGANISATION_UPDATED,
                Subject(type="organisation", id=str(organisation.id)),
                after={"position": 1.5, "label": "Våning 2", "folderId": new_guid()},
            )


async def test_concurrent_writers_make_one_chain(world: World, tenant: Tenant) -> None:
    writers = [leave_event(world.parts.database, tenant.organisation, 3) for _ in range(20)]
    await asyncio.gather(*writers)
    report = verify(await exported(tenant.admin))
    assert_good(report)
    assert report.events >= 60


async def test_writers_of_two_processes_make_one_chain(database_url: str, tmp_path: Path) -> None:
    parts = assemble(Settings(data=tmp_path, database_url=database_url))
    other = Database(make_engine(database_url), SystemClock())
    organisation = await organisations.create_organisation(
        parts.database, name="Kastanjen", api_clients_enabled=True
    )
    await asyncio.gather(
        *(leave_event(which, organisation) for _ in range(20) for which in (parts.database, other))
    )
    made = await parts.checkpoints.make(organisation.key, organisation.id)
    assert made.sequence == 41
    await other.close()
    await parts.close()


# ── Erasing ───────────────────────────────────────────────────────────────────────────────────────


async def audit_rows(world: World, organisation: Organisation) -> str:
    """All that the audit trail holds of an organisation, as one text."""
    async with world.parts.database.read(None) as session:
        found = [
            await session.all(select(one).where(one.c.organisation_key == organisation.key))
            for one in (audit_events, audit_personal)
        ]
    return repr(found)


async def test_an_erased_person_is_gone_and_the_chain_is_whole(
    world: World, tenant: Tenant
) -> None:
    await work(tenant.admin, tenant.creator)
    taken = (await checkpoint(tenant.admin))["signed"]
    before = events_in(await exported(tenant.admin))
    assert "Creator client" in await audit_rows(world, tenant.organisation)
    async with world.parts.database.write(tenant.organisation.key) as session:
        erased = await erase_person(session, tenant.operator, person_id=tenant.creator.client_id)
    assert erased.as_object == 1
    assert erased.as_actor > 3
    assert "Creator client" not in await audit_rows(world, tenant.organisation)
    lines = await exported(tenant.admin)
    assert b"Creator client" not in b"".join(lines)
    report = verify(lines, taken=[taken])
    assert_good(report)
    assert report.erased_parts == erased.as_actor + 1
    after = events_in(lines)
    assert [event["hash"] for event in after[: len(before)]] == [e["hash"] for e in before]
    assert after[-1]["record"]["action"] == "cli:person:erased"
    found = (await tenant.admin.post("/audit/events/search", json={"direction": "asc"})).json()
    assert "Creator client" not in json.dumps(found)
    mine = [e for e in found["items"] if e["actor"]["id"] == str(tenant.creator.client_id)]
    assert len(mine) == erased.as_actor
    assert {(e["actor"]["name"], e["actor"]["erased"], e["address"]) for e in mine} == {
        ("erased", True, None)
    }
    [created] = [e for e in found["items"] if e["object"]["erased"]]
    assert created["action"] == "cli:client:created"
    assert created["after"] == {"role": "Creator"}
    others = [e for e in found["items"] if e["actor"]["name"] == "operator"]
    assert others
    csv_answer = await tenant.admin.get("/audit/events/export", params={"format": "csv"})
    assert "Creator client" not in csv_answer.text
    with pytest.raises(NothingToEraseError):
        async with world.parts.database.write(tenant.organisation.key) as session:
            await erase_person(session, tenant.operator, person_id=tenant.creator.client_id)


async def test_an_erased_person_is_gone_from_the_file_itself(
    database_url: str, tmp_path: Path
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL overwrites it when it vacuums")
    parts = assemble(Settings(data=tmp_path, database_url=database_url))
    organisation = await organisations.create_organisation(
        parts.database, name="Kastanjen", api_clients_enabled=True
    )
    actor = organisations.operator(organisation)
    async with parts.database.write(organisation.key) as session:
        issued = await clients.create_client(
            session, actor, organisation=organisation, name="Unforgettable", role=Role.ADMIN
        )
    async with parts.database.write(organisation.key) as session:
        await erase_person(session, actor, person_id=issued.client.id)
    async with parts.database.write(None) as session:
        await session.execute(text("DELETE FROM clients"))
    await parts.close()
    path = Path(database_url.removeprefix("sqlite:///"))
    assert b"Unforgettable" not in await asyncio.to_thread(path.read_bytes)


async def test_what_vanished_without_an_erasure_is_noticed(world: World, tenant: Tenant) -> None:
    """Whoever empties the table by hand leaves a gap that no event explains."""
    async with world.parts.database.write(None) as session:
        await session.execute(
            delete(audit_personal).where(
                audit_personal.c.organisation_key == tenant.organisation.key,
                audit_personal.c.sequence == 4,
                audit_personal.c.part == 0,
            )
        )
    report = verify(await exported(tenant.admin))
    assert report.problem is not None
    assert report.problem.sequence == 4
