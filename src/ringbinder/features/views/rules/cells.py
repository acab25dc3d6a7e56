"""The documents of a list, and their values as the language of the reader writes them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from ringbinder.features.folders.types import Folder
from ringbinder.features.search.types import FoundDocument
from ringbinder.features.views.types import Cell, Column, ColumnKind, Item, ListedDocument, Value

_items: Final = msgspec.json.Decoder(list[Item]).decode

read_listed: Final = msgspec.json.Decoder(list[ListedDocument]).decode
"""Read documents as searches answer them."""


def listed(document: FoundDocument) -> ListedDocument:
    """Give what a list needs of a document that was found."""
    return ListedDocument(
        id=str(document.id),
        file_name=document.file_name,
        folder_id=str(document.folder_id),
        items=_items(document.metadata_json),
        updated_at=document.updated_at,
    )


def _in_line(values: list[Value]) -> Sequence[Value]:
    others = values[1:]
    return [*values[:1], *(one._replace(follows=True) for one in others)] if others else values


class Cells:
    """Writes the values of documents in columns, in one language."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        folders: Mapping[UUID, Folder],
        yes: str,
        no: str,
        date: Callable[[str], str],
        number: Callable[[float], str],
        moment: Callable[[datetime], str],
    ) -> None:
        """Take how the reader's language writes what is no text."""
        self._folders = folders
        self._tabs: dict[str, Sequence[Value]] = {}
        self._words = {True: yes, False: no}
        self._date = date
        self._number = number
        self._moment = moment
        self._columns = [
            (column, self._writer(column))
            for column in columns
            if column.kind is not ColumnKind.NAME
        ]

    def of(self, document: ListedDocument) -> Sequence[Cell]:
        """Give the values of one document for each column but the name."""
        found: dict[str, list[Item]] = {}
        for item in document.items:
            found.setdefault(item.key, []).append(item)
        return [
            (column, self._elsewhere(column, document))
            if write is None
            else (column, _in_line([write(item) for item in found.get(column.key, ())]))
            for column, write in self._columns
        ]

    def _elsewhere(self, column: Column, document: ListedDocument) -> Sequence[Value]:
        """Give what stands in no metadata."""
        if column.kind is ColumnKind.TAB:
            return self._tabs.get(document.folder_id) or self._tab(document.folder_id)
        return (Value(self._moment(document.updated_at)),)

    def _tab(self, folder_id: str) -> Sequence[Value]:
        folder = self._folders.get(UUID(folder_id))
        self._tabs[folder_id] = () if folder is None else (Value(folder.name, folder_id),)
        return self._tabs[folder_id]

    def _writer(self, column: Column) -> "Callable[[Item], Value] | None":
        match column.kind:
            case ColumnKind.TAB | ColumnKind.CHANGED:
                return None
            case ColumnKind.LISTED | ColumnKind.STATUS:
                labels = column.labels
                return lambda one: Value(
                    labels.get(one.value_id or "") or str(one.value), one.value_id
                )
            case ColumnKind.DATE:
                return lambda one: Value(self._date(one.value), str(one.value))
            case ColumnKind.NUMBER:
                return lambda one: Value(self._number(one.value), str(one.value))
            case ColumnKind.BOOLEAN:
                return lambda one: Value(
                    self._words[bool(one.value)], "true" if one.value else "false"
                )
        return lambda one: Value(str(one.value), str(one.value))
