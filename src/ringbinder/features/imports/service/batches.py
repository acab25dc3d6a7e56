"""Tell what an upload of many files would do, before anything is uploaded."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.imports import repository, rules
from ringbinder.features.imports.rules import Matches, Translator
from ringbinder.features.imports.types import (
    Batch,
    BatchPlan,
    Place,
    Placing,
    PlannedFile,
    Register,
    RegisterReport,
    RegisterRow,
    SetValue,
)
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import Element, GivenValue, Schema
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.names import comparison_key, name_problems

BETWEEN_NAMES: Final = " / "
"""What stands between the names of a place where people read it."""

_Key = tuple[str, ...]


async def plan_batch(session: ReadSession, batch: Batch, *, maximum_bytes: int) -> BatchPlan:
    """Tell for each file where it goes, what the register sets, and why it would be refused.

    Nothing is changed, and nothing is kept: whoever asks again gets the answer of then.

    Raises:
        BinderNotFoundError, FolderNotFoundError: there is no such binder, or no such folder in it.
        RegisterUnreadableError, RegisterWithoutPathsError, RegisterColumnTwiceError: the register
            is none.

    """
    binder = await binders.get_binder(session, binder_id=batch.binder_id)
    places = _Places(await folders.list_tree(session, binder))
    chosen = await folders.get_folder_of(session, binder_id=binder.id, folder_id=batch.folder_id)
    schema = await metadata.load_schema(session, binder_key=binder.key)
    register = await _read(batch.register)
    matches = rules.match_rows([_names(file.path) for file in batch.files], register.rows)
    planner = _Planner(batch, places, places.of(chosen), _Cells(schema), matches)
    planned = [planner.plan(number, maximum_bytes) for number in range(len(batch.files))]
    await _look_at_names(session, planned)
    missing = {file.place: None for file in planned if file.folder is None and file.place}
    return BatchPlan(planned, list(missing), _report(batch, register, matches, schema))


async def make_places(
    session: WriteSession, actor: Actor, *, binder_id: str, places: Sequence[Place]
) -> Sequence[Folder]:
    """Create what is missing of places in a binder; gives the folder of each.

    Raises:
        BinderNotFoundError, BinderArchivedError: there is no binder to change.
        FieldErrors: a name that no folder can have, or no name at all.
        FolderTooDeepError: a place is deeper than folders can be.

    """
    binder = await binders.lock_binder(session, binder_id=binder_id)
    return [
        await folders.ensure_path(session, actor, binder=binder, names=names) for names in places
    ]


async def _read(register: bytes | None) -> Register:
    if register is None:
        return Register()
    return await asyncio.to_thread(rules.read_register, register)


def _names(path: str) -> tuple[str, ...]:
    """Give the names of a path as the browser tells it; a file without one is its blank name."""
    return tuple(path.split("/"))


class _Places:
    """The folders of a binder by their names from the tab down."""

    def __init__(self, tree: Iterable[Folder]) -> None:
        self._names: dict[int, Place] = {}
        self._by_names: dict[_Key, Folder] = {}
        for folder in tree:
            above = () if folder.parent_key is None else self._names[folder.parent_key]
            self._names[folder.key] = (*above, folder.name)
            self._by_names[tuple(map(comparison_key, self._names[folder.key]))] = folder

    def of(self, folder: Folder) -> Place:
        if folder.key not in self._names:
            raise FolderNotFoundError
        return self._names[folder.key]

    def at(self, place: Place) -> Folder | None:
        return self._by_names.get(tuple(map(comparison_key, place)))


@dataclass(frozen=True, slots=True)
class _Planner:
    batch: Batch
    places: _Places
    chosen: Place
    cells: "_Cells"
    matches: Matches

    def plan(self, number: int, maximum_bytes: int) -> PlannedFile:
        file, row = self.batch.files[number], self.matches.rows.get(number)
        names = _names(file.path)
        place = self._place(names[:-1], row)
        planned = PlannedFile(names[-1], place, self.places.at(place))
        planned.problems += name_problems(planned.name)
        if file.size_bytes > maximum_bytes:
            planned.problems.append(f"A file can have at most {maximum_bytes} bytes.")
        if number in self.matches.refused:
            planned.problems.append(self.matches.refused[number])
        if planned.folder is None:
            planned.problems.append(f"The binder has no tab {BETWEEN_NAMES.join(place)}.")
        if row is not None:
            planned.line = row.line
            planned.values, planned.wrong_values = self.cells.read(row)
        return planned

    def _place(self, folders_of_file: Place, row: RegisterRow | None) -> Place:
        match self.batch.placing:
            case Placing.FOLDERS:
                return (*self.chosen, *folders_of_file)
            case Placing.REGISTER if row is not None and row.place:
                return row.place
            case _:
                return self.chosen


class _Cells:
    """Reads the cells of rows by a schema, each for itself."""

    def __init__(self, schema: Schema) -> None:
        # What is missing is no matter of a cell: the card, or the document, may have it.
        lenient = {key: replace(one, is_required=False) for key, one in schema.elements.items()}
        self._schema = Schema(schema.binder_key, lenient)
        self._translator = Translator(self._schema)

    def read(self, row: RegisterRow) -> tuple[dict[str, list[SetValue]], dict[str, list[str]]]:
        """Give what a row sets, and what it cannot set, by the elements' ids."""
        values: dict[str, list[SetValue]] = {}
        wrong: dict[str, list[str]] = {}
        for column in row.cells:
            element = self._translator.element_of(column)
            if element is None or not element.is_settable:
                continue
            given, unlisted = self._translator.given_in(row, column)
            if unlisted:
                wrong[element.metadata_element_id] = [_not_listed(text) for text in unlisted]
                continue
            self._check(element, given, values, wrong)
        return values, wrong

    def _check(
        self,
        element: Element,
        given: Sequence[GivenValue],
        values: dict[str, list[SetValue]],
        wrong: dict[str, list[str]],
    ) -> None:
        key = element.metadata_element_id
        try:
            checked = metadata.check_values(self._schema, given)
        except FieldErrors as error:
            wrong[key] = [message for messages in error.errors.values() for message in messages]
        else:
            values[key] = [SetValue(one.value_id, one.value) for one in checked]


def _not_listed(text: str) -> str:
    return f"{text} is not one of the values of the list."


async def _look_at_names(session: ReadSession, planned: Sequence[PlannedFile]) -> None:
    """Find for each file the document of its name, and the file before it that takes its name."""
    wanted = {
        (file.folder.key, comparison_key(file.name)) for file in planned if file.folder is not None
    }
    taken = await repository.find_taken(session, wanted)
    seen: set[tuple[int, str]] = set()
    for file in planned:
        if file.folder is not None:
            spot = (file.folder.key, comparison_key(file.name))
            file.taken, file.has_twin = taken.get(spot), spot in seen
            seen.add(spot)


def _report(
    batch: Batch, register: Register, matches: Matches, schema: Schema
) -> RegisterReport | None:
    if batch.register is None:
        return None
    translator = Translator(schema)
    found = {column: translator.element_of(column) for column in register.columns}
    return RegisterReport(
        rows=len(register.rows),
        matched=len(matches.rows),
        columns=[(column, _settable_id(element)) for column, element in found.items()],
        without_file=matches.without_file,
    )


def _settable_id(element: Element | None) -> str | None:
    return element.metadata_element_id if element and element.is_settable else None


def settable(schema: Schema) -> Mapping[str, Element]:
    """Give the elements of a schema that people can set, in its order."""
    return {
        key: element
        for key, element in schema.elements.items()
        if element.is_settable and not element.is_retired
    }
