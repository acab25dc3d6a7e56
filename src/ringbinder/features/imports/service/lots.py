"""Upload files lot by lot: the bytes of the next ones are stored while a lot is written."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.features.documents.types import Deposited
from ringbinder.features.imports import rules
from ringbinder.features.imports.service import files as file_system
from ringbinder.features.imports.service.errand import Errand
from ringbinder.features.imports.service.filing import ATTEMPTS, Task, outcome_of
from ringbinder.features.imports.types import FileReport, FoundFile, Outcome
from ringbinder.features.uploads.errors import UploadDigestMismatchError, UploadWrongSizeError
from ringbinder.features.uploads.types import KeptFile, NewUpload
from ringbinder.kit.errors import RingbinderError

FILES_AT_ONCE: Final = 300
"""How many files share a transaction, so that other writers do not wait long for it."""

FIRST_FILES: Final = 50
"""How many files the first lot has, so that the database does not wait long for work."""

BYTES_AT_ONCE: Final = 256 << 20
"""How many bytes they may be together, so that a stop in the middle loses little work."""

LOTS_AHEAD: Final = 2
"""The bytes of how many lots are stored while one is written, so that it need not wait for them."""

LARGE_AT_ONCE: Final = 8
"""How many large files are read and stored at the same time."""

GROUPS_AT_ONCE: Final = 2
"""How many groups of small files are: more threads would only take turns with the interpreter."""

GROUP: Final = 64
"""How many small files are read and stored by one errand to a thread; all of them are open."""

BYTES_OF_GROUP: Final = 12 << 20
"""How many bytes they may be together before the last one; two groups are held in memory."""

Tell = Callable[[FoundFile, FileReport], None]


@dataclass(frozen=True, slots=True)
class Freight:
    """A file that shall be uploaded."""

    task: Task
    wanted: NewUpload


@dataclass(slots=True)
class Lot:
    """Files that will be uploaded together."""

    most_files: int = FIRST_FILES
    freights: list[Freight] = field(default_factory=list)
    size_bytes: int = 0

    def add(self, freight: Freight) -> None:
        """Take in one file more."""
        self.freights.append(freight)
        self.size_bytes += freight.wanted.size_bytes

    @property
    def is_full(self) -> bool:
        """Tell whether no further file shall be added."""
        return len(self.freights) >= self.most_files or self.size_bytes >= BYTES_AT_ONCE

    def next(self) -> "Lot":
        """Begin the lot after this one."""
        return Lot(min(2 * self.most_files, FILES_AT_ONCE))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file whose bytes are durable."""

    task: Task
    kept: KeptFile


_Written = tuple[Task, Deposited]
"""A file, and what became of it."""


class Shipping:
    """Ships lots, and tells what became of each file once that is certain."""

    def __init__(self, errand: Errand, tell: Tell) -> None:
        """Begin with nothing on its way."""
        self._errand = errand
        self._tell = tell
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._groups = asyncio.Semaphore(GROUPS_AT_ONCE)
        self._storing: deque[asyncio.Task[list[_Stored]]] = deque()
        self._writing: asyncio.Task[list[_Written]] | None = None
        self._is_busy = asyncio.Event()
        """Whether the database has so much to do that the next lot can be thought about."""
        self.was_stopped = False
        """Whether somebody wished to stop before all files had been begun."""

    async def ship(self, lot: Lot) -> None:
        """Begin to store the bytes of a lot; an earlier one is stored then, and begun to write."""
        self._storing.append(asyncio.create_task(self._store(lot)))
        if len(self._storing) > LOTS_AHEAD:
            await self._hand_over(self._storing.popleft())

    async def settle(self) -> None:
        """Wait until all that was shipped is written."""
        try:
            while self._storing:
                await self._hand_over(self._storing.popleft())
        except BaseException:
            await self.give_up()
            raise
        finally:
            self._report(await self._written())

    async def give_up(self) -> None:
        """Forget what is only being stored, so that nothing is written behind what failed."""
        for storing in self._storing:
            storing.cancel()
        await asyncio.gather(*self._storing, return_exceptions=True)
        self._storing.clear()

    async def _hand_over(self, storing: asyncio.Task[list[_Stored]]) -> None:
        """Begin to write a lot once it is stored and the one before it is written."""
        stored = await storing
        written = await self._written()
        try:
            if stored:
                await self._begin_to_write(stored)
        finally:
            self._report(written)

    async def _begin_to_write(self, stored: Sequence[_Stored]) -> None:
        """Come back when the database is at work, so that it need not wait for what is told now."""
        self._is_busy.clear()
        self._writing = asyncio.create_task(self._write(stored))
        self._writing.add_done_callback(lambda _: self._is_busy.set())
        await self._is_busy.wait()

    async def _written(self) -> list[_Written]:
        writing, self._writing = self._writing, None
        return await writing if writing is not None else []

    async def _store(self, lot: Lot) -> list[_Stored]:
        small = [each for each in lot.freights if each.wanted.size_bytes <= file_system.SMALL_BYTES]
        large = [each for each in lot.freights if each.wanted.size_bytes > file_system.SMALL_BYTES]
        groups = _groups(small)
        found = await asyncio.gather(
            *map(self._store_small, groups), *map(self._store_large, large), return_exceptions=True
        )
        stored: dict[bytes, _Stored] = {}
        for some in found:
            if isinstance(some, BaseException):
                raise some
            stored |= {one.task.file.path: one for one in some}
        paths = [each.task.file.path for each in lot.freights]
        return [stored[path] for path in paths if path in stored]

    async def _store_small(self, group: Sequence[Freight]) -> list[_Stored]:
        async with self._groups:
            begun = [each for each in group if self._begins(each.task.file)]
            contents = await file_system.read_whole([each.task.file for each in begun])
            fine = []
            for each, content in zip(begun, contents, strict=True):
                try:
                    fine.append((each, *self._intact(each, content)))
                except (RingbinderError, OSError) as error:
                    self._refuse(each.task, error)
            try:
                kept = await self._errand.uploads.keep_whole(
                    [(each.wanted, data, sha256) for each, data, sha256 in fine]
                )
            except RingbinderError as error:
                for each, _, _ in fine:
                    self._refuse(each.task, error)
                return []
        return [_Stored(each.task, one) for (each, _, _), one in zip(fine, kept, strict=True)]

    def _begins(self, file: FoundFile) -> bool:
        if self._errand.watcher.wants_to_stop():
            self.was_stopped = True
            return False
        self._errand.watcher.began(file)
        return True

    def _intact(self, freight: Freight, content: tuple[bytes, str] | OSError) -> tuple[bytes, str]:
        if isinstance(content, OSError):
            raise content
        data, sha256 = content
        self._errand.watcher.read(len(data))
        if len(data) != freight.wanted.size_bytes:
            raise UploadWrongSizeError
        if freight.wanted.sha256 not in {None, sha256}:
            raise UploadDigestMismatchError
        return data, sha256

    async def _store_large(self, freight: Freight) -> list[_Stored]:
        file = freight.task.file
        async with self._large:
            if not self._begins(file):
                return []
            try:
                kept = await self._errand.uploads.keep_stream(freight.wanted, self._chunks(file))
            except (RingbinderError, OSError) as error:
                self._refuse(freight.task, error)
                return []
        return [_Stored(freight.task, kept)]

    async def _chunks(self, file: FoundFile) -> AsyncIterator[bytes]:
        async for chunk in file_system.stream(file):
            self._errand.watcher.read(len(chunk))
            yield chunk

    async def _write(self, stored: Sequence[_Stored]) -> list[_Written]:
        """Write a lot; where others get in its way again and again, each of its files alone."""
        try:
            made = await self._put([one.kept for one in stored])
        except ConcurrentChangeError as error:
            if len(stored) == 1:
                return [(stored[0].task, Deposited(None, None, error))]
            for one in stored:
                self._report(await self._write([one]))
            return []
        return [(one.task, deposited) for one, deposited in zip(stored, made, strict=True)]

    async def _put(self, files: Sequence[KeptFile]) -> list[Deposited]:
        for attempt in range(ATTEMPTS):
            try:
                async with self._errand.changing() as session:
                    made = await self._errand.uploads.put_all(session, self._errand.actor, files)
                    self._is_busy.set()
                    return made
            except ConcurrentChangeError:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _report(self, written: Sequence[_Written]) -> None:
        for task, deposited in written:
            self._report_one(task, deposited)

    def _report_one(self, task: Task, deposited: Deposited) -> None:
        if deposited.document is None:
            assert deposited.error is not None  # noqa: S101 - it is one or the other
            self._refuse(task, deposited.error)
            return
        name, document_id = task.destination.file_name, deposited.document.id
        done = FileReport(task.file.shown, outcome_of(task), task.place, name, document_id)
        self._tell(task.file, done)

    def _refuse(self, task: Task, error: RingbinderError | OSError) -> None:
        reason = rules.reason_of(error)
        self._tell(task.file, FileReport(task.file.shown, Outcome.REFUSED, reason=reason))


def _groups(freights: Iterable[Freight]) -> list[list[Freight]]:
    groups: list[list[Freight]] = []
    size_bytes = 0
    for freight in freights:
        if not groups or len(groups[-1]) >= GROUP or size_bytes >= BYTES_OF_GROUP:
            groups.append([])
            size_bytes = 0
        groups[-1].append(freight)
        size_bytes += freight.wanted.size_bytes
    return groups
