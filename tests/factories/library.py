"""Small libraries of documents, described in plain Python and written straight into the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ringbinder.db.sessions import Database, WriteSession
from ringbinder.db.tables import (
    binders,
    documents,
    folders,
    metadata_elements,
    metadata_keys,
    metadata_values,
)
from ringbinder.features.documents.repository import find_document
from ringbinder.features.documents.rules import name_columns, value_columns
from ringbinder.features.documents.service.steps import add_to_index
from ringbinder.features.metadata import rules as metadata_rules
from ringbinder.features.metadata.types import GLOBAL_KEYS, DataType, MetadataValue, Scalar
from ringbinder.features.organisations.types import Organisation
from ringbinder.kit.collation import sort_key
from ringbinder.kit.ids import new_binder_code, new_guid
from ringbinder.kit.names import comparison_key


@dataclass(frozen=True)
class Key:
    """A metadata element that every binder of a library has."""

    number: int
    id: str
    type: DataType
    is_multi: bool = False


def _reserved(name: str) -> Key:
    reserved = GLOBAL_KEYS[name]
    return Key(reserved.key, name, reserved.data_type)


STATUS: Final = _reserved("GLOBAL_Status")
CATEGORY: Final = _reserved("GLOBAL_Category")
DATE: Final = _reserved("GLOBAL_Date")
REVISED: Final = _reserved("GLOBAL_RevisionDate")
VERSION: Final = _reserved("GLOBAL_Version")
CREATED_BY: Final = _reserved("GLOBAL_CreatedBy")
ROOM: Final = Key(100, "Rum", DataType.TEXT)
REMARK: Final = Key(101, "Anmärkning", DataType.TEXT, is_multi=True)
COST: Final = Key(102, "Kostnad", DataType.NUMBER)
MEASURE: Final = Key(103, "Mått", DataType.NUMBER, is_multi=True)
INSPECTED: Final = Key(104, "Besiktad", DataType.DATE)
APPROVED: Final = Key(105, "Godkänd", DataType.BOOLEAN)
BUILDING: Final = Key(106, "Hus", DataType.ENUMERATED)
TAG: Final = Key(107, "Tagg", DataType.ENUMERATED, is_multi=True)

CUSTOM: Final = (ROOM, REMARK, COST, MEASURE, INSPECTED, APPROVED, BUILDING, TAG)
LISTED: Final = (STATUS, CATEGORY, BUILDING, TAG)
SETTABLE: Final = (STATUS, CATEGORY, DATE, REVISED, VERSION, *CUSTOM)


@dataclass(frozen=True)
class Binder:
    """A binder; ``lists`` gives for each listed key the value ids and labels in their order."""

    name: str
    lists: Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Folder:
    """A folder; ``binder`` and ``parent`` count in the library."""

    name: str
    binder: int
    type: str = "documents"
    parent: int | None = None


@dataclass(frozen=True)
class Person:
    """Whoever creates documents."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Sheet:
    """A document; listed keys have value ids."""

    name: str
    folder: int
    values: Mapping[str, Sequence[Scalar]]
    creator: int = 0
    is_trashed: bool = False


@dataclass(frozen=True)
class Library:
    """Everything that one organisation has; others count in these lists."""

    binders: Sequence[Binder]
    folders: Sequence[Folder]
    people: Sequence[Person]
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class Stored:
    """The library as it stands in the database: its ids and keys, in the library's order."""

    library: Library
    binder_ids: Sequence[str]
    folder_ids: Sequence[UUID]
    folder_keys: Sequence[int]
    sheet_ids: Sequence[UUID]
    sheet_keys: Sequence[int]


async def store(database: Database, organisation: Organisation, library: Library) -> Stored:
    """Write a library into an empty organisation."""
    async with database.write(organisation.key) as session:
        await _add_keys(session)
        placed = [await _add_binder(session, binder) for binder in library.binders]
        shelves: list[tuple[int, UUID]] = []
        for place, folder in enumerate(library.folders):
            shelves.append(await _add_folder(session, folder, place, placed, shelves))
        added = [
            await _add_sheet(session, library, sheet, placed, shelves) for sheet in library.sheets
        ]
    return Stored(
        library,
        [binder_id for _, binder_id in placed],
        [folder_id for _, folder_id in shelves],
        [key for key, _ in shelves],
        [sheet_id for _, sheet_id in added],
        [key for key, _ in added],
    )


async def _add_keys(session: WriteSession) -> None:
    rows = [
        {"element_key": key.number, "metadata_element_id": key.id, "data_type": str(key.type)}
        for key in CUSTOM
    ]
    await session.insert(metadata_keys, *rows)


async def _add_binder(session: WriteSession, binder: Binder) -> tuple[int, str]:
    binder_id = new_binder_code()
    row = {
        "id": binder_id,
        "name": binder.name,
        "sort_name": sort_key(binder.name),
        "type": "project",
        "state": "active",
        "created_at": session.now,
        "created_by_name": "Test",
        "updated_at": session.now,
        "revision": 1,
    }
    added = await session.insert_returning(binders, row, "key")
    await session.insert(metadata_elements, *(_element_row(added.key, key) for key in SETTABLE))
    await session.insert(metadata_values, *_value_rows(added.key, binder))
    return added.key, binder_id


def _element_row(binder_key: int, key: Key) -> dict[str, Any]:
    return {
        "binder_key": binder_key,
        "element_key": key.number,
        "metadata_element_id": key.id,
        "data_type": str(key.type),
        "label": key.id,
        "labels": "{}",
        "is_required": False,
        "is_multi_value": key.is_multi,
        "position": key.number,
    }


def _value_rows(binder_key: int, binder: Binder) -> list[dict[str, Any]]:
    return [
        {
            "binder_key": binder_key,
            "element_key": key.number,
            "value_id": value_id,
            "label": label,
            "labels": "{}",
            "position": position,
        }
        for key in LISTED
        for position, (value_id, label) in enumerate(binder.lists[key.id])
    ]


async def _add_folder(
    session: WriteSession,
    folder: Folder,
    place: int,
    placed: Sequence[tuple[int, str]],
    shelves: Sequence[tuple[int, UUID]],
) -> tuple[int, UUID]:
    folder_id = new_guid()
    name = f"{folder.name} {place}"
    row = {
        "id": folder_id,
        "binder_key": placed[folder.binder][0],
        "parent_key": None if folder.parent is None else shelves[folder.parent][0],
        "name": name,
        "name_key": comparison_key(name),
        "sort_name": sort_key(folder.name),
        "type": folder.type,
        "position": place,
        "created_at": session.now,
        "updated_at": session.now,
        "revision": 1,
    }
    added = await session.insert_returning(folders, row, "key")
    return added.key, folder_id


async def _add_sheet(
    session: WriteSession,
    library: Library,
    sheet: Sheet,
    placed: Sequence[tuple[int, str]],
    shelves: Sequence[tuple[int, UUID]],
) -> tuple[int, UUID]:
    folder = library.folders[sheet.folder]
    person = library.people[sheet.creator]
    values = values_of(library, sheet)
    sheet_id = new_guid()
    row = {
        "id": sheet_id,
        "binder_key": placed[folder.binder][0],
        "folder_key": shelves[sheet.folder][0],
        **name_columns(sheet.name),
        **value_columns(values),
        "created_by_id": person.id,
        "created_by_name": person.name,
        "created_at": session.now,
        "updated_at": session.now,
        "latest_version_id": new_guid(),
        "latest_version_number": 1,
        "metadata_json": metadata_rules.to_json(values),
        "revision": 1,
        "deleted_at": session.now if sheet.is_trashed else None,
    }
    added = await session.insert_returning(documents, row, "key")
    if not sheet.is_trashed:
        document = await find_document(session, sheet_id)
        assert document is not None
        await add_to_index(session, [(document, values)])
    return added.key, sheet_id


def values_of(library: Library, sheet: Sheet) -> tuple[MetadataValue, ...]:
    """Give a document's values as the program keeps them."""
    person = library.people[sheet.creator]
    binder = library.binders[library.folders[sheet.folder].binder]
    values = [metadata_rules.created_by(str(person.id), person.name)]
    for key in SETTABLE:
        values += [_value(key, value, binder) for value in sheet.values.get(key.id, ())]
    return tuple(values)


def _value(key: Key, value: Scalar, binder: Binder) -> MetadataValue:
    value_id = None
    if key.type is DataType.ENUMERATED:
        value_id, value = str(value), dict(binder.lists[key.id])[str(value)]
    index_value = metadata_rules.index_value(key.type, value_id, value)
    return MetadataValue(key.number, key.id, value_id, value, index_value)
