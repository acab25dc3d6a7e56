"""Pictures are made once, on demand, kept beside their bytes, and go with them."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from ringbinder.adapters.rendering import PictureOrder, RendererBusy, StampOrder, Unrenderable
from ringbinder.adapters.rendering.bounds import Bounds
from ringbinder.adapters.rendering.errors import Reason
from ringbinder.adapters.rendering.pool import WorkerPool
from ringbinder.adapters.rendering.protocol import Order
from ringbinder.adapters.storage import ObjectStore
from ringbinder.adapters.storage.local import LocalObjectStore
from ringbinder.adapters.storage.memory import MemoryObjectStore
from ringbinder.features.previews.errors import NoPreviewError, PreviewBusyError
from ringbinder.features.previews.service import Previews
from ringbinder.features.previews.types import Original, PictureSize
from tests.factories import files
from tests.support.streams import stream

KEY = "objects/ab/abcdef-0123"


class Hand:
    """A renderer that draws what it is told to, and counts."""

    def __init__(self, *outcomes: Exception) -> None:
        self.orders: list[Order] = []
        self.outcomes = list(outcomes)
        self.begun = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def render(self, source: Path, target: Path, order: Order) -> None:
        self.orders.append(order)
        self.begun.set()
        await self.may_go_on.wait()
        if self.outcomes:
            raise self.outcomes.pop(0)
        await asyncio.to_thread(_draw, source, target)

    async def close(self) -> None:
        pass


def _draw(source: Path, target: Path) -> None:
    target.write_bytes(b"drawn from " + source.read_bytes())


@pytest.fixture(params=["local", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    local: ObjectStore = LocalObjectStore(tmp_path)
    store = MemoryObjectStore() if request.param == "memory" else local
    yield store
    await local.close()


async def stored(store: ObjectStore, content: bytes = b"bytes") -> Original:
    await store.receive(KEY, stream(content), max_bytes=len(content))
    return Original(KEY, len(content))


async def read(store: ObjectStore, key: str) -> bytes:
    return b"".join([piece async for piece in store.read(key)])


async def test_a_picture_is_made_once(store: ObjectStore) -> None:
    hand = Hand()
    original, previews = await stored(store), Previews(store, hand)
    key = await previews.picture(original, PictureSize.THUMBNAIL)
    assert await previews.picture(original, PictureSize.THUMBNAIL) == key
    assert await Previews(store, hand).picture(original, PictureSize.THUMBNAIL) == key
    assert hand.orders == [PictureOrder(320)]
    assert await read(store, key) == b"drawn from bytes"
    assert await previews.picture(original, PictureSize.PREVIEW) != key


async def test_who_asks_at_the_same_time_waits_for_the_same(store: ObjectStore) -> None:
    hand = Hand()
    hand.may_go_on.clear()
    original, previews = await stored(store), Previews(store, hand)
    asked = [
        asyncio.create_task(previews.picture(original, PictureSize.THUMBNAIL)) for _ in range(5)
    ]
    await hand.begun.wait()
    asked[0].cancel()
    hand.may_go_on.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert len(set(map(str, answers[1:]))) == 1
    assert len(hand.orders) == 1


async def test_what_cannot_be_drawn_is_tried_once(store: ObjectStore) -> None:
    hand = Hand(Unrenderable(Reason.BROKEN))
    original, previews = await stored(store), Previews(store, hand)
    for size in (PictureSize.THUMBNAIL, PictureSize.PREVIEW, PictureSize.THUMBNAIL):
        with pytest.raises(NoPreviewError):
            await previews.picture(original, size)
    assert len(hand.orders) == 1


async def test_who_was_told_to_come_back_may(store: ObjectStore) -> None:
    original, previews = await stored(store), Previews(store, Hand(RendererBusy()))
    with pytest.raises(PreviewBusyError):
        await previews.picture(original, PictureSize.THUMBNAIL)
    assert await previews.picture(original, PictureSize.THUMBNAIL)


async def test_each_stamp_has_a_copy_of_its_own(store: ObjectStore) -> None:
    hand = Hand()
    original, previews = await stored(store), Previews(store, hand)
    first = await previews.stamped(original, ("Ersatt av B",))
    second = await previews.stamped(original, ("Ersatt av C",))
    assert first != second
    assert await previews.stamped(original, ("Ersatt av B",)) == first
    assert hand.orders == [StampOrder(("Ersatt av B",)), StampOrder(("Ersatt av C",))]


async def test_the_real_workers_draw_from_any_store(store: ObjectStore) -> None:
    previews = Previews(store, WorkerPool(1, Bounds()))
    try:
        original = await stored(store, files.pdf())
        picture = await read(store, await previews.picture(original, PictureSize.THUMBNAIL))
        assert max(Image.open(io.BytesIO(picture)).size) == PictureSize.THUMBNAIL
    finally:
        await previews.close()
