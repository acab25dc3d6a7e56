"""Bytes on their way, for whatever takes or gives a stream."""

from collections.abc import AsyncIterator

from ringbinder.adapters.storage import ObjectStore

MEBIBYTE = 1 << 20


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def put(store: ObjectStore, key: str, *chunks: bytes) -> None:
    await store.receive(key, stream(*chunks), max_bytes=sum(map(len, chunks)))


async def content(store: ObjectStore, key: str, *, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in store.read(key, start=start, end=end)])


async def content_or_none(store: ObjectStore, key: str) -> bytes | None:
    return await content(store, key) if await store.stat(key) else None
