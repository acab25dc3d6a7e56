"""Workers that are processes of their own, bounded twice: by the kernel, and by our patience."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from ringbinder.adapters.rendering.bounds import Bounds
from ringbinder.adapters.rendering.errors import (
    Reason,
    RendererBusy,
    RendererUnavailable,
    Unrenderable,
)
from ringbinder.adapters.rendering.protocol import Order, StampOrder

WAITING: Final = 64
"""How many may wait for a worker; whoever comes then is told to come back."""

_MARGIN_SECONDS: Final = 5
_STARTING_SECONDS: Final = 30
_COMMAND: Final = (sys.executable, "-I", "-m", "ringbinder.adapters.rendering.worker")


class WorkerPool:
    """A Renderer with so many workers, each started when it is first needed."""

    def __init__(self, workers: int, bounds: Bounds, *, waiting: int = WAITING) -> None:
        """Start nothing yet; with no workers at all nothing is ever rendered."""
        self._bounds = bounds
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._workers = [_Worker() for _ in range(workers)]
        for worker in self._workers:
            self._free.put_nowait(worker)
        self._most_waiting = waiting
        self._waiting = 0

    async def render(self, source: Path, target: Path, order: Order) -> None:
        """See Renderer."""
        async with self._worker() as worker:
            answer = await worker.ask(self._job(source, target, order), self._bounds.seconds)
        self._judge(answer)

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator["_Worker"]:
        if not self._workers:
            raise RendererUnavailable
        if self._waiting >= self._most_waiting:
            raise RendererBusy
        self._waiting += 1
        try:
            worker = await self._free.get()
        finally:
            self._waiting -= 1
        try:
            yield worker
        finally:
            self._free.put_nowait(worker)

    def _job(self, source: Path, target: Path, order: Order) -> dict[str, Any]:
        what: dict[str, Any] = (
            {"lines": order.lines}
            if isinstance(order, StampOrder)
            else {"longestSide": order.longest_side}
        )
        return what | {
            "source": str(source.absolute()),
            "target": str(target.absolute()),
            "seconds": self._bounds.seconds,
            "cpuSeconds": self._bounds.cpu_seconds,
            "memoryBytes": self._bounds.memory_bytes,
            "resultBytes": self._bounds.result_bytes,
        }

    def _judge(self, answer: dict[str, Any]) -> None:
        """Raise unless it is done. A fork that was ended is the file's fault if it was at work."""
        said = str(answer["said"])
        if said == "done":
            return
        if said in frozenset(Reason):
            raise Unrenderable(Reason(said))
        if answer["signal"] in {signal.SIGXCPU, signal.SIGKILL}:
            raise Unrenderable(Reason.TOO_SLOW)
        if answer["signal"] == signal.SIGXFSZ:
            raise Unrenderable(Reason.TOO_LARGE)
        if answer["signal"] == signal.SIGALRM:
            if answer["cpuSeconds"] >= self._bounds.cpu_seconds / 2:
                raise Unrenderable(Reason.TOO_SLOW)
            raise RendererBusy
        raise Unrenderable(Reason.BROKEN)

    @property
    def process_ids(self) -> list[int]:
        """The processes that wait or work."""
        return [pid for worker in self._workers if (pid := worker.process_id) is not None]

    async def close(self) -> None:
        """See Renderer."""
        for worker in self._workers:
            await worker.end()


class _Worker:
    """One process, which is started anew when it was ended."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process_id(self) -> int | None:
        """The process, if there is one."""
        return None if self._process is None else self._process.pid

    async def ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Give a job and wait for its answer; whoever is late or cancelled ends the process."""
        try:
            process = await self._started()
            return await asyncio.wait_for(_answer(process, job), seconds + _MARGIN_SECONDS)
        except (TimeoutError, ConnectionError, json.JSONDecodeError) as error:
            await self.end()
            raise RendererBusy from error
        except BaseException:
            await self.end()
            raise

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *_COMMAND,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    start_new_session=True,
                    env=_environment(),
                )
            except OSError as error:
                raise RendererUnavailable from error
            await asyncio.wait_for(_answer_line(self._process), _STARTING_SECONDS)
        return self._process

    async def end(self) -> None:
        """End the process and all that came of it."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _answer(process: asyncio.subprocess.Process, job: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None  # noqa: S101 - it was started with pipes
    process.stdin.write(json.dumps(job).encode() + b"\n")
    await process.stdin.drain()
    return await _answer_line(process)


async def _answer_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101 - see above
    answer: dict[str, Any] = json.loads(await process.stdout.readline())
    return answer


def _environment() -> dict[str, str]:
    """Hand on nothing that is secret: the settings of an installation stand in the environment."""
    return {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL"}}
