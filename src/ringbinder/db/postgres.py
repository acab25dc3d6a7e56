"""PostgreSQL for many processes and machines."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic
from typing import Any, Final
from weakref import WeakSet

import asyncpg
import sqlalchemy
from sqlalchemy import Executable, Row, Table, event, func, select
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from ringbinder.db.bulk import COPIED_AT_LEAST, BulkInserts, Meeting, Rows, bulk_error
from ringbinder.db.engine import Outcome, Parameters, Told
from ringbinder.kit.finishing import finish

POOL_SIZE = 10
POOL_OVERFLOW = 10
READERS = 5
"""Connections for single statements of either kind; one core needs no more."""

# A generic plan has made one and the same search 150 times slower (measured).
_SERVER_SETTINGS: Final = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
# For statements that say which way to go. While a table is small, reading all of it is planned, and
# that would be kept while it grows.
_KEPT_PLANS: Final = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}
_REMEMBERED_STATEMENTS: Final = 500

# Keys and triggers are looked after by statements of the server's own, one for each row. They too
# are planned anew each time where plans must not be kept, which took a third of a lot's time.
_KEEP_PLANS: Final = "SET LOCAL plan_cache_mode = auto"
_KEEP_NO_PLANS: Final = "SET LOCAL plan_cache_mode = force_custom_plan"

_logger = logging.getLogger("ringbinder.database")

Insert = Callable[[], Awaitable[Sequence[Row[Any]]]]

_USED_AT: Final = "used_at"
_TRUSTED_SECONDS: Final = 5
"""How long a connection can have rested and is still lent without asking the server."""


class PostgresEngine:
    """A pool of connections. Readers see one snapshot for the whole session; writers lock rows."""

    dialect_name = "postgresql"

    def __init__(self, url: str) -> None:
        """Connect to ``postgresql://…``; nothing is opened until first used."""
        self._engine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            connect_args={"server_settings": _SERVER_SETTINGS},
        )
        _keep_alive(self._engine.sync_engine)
        self._connections = _known_connections(self._engine.sync_engine)
        self._bulk = BulkInserts(self._engine.dialect)
        self._readers = _Readers(url, _SERVER_SETTINGS)
        self._steady_readers = _Readers(url, _SERVER_SETTINGS | _KEPT_PLANS)
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def transaction(self, *, writable: bool) -> AsyncIterator["_Transaction"]:
        """Lend a connection inside a fresh transaction."""
        engine = self._engine if writable else self._reader
        connection = await engine.connect()
        transaction = _Transaction(connection, self._bulk)
        try:
            yield transaction
        finally:
            await finish(transaction.end())

    async def fetch(
        self, sql: str, parameters: Sequence[Any], *, keep_plan: bool = False
    ) -> Sequence[Sequence[Any]]:
        """Run one reading statement by itself: one way to the server and back."""
        readers = self._steady_readers if keep_plan else self._readers
        return await readers.fetch(sql, parameters)

    async def close(self) -> None:
        """Close the pools, and cut off what is still in use."""
        await self._readers.close()
        await self._steady_readers.close()
        await self._engine.dispose()
        # The pool knows nothing of those that are still lent.
        lost = [connection for connection in self._connections if not connection.is_closed()]
        for connection in lost:
            connection.terminate()
        if lost:
            _logger.warning("connections were in use at the end", extra={"number": len(lost)})


def _known_connections(engine: sqlalchemy.Engine) -> "WeakSet[asyncpg.Connection]":
    """Give what will hold the connections that the pool has made, while they are there."""
    known: WeakSet[asyncpg.Connection] = WeakSet()

    @event.listens_for(engine, "connect")
    def note(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - SQLAlchemy's own
        known.add(connection.driver_connection)

    return known


def _keep_alive(engine: sqlalchemy.Engine) -> None:
    """Let no connection out of the pool that the server has closed meanwhile.

    SQLAlchemy's own way asks the server each time, which is three ways there and back.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: ConnectionPoolEntry, _lent: object) -> None:  # noqa: ANN401 - SQLAlchemy's own
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        used_at = record.info.get(_USED_AT)
        if used_at is None or monotonic() - used_at < _TRUSTED_SECONDS:
            return
        try:
            connection.ping()
        except Exception as error:
            raise InvalidatePoolError from error


class _Transaction:
    def __init__(self, connection: AsyncConnection, bulk: BulkInserts) -> None:
        self._connection = connection
        self._bulk = bulk
        self._last: asyncio.Task[Sequence[Row[Any]]] | None = None
        self._is_over = False
        self._said = _KEEP_NO_PLANS

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        await self._settle()
        await self._say(_KEEP_NO_PLANS)
        result = await self._connection.execute(statement, parameters)
        rows = result.all() if result.returns_rows else ()
        return Outcome(rows=rows, row_count=result.rowcount)

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Told:
        work = partial(self._insert, table, columns, rows, meeting)
        self._last = asyncio.create_task(self._behind(self._last, work))
        return self._last

    async def _behind(
        self, before: asyncio.Task[Sequence[Row[Any]]] | None, work: Insert
    ) -> Sequence[Row[Any]]:
        if before is not None:
            await before
        return [] if self._is_over else await work()

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        (key,) = table.primary_key
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        numbers = func.generate_series(1, number).table_valued("number")
        statement = select(func.nextval(sequence)).select_from(numbers)
        return [row[0] for row in (await self.execute(statement, {})).rows]

    async def _settle(self) -> None:
        """Wait for what was to be inserted soon, and raise what went wrong."""
        if self._last is not None:
            await asyncio.wait([self._last])  # which lets it go on where whoever waits is cancelled
            self._last.result()
            self._last = None

    async def _insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None
    ) -> Sequence[Row[Any]]:
        if len(rows) > 1:
            await self._say(_KEEP_PLANS)
        if len(rows) >= COPIED_AT_LEAST and meeting is None:
            await self._copy(table, columns, rows)
            return []
        told: list[Row[Any]] = []
        for text, values in self._bulk.prepare(table, columns, rows, meeting):
            result = await self._connection.exec_driver_sql(text, values)
            told += result.all() if result.returns_rows else ()
        return told

    async def _copy(self, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """Send rows by the driver itself, inside the transaction that SQLAlchemy has begun."""
        raw = await self._connection.get_raw_connection()
        driver: asyncpg.Connection = raw.driver_connection  # type: ignore[assignment]  # as on SQLite
        names, records = self._bulk.prepare_copy(table, columns, rows)
        try:
            await driver.copy_records_to_table(table.name, records=records, columns=names)
        except asyncpg.PostgresError as error:
            is_broken = isinstance(error, asyncpg.IntegrityConstraintViolationError)
            raise bulk_error(table, error, breaks_constraint=is_broken) from error

    async def _say(self, setting: str) -> None:
        if setting != self._said:
            await self._connection.exec_driver_sql(setting)
            self._said = setting

    async def commit(self) -> None:
        await self._settle()
        await self._connection.commit()

    async def end(self) -> None:
        """Forget whatever was not committed, and give the connection back."""
        self._is_over = True
        if self._last is not None:
            # What is being inserted comes to its end; a connection does one thing at a time.
            await asyncio.gather(self._last, return_exceptions=True)
        try:
            await self._connection.rollback()
        finally:
            await self._connection.close()


class _Readers:
    """Connections of the bare driver, made when first needed and never reset: they only read."""

    def __init__(self, url: str, settings: Mapping[str, str]) -> None:
        self._url = url
        self._settings = {**settings, "default_transaction_read_only": "on"}
        self._free: asyncio.LifoQueue[asyncpg.Connection | None] = asyncio.LifoQueue()
        for _ in range(READERS):
            self._free.put_nowait(None)

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
        connection = await self._free.get()
        try:
            if connection is None or connection.is_closed():
                connection = await self._connect()
            try:
                return await connection.fetch(sql, *parameters)
            except (asyncpg.PostgresConnectionError, ConnectionError):
                # The server has been restarted meanwhile; whoever only reads may ask again.
                connection.terminate()
                connection = await self._connect()
                return await connection.fetch(sql, *parameters)
        finally:
            self._free.put_nowait(connection)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            self._url,
            server_settings=self._settings,
            statement_cache_size=_REMEMBERED_STATEMENTS,
            max_cached_statement_lifetime=0,
        )

    async def close(self) -> None:
        for _ in range(READERS):
            connection = await self._free.get()
            if connection is not None:
                await connection.close()
