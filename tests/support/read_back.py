"""An organisation read out of its tables in plain SQL: what there is, and what its members see."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ringbinder.access.permissions import BinderRole, MemberRole
from ringbinder.db.sessions import Database, ReadSession
from tests.factories.library import (
    CREATED_BY,
    LISTED,
    SETTABLE,
    Binder,
    Folder,
    Library,
    Person,
    Sheet,
    Stored,
)

Rows = Sequence[Any]
SETTABLE_IDS = {key.id for key in SETTABLE}


async def read_library(database: Database, organisation_key: int) -> Stored:
    """Give an organisation's binders, folders and documents, each in the order of their making."""
    async with database.read(None) as session:
        binders = await _rows(session, organisation_key, "SELECT * FROM binders", "key")
        folders = await _rows(session, organisation_key, "SELECT * FROM folders", "key")
        documents = await _rows(session, organisation_key, "SELECT * FROM documents", "key")
        values = await _rows(
            session,
            organisation_key,
            """SELECT v.*, k.metadata_element_id FROM metadata_values v
            JOIN metadata_elements k USING (organisation_key, binder_key, element_key)""",
            "position",
        )
    binder_places = _places(binders)
    folder_places = _places(folders)
    people = {person.id: person for row in documents for person in _creators(row)}
    known = list(people)
    library = Library(
        [Binder(row.name, _lists(values, row.key)) for row in binders],
        [_folder(row, binder_places, folder_places) for row in folders],
        list(people.values()),
        [_sheet(row, folder_places, known) for row in documents],
    )
    return Stored(
        library,
        [row.id for row in binders],
        [UUID(str(row.id)) for row in folders],
        [row.key for row in folders],
        [UUID(str(row.id)) for row in documents],
        [row.key for row in documents],
    )


async def count_changes(database: Database, organisation_key: int) -> int:
    """Give how many changes an organisation has had."""
    async with database.read(None) as session:
        [row] = await _rows(
            session, organisation_key, "SELECT * FROM organisation_sequences", "change_sequence"
        )
    number: int = row.change_sequence
    return number


async def _rows(session: ReadSession, organisation_key: int, select: str, order: str) -> Rows:
    statement = f"SELECT * FROM ({select}) AS s WHERE organisation_key = :own ORDER BY {order}"  # noqa: S608 - written above
    return await session.all(text(statement).bindparams(own=organisation_key))


def _places(rows: Rows) -> Mapping[int, int]:
    return {row.key: place for place, row in enumerate(rows)}


def _lists(values: Rows, binder_key: int) -> dict[str, list[tuple[str, str]]]:
    return {
        key.id: [
            (row.value_id, row.label)
            for row in values
            if row.binder_key == binder_key and row.metadata_element_id == key.id
        ]
        for key in LISTED
    }


def _folder(row: Any, binders: Mapping[int, int], folders: Mapping[int, int]) -> Folder:
    parent = None if row.parent_key is None else folders[row.parent_key]
    return Folder(row.name, binders[row.binder_key], row.type, parent)


def _creators(document: Any) -> Iterator[Person]:
    for item in json.loads(document.metadata_json):
        if item["metadataElementId"] == CREATED_BY.id:
            yield Person(UUID(item["valueId"]), item["value"])


def _sheet(row: Any, folders: Mapping[int, int], people: Sequence[UUID]) -> Sheet:
    values: dict[str, list[Any]] = {}
    for item in json.loads(row.metadata_json):
        if item["metadataElementId"] in SETTABLE_IDS:
            value = item["value"] if item["valueId"] is None else item["valueId"]
            values.setdefault(item["metadataElementId"], []).append(value)
    [creator] = _creators(row)
    return Sheet(
        row.file_name,
        folders[row.folder_key],
        values,
        people.index(creator.id),
        is_trashed=row.deleted_at is not None,
    )


@dataclass(frozen=True)
class Seen:
    """Who sees what, as the documentation says it."""

    folders: Mapping[int, Any]
    members: Mapping[UUID, Any]
    roles: Mapping[int, Mapping[int, set[BinderRole]]]
    viewers: Mapping[int, set[int]]

    def folders_of(self, member_id: UUID) -> frozenset[int]:
        """Give the keys of the folders that a member sees."""
        return frozenset(key for key in self.folders if self.sees(self.members[member_id], key))

    def sees(self, member: Any, folder_key: int) -> bool:
        role, folder = MemberRole(member.role), self.folders[folder_key]
        mine = self.roles.get(member.key, {}).get(folder.binder_key, set())
        if role.administers_all or BinderRole.ADMINISTRATOR in mine:
            return True
        if role.is_restricted and not mine:
            return False
        return all(
            not self.folders[key].is_hidden or member.key in self.viewers.get(key, set())
            for key in self.above(folder_key)
        )

    def above(self, folder_key: int | None) -> Iterator[int]:
        while folder_key is not None:
            yield folder_key
            folder_key = self.folders[folder_key].parent_key


async def read_seen(database: Database, organisation_key: int) -> Seen:
    """Give who sees what in an organisation."""
    async with database.read(None) as session:
        folders = await _rows(session, organisation_key, "SELECT * FROM folders", "key")
        members = await _rows(session, organisation_key, "SELECT * FROM members", "key")
        grouped = await _rows(session, organisation_key, "SELECT * FROM group_members", "group_key")
        participants = await _rows(
            session, organisation_key, "SELECT * FROM binder_participants", "key"
        )
        viewers = await _rows(session, organisation_key, "SELECT * FROM folder_viewers", "key")

    def meant(row: Any) -> list[int]:
        if row.member_key is not None:
            return [row.member_key]
        return [each.member_key for each in grouped if each.group_key == row.group_key]

    roles: dict[int, dict[int, set[BinderRole]]] = {}
    for row in participants:
        for member in meant(row):
            there = roles.setdefault(member, {}).setdefault(row.binder_key, set())
            there.add(BinderRole(row.role))
    seen: dict[int, set[int]] = {}
    for row in viewers:
        seen.setdefault(row.folder_key, set()).update(meant(row))
    return Seen(
        {row.key: row for row in folders},
        {UUID(str(row.id)): row for row in members},
        roles,
        seen,
    )
