"""A list of documents as it is asked for, and as it is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from ringbinder.features.binders.types import Binder
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.types import GLOBAL_REVISION_DATE, tone_of_status

NAME: Final = "name"
"""The column of file names; every other column is named by its metadata key."""

CHANGED: Final = "changed"
"""The column of the last change of a document."""

WINDOW: Final = 100
"""How many documents are fetched at once while somebody scrolls."""


class ColumnKind(StrEnum):
    """How the values of a column are written, and how they can be filtered."""

    NAME = "name"
    TEXT = "text"
    LISTED = "listed"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    REVISION = "revision"
    STATUS = "status"
    TAB = "tab"
    PERSON = "person"
    CHANGED = "changed"


_WIDTHS: Final = {
    ColumnKind.NAME: "col-name",
    ColumnKind.REVISION: "col-short",
    ColumnKind.STATUS: "col-status",
    ColumnKind.NUMBER: "col-short",
    ColumnKind.BOOLEAN: "col-short",
    ColumnKind.DATE: "col-date",
    ColumnKind.CHANGED: "col-value",
}
_CELLS: Final = {
    ColumnKind.REVISION: "revision-cell",
    ColumnKind.STATUS: "second",
    ColumnKind.DATE: "numeric",
    ColumnKind.NUMBER: "numeric",
    ColumnKind.CHANGED: "numeric",
}


_FILE_KINDS: Final = {
    "pdf": "pdf",
    **dict.fromkeys(("dwg", "dxf", "dgn"), "drawing"),
    **dict.fromkeys(("xlsx", "xls", "csv", "ods"), "sheet"),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "tif", "tiff", "webp", "svg"), "image"),
    **dict.fromkeys(("ifc", "rvt", "skp", "nwd", "step", "stp"), "model"),
    **dict.fromkeys(("msg", "eml"), "email"),
    **dict.fromkeys(("zip", "7z", "gz", "rar"), "archive"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """A language, and how it calls the columns that are no metadata."""

    language: str
    of_columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list, as it is labelled in the reader's language."""

    value_id: str
    label: str


@dataclass(frozen=True)
class Column:
    """A column that a list can have; what each of its cells says alike is written once."""

    key: str
    label: str
    kind: ColumnKind
    choices: tuple[Choice, ...] = ()

    @property
    def is_sortable(self) -> bool:
        """Tell whether documents can come in the order of its values."""
        return self.kind is not ColumnKind.CHANGED

    @property
    def width(self) -> str:
        """Give the class that says how wide the column is."""
        return _WIDTHS.get(self.kind, "col-value")

    @cached_property
    def cell_class(self) -> str:
        """Give the class of its cells, which says what a phone shows of them."""
        is_revised = self.key == GLOBAL_REVISION_DATE
        return f"{_CELLS.get(self.kind, '')}{' third' if is_revised else ''}"

    @cached_property
    def filter_name(self) -> str:
        """Give the name of the condition for one of its values, as it stands in an address."""
        if self.kind is ColumnKind.TAB:
            return "tab"
        is_listed = self.kind in (ColumnKind.LISTED, ColumnKind.STATUS)
        return f"f.{'in' if is_listed else 'eq'}.{self.key}"

    def tone(self, value_id: str | None) -> str:
        """Give the colour of a status: what builds is green, what is under way amber."""
        return tone_of_status(value_id)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Give the labels of the listed values."""
        return {choice.value_id: choice.label for choice in self.choices}

    def label_of(self, value_id: str) -> str:
        """Give the label of a listed value, or the value itself."""
        return self.labels.get(value_id, value_id)

    @property
    def is_filterable(self) -> bool:
        """Tell whether documents can be sought by its values; tabs are sought in their tree."""
        return self.kind not in (ColumnKind.NAME, ColumnKind.CHANGED, ColumnKind.TAB)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A condition on a key: an operator of the search, and its values."""

    key: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a list shows, as it stands in the address of a page."""

    tab: UUID | None = None
    term: str | None = None
    filters: tuple[ListFilter, ...] = ()
    sort: str = NAME
    descending: bool = False
    columns: tuple[str, ...] = ()
    """The chosen columns in their order; empty where nobody chose."""

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the tab leaves documents out."""
        return bool(self.term or self.filters)

    def without_term(self) -> "ListQuery":
        """Give the query for any file name."""
        return replace(self, term=None)

    def values_of(self, key: str, operator: str) -> tuple[str, ...]:
        """Give the values of a condition, none where there is no such condition."""
        for one in self.filters:
            if (one.key, one.operator) == (key, operator):
                return one.values
        return ()


class Value(NamedTuple):
    """One value in a cell: what it says, what a filter asks for, and if another one is before."""

    text: str
    wanted: str | None = None
    follows: bool = False


Cell = tuple[Column, Sequence[Value]]


class Item(msgspec.Struct, gc=False):
    """One value of a document as it is stored."""

    key: str = msgspec.field(name="metadataElementId")
    value_id: str | None = msgspec.field(name="valueId")
    value: Any


class ListedDocument(msgspec.Struct, gc=False):
    """What a list needs of a document, out of what searches answer; ids are texts."""

    id: str
    file_name: str = msgspec.field(name="fileName")
    folder_id: str = msgspec.field(name="folderId")
    items: list[Item] = msgspec.field(name="metadata")
    updated_at: datetime = msgspec.field(name="updatedAt")


class Row(NamedTuple):
    """A document in a list; the values of its columns are written when they are asked for."""

    document: ListedDocument
    place: int
    write: Callable[[ListedDocument], Sequence[Cell]]

    @property
    def kind(self) -> str:
        """Give the kind of its file, for its picture."""
        stem, _, ending = self.document.file_name.rpartition(".")
        return _FILE_KINDS.get(ending.lower(), "document") if stem else "document"

    @property
    def cells(self) -> Sequence[Cell]:
        """Write the values of each column but the name."""
        return self.write(self.document)


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list, and how many documents it has in all."""

    rows: Sequence[Row]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder in the tree of tabs, with the documents in it and below it counted."""

    folder: Folder
    level: int
    documents: int
    children: tuple["Branch", ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a list needs: the binder, its folders in the order of the tree, and its columns."""

    binder: Binder
    folders: Mapping[UUID, Folder]
    available: tuple[Column, ...]
    columns: tuple[Column, ...]
    path: tuple[Folder, ...] = ()
    """The tab that is looked at, behind those that it is in; empty where all are."""

    @property
    def tab(self) -> Folder | None:
        """Give the tab that is looked at, None where all are."""
        return self.path[-1] if self.path else None

    @property
    def columns_behind_name(self) -> tuple[Column, ...]:
        """Give the columns of which a row has cells."""
        return tuple(column for column in self.columns if column.kind is not ColumnKind.NAME)

    def full_name(self, folder: Folder) -> str:
        """Name a folder with those that it is in."""
        names = [folder.name]
        parent = folder.parent_id
        while parent is not None and parent in self.folders:
            names.append(self.folders[parent].name)
            parent = self.folders[parent].parent_id
        return " / ".join(reversed(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Table):
    """What a binder's page shows around its list, too."""

    branches: tuple[Branch, ...]
    documents: int
    views: tuple["SavedView", ...] = ()


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list of a binder that somebody has named; ``query`` is what stands in the address."""

    key: int
    id: UUID
    name: str
    query: str
    is_shared: bool
    owner_id: UUID
    owner_name: str
    created_at: datetime
