"""Bytes that end with the process, for tests and for looking around."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ringbinder.adapters.storage.errors import ObjectNotFound
from ringbinder.adapters.storage.keys import (
    PIECE_BYTES,
    Allowance,
    require_key,
    require_prefix,
    require_range,
)
from ringbinder.adapters.storage.protocol import StoredBytes, StoredObject


@dataclass(frozen=True, slots=True)
class _Content:
    data: bytes
    modified_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class MemoryObjectStore:
    """An ObjectStore in one dictionary; its promises are those of the Protocol, but durability."""

    def __init__(self) -> None:
        self._contents: dict[str, _Content] = {}

    async def receive(
        self, key: str, chunks: AsyncIterable[bytes], *, max_bytes: int
    ) -> StoredBytes:
        """See ObjectStore."""
        require_key(key)
        allowance = Allowance(max_bytes)
        buffer = bytearray()
        async for chunk in chunks:
            allowance.take(len(chunk))
            buffer += chunk
        self._contents[key] = _Content(bytes(buffer))
        return StoredBytes(key, len(buffer), hashlib.sha256(buffer).hexdigest())

    async def put_all(self, objects: Mapping[str, bytes]) -> None:
        """See ObjectStore."""
        for key in objects:
            require_key(key)
        self._contents |= {key: _Content(data) for key, data in objects.items()}

    async def move(self, source: str, target: str) -> None:
        """See ObjectStore."""
        require_key(source)
        require_key(target)
        if source in self._contents:
            self._contents[target] = self._contents.pop(source)
        elif target not in self._contents:
            raise ObjectNotFound(source)

    async def read(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """See ObjectStore."""
        require_key(key)
        require_range(start, end)
        if key not in self._contents:
            raise ObjectNotFound(key)
        wanted = memoryview(self._contents[key].data)[start:end]
        for offset in range(0, len(wanted), PIECE_BYTES):
            yield bytes(wanted[offset : offset + PIECE_BYTES])

    async def stat(self, key: str) -> StoredObject | None:
        """See ObjectStore."""
        require_key(key)
        content = self._contents.get(key)
        return StoredObject(key, len(content.data), content.modified_at) if content else None

    def local_path(self, key: str) -> Path | None:
        """See ObjectStore: here is no file."""
        require_key(key)
        return None

    async def delete(self, key: str) -> None:
        """See ObjectStore."""
        require_key(key)
        self._contents.pop(key, None)

    async def list_objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        """See ObjectStore."""
        require_prefix(prefix)
        for key in sorted(self._contents):
            if key.startswith(prefix) and (found := await self.stat(key)):
                yield found

    async def check(self) -> None:
        """See ObjectStore: there is nothing that could fail."""

    async def close(self) -> None:
        """See ObjectStore: there is nothing to release."""
