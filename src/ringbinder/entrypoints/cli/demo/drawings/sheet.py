"""What a drawing or a manual says, apart from how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

DrawingKind = Literal["plan", "section", "facade", "detail", "diagram", "situation"]
Use = Literal["office", "dwelling"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One row of the revision table."""

    letter: str
    note: str
    sign: str
    date: date
    count: int = 1


@dataclass(frozen=True, slots=True)
class DrawingSheet:
    """One A3 drawing; the number decides what it looks like.

    Sheets whose numbers end alike (A-40.1-1002, V-57.1-1002) show the same floor.
    """

    kind: DrawingKind
    number: str
    title: str
    project: str
    address: str
    client: str
    contractor: str
    scale: str
    date: date
    assignment: str
    drawn_by: str
    handled_by: str
    status: str
    revisions: tuple[Revision, ...] = ()
    use: Use = "office"

    @property
    def discipline(self) -> str:
        """The leading letter of the number."""
        return self.number[:1]

    @property
    def revision(self) -> str:
        """The letter of the current revision, empty for a first issue."""
        return self.revisions[-1].letter if self.revisions else ""


@dataclass(frozen=True, slots=True)
class ManualTable:
    """A table: headings, relative column widths, rows."""

    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ManualSection:
    """A heading with paragraphs and perhaps a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: ManualTable | None = None


@dataclass(frozen=True, slots=True)
class ManualSheet:
    """An A4 instruction, protocol or certificate."""

    sort: str
    title: str
    number: str
    project: str
    address: str
    author: str
    date: date
    revision: str
    status: str
    sections: tuple[ManualSection, ...]
