"""Blocking calls beside the event loop, and one upload's way through them."""

import asyncio
import hashlib
import itertools
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from ringbinder.adapters.storage.filesystem import named_errors

# At most 2 MiB wait for an upload's threads. A single batch in work would make receiving, writing
# and hashing wait for each other's wake-ups: that's half as fast.
BATCH_BYTES = 1 << 19
MOST_BATCHES = 4

LANES = 8

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Threads:
    """A few threads of our own, so that nobody else's slow calls keep storage waiting.

    `number` of them take calls as they come. Besides, there are lanes, one thread each, that
    keep the order of what they are given; uploads share them. All start when first needed.
    """

    def __init__(self, number: int) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="storage")
        self._lanes = [ThreadPoolExecutor(1, f"storage-lane-{lane}") for lane in range(LANES)]
        self._turns = itertools.cycle(self._lanes)

    def next_lane(self) -> ThreadPoolExecutor:
        """Choose a lane, each in turn."""
        return next(self._turns)

    async def run(
        self,
        call: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Make a call and wait for its end, even when cancelled meanwhile.

        Its OSError arrives as a StorageError.
        """
        future = start(self._pool, call, *args, **kwargs)
        await until_done([future])
        return future.result()

    async def close(self) -> None:
        """Wait for what is running and end the threads."""
        for pool in (self._pool, *self._lanes):
            await asyncio.to_thread(pool.shutdown)


def start(
    pool: ThreadPoolExecutor,
    call: Callable[Parameters, Result],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> asyncio.Future[Result]:
    """Begin a call in a thread; its OSError arrives as a StorageError."""

    def named_call() -> Result:
        with named_errors():
            return call(*args, **kwargs)

    return asyncio.get_running_loop().run_in_executor(pool, named_call)


async def until_done(futures: Iterable[asyncio.Future[Any]]) -> None:
    """Wait for the end of all, then let a cancellation that came meanwhile take its way.

    A thread can't be stopped, and nobody may close a file on which it's still working. Whether
    the futures succeeded is for the caller to ask.
    """
    waited_for = list(futures)
    cancellation: asyncio.CancelledError | None = None
    while running := [future for future in waited_for if not future.done()]:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as error:
            cancellation = error
    if cancellation:
        mark_as_seen(waited_for)
        raise cancellation


def mark_as_seen(futures: Iterable[asyncio.Future[Any]]) -> None:
    """Keep asyncio from complaining that nobody asked how these ended."""
    for future in futures:
        future.exception()


class Conveyor:
    """Writes and hashes one upload in two lanes, while the next bytes come in.

    It holds the batch that is being gathered and MOST_BATCHES in work, however slow the disk.
    """

    def __init__(self, threads: Threads, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._digest = hashlib.sha256()
        self._write_lane = threads.next_lane()
        self._hash_lane = threads.next_lane()
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._running: deque[asyncio.Future[None]] = deque()

    async def add(self, chunk: bytes) -> None:
        """Take the next chunk; raises what went wrong with those before."""
        self._gathered.append(chunk)
        self._gathered_bytes += len(chunk)
        if self._gathered_bytes >= BATCH_BYTES:
            await self._settle(most_running=2 * (MOST_BATCHES - 1))
            self._begin()

    async def finish(self) -> str:
        """Wait until all chunks are written and tell their SHA-256 in hex."""
        await self._settle(most_running=2 * (MOST_BATCHES - 1))
        self._begin()
        await self._settle(most_running=0)
        return self._digest.hexdigest()

    async def abandon(self) -> None:
        """Wait until no thread is at work any more, whatever becomes of it."""
        await until_done(self._running)
        mark_as_seen(self._running)

    def _begin(self) -> None:
        # One piece, because each call into hashing waits for its turn at the interpreter again.
        batch = b"".join(self._gathered)
        self._gathered.clear()
        self._gathered_bytes = 0
        self._running.append(start(self._write_lane, self._write, batch))
        self._running.append(start(self._hash_lane, self._digest.update, batch))

    async def _settle(self, *, most_running: int) -> None:
        while len(self._running) > most_running:
            await until_done([self._running[0]])
            self._running.popleft().result()
