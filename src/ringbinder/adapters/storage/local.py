"""Bytes in files of this machine: production, not a toy."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from ringbinder.adapters.storage.disk import Disk, Found, IncomingFile, may_begin_with
from ringbinder.adapters.storage.errors import StorageFull, StorageUnavailable
from ringbinder.adapters.storage.filesystem import FileSystem, named_errors
from ringbinder.adapters.storage.keys import (
    PIECE_BYTES,
    Allowance,
    require_key,
    require_prefix,
    require_range,
)
from ringbinder.adapters.storage.protocol import StoredBytes, StoredObject
from ringbinder.adapters.storage.threads import Conveyor, Threads

THREADS = 8


class LocalObjectStore:
    """An ObjectStore in a folder, which is made if need be and should be on one file system.

    With `reserve_bytes` it refuses (StorageFull) what would leave less than that free on the disk,
    counting what uploads in progress may still bring. Several processes may share the folder, each
    counting its own. A symbolic link below the folder is never followed, except by who opens
    `local_path`.
    """

    def __init__(
        self,
        root: Path,
        *,
        reserve_bytes: int | None = None,
        files: FileSystem | None = None,
        threads: int = THREADS,
    ) -> None:
        """Make the folders (blocking); StorageUnavailable if that fails."""
        self._disk = Disk(root, files or FileSystem())
        self._threads = Threads(threads)
        self._room = _Room(reserve_bytes)
        with named_errors():
            self._disk.prepare()

    async def receive(
        self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int
    ) -> StoredBytes:
        """See ObjectStore; for want of announced room it's refused before the first chunk."""
        require_key(key)
        allowance = Allowance(max_bytes)
        async with self._incoming(max_bytes) as incoming:
            sha256 = await self._fill(incoming, chunks, allowance)
            await self._threads.run(incoming.sync)
            await self._threads.run(self._disk.publish, incoming, key)
        return StoredBytes(key, allowance.taken_bytes, sha256)

    @asynccontextmanager
    async def _incoming(self, announced_bytes: int) -> AsyncIterator[IncomingFile]:
        incoming = self._disk.incoming()
        try:
            free_bytes = await self._threads.run(incoming.begin)
            with self._room.kept(incoming, announced_bytes, free_bytes):
                yield incoming
        finally:
            await self._threads.run(incoming.close)

    async def _fill(
        self, incoming: IncomingFile, chunks: AsyncIterable[bytes], allowance: Allowance
    ) -> str:
        conveyor = Conveyor(self._threads, incoming.write)
        try:
            async for chunk in chunks:
                allowance.take(len(chunk))
                await conveyor.add(chunk)
            return await conveyor.finish()
        finally:
            await conveyor.abandon()

    async def put_all(self, objects: Mapping[str, bytes]) -> None:
        """See ObjectStore."""
        for key in objects:
            require_key(key)
        await self._threads.run(self._put_all, objects)

    def _put_all(self, objects: Mapping[str, bytes]) -> None:
        with ExitStack() as open_files:
            written: dict[str, IncomingFile] = {}
            for key, data in objects.items():
                written[key] = self._write(data, open_files, next(iter(written.values()), None))
            # After all are on their way: the disk then writes many at once.
            for incoming in written.values():
                incoming.sync()
            self._disk.publish_all(written)

    def _write(
        self, data: bytes, open_files: ExitStack, beside: IncomingFile | None
    ) -> IncomingFile:
        incoming = self._disk.incoming()
        open_files.callback(incoming.close)
        with self._room.kept(incoming, len(data), incoming.begin(beside)):
            incoming.write(data)
        incoming.start_writeback()
        return incoming

    async def move(self, source: str, target: str) -> None:
        """See ObjectStore."""
        require_key(source)
        require_key(target)
        await self._threads.run(self._disk.move, source, target)

    async def read(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """See ObjectStore."""
        require_key(key)
        require_range(start, end)
        outgoing = self._disk.outgoing(key)
        try:
            await self._threads.run(outgoing.open)
            while wanted := PIECE_BYTES if end is None else min(PIECE_BYTES, end - start):
                piece = await self._threads.run(outgoing.read, wanted, start)
                if not piece:
                    break
                start += len(piece)
                yield piece
        finally:
            await self._threads.run(outgoing.close)

    async def stat(self, key: str) -> StoredObject | None:
        """See ObjectStore."""
        require_key(key)
        return await self._threads.run(self._disk.find, key)

    def local_path(self, key: str) -> Path | None:
        """See ObjectStore."""
        require_key(key)
        return self._disk.path(key)

    async def delete(self, key: str) -> None:
        """See ObjectStore; the folder stays, as another upload may be on its way into it."""
        require_key(key)
        await self._threads.run(self._disk.delete, key)

    async def list_objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        """See ObjectStore; holds one folder's list at a time for each level."""
        require_prefix(prefix)
        waiting: list[Found] = [prefix[: prefix.rfind("/") + 1]]
        while waiting:
            found = waiting.pop()
            if isinstance(found, str):
                contents = await self._threads.run(self._disk.contents, found)
                waiting += reversed([one for one in contents if may_begin_with(prefix, one)])
            else:
                yield found

    async def check(self) -> None:
        """See ObjectStore."""
        try:
            await self._threads.run(self._disk.probe)
        except StorageFull as full:
            raise StorageUnavailable("There is no room for a probe.") from full

    async def sweep_incoming(self, older_than: datetime) -> int:
        """Remove what a crash left behind, and tell how many files that were.

        `older_than` is an aware instant: files last written before it go, so it has to lie further
        back than any pause in an upload that another process may be receiving right now.
        """
        return await self._threads.run(self._disk.sweep, older_than)

    async def close(self) -> None:
        """See ObjectStore."""
        await self._threads.close()


class _Room:
    """Remembers how much the uploads in progress may still bring; asked in several threads."""

    def __init__(self, reserve_bytes: int | None) -> None:
        self._reserve_bytes = reserve_bytes
        self._announced: dict[IncomingFile, int] = {}

    @contextmanager
    def kept(self, incoming: IncomingFile, announced_bytes: int, free_bytes: int) -> Iterator[None]:
        """Keep room for an upload; StorageFull when there isn't any."""
        if self._reserve_bytes is not None:
            left_bytes = free_bytes - self._reserve_bytes - self._expected_bytes()
            if left_bytes < announced_bytes:
                raise StorageFull(f"There is no room for {announced_bytes} bytes.")
        self._announced[incoming] = announced_bytes
        try:
            yield
        finally:
            del self._announced[incoming]

    def _expected_bytes(self) -> int:
        return sum(
            announced_bytes - incoming.written_bytes
            for incoming, announced_bytes in self._announced.copy().items()
        )
