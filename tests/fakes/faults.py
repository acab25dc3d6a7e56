"""The outside world, of which the n-th call fails: databases, stores and the disk below them."""

import errno
import os
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Executable, Table

from ringbinder.adapters.storage import StorageUnavailable
from ringbinder.adapters.storage.filesystem import Entry, FileSystem
from ringbinder.adapters.storage.local import LocalObjectStore
from ringbinder.adapters.storage.protocol import StoredBytes, StoredObject
from ringbinder.db.bulk import Meeting, Rows
from ringbinder.db.engine import Connection, Engine, Outcome, Parameters, Told
from tests.fakes.engines import BrokenDiskError, broken


@dataclass
class Faults:
    """Counts calls; the one whose number was chosen fails, and no other."""

    at: int | None = None
    calls: int = 0
    failed: str | None = None
    kinds: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def arm(self, number: int) -> None:
        """Let the call of this number fail, from now on counted from 1."""
        self.at, self.calls, self.failed = number, 0, None

    def disarm(self) -> str | None:
        """Let nothing fail any more, and name what did."""
        self.at = None
        return self.failed

    def meets(self, call: str) -> bool:
        """Count a call and tell whether it must fail."""
        with self._lock:
            self.calls += 1
            if self.at != self.calls:
                return False
            self.failed = call
            self.kinds.add(call)
            return True


@dataclass
class FaultyEngine:
    """A real engine; a commit can fail before it is done, and after."""

    real: Engine
    faults: Faults

    @property
    def dialect_name(self) -> str:
        return self.real.dialect_name

    @asynccontextmanager
    async def transaction(self, *, writable: bool) -> AsyncIterator[Connection]:
        if self.faults.meets("begin"):
            raise BrokenDiskError
        async with self.real.transaction(writable=writable) as connection:
            yield _FaultyConnection(connection, self.faults)

    async def fetch(
        self, sql: str, parameters: Sequence[Any], *, keep_plan: bool = False
    ) -> Sequence[Sequence[Any]]:
        if self.faults.meets("begin"):
            raise BrokenDiskError
        return await self.real.fetch(sql, parameters, keep_plan=keep_plan)

    async def close(self) -> None:
        await self.real.close()


@dataclass
class _FaultyConnection:
    real: Connection
    faults: Faults
    has_failed: bool = False

    def _meet(self, call: str) -> None:
        if self.has_failed or self.faults.meets(call):
            raise BrokenDiskError

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        self._meet("statement")
        return await self.real.execute(statement, parameters)

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Told:
        if self.faults.meets("statement that nobody waits for"):
            self.has_failed = True  # which whoever comes next hears
            return broken()
        return await self.real.insert(table, columns, rows, meeting)

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        self._meet("statement")
        return await self.real.allot(table, number)

    async def commit(self) -> None:
        self._meet("commit")
        await self.real.commit()
        if self.faults.meets("answer of a commit"):
            raise BrokenDiskError


class FaultyFiles(FileSystem):
    """The disk of this machine."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def _meet(self, call: str) -> None:
        if self._faults.meets(call):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def open(self, name: str | Path, flags: int, *, folder: int | None = None) -> int:
        self._meet("open")
        return super().open(name, flags, folder=folder)

    def write(self, descriptor: int, data: memoryview) -> int:
        self._meet("write")
        return super().write(descriptor, data)

    def read(self, descriptor: int, size_bytes: int, offset: int) -> bytes:
        self._meet("read")
        return super().read(descriptor, size_bytes, offset)

    def fsync(self, descriptor: int) -> None:
        self._meet("fsync")
        super().fsync(descriptor)

    def rename(self, source: str, target: str, *, source_folder: int, target_folder: int) -> None:
        self._meet("rename")
        super().rename(source, target, source_folder=source_folder, target_folder=target_folder)

    def unlink(self, name: str, *, folder: int) -> None:
        self._meet("unlink")
        super().unlink(name, folder=folder)

    def mkdir(self, name: str | Path, *, folder: int | None = None) -> None:
        self._meet("mkdir")
        super().mkdir(name, folder=folder)

    def find(self, name: str, *, folder: int) -> Entry | None:
        self._meet("find")
        return super().find(name, folder=folder)


class FaultyStore(LocalObjectStore):
    """The local store, whose calls fail as a whole too, before they are done and after."""

    def __init__(self, root: Path, faults: Faults) -> None:
        super().__init__(root, files=FaultyFiles(faults))
        self._faults = faults

    def _meet(self, call: str) -> None:
        if self._faults.meets(call):
            raise StorageUnavailable(call)

    async def receive(
        self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int
    ) -> StoredBytes:
        self._meet("receive")
        received = await super().receive(key, chunks, max_bytes=max_bytes)
        self._meet("answer of receive")
        return received

    async def put_all(self, objects: Mapping[str, bytes]) -> None:
        self._meet("put")
        await super().put_all(objects)
        self._meet("answer of put")

    async def move(self, source: str, target: str) -> None:
        self._meet("move")
        await super().move(source, target)
        self._meet("answer of move")

    async def stat(self, key: str) -> StoredObject | None:
        self._meet("stat")
        return await super().stat(key)

    async def delete(self, key: str) -> None:
        self._meet("delete")
        await super().delete(key)
        self._meet("answer of delete")

    async def list_objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        self._meet("list")
        async for found in super().list_objects(prefix):
            yield found
