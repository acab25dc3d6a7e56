"""What Ringbinder asks of a place that keeps bytes."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What has been received: where it is, how long, and its SHA-256 in lower-case hex."""

    key: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What is stored under a key; `modified_at` (aware UTC) is when its bytes were written."""

    key: str
    size_bytes: int
    modified_at: datetime


class ObjectStore(Protocol):
    """Bytes under keys. Each change is whole and durable when its method returns, or not there.

    Ringbinder makes the keys itself, never from what a user sends: lower-case letters and digits,
    with single `/`, `.` or `-` between them, at most 512 characters, 200 between two slashes. Any
    other key is a ValueError in every method. A key may also be the folder of another (`a`, `a/b`).

    Every method may raise StorageUnavailable; what has been asked for may then be asked for again.
    """

    async def receive(
        self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int
    ) -> StoredBytes:
        """Store a stream under `key`, in place of what was there.

        Nobody sees the new object before all of it is durable, and until then the old one stays.
        `max_bytes` is the length that was announced, or else the most that may come: a store that
        guards its free space refuses what would not fit. A failure leaves nothing new behind,
        be it of the store, of `chunks` or a cancellation, with one exception: once the object is
        complete and takes its key, it stays there whole.

        Raises:
            TooManyBytes: More than `max_bytes` came.
            StorageFull: There is no room.
        """
        ...

    async def put_all(self, objects: Mapping[str, bytes]) -> None:
        """Store small objects that are in memory, each as `receive` does with a stream of it.

        They cost less together. After a failure, some may be there, each of them whole.

        Raises:
            StorageFull: There is no room.
        """
        ...

    async def move(self, source: str, target: str) -> None:
        """Give an object another key at once, in place of what was there.

        Repeating it is no error: when nothing is under `source` but something under `target`,
        it has been done before.

        Raises:
            ObjectNotFound: Nothing is under either key.
            StorageFull: There is no room for the entry.
        """
        ...

    def read(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Stream the bytes from `start` up to, without, `end`, in pieces of at most 1 MiB.

        Bytes behind the object's last one are left out, as in a slice; ValueError for a negative
        start or an end before it. From the first piece on, the object is read as it was then,
        also when it is replaced or deleted meanwhile. Errors come with the first piece. Who stops
        early calls `aclose()` (see `contextlib.aclosing`), or a descriptor stays open for a while.

        Raises:
            ObjectNotFound: Nothing is under the key.
        """
        ...

    async def stat(self, key: str) -> StoredObject | None:
        """Describe what is under `key`; None when there is nothing."""
        ...

    def local_path(self, key: str) -> Path | None:
        """Name the file from which the web server may send this object, without looking for it.

        None for a store without files. The file is to be read only, and may be gone by then.
        """
        ...

    async def delete(self, key: str) -> None:
        """Make sure that nothing is under `key`; it's no error when nothing was."""
        ...

    def list_objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Stream what is stored under keys that begin with `prefix` ("" for all), in their order.

        The order is that of the keys' characters. What changes meanwhile may be listed or not.
        ValueError with the first object when no key could begin like that.
        """
        ...

    async def check(self) -> None:
        """Write, fsync, read back and delete a probe.

        Raises:
            StorageUnavailable: One of these failed, also for want of room.
        """
        ...

    async def close(self) -> None:
        """Release what the store holds; to be called once, when no other call is running."""
        ...
