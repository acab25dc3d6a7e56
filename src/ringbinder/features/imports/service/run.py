"""One run of an import: place after place, and in each place file after file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder
from ringbinder.features.imports import repository, rules
from ringbinder.features.imports.rules import Matches
from ringbinder.features.imports.service import files as file_system
from ringbinder.features.imports.service.errand import Errand
from ringbinder.features.imports.service.filing import Filing, Task
from ringbinder.features.imports.service.lots import Freight, Lot, Shipping
from ringbinder.features.imports.service.schema import extend_schema
from ringbinder.features.imports.types import (
    FileReport,
    FoundFile,
    ImportReport,
    Outcome,
    Place,
    Present,
    Refusal,
    RegisterRow,
)
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import Schema
from ringbinder.features.uploads.types import NewUpload
from ringbinder.kit.errors import RingbinderError
from ringbinder.kit.names import comparison_key

_WITHOUT_NAME: Final = "Import"
"""The tab of files that lie in the root of a file system."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A file with its row of the register, if it has one."""

    file: FoundFile
    row: RegisterRow | None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """The files that go to one place, in their order."""

    place: Place
    items: list[_Item]


class _Stopped(Exception):
    """No further file shall be begun."""


class Run:
    """One run; made for one errand and used once."""

    def __init__(self, errand: Errand) -> None:
        """Begin with nothing done."""
        self._errand = errand
        self._report = ImportReport(dry_run=errand.order.dry_run)
        self._lot = Lot()
        self._shipping = Shipping(errand, self._tell)

    async def go(
        self, found: Sequence[FoundFile], refused: Iterable[Refusal], matches: Matches
    ) -> ImportReport:
        """Import the files, and tell what became of each; see :class:`Importer`."""
        size = sum(file.size_bytes for file in found)
        self._errand.watcher.planned(files=len(found), size_bytes=size)
        binder, schema = await self._prepare(list(matches.rows.values()))
        self._report.rows_without_file.extend(matches.without_file)
        for refusal in refused:
            self._tell(None, FileReport(refusal.shown, Outcome.REFUSED, reason=refusal.reason))
        for number, reason in matches.refused.items():
            self._refuse(found[number], reason)
        try:
            for group in self._by_place(found, matches):
                await self._import_group(binder, schema, group)
            await self._ship()
            await self._shipping.settle()
            self._report.stopped = self._shipping.was_stopped
        except _Stopped:
            self._report.stopped = True
        except BaseException:
            await self._shipping.give_up()
            raise
        finally:
            await self._shipping.settle()
        return self._report

    async def _prepare(self, rows: Sequence[RegisterRow]) -> tuple[Binder, Schema]:
        order = self._errand.order
        async with self._errand.changing() as session:
            if order.create_elements:
                binder = await binders.lock_binder(session, binder_id=order.binder_id)
                self._report.needs = await extend_schema(session, self._errand.actor, binder, rows)
                return binder, await metadata.load_schema(session, binder_key=binder.key)
            binder = await binders.get_writable_binder(session, binder_id=order.binder_id)
            schema = await metadata.load_schema(session, binder_key=binder.key)
            self._report.needs = rules.Translator(schema).needs(rows)
            return binder, schema

    def _by_place(self, found: Sequence[FoundFile], matches: Matches) -> Iterable[_Group]:
        groups: dict[tuple[str, ...], _Group] = {}
        for number, file in enumerate(found):
            if number not in matches.refused:
                item = _Item(file, matches.rows.get(number))
                place = self._place_of(item)
                key = tuple(map(comparison_key, place))
                groups.setdefault(key, _Group(place, [])).items.append(item)
        return groups.values()

    def _place_of(self, item: _Item) -> Place:
        if item.row is not None and item.row.place:
            return item.row.place
        folder = self._errand.order.folder.absolute()
        return item.file.relative[:-1] or (folder.name or _WITHOUT_NAME,)

    async def _import_group(self, binder: Binder, schema: Schema, group: _Group) -> None:
        self._stop_if_wanted()
        try:
            folder, present = await self._open(binder, group.place)
        except RingbinderError as error:
            for item in group.items:
                self._refuse(item.file, rules.reason_of(error))
            return
        filing = Filing(self._errand, schema, rules.Translator(schema), folder)
        for task in await self._tasks(group, present):
            self._stop_if_wanted()
            await self._put(filing, task)

    async def _open(self, binder: Binder, place: Place) -> tuple[Folder, Sequence[Present]]:
        async with self._errand.changing() as session:
            folder = await folders.ensure_path(
                session, self._errand.actor, binder=binder, names=place
            )
            return folder, await repository.list_present(session, folder.key)

    async def _tasks(self, group: _Group, present: Sequence[Present]) -> list[Task]:
        by_size: dict[int, list[Present]] = {}
        for document in present:
            by_size.setdefault(document.size_bytes, []).append(document)
        readable = []
        for item in group.items:
            self._stop_if_wanted()
            same_size = by_size.get(item.file.size_bytes, ())
            if not rules.may_be_unchanged(item.file.name, same_size):
                readable.append(item)
            elif (sha256 := await self._digest(item.file)) is not None:
                readable.append(_Item(item.file, item.row, sha256))
        names = [(item.file.name, item.sha256) for item in readable]
        destinations = rules.assign_names(names, present)
        return [
            Task(item.file, item.row, group.place, destination, item.sha256)
            for item, destination in zip(readable, destinations, strict=True)
        ]

    async def _digest(self, file: FoundFile) -> str | None:
        self._errand.watcher.began(file)
        try:
            return await file_system.digest(file)
        except OSError as error:
            self._refuse(file, rules.reason_of(error))
            return None

    async def _put(self, filing: Filing, task: Task) -> None:
        try:
            decision = await filing.decide(task)
        except (RingbinderError, OSError) as error:
            self._refuse(task.file, rules.reason_of(error))
            return
        if isinstance(decision, NewUpload):
            self._lot.add(Freight(task, decision))
            if self._lot.is_full:
                await self._ship()
            return
        shown, name = task.file.shown, task.destination.file_name
        self._tell(task.file, FileReport(shown, decision, task.place, name, task.document_id))

    async def _ship(self) -> None:
        lot, self._lot = self._lot, self._lot.next()
        await self._shipping.ship(lot)

    def _stop_if_wanted(self) -> None:
        if self._errand.watcher.wants_to_stop():
            raise _Stopped

    def _refuse(self, file: FoundFile, reason: str) -> None:
        self._tell(file, FileReport(file.shown, Outcome.REFUSED, reason=reason))

    def _tell(self, file: FoundFile | None, report: FileReport) -> None:
        self._report.add(report)
        self._errand.watcher.finished(file, report)
