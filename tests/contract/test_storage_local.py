"""What only files can promise, or get wrong. What every store promises is in test_storage.py."""

import asyncio
import errno
import itertools
import os
import threading
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE

import pytest

from ringbinder.adapters.storage import (
    ObjectNotFound,
    StorageFull,
    StorageUnavailable,
)
from ringbinder.adapters.storage.filesystem import FileSystem
from ringbinder.adapters.storage.local import LocalObjectStore
from tests.support.streams import MEBIBYTE, content, content_or_none, put, stream

pytestmark = pytest.mark.contract

KEY = "organisation-1/ab/cd.pdf"
OTHER = "uploads/7"
NEW = b"n" * (MEBIBYTE + 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


Choice = Callable[[int, str], bool]


def never(_number: int, _call: str) -> bool:
    return False


def only(chosen: int) -> Choice:
    return lambda number, _call: number == chosen


def from_then_on(chosen: int) -> Choice:
    return lambda number, _call: number >= chosen


class RehearsedFileSystem(FileSystem):
    """Notes each call, and answers those that were chosen with an error or a pause."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.failing: Choice = never
        self.errno = errno.EIO
        self.free = 1 << 50
        self.paused_call = ""
        self.pauses = threading.Semaphore(0)
        self.pause_ends = threading.Event()

    def _note(self, call: str) -> None:
        number = len(self.calls)
        self.calls.append(call)
        if call == self.paused_call:
            self.pauses.release()
            self.pause_ends.wait()
        if self.failing(number, call):
            raise OSError(self.errno, os.strerror(self.errno))

    def open(self, name: str | Path, flags: int, *, folder: int | None = None) -> int:
        self._note("open")
        return super().open(name, flags, folder=folder)

    def write(self, descriptor: int, data: memoryview) -> int:
        self._note("write")
        return super().write(descriptor, data[: len(data) // 2 + 1])  # A short write, as may be.

    def fsync(self, descriptor: int) -> None:
        self._note("fsync")
        super().fsync(descriptor)

    def rename(self, source: str, target: str, *, source_folder: int, target_folder: int) -> None:
        self._note("rename")
        super().rename(source, target, source_folder=source_folder, target_folder=target_folder)

    def unlink(self, name: str, *, folder: int) -> None:
        self._note("unlink")
        super().unlink(name, folder=folder)

    def mkdir(self, name: str | Path, *, folder: int | None = None) -> None:
        self._note("mkdir")
        super().mkdir(name, folder=folder)

    def read(self, descriptor: int, size_bytes: int, offset: int) -> bytes:
        self._note("read")
        return super().read(descriptor, size_bytes, offset)

    def free_bytes(self, folder: int) -> int:
        del folder
        return self.free

    async def next_pause(self) -> None:
        await asyncio.to_thread(self.pauses.acquire)

    def start_anew(self, failing: Choice) -> None:
        self.calls.clear()
        self.failing = failing


@pytest.fixture
def files() -> RehearsedFileSystem:
    return RehearsedFileSystem()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "not yet" / "store"


@pytest.fixture
async def store(root: Path, files: RehearsedFileSystem) -> AsyncIterator[LocalObjectStore]:
    made = LocalObjectStore(root, files=files)
    yield made
    files.pause_ends.set()  # A test that failed in a pause shall not hang.
    await made.close()


def incoming(root: Path) -> list[Path]:
    return list((root / "incoming").iterdir())


def open_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


# ── every call may fail ─────────────────────────────────────────────────────────────────────────


async def receive(store: LocalObjectStore) -> None:
    await put(store, KEY, NEW)


async def put_whole(store: LocalObjectStore) -> None:
    await store.put_all({KEY: NEW})


async def move(store: LocalObjectStore) -> None:
    await store.move(OTHER, KEY)


async def delete(store: LocalObjectStore) -> None:
    await store.delete(KEY)


Action = Callable[[LocalObjectStore], Awaitable[None]]
State = dict[str, bytes | None]


async def state(store: LocalObjectStore) -> State:
    return {key: await content_or_none(store, key) for key in (KEY, OTHER)}


async def bring_about(store: LocalObjectStore, wanted: State) -> None:
    for key, data in wanted.items():
        await store.delete(key)
        if data is not None:
            await put(store, key, data)


FAULTS: list[tuple[Action, State, State]] = [
    (receive, {KEY: None, OTHER: None}, {KEY: NEW, OTHER: None}),
    (receive, {KEY: b"old", OTHER: None}, {KEY: NEW, OTHER: None}),
    (put_whole, {KEY: None, OTHER: None}, {KEY: NEW, OTHER: None}),
    (put_whole, {KEY: b"old", OTHER: None}, {KEY: NEW, OTHER: None}),
    (move, {KEY: None, OTHER: NEW}, {KEY: NEW, OTHER: None}),
    (move, {KEY: b"old", OTHER: NEW}, {KEY: NEW, OTHER: None}),
    (delete, {KEY: b"old", OTHER: None}, {KEY: None, OTHER: None}),
]


@pytest.mark.parametrize("lasting", [False, True], ids=["one call fails", "all later calls fail"])
@pytest.mark.parametrize(
    ("action", "before", "after"),
    FAULTS,
    ids=[
        "receive first",
        "receive again",
        "put first",
        "put again",
        "move first",
        "move again",
        "delete",
    ],
)
async def test_a_fault_at_any_call_leaves_the_old_or_the_new_state(
    tmp_path: Path, action: Action, before: State, after: State, *, lasting: bool
) -> None:
    descriptors = open_descriptors()
    for chosen in itertools.count():
        files = RehearsedFileSystem()
        root = tmp_path / str(chosen)
        store = LocalObjectStore(root, files=files)
        await bring_about(store, before)

        files.start_anew(from_then_on(chosen) if lasting else only(chosen))
        was_reached = await fails(action(store))
        assert was_reached == (len(files.calls) > chosen)

        files.start_anew(never)
        assert await state(store) in (before, after)
        assert lasting or incoming(root) == []
        await store.sweep_incoming(datetime.now(UTC) + timedelta(days=1))
        assert incoming(root) == []
        await action(store)
        assert await state(store) == after
        await store.close()
        assert open_descriptors() == descriptors
        if not was_reached:
            break


async def fails(action: Awaitable[None]) -> bool:
    try:
        await action
    except StorageUnavailable:
        return True
    return False


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync", "mkdir", "rename"])
async def test_a_full_disk_is_called_so(
    store: LocalObjectStore, root: Path, files: RehearsedFileSystem, call: str, number: int
) -> None:
    files.errno = number
    files.start_anew(lambda _, name: name == call)
    with pytest.raises(StorageFull):
        await put(store, KEY, NEW)
    assert await store.stat(KEY) is None
    assert incoming(root) == []


async def test_a_check_fails_when_any_of_its_calls_does(
    store: LocalObjectStore, root: Path, files: RehearsedFileSystem
) -> None:
    files.start_anew(never)
    await store.check()
    number_of_calls = len(files.calls)
    for kind, chosen in itertools.product((errno.EIO, errno.ENOSPC), range(number_of_calls)):
        files.errno = kind
        files.start_anew(only(chosen))
        with pytest.raises(StorageUnavailable):
            await store.check()
        assert incoming(root) == []


async def test_a_root_that_can_not_be_made_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageUnavailable):
        LocalObjectStore(tmp_path / "file" / "store")


async def test_a_root_that_went_away_is_not_made_again(store: LocalObjectStore, root: Path) -> None:
    await asyncio.to_thread(root.rename, root.parent / "elsewhere")
    with pytest.raises(StorageUnavailable):
        await store.check()
    with pytest.raises(StorageUnavailable):
        await put(store, KEY, b"text")
    assert not await asyncio.to_thread(root.exists)


async def test_of_two_equal_moves_that_meet_at_the_rename_both_succeed(
    store: LocalObjectStore, files: RehearsedFileSystem
) -> None:
    await put(store, OTHER, b"text")
    files.start_anew(never)
    files.paused_call = "rename"
    moving = asyncio.gather(store.move(OTHER, KEY), store.move(OTHER, KEY))
    await files.next_pause()
    await files.next_pause()
    files.pause_ends.set()
    await moving
    assert await state(store) == {KEY: b"text", OTHER: None}


# ── durability ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("action", [receive, put_whole])
async def test_bytes_reach_the_disk_before_their_key_and_the_key_before_the_answer(
    store: LocalObjectStore, files: RehearsedFileSystem, action: Action
) -> None:
    files.start_anew(never)
    await action(store)
    assert [call for call in files.calls if call not in ("open", "write")] == [
        "fsync",  # the file
        *("mkdir", "fsync") * 2,  # organisation-1, and ab in it
        "rename",
        "fsync",  # the folder that has the name now
    ]


async def test_a_move_is_durable_in_both_folders(
    store: LocalObjectStore, files: RehearsedFileSystem
) -> None:
    await put(store, OTHER, b"text")
    await put(store, KEY, b"old")
    files.start_anew(never)
    await store.move(OTHER, KEY)
    assert files.calls[files.calls.index("rename") + 1 :] == ["fsync", "fsync"]


async def test_a_folder_that_another_process_has_just_made_is_made_durable_too(
    store: LocalObjectStore, root: Path, files: RehearsedFileSystem
) -> None:
    (root / "objects" / "a").mkdir()
    files.start_anew(never)
    await put(store, "a/b", b"text")
    assert files.calls[files.calls.index("mkdir") + 1] == "fsync"


async def test_a_folder_that_was_removed_is_made_durable_again(
    store: LocalObjectStore, root: Path, files: RehearsedFileSystem
) -> None:
    await put(store, "a/b", b"text")
    await store.delete("a/b")
    (root / "objects" / "a").rmdir()
    files.start_anew(never)
    await put(store, "a/b", b"text")
    assert files.calls[files.calls.index("mkdir") + 1] == "fsync"


# ── cancellation ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename"])
async def test_a_cancelled_upload_waits_for_its_thread_and_leaves_nothing_open(
    store: LocalObjectStore, root: Path, files: RehearsedFileSystem, call: str
) -> None:
    await put(store, KEY, b"old")
    descriptors = open_descriptors()
    files.paused_call = call
    receiving = asyncio.create_task(receive(store))
    await files.next_pause()  # The loop is free while the disk is stuck.
    receiving.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
        receiving.cancel()
    assert not receiving.done()
    files.pause_ends.set()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    assert incoming(root) == []
    assert open_descriptors() == descriptors
    assert await content(store, KEY) == (NEW if call == "rename" else b"old")


async def test_a_broken_stream_waits_for_its_thread_too(
    root: Path, files: RehearsedFileSystem
) -> None:
    breaks = asyncio.Event()

    async def broken() -> AsyncIterator[bytes]:
        yield NEW
        await breaks.wait()
        raise ConnectionResetError

    store = LocalObjectStore(root, files=files, threads=1)
    descriptors = open_descriptors()
    files.paused_call = "write"
    receiving = asyncio.create_task(store.receive(KEY, broken(), max_bytes=len(NEW)))
    await files.next_pause()
    breaks.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await store.stat(KEY)  # Were the file closed by now, it would have been just before this.
    assert len(incoming(root)) == 1
    files.pause_ends.set()
    with pytest.raises(ConnectionResetError):
        await receiving
    assert incoming(root) == []
    assert open_descriptors() == descriptors
    await store.close()


async def test_a_cancelled_reader_leaves_nothing_open(
    store: LocalObjectStore, files: RehearsedFileSystem
) -> None:
    await put(store, KEY, NEW)
    descriptors = open_descriptors()
    files.paused_call = "read"
    reading = asyncio.create_task(content(store, KEY))
    await files.next_pause()
    reading.cancel()
    files.pause_ends.set()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert open_descriptors() == descriptors


async def test_a_client_that_leaves_while_the_disk_fails_is_still_a_cancellation(
    store: LocalObjectStore, files: RehearsedFileSystem
) -> None:
    files.start_anew(lambda _, call: call == "write")
    files.paused_call = "write"
    receiving = asyncio.create_task(receive(store))
    await files.next_pause()
    receiving.cancel()
    await asyncio.sleep(0)
    files.pause_ends.set()
    with pytest.raises(asyncio.CancelledError):
        await receiving


# ── room ────────────────────────────────────────────────────────────────────────────────────────


async def test_what_would_use_up_the_reserve_is_refused_before_it_comes(root: Path) -> None:
    files = RehearsedFileSystem()
    store = LocalObjectStore(root, reserve_bytes=1_000, files=files)
    files.free = 1_500
    asked: list[str] = []

    async def chunks() -> AsyncIterator[bytes]:
        asked.append("for a chunk")
        yield b"text"

    with pytest.raises(StorageFull):
        await store.receive(KEY, chunks(), max_bytes=501)
    assert asked == []
    await store.receive(KEY, stream(b"text"), max_bytes=500)
    assert incoming(root) == []
    await store.close()


async def test_without_a_reserve_the_disk_decides(
    store: LocalObjectStore, files: RehearsedFileSystem
) -> None:
    files.free = 0
    await put(store, KEY, b"text")


async def test_uploads_in_progress_count_with_what_they_may_still_bring(root: Path) -> None:
    files = RehearsedFileSystem()
    store = LocalObjectStore(root, reserve_bytes=1_000, files=files)
    files.free = 1_500
    refused: list[bool] = []

    async def chunks() -> AsyncIterator[bytes]:
        for announced_bytes in (101, 100):
            try:
                await store.receive(OTHER, stream(b"text"), max_bytes=announced_bytes)
                refused.append(False)
            except StorageFull:
                refused.append(True)
        yield b"text"

    await store.receive(KEY, chunks(), max_bytes=400)
    assert refused == [True, False]
    await store.receive(OTHER, stream(b"text"), max_bytes=500)
    await store.close()


async def test_an_upload_takes_little_memory_however_long_it_is(store: LocalObjectStore) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(4_800):
            yield bytes(65_536)

    await put(store, KEY, b"text")
    tracemalloc.start()
    try:
        await store.receive(KEY, chunks(), max_bytes=300 * MEBIBYTE)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8 * MEBIBYTE


# ── left behind ─────────────────────────────────────────────────────────────────────────────────


async def test_a_sweep_takes_only_what_is_old(
    store: LocalObjectStore, root: Path, files: RehearsedFileSystem
) -> None:
    files.start_anew(lambda _, call: call in ("fsync", "unlink"))
    assert await fails(receive(store))
    files.start_anew(never)
    (left,) = incoming(root)
    assert await store.sweep_incoming(LONG_AGO) == 0
    os.utime(left, (0, 0))
    assert await store.sweep_incoming(LONG_AGO) == 1
    assert incoming(root) == []


# ── others on this machine ──────────────────────────────────────────────────────────────────────


def modes(*paths: Path) -> tuple[set[int], set[int]]:
    """Collect the permissions of files and of folders."""
    found = [(path.is_dir(), S_IMODE(path.stat().st_mode)) for path in paths]
    return {mode for is_dir, mode in found if not is_dir}, {
        mode for is_dir, mode in found if is_dir
    }


def everything(root: Path) -> list[Path]:
    return [root.parent, root, *root.rglob("*")]


async def test_files_and_folders_are_their_owners_alone(
    store: LocalObjectStore, root: Path
) -> None:
    while_it_comes: list[Path] = []

    async def chunks() -> AsyncIterator[bytes]:
        yield NEW
        while_it_comes.extend(incoming(root))
        assert modes(*while_it_comes) == ({0o600}, set())

    await store.receive(KEY, chunks(), max_bytes=len(NEW))
    assert len(while_it_comes) == 1
    assert modes(*everything(root)) == ({0o600}, {0o700})


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "cd.pdf_").write_bytes(b"precious")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_link_in_place_of_an_object_is_replaced_and_never_followed(
    store: LocalObjectStore, outside: Path
) -> None:
    path = store.local_path(KEY)
    assert path is not None
    path.parent.mkdir(parents=True)
    path.symlink_to(outside / "cd.pdf_")
    assert await store.stat(KEY) is None
    assert [found async for found in store.list_objects("")] == []
    with pytest.raises(ObjectNotFound):
        await content(store, KEY)
    with pytest.raises(ObjectNotFound):
        await store.move(KEY, OTHER)
    await put(store, KEY, b"text")
    assert await content(store, KEY) == b"text"
    assert contents(outside) == {"cd.pdf_": b"precious"}


async def test_a_link_in_place_of_a_folder_is_never_followed(
    store: LocalObjectStore, outside: Path
) -> None:
    path = store.local_path(KEY)
    assert path is not None
    path.parent.parent.mkdir(parents=True)
    path.parent.symlink_to(outside, target_is_directory=True)
    await put(store, OTHER, b"text")
    for attempt in (
        lambda: put(store, KEY, b"text"),
        lambda: store.move(OTHER, KEY),
        lambda: store.delete(KEY),
        lambda: store.stat(KEY),
        lambda: content(store, KEY),
    ):
        with pytest.raises(StorageUnavailable):
            await attempt()
    assert [found.key async for found in store.list_objects("")] == [OTHER]
    assert contents(outside) == {"cd.pdf_": b"precious"}


async def test_a_link_in_place_of_the_incoming_folder_is_never_followed(
    store: LocalObjectStore, root: Path, outside: Path
) -> None:
    (root / "incoming").rmdir()
    (root / "incoming").symlink_to(outside, target_is_directory=True)
    with pytest.raises(StorageUnavailable):
        await put(store, KEY, b"text")
    with pytest.raises(StorageUnavailable):
        await store.sweep_incoming(datetime.now(UTC) + timedelta(days=1))
    assert contents(outside) == {"cd.pdf_": b"precious"}


async def test_strange_files_are_not_listed(store: LocalObjectStore, root: Path) -> None:
    await put(store, "a/b", b"text")
    for name in ("lost+found", "b", "B_", "_", "..._"):
        (root / "objects" / "a" / name).write_bytes(b"")
    (root / "objects" / "a" / "folder_").mkdir()
    assert [found.key async for found in store.list_objects("")] == ["a/b"]


async def test_what_is_put_together_in_one_folder_shares_its_fsync(
    store: LocalObjectStore, files: RehearsedFileSystem
) -> None:
    await store.put_all({f"objects/ab/{name}": NEW for name in "xyz"})
    files.calls.clear()
    await store.put_all({f"objects/ab/{name}": name.encode() for name in "abc"})
    synced = [call for call in files.calls if call in {"fsync", "rename"}]
    assert synced == ["fsync"] * 3 + ["rename"] * 3 + ["fsync"]


async def test_a_fault_leaves_each_of_those_that_are_put_together_old_or_new(
    tmp_path: Path,
) -> None:
    first, second, third = keys = ("objects/ab/x", "objects/ab/y", "objects/cd/z")
    descriptors = open_descriptors()
    for chosen in itertools.count():
        files = RehearsedFileSystem()
        root = tmp_path / str(chosen)
        store = LocalObjectStore(root, files=files)
        await put(store, first, b"old")
        files.start_anew(only(chosen))

        was_reached = await fails(store.put_all(dict.fromkeys(keys, b"new")))
        assert was_reached == (len(files.calls) > chosen)
        files.start_anew(never)
        assert incoming(root) == []
        assert await content_or_none(store, first) in {b"old", b"new"}
        assert {await content_or_none(store, key) for key in (second, third)} <= {None, b"new"}
        await store.put_all(dict.fromkeys(keys, b"new"))
        assert [await content_or_none(store, key) for key in keys] == [b"new"] * 3
        await store.close()
        assert open_descriptors() == descriptors
        if not was_reached:
            break
