"""Make a picture when it is first asked for, once, and give it ever after."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from ringbinder.adapters.rendering import (
    PictureOrder,
    Renderer,
    RendererUnavailable,
    RenderingError,
    StampOrder,
    Unrenderable,
)
from ringbinder.adapters.storage import ObjectStore
from ringbinder.features.blobs import service as blobs
from ringbinder.features.previews import rules
from ringbinder.features.previews.errors import NoPreviewError, PreviewBusyError
from ringbinder.features.previews.types import Original, PictureSize

LARGEST_ORIGINAL: Final = 1 << 30
"""Larger files have no picture: where they are not in files of this machine they are copied."""

_LARGEST_RESULT: Final = 1 << 30
_PIECE: Final = 1 << 20


class Previews:
    """Pictures and stamped copies, kept beside the bytes of which they are made."""

    def __init__(self, storage: ObjectStore, renderer: Renderer) -> None:
        """Keep in this store what this renderer makes."""
        self._storage = storage
        self._renderer = renderer
        self._in_work: dict[str, asyncio.Task[None]] = {}

    async def picture(self, original: Original, size: PictureSize) -> str:
        """Give the storage key of a WebP of the first page, or of the picture itself.

        Whoever asks for the same at the same time waits for the same. A file that lets no picture
        be made of it is tried once, and then only by a later version of Ringbinder.

        Raises:
            NoPreviewError: there is none, and will be none.
            PreviewBusyError: ask again.

        """
        await self._assert_not_refused(original)
        key = blobs.derived_key(original.storage_key, rules.picture_name(size))
        await self._once(key, lambda: self._make(original, key, PictureOrder(int(size))))
        return key

    async def stamped(self, original: Original, lines: Sequence[str]) -> str:
        """Give the storage key of the same PDF with these lines on each page.

        Raises:
            NoPreviewError: it is no PDF, or cannot be stamped.
            PreviewBusyError: ask again.

        """
        key = blobs.derived_key(original.storage_key, rules.stamped_name(lines))
        await self._once(key, lambda: self._make(original, key, StampOrder(tuple(lines))))
        return key

    async def _assert_not_refused(self, original: Original) -> None:
        if original.size_bytes > LARGEST_ORIGINAL:
            raise NoPreviewError
        if await self._storage.stat(blobs.derived_key(original.storage_key, rules.REFUSED)):
            raise NoPreviewError

    async def _once(self, key: str, make: Callable[[], Awaitable[None]]) -> None:
        """Make what is not there; who goes away leaves the work to those who wait for it too."""
        if await self._storage.stat(key):
            return
        if key not in self._in_work:
            task = asyncio.ensure_future(_awaited(make))
            task.add_done_callback(lambda done: self._forget(key, done))
            self._in_work[key] = task
        await asyncio.shield(self._in_work[key])

    def _forget(self, key: str, done: asyncio.Task[None]) -> None:
        del self._in_work[key]
        if not done.cancelled():
            done.exception()  # Nobody may be left to hear it.

    async def _make(self, original: Original, key: str, order: PictureOrder | StampOrder) -> None:
        try:
            async with self._workplace() as folder, self._source(original, folder) as source:
                target = folder / "result"
                await self._renderer.render(source, target, order)
                await self._storage.receive(key, _pieces(target), max_bytes=_LARGEST_RESULT)
        except Unrenderable as refused:
            if isinstance(order, PictureOrder):
                await self._remember(original, refused)
            raise NoPreviewError from refused
        except RendererUnavailable as error:
            raise NoPreviewError from error
        except RenderingError as error:
            raise PreviewBusyError(headers={"retry-after": "5"}) from error

    async def _remember(self, original: Original, refused: Unrenderable) -> None:
        reason = refused.reason.encode()
        key = blobs.derived_key(original.storage_key, rules.REFUSED)
        await self._storage.receive(key, _single(reason), max_bytes=len(reason))

    @asynccontextmanager
    async def _workplace(self) -> AsyncIterator[Path]:
        place = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="ringbinder-")
        try:
            yield Path(place.name)
        finally:
            await asyncio.to_thread(place.cleanup)

    @asynccontextmanager
    async def _source(self, original: Original, folder: Path) -> AsyncIterator[Path]:
        """Give a file of this machine that holds the bytes."""
        path = self._storage.local_path(original.storage_key)
        if path is None:
            path = folder / "original"
            with await asyncio.to_thread(path.open, "wb") as copy:
                async for piece in self._storage.read(original.storage_key):
                    await asyncio.to_thread(copy.write, piece)
        yield path

    async def close(self) -> None:
        """End the workers; to be called once."""
        for task in tuple(self._in_work.values()):
            task.cancel()
        await asyncio.gather(*self._in_work.values(), return_exceptions=True)
        await self._renderer.close()


async def _awaited(make: Callable[[], Awaitable[None]]) -> None:
    await make()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


async def _single(content: bytes) -> AsyncIterator[bytes]:
    yield content
