"""The shapes of the demo's catalogue: no database, no web."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ringbinder.entrypoints.cli.demo.drawings import (
    DrawingSheet,
    ManualSheet,
    render,
    render_manual,
)

DataType = Literal["Text", "Number", "Date", "Boolean", "Enumerated"]
FolderType = Literal["documents", "drawings", "contracts", "container"]
BinderType = Literal["project", "facility"]
Scalar = str | int | float | bool
Value = Scalar | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoValue:
    """One value of an enumerated element."""

    value_id: str
    label_sv: str
    label_en: str


@dataclass(frozen=True, slots=True)
class DemoElement:
    """One key of a binder's metadata schema."""

    metadata_element_id: str
    label_sv: str
    label_en: str
    data_type: DataType
    is_required: bool = False
    is_multi_value: bool = False
    values: tuple[DemoValue, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """A tab or a folder below one."""

    name: str
    type: FolderType
    folders: tuple[DemoFolder, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoVersion:
    """One version; values are value ids for enumerated keys, ISO dates, tuples for many values."""

    label: str
    status: str
    document_date: date
    revision_date: date | None
    metadata: Mapping[str, Value]
    comment: str
    sheet: DrawingSheet | ManualSheet

    @property
    def reserved_metadata(self) -> dict[str, Value]:
        """The reserved keys that a client sets, GLOBAL_Category apart (it is in `metadata`)."""
        values: dict[str, Value] = {
            "GLOBAL_Status": self.status,
            "GLOBAL_Version": self.label,
            "GLOBAL_Date": self.document_date.isoformat(),
        }
        if self.revision_date is not None:
            values["GLOBAL_RevisionDate"] = self.revision_date.isoformat()
        return values

    def render(self) -> bytes:
        """Make the PDF; the same version gives the same bytes."""
        if isinstance(self.sheet, DrawingSheet):
            return render(self.sheet)
        return render_manual(self.sheet)


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """A document with its versions, oldest first, in the folder that `path` names."""

    path: tuple[str, ...]
    file_name: str
    versions: tuple[DemoVersion, ...]


@dataclass(frozen=True, slots=True)
class DemoBinder:
    """A binder with its tabs, schema and documents."""

    name: str
    type: BinderType
    description: str
    colour: str
    folders: tuple[DemoFolder, ...]
    elements: tuple[DemoElement, ...]
    documents: tuple[DemoDocument, ...]

    def iter_folders(self) -> Iterator[tuple[tuple[str, ...], DemoFolder]]:
        """Yield each folder with its path, parents before children."""
        waiting: list[tuple[tuple[str, ...], DemoFolder]] = [
            ((folder.name,), folder) for folder in self.folders
        ]
        while waiting:
            path, folder = waiting.pop(0)
            yield path, folder
            waiting += [((*path, child.name), child) for child in folder.folders]


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """All that the demo holds."""

    name: str
    binders: tuple[DemoBinder, ...]
