"""Sessions: the tenant's net, one transaction for each unit of work, and no half of it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exists, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from ringbinder.app import make_engine
from ringbinder.db.address import sqlite_path
from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.db.prepared import Prepared
from ringbinder.db.sessions import Database
from ringbinder.db.tables import binders, counters, documents, organisations
from ringbinder.db.tenancy import TENANT, TenantGuardError, of_tenant
from ringbinder.kit.clock import SystemClock
from ringbinder.kit.ids import new_binder_code, new_guid

pytestmark = pytest.mark.db


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(make_engine(database_url), SystemClock())
    yield database
    await database.close()


async def new_organisation(database: Database) -> int:
    async with database.write(None) as session:
        row = {"id": new_guid(), "name": "x", "api_clients_enabled": True}
        added = await session.insert_returning(
            organisations, row | {"created_at": session.now}, "key"
        )
    key: int = added.key
    return key


def a_binder(session: Any, **changes: object) -> dict[str, object]:
    return {
        "id": new_binder_code(),
        "name": "Kastanjen",
        "sort_name": "kastanjen",
        "type": "project",
        "state": "active",
        "created_at": session.now,
        "created_by_name": "test",
        "updated_at": session.now,
        "revision": 1,
        **changes,
    }


NAMES = select(binders.c.name).where(of_tenant(binders))


@pytest.mark.parametrize(
    "statement",
    [
        select(binders.c.name),
        select(func.count()).select_from(binders),
        select(func.count(binders.c.key)),
        select(binders.c.name).where(of_tenant(documents)),
        select(binders.c.name).join(documents, documents.c.binder_key == binders.c.key),
        NAMES.where(exists().where(documents.c.binder_key == binders.c.key)),
        NAMES.where(binders.c.key.in_(select(documents.c.binder_key))),
        NAMES.union_all(select(binders.c.name)),
        select(select(binders.c.name).cte().c.name),
        select(select(binders.c.name).subquery().c.name),
        select(binders.alias().c.name).where(of_tenant(binders)),
        select(binders.c.name).where(of_tenant(binders) | (binders.c.key > 0)),
        select(binders.c.name).where(~of_tenant(binders)),
        NAMES.where(exists().where(of_tenant(documents) | (documents.c.key > 0))),
        select(select(func.count(documents.c.key)).scalar_subquery()),
        NAMES.add_columns(select(func.count(documents.c.key)).scalar_subquery()),
        select(binders.c.name).join(documents, of_tenant(documents)),
        update(binders).values(name="taken"),
        update(binders)
        .where(of_tenant(binders))
        .values(name=select(documents.c.file_name).limit(1).scalar_subquery()),
        update(binders)
        .where(of_tenant(binders), binders.c.key.in_(select(documents.c.binder_key)))
        .values(name="taken"),
        insert(binders).values(name="planted"),
        insert(binders).from_select(["name"], select(documents.c.file_name)),
        text("SELECT name FROM binders"),
    ],
    ids=lambda statement: " ".join(str(statement).split()),
)
async def test_a_statement_that_does_not_name_the_tenant_is_refused(
    database: Database, statement: Any
) -> None:
    key = await new_organisation(database)
    with pytest.raises(TenantGuardError):
        async with database.write(key) as session:
            await session.all(statement)


OTHER = binders.alias()


@pytest.mark.parametrize(
    "statement",
    [
        NAMES.where(exists().where(documents.c.binder_key == binders.c.key, of_tenant(documents))),
        NAMES.where(exists().where(OTHER.c.key > binders.c.key, of_tenant(OTHER))),
        NAMES.union_all(NAMES),
        select(NAMES.cte().c.name),
        select(NAMES.subquery().c.name),
        NAMES.where(binders.c.key.in_(select(documents.c.binder_key).where(of_tenant(documents)))),
        select(binders.c.name).where((binders.c.key > 0) & (of_tenant(binders))),
        NAMES.add_columns(
            select(func.count(documents.c.key))
            .where(documents.c.binder_key == binders.c.key, of_tenant(documents))
            .scalar_subquery()
        ),
        select(organisations.c.id),
        update(binders).where(of_tenant(binders)).values(name="ours"),
    ],
    ids=lambda statement: " ".join(str(statement).split()),
)
async def test_a_statement_that_names_the_tenant_everywhere_runs(
    database: Database, statement: Any
) -> None:
    key = await new_organisation(database)
    async with database.write(key) as session:
        await session.execute(statement)


async def test_the_session_fills_in_its_own_organisation(database: Database) -> None:
    ours, theirs = await new_organisation(database), await new_organisation(database)
    async with database.write(ours) as session:
        await session.insert(binders, a_binder(session, organisation_key=theirs))
    async with database.read(theirs) as session:
        assert await session.all(NAMES) == []
    async with database.read(ours) as session:
        joined = (
            select(binders.c.name, documents.c.id)
            .outerjoin(documents, (documents.c.binder_key == binders.c.key) & of_tenant(documents))
            .where(binders.c.organisation_key == TENANT)
        )
        assert len(await session.all(joined)) == 1


async def test_a_read_session_cannot_write(database: Database) -> None:
    key = await new_organisation(database)
    with pytest.raises(DBAPIError):
        async with database.read(key) as session:
            await session.all(
                update(binders).where(of_tenant(binders)).values(name="x").returning(binders.c.key)
            )


async def test_an_error_leaves_nothing(database: Database) -> None:
    key = await new_organisation(database)
    with pytest.raises(RuntimeError, match="in the middle"):
        async with database.write(key) as session:
            await session.insert(binders, a_binder(session))
            raise RuntimeError("in the middle")
    async with database.read(key) as session:
        assert await session.all(NAMES) == []


async def test_an_error_in_the_last_hook_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        raise RuntimeError("too late")

    key = await new_organisation(database)
    with pytest.raises(RuntimeError, match="too late"):
        async with database.write(key) as session:
            session.before_commit(fail)
            await session.insert(binders, a_binder(session))
    async with database.read(key) as reader:
        assert await reader.all(NAMES) == []


async def test_a_cancelled_writer_leaves_nothing_and_frees_its_turn(database: Database) -> None:
    key = await new_organisation(database)
    inside = asyncio.Event()

    async def write_forever() -> None:
        async with database.write(key) as session:
            await session.insert(binders, a_binder(session))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_forever())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write(key) as session:
        assert await session.all(NAMES) == []


async def test_two_writers_of_one_unique_row_get_a_named_conflict(database: Database) -> None:
    key = await new_organisation(database)
    code = new_binder_code()
    async with database.write(key) as session:
        await session.insert(binders, a_binder(session, id=code))
    with pytest.raises(ConcurrentChangeError):
        async with database.write(key) as session:
            await session.insert(binders, a_binder(session, id=code))


@pytest.mark.parametrize("others", [0, 1, 60])
async def test_what_goes_wrong_with_an_insert_is_raised_by_all_that_comes_after_it(
    database: Database, others: int
) -> None:
    key = await new_organisation(database)
    async with database.write(key) as session:
        taken = a_binder(session)
        await session.insert(binders, taken)
    with pytest.raises(ConcurrentChangeError):
        async with database.write(key) as session:
            await session.insert(binders, a_binder(session, name="before"))
            await session.insert(binders, *(a_binder(session) for _ in range(others)), taken)
            await session.insert(binders, a_binder(session, name="behind"))
            with pytest.raises(DBAPIError):
                await session.all(NAMES)
    async with database.read(key) as reader:
        assert [row.name for row in await reader.all(NAMES)] == ["Kastanjen"]


async def test_keys_that_were_allotted_are_free_and_are_not_given_again(
    database: Database,
) -> None:
    await new_organisation(database)
    given: list[int] = []
    for _ in range(3):
        async with database.write(None) as session:
            keys = await session.allot(organisations, 3)
            row = {"name": "x", "api_clients_enabled": True, "created_at": session.now}
            rows = [row | {"key": key, "id": new_guid()} for key in keys]
            await session.insert(organisations, *rows)
            by_itself = row | {"id": new_guid()}
            added = await session.insert_returning(organisations, by_itself, "key")
        given += [*keys, added.key]
    assert len(set(given)) == 12
    async with database.read(None) as reader:
        found = await reader.all(select(organisations.c.key))
    assert set(given) <= {row.key for row in found}


async def test_the_next_statement_sees_what_nobody_waited_for(database: Database) -> None:
    key = await new_organisation(database)
    async with database.write(key) as session:
        for number in range(5):
            await session.insert(binders, *(a_binder(session) for _ in range(30)))
            assert len(await session.all(NAMES)) == 30 * (number + 1)


async def test_a_writer_that_is_cancelled_at_any_moment_leaves_all_or_nothing(
    database: Database,
) -> None:
    key = await new_organisation(database)
    row = {"kind": 0, "binder_key": 0, "value": "", "count": 1}

    async def write(round_number: int) -> None:
        async with database.write(key) as session:
            for place in range(4):
                numbers = range(place * 300, place * 300 + 300)
                rows = [
                    row | {"binder_key": round_number, "subject_key": number} for number in numbers
                ]
                await session.insert(counters, *rows)

    for turns in range(40):
        task = asyncio.create_task(write(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        # Whoever writes next comes after whatever is still being done.
        async with database.write(key) as session:
            kept = await session.scalar(
                select(func.count()).where(of_tenant(counters), counters.c.binder_key == turns)
            )
        assert kept in {0, 1200}


@pytest.mark.parametrize("times", [1, 2, 5])
async def test_whoever_is_cancelled_again_and_again_leaves_a_connection_as_it_was(
    database: Database, times: int
) -> None:
    key = await new_organisation(database)

    async def look() -> None:
        async with database.read(key) as session:
            await session.all(NAMES)
            await session.all(NAMES)

    for turns in count():
        task = asyncio.create_task(look())
        for _ in range(turns):
            await asyncio.sleep(0)
        if task.done():
            break
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(task, return_exceptions=True)
        # All at once they get every connection that was given back, the last one too.
        await asyncio.gather(look(), look(), look())


async def test_postgresql_keeps_plans_while_many_rows_go_in_and_not_behind_them(
    database: Database,
) -> None:
    if database.dialect_name != "postgresql":
        pytest.skip("SQLite plans a statement once in any case")
    key = await new_organisation(database)
    async with database.write(None) as session:
        await session.execute(
            text(
                "CREATE FUNCTION tell_mode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                " set_config('test.mode', current_setting('plan_cache_mode'), true);"
                " RETURN NULL; END $$"
            )
        )
        await session.execute(
            text("CREATE TRIGGER tell_mode AFTER INSERT ON binders EXECUTE FUNCTION tell_mode()")
        )
        rows = [a_binder(session, organisation_key=key) for _ in range(2)]
        await session.insert(binders, *rows)
        modes = text("SELECT current_setting('test.mode'), current_setting('plan_cache_mode')")
        assert [tuple(row) for row in await session.all(modes)] == [("auto", "force_custom_plan")]


async def test_many_writers_add_to_one_counter(database: Database) -> None:
    key = await new_organisation(database)
    identity = ("organisation_key", "kind", "binder_key", "subject_key", "value")
    row = {"kind": 0, "binder_key": 0, "subject_key": 0, "value": "", "count": 1}

    async def add() -> None:
        for _ in range(10):
            async with database.write(key) as session:
                await session.scalar(select(func.count()).select_from(organisations))
                await session.insert_or(counters, [row], key=identity, add=("count",))

    await asyncio.gather(*(add() for _ in range(10)))
    async with database.read(key) as reader:
        count = await reader.scalar(select(counters.c.count).where(of_tenant(counters)))
    assert count == 100


@pytest.mark.parametrize("number", [1, 2, 3, 49, 50, 51, 255, 256, 499, 12_000])
async def test_many_rows_go_in_as_they_are(database: Database, number: int) -> None:
    key = await new_organisation(database)
    rows = [
        {"kind": 0, "binder_key": place % 3, "subject_key": place, "value": f"å{place}", "count": 5}
        for place in range(number)
    ]
    async with database.write(key) as session:
        await session.insert(counters, *rows)
    assert await the_counters(database, key) == sorted(tuple(row.values()) for row in rows)


@pytest.mark.parametrize("number", [1, 2, 3, 255, 256, 499, 12_000])
async def test_rows_are_added_to_those_that_are_there(database: Database, number: int) -> None:
    key = await new_organisation(database)
    identity = ("organisation_key", "kind", "binder_key", "subject_key", "value")
    row = {"kind": 0, "binder_key": 7, "subject_key": 0, "value": "", "count": 1}
    some = [row | {"subject_key": place} for place in range(0, number, 2)]
    all_of_them = [row | {"subject_key": place, "count": 10} for place in range(number)]
    async with database.write(key) as session:
        assert await (await session.insert_or(counters, some, key=identity, add=("count",))) == []
        told = await session.insert_or(
            counters, all_of_them, key=identity, add=("count",), columns=("subject_key", "count")
        )
        await session.insert_or(counters, some, key=identity)
    expected = [(place, 10 + (place + 1) % 2) for place in range(number)]
    assert sorted(map(tuple, await told)) == expected
    assert [(row[2], row[4]) for row in await the_counters(database, key)] == expected


@pytest.mark.parametrize("number", [2, 60])
async def test_times_and_ids_go_in_as_they_are_where_rows_share_them(
    database: Database, number: int
) -> None:
    key = await new_organisation(database)
    async with database.write(key) as session:
        rows = [a_binder(session, created_by_id=new_guid()) for _ in range(number)]
        await session.insert(binders, *rows)
    kept = ("id", "created_at", "created_by_id", "updated_at", "deleted_at")
    statement = select(*(binders.c[name] for name in kept)).where(of_tenant(binders))
    async with database.read(key) as reader:
        found = await reader.all(statement.order_by(binders.c.key))
    assert [tuple(row) for row in found] == [tuple(row.get(name) for name in kept) for row in rows]


async def the_counters(database: Database, key: int) -> list[tuple[object, ...]]:
    names = ("kind", "binder_key", "subject_key", "value", "count")
    statement = select(*(counters.c[name] for name in names)).where(of_tenant(counters))
    async with database.read(key) as reader:
        return sorted(tuple(row) for row in await reader.all(statement))


async def test_a_reader_sees_one_moment(database: Database) -> None:
    key = await new_organisation(database)
    async with database.read(key) as reader:
        assert await reader.all(NAMES) == []
        async with database.write(key) as session:
            await session.insert(binders, a_binder(session))
        assert await reader.all(NAMES) == []


async def test_what_a_reader_has_left_is_not_seen_by_the_next(database: Database) -> None:
    key = await new_organisation(database)
    names = database.prepare(NAMES, slots=0)
    for number in range(1, 4):
        async with database.read(key) as reader:
            await reader.all(NAMES)
        async with database.write(key) as session:
            await session.insert(binders, a_binder(session, name=f"{number}"))
        assert len(await database.ask(key, names, [])) == number
        async with database.read(key) as reader:
            assert len(await reader.all(NAMES)) == number


async def test_postgresql_keeps_the_plan_of_a_steady_statement_and_of_no_other(
    database: Database,
) -> None:
    if database.dialect_name != "postgresql":
        pytest.skip("SQLite plans a statement once in any case")
    for is_steady, mode in ((True, "force_generic_plan"), (False, "force_custom_plan")):
        ask = Prepared("SHOW plan_cache_mode", (), (), is_steady=is_steady)
        ((found,),) = await database.ask(1, ask, ())
        assert found == mode


async def test_a_sqlite_reader_that_nobody_needs_gives_its_view_up(
    database: Database, database_url: str
) -> None:
    path = sqlite_path(database_url)
    if path is None:
        pytest.skip("PostgreSQL ends the transaction itself")
    key = await new_organisation(database)
    async with database.read(key) as reader:
        await reader.all(NAMES)
    async with database.write(key) as session:
        await session.insert(binders, a_binder(session))
    with closing(sqlite3.connect(path)) as other:
        async with asyncio.timeout(30):
            # What somebody still looks at cannot be moved from the log into the file.
            while other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # noqa: ASYNC110 - nobody can tell
                await asyncio.sleep(0.01)


async def test_sqlite_keeps_its_files_to_the_owner(tmp_path: Path) -> None:
    from ringbinder.db.migrate import upgrade  # noqa: PLC0415 - as the command line does

    upgrade(f"sqlite:///{tmp_path / 'inner' / 'r.sqlite3'}")
    assert (tmp_path / "inner").stat().st_mode & 0o077 == 0
    assert (tmp_path / "inner" / "r.sqlite3").stat().st_mode & 0o077 == 0


async def test_closing_cuts_off_what_is_still_in_use(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    if database.dialect_name != "postgresql":
        pytest.skip("SQLite has no server")
    second = Database(make_engine(database_url), SystemClock())
    with pytest.raises(DBAPIError, match="connection is closed"):
        async with second.read(None) as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            await second.close()
    assert "connections were in use at the end" in caplog.messages
    others = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
    async with asyncio.timeout(30), database.read(None) as session:
        while await session.scalar(others, pid=pid):  # noqa: ASYNC110 - the server takes its time
            await asyncio.sleep(0.02)


async def test_a_connection_that_the_server_has_closed_is_not_lent_again(
    database: Database, database_url: str
) -> None:
    if database.dialect_name != "postgresql":
        pytest.skip("SQLite has no server")
    async with database.read(None) as one, database.read(None) as other:
        pids = [await each.scalar(text("SELECT pg_backend_pid()")) for each in (one, other)]
    second = Database(make_engine(database_url), SystemClock())
    async with second.read(None) as session:
        for pid in pids:
            await session.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), pid=pid)
    await second.close()
    for _ in pids:
        async with database.read(None) as session:
            assert await session.scalar(text("SELECT pg_backend_pid()")) not in pids
    async with database.write(None) as session:
        assert await session.scalar(text("SELECT 1")) == 1
