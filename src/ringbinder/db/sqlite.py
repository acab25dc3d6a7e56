"""SQLite as a production engine: own threads, several readers, one writer."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import Executable, NullPool, Row, Table, event

from ringbinder.db.bulk import BulkInserts, Meeting, Rows, Statement, bulk_error
from ringbinder.db.engine import Outcome, Parameters, Told
from ringbinder.kit.finishing import finish

Answer = TypeVar("Answer")

BUSY_TIMEOUT_SECONDS = 30
READERS = 4
LINGER_SECONDS = 0.02
"""How long a reader that nobody needs any more keeps its view, at most."""


class SqliteEngine:
    """One file, four reading threads and one writing thread, each with a connection of its own.

    Writers of this process queue in the order in which they came; writers of other processes are
    waited for by SQLite's busy timeout. ``synchronous=FULL``: a commit survives a power cut.
    """

    dialect_name = "sqlite"

    def __init__(self, path: Path, *, readers: int = READERS) -> None:
        """Open nothing yet; connections are made when first used."""
        self._engine = make_sync_engine(path)
        self._writer = _ConnectionThread(self._engine, begin="BEGIN IMMEDIATE", query_only=False)
        self._writer_turn = asyncio.Lock()
        self._threads = [
            _ConnectionThread(self._engine, begin="BEGIN", query_only=True) for _ in range(readers)
        ]
        self._free: asyncio.LifoQueue[_ConnectionThread] = asyncio.LifoQueue()
        for thread in self._threads:
            self._free.put_nowait(thread)

    @asynccontextmanager
    async def transaction(self, *, writable: bool) -> AsyncIterator["_Transaction"]:
        """Lend the writer or a reader inside a fresh transaction."""
        async with self._lent(writable=writable) as thread:
            transaction = _Transaction(thread)
            try:
                yield transaction
            finally:
                if writable:
                    await finish(transaction.rollback())
                else:
                    transaction.leave()

    async def fetch(
        self,
        sql: str,
        parameters: Sequence[Any],
        *,
        keep_plan: bool = False,  # noqa: ARG002 - the driver keeps statements with their plans in any case
    ) -> Sequence[Sequence[Any]]:
        """Run one reading statement in a reader: one errand to its thread, and no transaction."""
        async with self._lent(writable=False) as thread:
            return await thread.run(lambda: thread.fetch(sql, parameters))

    @asynccontextmanager
    async def _lent(self, *, writable: bool) -> AsyncIterator["_ConnectionThread"]:
        if writable:
            async with self._writer_turn:
                yield self._writer
            return
        thread = await self._free.get()
        thread.is_lent = True
        try:
            yield thread
        finally:
            thread.is_lent = False
            self._free.put_nowait(thread)

    async def close(self) -> None:
        """Close every connection in the thread that made it, then end the threads."""
        for thread in (self._writer, *self._threads):
            await thread.close()
        self._engine.dispose()


def make_sync_engine(path: Path) -> sqlalchemy.Engine:
    """Make the plain engine that migrations and the threads share."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself: ours say IMMEDIATE when they will write.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            # REPLACE then counts as a deletion, which triggers may refuse; and what was deleted,
            # such as an erased name, does not stay in the file.
            "recursive_triggers = ON",
            "secure_delete = ON",
            "cache_size = -65536",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class _Transaction:
    """Begins with its first statement, in the same errand to the thread."""

    def __init__(self, thread: "_ConnectionThread") -> None:
        self._thread = thread
        self._is_open = False
        self._failure: Exception | None = None

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        return await self._run(lambda: self._thread.execute(statement, parameters))

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Told:
        work = self._in_turn(lambda: self._thread.insert(table, columns, rows, meeting))

        def soon() -> list[Row[Any]]:
            try:
                return work()
            except Exception as error:
                self._failure = error  # which whoever comes next raises too
                raise

        return self._thread.begin_to_run(soon)

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        # Nobody else writes before this transaction ends.
        return await self._run(lambda: self._thread.allot(table, number))

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await self._thread.run(self._in_turn(work))

    def _in_turn(self, work: Callable[[], Answer]) -> Callable[[], Answer]:
        is_first, self._is_open = not self._is_open, True

        def in_turn() -> Answer:
            if self._failure is not None:
                raise self._failure
            if is_first:
                self._thread.begin()
            return work()

        return in_turn

    async def commit(self) -> None:
        if self._is_open:
            await self._run(self._thread.commit)
            self._is_open = False

    async def rollback(self) -> None:
        # What still waits is dropped, and with it a commit that nobody waits for any more.
        self._failure = self._failure or RuntimeError("the transaction is over")
        if self._is_open:
            self._is_open = False
            await self._thread.run(self._thread.rollback)

    def leave(self) -> None:
        """End it without waiting; whoever uses the thread next sees nothing of it."""
        if self._is_open:
            self._is_open = False
            self._thread.leave()


class _ConnectionThread:
    """A thread that owns one connection and runs what it is handed, in order."""

    def __init__(self, engine: sqlalchemy.Engine, *, begin: str, query_only: bool) -> None:
        self._engine = engine
        self._bulk = BulkInserts(engine.dialect)
        self._begin = begin
        self._query_only = query_only
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: sqlalchemy.Connection | None = None
        self._tidying: asyncio.TimerHandle | None = None
        self.is_lent = False

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Run work in the thread and wait for it without blocking the event loop."""
        return await self.begin_to_run(work)

    def begin_to_run(self, work: Callable[[], Answer]) -> "asyncio.Future[Answer]":
        """Let the thread run work behind all that it was given before."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._serve, name="ringbinder-sqlite", daemon=True
            )
            self._thread.start()
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._jobs.put(lambda: _answer(answer, work))
        return answer

    def begin(self) -> None:
        self._roll_back_or_disconnect()
        connection = self._connected()
        if self._query_only:
            self._driver_connection().execute(self._begin)
        else:
            connection.exec_driver_sql(self._begin)

    def fetch(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        self._roll_back_or_disconnect()
        self._connected()
        return self._driver_connection().execute(sql, parameters).fetchall()

    def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        assert self._connection is not None  # noqa: S101 - begin() always came before
        result = self._connection.execute(statement, parameters)
        rows = result.all() if result.returns_rows else ()
        return Outcome(rows=rows, row_count=result.rowcount)

    def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None
    ) -> list[Row[Any]]:
        assert self._connection is not None  # noqa: S101 - begin() always came before
        statements = self._bulk.prepare(table, columns, rows, meeting)
        if meeting is None or not meeting.columns:
            self._insert_silently(table, statements)
            return []
        results = (self._connection.exec_driver_sql(*each) for each in statements)
        return [row for result in results for row in result.all()]

    def _insert_silently(self, table: Table, statements: Iterable[Statement]) -> None:
        """Run inserts by the driver itself: around each of many, SQLAlchemy takes as long again."""
        driver = self._driver_connection()
        try:
            for text, values in statements:
                driver.execute(text, values)
        except sqlite3.Error as error:
            is_broken = isinstance(error, sqlite3.IntegrityError)
            raise bulk_error(table, error, breaks_constraint=is_broken) from error

    def allot(self, table: Table, number: int) -> Sequence[int]:
        (key,) = table.primary_key
        (last,) = self._driver_connection().execute(f"SELECT max({key.name}) FROM {table.name}")  # noqa: S608 - names of our own tables
        first = (last[0] or 0) + 1
        return range(first, first + number)

    def commit(self) -> None:
        self._driver_connection().execute("COMMIT")
        self._end_bookkeeping()

    def rollback(self) -> None:
        if self._connection is None:
            return
        connection = self._driver_connection()
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        self._end_bookkeeping()

    def leave(self) -> None:
        """Let whoever comes next roll back; if nobody does, it is done in a moment.

        An errand of its own would wake the thread, which then takes the interpreter away from the
        answer that is being written.
        """
        if self._tidying is None:
            loop = asyncio.get_running_loop()
            self._tidying = loop.call_later(LINGER_SECONDS, self._tidy)

    def _tidy(self) -> None:
        self._tidying = None
        if not self.is_lent:
            self._jobs.put(self._roll_back_or_disconnect)

    def _roll_back_or_disconnect(self) -> None:
        try:
            self.rollback()
        except Exception:  # noqa: BLE001 - whoever comes next gets a new connection
            with contextlib.suppress(Exception):
                self._disconnect()
            self._connection = None

    async def close(self) -> None:
        if self._tidying is not None:
            self._tidying.cancel()
        if self._thread is not None:
            await self.run(self._disconnect)
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _connected(self) -> sqlalchemy.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            if self._query_only:
                self._connection.exec_driver_sql("PRAGMA query_only = ON")
        return self._connection

    def _driver_connection(self) -> sqlite3.Connection:
        assert self._connection is not None  # noqa: S101 - begin() always came before
        driver: sqlite3.Connection = self._connection.connection.driver_connection  # type: ignore[assignment]  # SQLAlchemy types it as Any of any driver
        return driver

    def _end_bookkeeping(self) -> None:
        # SQLAlchemy counts a transaction of its own ("autobegin"); the real one has just ended.
        if self._connection is not None and self._connection.in_transaction():
            self._connection.rollback()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def _answer(answer: "asyncio.Future[Answer]", work: Callable[[], Answer]) -> None:
    outcome: Future[Answer] = Future()
    try:
        outcome.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whatever happened belongs to the one who waits
        outcome.set_exception(error)
    # A loop that has been closed has nobody waiting any more.
    with contextlib.suppress(RuntimeError):
        answer.get_loop().call_soon_threadsafe(_hand_over, answer, outcome)


def _hand_over(answer: "asyncio.Future[Answer]", outcome: "Future[Answer]") -> None:
    if answer.done():
        return
    error = outcome.exception()
    if error is not None:
        answer.set_exception(error)
        answer.exception()  # as of an insert that nobody waits for, which others will tell of
    else:
        answer.set_result(outcome.result())
