"""Engines that fail where they are told to, or count what they are asked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Row, Table

from ringbinder.db.bulk import Meeting, Rows
from ringbinder.db.engine import Connection, Engine, Outcome, Parameters, Told


class BrokenDiskError(Exception):
    """The disk went away at the worst moment."""


def broken() -> Told:
    """Give what an insert gives that fails once nobody looks."""
    told: asyncio.Future[Sequence[Row[Any]]] = asyncio.get_running_loop().create_future()
    told.set_exception(BrokenDiskError())
    told.exception()
    return told


@dataclass
class FailingEngine:
    """A real engine whose commits, or whose n-th write statement, can be made to fail."""

    real: Engine
    commits_fail: bool = False
    commits_before_failing: int = 0
    fails_at: int | None = None
    statements: int = 0

    @property
    def dialect_name(self) -> str:
        return self.real.dialect_name

    @asynccontextmanager
    async def transaction(self, *, writable: bool) -> AsyncIterator[Connection]:
        async with self.real.transaction(writable=writable) as connection:
            yield _FailingConnection(self, connection) if writable else connection

    async def fetch(
        self, sql: str, parameters: Sequence[Any], *, keep_plan: bool = False
    ) -> Sequence[Sequence[Any]]:
        return await self.real.fetch(sql, parameters, keep_plan=keep_plan)

    async def close(self) -> None:
        await self.real.close()


@dataclass
class _FailingConnection:
    engine: FailingEngine
    real: Connection
    has_failed: bool = False

    def _count(self) -> None:
        self.engine.statements += 1
        self.has_failed = self.has_failed or self.engine.statements == self.engine.fails_at

    def _raise(self) -> None:
        if self.has_failed:
            raise BrokenDiskError

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        self._count()
        self._raise()
        return await self.real.execute(statement, parameters)

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Told:
        self._count()
        return (
            broken() if self.has_failed else await self.real.insert(table, columns, rows, meeting)
        )

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        self._count()
        self._raise()
        return await self.real.allot(table, number)

    async def commit(self) -> None:
        self._raise()
        if self.engine.commits_fail:
            self.engine.commits_before_failing -= 1
            if self.engine.commits_before_failing < 0:
                raise BrokenDiskError
        await self.real.commit()


@dataclass
class CountingEngine:
    """A real engine that counts what it is asked."""

    real: Engine
    statements: int = 0

    @property
    def dialect_name(self) -> str:
        return self.real.dialect_name

    @asynccontextmanager
    async def transaction(self, *, writable: bool) -> AsyncIterator[Connection]:
        async with self.real.transaction(writable=writable) as connection:
            yield _CountingConnection(self, connection)

    async def fetch(
        self, sql: str, parameters: Sequence[Any], *, keep_plan: bool = False
    ) -> Sequence[Sequence[Any]]:
        self.statements += 1
        return await self.real.fetch(sql, parameters, keep_plan=keep_plan)

    async def close(self) -> None:
        await self.real.close()


@dataclass
class _CountingConnection:
    engine: CountingEngine
    real: Connection

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        self.engine.statements += 1
        return await self.real.execute(statement, parameters)

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Told:
        self.engine.statements += 1
        return await self.real.insert(table, columns, rows, meeting)

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        self.engine.statements += 1
        return await self.real.allot(table, number)

    async def commit(self) -> None:
        await self.real.commit()
