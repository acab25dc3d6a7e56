"""Upload files lot by lot: the bytes of one lot are stored while the lot before is written."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.features.documents.types import Deposited
from ringbinder.features.imports import rules
from ringbinder.features.imports.service import files as file_system
from ringbinder.features.imports.service.errand import Errand
from ringbinder.features.imports.service.filing import ATTEMPTS, Task, outcome_of
from ringbinder.features.imports.types import FileReport, FoundFile, Outcome
from ringbinder.features.uploads.errors import UploadWrongSizeError
from ringbinder.features.uploads.types import KeptFile, NewUpload
from ringbinder.kit.errors import RingbinderError

FILES_AT_ONCE: Final = 100
"""How many files share a transaction, so that other writers do not wait long for it."""

BYTES_AT_ONCE: Final = 256 << 20
"""How many bytes they may be together, so that a stop in the middle loses little work."""

READ_AT_ONCE: Final = 8
"""How many files are read and stored at the same time."""

Tell = Callable[[FoundFile, FileReport], None]


@dataclass(frozen=True, slots=True)
class Freight:
    """A file that shall be uploaded."""

    task: Task
    wanted: NewUpload


@dataclass(slots=True)
class Lot:
    """Files that will be uploaded together."""

    freights: list[Freight] = field(default_factory=list)
    size_bytes: int = 0

    def add(self, freight: Freight) -> None:
        """Take in one file more."""
        self.freights.append(freight)
        self.size_bytes += freight.wanted.size_bytes

    @property
    def is_full(self) -> bool:
        """Tell whether no further file shall be added."""
        return len(self.freights) >= FILES_AT_ONCE or self.size_bytes >= BYTES_AT_ONCE


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file whose bytes are durable."""

    task: Task
    kept: KeptFile


class Shipping:
    """Ships lots, and tells what became of each file once that is certain."""

    def __init__(self, errand: Errand, tell: Tell) -> None:
        """Begin with nothing on its way."""
        self._errand = errand
        self._tell = tell
        self._slots = asyncio.Semaphore(READ_AT_ONCE)
        self._writing: asyncio.Task[None] | None = None
        self.was_stopped = False
        """Whether somebody wished to stop before all files had been begun."""

    async def ship(self, lot: Lot) -> None:
        """Store the bytes of a lot, and begin to write it; the one before is written then."""
        stored = await self._store(lot)
        await self.settle()
        if stored:
            self._writing = asyncio.create_task(self._write(stored))

    async def settle(self) -> None:
        """Wait until all that was shipped is written."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def _store(self, lot: Lot) -> list[_Stored]:
        found = await asyncio.gather(
            *(self._store_one(freight) for freight in lot.freights), return_exceptions=True
        )
        for one in found:
            if isinstance(one, BaseException):
                raise one
        return [one for one in found if isinstance(one, _Stored)]

    async def _store_one(self, freight: Freight) -> _Stored | None:
        file = freight.task.file
        async with self._slots:
            if self._errand.watcher.wants_to_stop():
                self.was_stopped = True
                return None
            self._errand.watcher.began(file)
            try:
                return _Stored(freight.task, await self._keep(file, freight.wanted))
            except (RingbinderError, OSError) as error:
                self._refuse(freight.task, error)
                return None

    async def _keep(self, file: FoundFile, wanted: NewUpload) -> KeptFile:
        uploads = self._errand.uploads
        if file.size_bytes > file_system.CHUNK_BYTES:
            return await uploads.keep_stream(wanted, self._chunks(file))
        data, sha256 = await file_system.read_whole(file)
        self._errand.watcher.read(len(data))
        if len(data) != file.size_bytes:
            raise UploadWrongSizeError
        return await uploads.keep_whole(wanted, data, sha256=sha256)

    async def _chunks(self, file: FoundFile) -> AsyncIterator[bytes]:
        async for chunk in file_system.stream(file):
            self._errand.watcher.read(len(chunk))
            yield chunk

    async def _write(self, stored: Sequence[_Stored]) -> None:
        """Write a lot; where others get in its way again and again, each of its files alone."""
        try:
            made = await self._put([one.kept for one in stored])
        except ConcurrentChangeError as error:
            if len(stored) == 1:
                self._refuse(stored[0].task, error)
                return
            for one in stored:
                await self._write([one])
            return
        for one, deposited in zip(stored, made, strict=True):
            self._report(one.task, deposited)

    async def _put(self, files: Sequence[KeptFile]) -> list[Deposited]:
        for attempt in range(ATTEMPTS):
            try:
                async with self._errand.changing() as session:
                    return await self._errand.uploads.put_all(session, self._errand.actor, files)
            except ConcurrentChangeError:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _report(self, task: Task, deposited: Deposited) -> None:
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
