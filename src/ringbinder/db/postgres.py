"""PostgreSQL for many processes and machines."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from ringbinder.db.engine import Outcome, Parameters

POOL_SIZE = 10
POOL_OVERFLOW = 10
READERS = 8
"""Connections for single statements; more would not help a process that one core serves."""

# A generic plan has made one and the same search 150 times slower (measured).
_SERVER_SETTINGS: Final = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
_REMEMBERED_STATEMENTS: Final = 500


class PostgresEngine:
    """A pool of connections. Readers see one snapshot for the whole session; writers lock rows."""

    dialect_name = "postgresql"

    def __init__(self, url: str) -> None:
        """Connect to ``postgresql://…``; nothing is opened until first used."""
        self._engine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_pre_ping=True,
            connect_args={"server_settings": _SERVER_SETTINGS},
        )
        self._readers = _Readers(url)
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def transaction(self, *, writable: bool) -> AsyncIterator["_Transaction"]:
        """Lend a connection inside a fresh transaction."""
        engine = self._engine if writable else self._reader
        async with engine.connect() as connection:
            transaction = _Transaction(connection)
            try:
                yield transaction
            finally:
                await asyncio.shield(transaction.rollback())

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run one reading statement by itself: one way to the server and back."""
        return await self._readers.fetch(sql, parameters)

    async def close(self) -> None:
        """Close the pools."""
        await self._readers.close()
        await self._engine.dispose()


class _Transaction:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        result = await self._connection.execute(statement, parameters)
        rows = result.all() if result.returns_rows else ()
        return Outcome(rows=rows, row_count=result.rowcount)

    async def commit(self) -> None:
        await self._connection.commit()

    async def rollback(self) -> None:
        await self._connection.rollback()


class _Readers:
    """Connections of the bare driver, made when first needed and never reset: they only read."""

    def __init__(self, url: str) -> None:
        self._url = url
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
                connection = await self._connect()
                return await connection.fetch(sql, *parameters)
        finally:
            self._free.put_nowait(connection)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            self._url,
            server_settings=_SERVER_SETTINGS | {"default_transaction_read_only": "on"},
            statement_cache_size=_REMEMBERED_STATEMENTS,
            max_cached_statement_lifetime=0,
        )

    async def close(self) -> None:
        for _ in range(READERS):
            connection = await self._free.get()
            if connection is not None:
                await connection.close()
