"""What every store promises. What only the local one does is in test_storage_local.py."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringbinder.adapters.storage import ObjectNotFound, ObjectStore, TooManyBytes
from ringbinder.adapters.storage.local import LocalObjectStore
from ringbinder.adapters.storage.memory import MemoryObjectStore
from tests.support.streams import MEBIBYTE, content, content_or_none, put, stream

pytestmark = pytest.mark.contract

KEY = "organisation-1/ab/cd.pdf"


@pytest.fixture(params=["local", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    is_local = request.param == "local"
    made: ObjectStore = LocalObjectStore(tmp_path / "store") if is_local else MemoryObjectStore()
    yield made
    await made.close()


# ── receive ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sizes",
    [
        [],
        [0],
        [1],
        [100, 0, 200],
        [MEBIBYTE],
        [MEBIBYTE - 1, 2],
        [65_536] * 150,
        [5 * MEBIBYTE + 3, 1],
    ],
    ids=str,
)
async def test_what_is_received_is_stored_measured_and_hashed(
    store: ObjectStore, sizes: list[int]
) -> None:
    chunks = [secrets.token_bytes(size) for size in sizes]
    whole = b"".join(chunks)
    stored = await store.receive(KEY, stream(*chunks), max_bytes=len(whole))
    assert (stored.key, stored.size_bytes) == (KEY, len(whole))
    assert stored.sha256 == hashlib.sha256(whole).hexdigest()
    assert await content(store, KEY) == whole


async def test_a_later_object_replaces_an_earlier_one(store: ObjectStore) -> None:
    await put(store, KEY, b"a longer first text")
    await put(store, KEY, b"second")
    assert await content(store, KEY) == b"second"


@pytest.mark.parametrize("size", [0, 1, MEBIBYTE])
async def test_what_is_put_whole_is_stored(store: ObjectStore, size: int) -> None:
    data = secrets.token_bytes(size)
    await put(store, KEY, b"earlier")
    await store.put_all({KEY: data})
    assert await content(store, KEY) == data
    found = await store.stat(KEY)
    assert found is not None
    assert found.size_bytes == size


async def test_many_are_put_at_once(store: ObjectStore) -> None:
    keys = [f"many/{number:02}" for number in range(40)]
    await store.put_all({key: key.encode() for key in keys})
    assert [found.key async for found in store.list_objects("many/")] == keys


async def test_nothing_is_seen_before_all_has_come(store: ObjectStore) -> None:
    seen: list[object] = []

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield bytes(MEBIBYTE)
            seen.append(await store.stat(KEY))
            seen.extend([found async for found in store.list_objects("")])

    await store.receive(KEY, chunks(), max_bytes=4 * MEBIBYTE)
    assert seen == [None] * 4


@pytest.mark.parametrize("before", [None, b"old"], ids=["first", "replacing"])
async def test_one_byte_too_many_leaves_what_was_there(
    store: ObjectStore, before: bytes | None
) -> None:
    if before:
        await put(store, KEY, before)
    with pytest.raises(TooManyBytes) as caught:
        await store.receive(KEY, stream(bytes(MEBIBYTE), b"12"), max_bytes=MEBIBYTE + 1)
    assert caught.value.max_bytes == MEBIBYTE + 1
    assert await content_or_none(store, KEY) == before


async def test_a_negative_limit_is_a_mistake(store: ObjectStore) -> None:
    with pytest.raises(ValueError, match="number of bytes"):
        await store.receive(KEY, stream(), max_bytes=-1)


@pytest.mark.parametrize("before", [None, b"old"], ids=["first", "replacing"])
async def test_a_stream_that_breaks_leaves_what_was_there(
    store: ObjectStore, before: bytes | None
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(3 * MEBIBYTE)
        raise ConnectionResetError("gone")

    if before:
        await put(store, KEY, before)
    with pytest.raises(ConnectionResetError):
        await store.receive(KEY, broken(), max_bytes=4 * MEBIBYTE)
    assert await content_or_none(store, KEY) == before


async def test_a_cancelled_stream_leaves_nothing(store: ObjectStore) -> None:
    arrived = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield bytes(MEBIBYTE)
        arrived.set()
        await asyncio.get_running_loop().create_future()

    receiving = asyncio.create_task(store.receive(KEY, stuck(), max_bytes=9 * MEBIBYTE))
    await arrived.wait()
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    assert await store.stat(KEY) is None


@pytest.mark.parametrize("turns", range(60))
async def test_a_cancellation_at_any_moment_leaves_the_old_or_the_new(
    store: ObjectStore, turns: int
) -> None:
    await put(store, KEY, b"old")
    new = bytes(2 * MEBIBYTE)
    receiving = asyncio.create_task(
        store.receive(KEY, stream(new, new, new), max_bytes=6 * MEBIBYTE)
    )
    for _ in range(turns):
        await asyncio.sleep(0)
    receiving.cancel()
    (outcome,) = await asyncio.gather(receiving, return_exceptions=True)
    assert await content(store, KEY) in (b"old", 3 * new)
    if not isinstance(outcome, asyncio.CancelledError):
        assert await content(store, KEY) == 3 * new


async def test_of_several_at_once_one_wins_whole(store: ObjectStore) -> None:
    async def chunks(letter: bytes) -> AsyncIterator[bytes]:
        for _ in range(40):
            await asyncio.sleep(0)
            yield letter * 65_536

    await asyncio.gather(
        *(
            store.receive(KEY, chunks(bytes([number])), max_bytes=3 * MEBIBYTE)
            for number in range(8)
        )
    )
    left = await content(store, KEY)
    assert left == left[:1] * (40 * 65_536)


# ── move ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_move_takes_the_bytes_along(store: ObjectStore) -> None:
    await put(store, "uploads/1", b"text")
    await store.move("uploads/1", KEY)
    assert await content(store, KEY) == b"text"
    assert await store.stat("uploads/1") is None


async def test_a_move_replaces_what_was_there(store: ObjectStore) -> None:
    await put(store, KEY, b"old")
    await put(store, "uploads/1", b"new")
    await store.move("uploads/1", KEY)
    assert await content(store, KEY) == b"new"


async def test_a_move_may_be_repeated(store: ObjectStore) -> None:
    await put(store, "uploads/1", b"text")
    await store.move("uploads/1", KEY)
    await store.move("uploads/1", KEY)
    await store.move(KEY, KEY)
    assert await content(store, KEY) == b"text"


async def test_the_same_move_may_run_twice_at_once(store: ObjectStore) -> None:
    await put(store, "uploads/1", b"text")
    await asyncio.gather(*(store.move("uploads/1", KEY) for _ in range(8)))
    assert await content(store, KEY) == b"text"


async def test_nothing_can_not_be_moved(store: ObjectStore) -> None:
    with pytest.raises(ObjectNotFound) as caught:
        await store.move("uploads/1", KEY)
    assert caught.value.key == "uploads/1"
    assert await store.stat(KEY) is None


# ── read ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, None),
        (0, 0),
        (0, 1),
        (3, 3),
        (MEBIBYTE - 1, MEBIBYTE + 1),
        (2 * MEBIBYTE, None),
        (7, 3 * MEBIBYTE),
        (0, 99 * MEBIBYTE),
        (99 * MEBIBYTE, None),
        (99 * MEBIBYTE, 100 * MEBIBYTE),
    ],
)
async def test_a_range_is_a_slice(store: ObjectStore, start: int, end: int | None) -> None:
    whole = secrets.token_bytes(3 * MEBIBYTE + 5)
    await put(store, KEY, whole)
    assert await content(store, KEY, start=start, end=end) == whole[start:end]


async def test_pieces_are_small_and_never_empty(store: ObjectStore) -> None:
    await put(store, KEY, bytes(5 * MEBIBYTE + 1))
    sizes = [len(piece) async for piece in store.read(KEY)]
    assert min(sizes) > 0
    assert max(sizes) <= MEBIBYTE


@pytest.mark.parametrize(("start", "end"), [(-1, None), (0, -1), (2, 1)])
async def test_a_range_that_is_none_is_a_mistake(
    store: ObjectStore, start: int, end: int | None
) -> None:
    await put(store, KEY, b"text")
    with pytest.raises(ValueError, match="range"):
        await content(store, KEY, start=start, end=end)


async def test_nothing_can_not_be_read(store: ObjectStore) -> None:
    with pytest.raises(ObjectNotFound) as caught:
        await content(store, KEY)
    assert caught.value.key == KEY


async def _replace(store: ObjectStore) -> None:
    await put(store, KEY, b"new")


async def _delete(store: ObjectStore) -> None:
    await store.delete(KEY)


@pytest.mark.parametrize("change", [_replace, _delete], ids=["replaced", "deleted"])
async def test_an_object_stays_as_it_was_for_who_is_reading_it(
    store: ObjectStore, change: Callable[[ObjectStore], Awaitable[None]]
) -> None:
    whole = secrets.token_bytes(3 * MEBIBYTE)
    await put(store, KEY, whole)
    pieces = store.read(KEY)
    first = await anext(pieces)
    await change(store)
    assert first + b"".join([piece async for piece in pieces]) == whole


# ── stat, delete, list ──────────────────────────────────────────────────────────────────────────


async def test_stat_tells_size_and_time(store: ObjectStore) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)  # Some file systems keep whole seconds.
    await put(store, KEY, b"text")
    found = await store.stat(KEY)
    assert found is not None
    assert (found.key, found.size_bytes) == (KEY, 4)
    assert before < found.modified_at < datetime.now(UTC) + timedelta(seconds=2)
    assert found.modified_at.tzinfo is UTC


async def test_a_move_keeps_the_time(store: ObjectStore) -> None:
    await put(store, "uploads/1", b"text")
    before = await store.stat("uploads/1")
    await store.move("uploads/1", KEY)
    after = await store.stat(KEY)
    assert before is not None
    assert after is not None
    assert before.modified_at == after.modified_at


async def test_a_deletion_may_be_repeated(store: ObjectStore) -> None:
    await put(store, KEY, b"text")
    await store.delete(KEY)
    await store.delete(KEY)
    await store.delete("never/was/here")
    assert await store.stat(KEY) is None


KEYS = ["a", "a-b", "a.b", "a/b", "a/b/c", "a/b/c/d", "a/bc", "a0", "ab/c", "b/0/1", "b/01"]


@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/b", "a/b/", "a-", "b/0", "c", "a/b/c/d/e"])
async def test_a_list_has_what_begins_like_that_in_order(store: ObjectStore, prefix: str) -> None:
    for key in reversed(KEYS):
        await put(store, key, key.encode())
    found = [(one.key, one.size_bytes) async for one in store.list_objects(prefix)]
    assert found == sorted((key, len(key)) for key in KEYS if key.startswith(prefix))


async def test_a_key_may_be_the_folder_of_another(store: ObjectStore) -> None:
    for key in ("a/b", "a", "a/b/c"):
        await put(store, key, key.encode())
    await store.delete("a/b")
    assert await content(store, "a") == b"a"
    assert await content(store, "a/b/c") == b"a/b/c"


# ── keys ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "a/..",
        "../a",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "a.",
        "-a",
        "a--b",
        "a/.b",
        "A",
        "a_b",
        "a b",
        "a\\b",
        "a\0b",
        "a\n",
        "ä",
        "٣",
        "a" * 201,
        "a/" * 256 + "a",
    ],
    ids=ascii,
)
async def test_anything_but_a_key_is_a_mistake(store: ObjectStore, key: str) -> None:
    for attempt in (
        lambda: store.receive(key, stream(b"text"), max_bytes=4),
        lambda: store.move(key, KEY),
        lambda: store.move(KEY, key),
        lambda: store.stat(key),
        lambda: store.delete(key),
        lambda: content(store, key),
    ):
        with pytest.raises(ValueError, match="Not a key"):
            await attempt()
    with pytest.raises(ValueError, match="Not a key"):
        store.local_path(key)


@pytest.mark.parametrize("key", ["a" * 200, "a/" * 255 + "aa", "0", "a-b.c/d.e-f"])
async def test_the_longest_and_the_oddest_keys_are_taken(store: ObjectStore, key: str) -> None:
    await put(store, key, b"text")
    assert await content(store, key) == b"text"


@pytest.mark.parametrize("prefix", ["/", "..", "a/../", "a//", "A", "a_", "-"])
async def test_a_prefix_of_no_key_is_a_mistake(store: ObjectStore, prefix: str) -> None:
    with pytest.raises(ValueError, match="No key begins"):
        await anext(aiter(store.list_objects(prefix)))


# ── the rest ────────────────────────────────────────────────────────────────────────────────────


async def test_a_local_path_names_the_same_bytes(store: ObjectStore) -> None:
    await put(store, KEY, b"text")
    path = store.local_path(KEY)
    assert path is None or await asyncio.to_thread(path.read_bytes) == b"text"


async def test_a_store_in_order_passes_its_check_and_shows_nothing_of_it(
    store: ObjectStore,
) -> None:
    await store.check()
    assert [found async for found in store.list_objects("")] == []


async def test_who_stops_reading_early_may_say_so(store: ObjectStore) -> None:
    await put(store, KEY, bytes(3 * MEBIBYTE))
    async with aclosing(store.read(KEY)) as pieces:
        await anext(pieces)
