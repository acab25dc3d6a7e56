"""What an import takes, finds and tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.types import Scalar

Place = tuple[str, ...]
"""The names from a tab down to a folder."""


class Outcome(StrEnum):
    """What became of a file, or would have become of it."""

    ADDED = "added"
    NEW_VERSION = "newVersion"
    UPDATED = "updated"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What shall be imported, where to, and how."""

    folder: Path
    binder_id: str
    register: Path | None = None
    dry_run: bool = False
    """Tell what would happen, and change nothing."""
    create_elements: bool = False
    """Create the metadata elements and list values that the register needs."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that can be imported; ``relative`` are the names below the folder that is imported."""

    path: bytes
    relative: tuple[str, ...]
    size_bytes: int

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.relative[-1]

    @property
    def shown(self) -> str:
        """The path below the folder, for people."""
        return "/".join(self.relative)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that cannot be imported, and a sentence that says why."""

    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of a register: its line, the path that it is about, its tab, and its other cells.

    ``cells`` holds what is not empty, by the name of the column as it stands in the register.
    """

    line: int
    path: str
    place: Place | None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Register:
    """A document list: the columns that say something about documents, and its rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[RegisterRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """A document of the folder that is imported into, as it stands there now."""

    id: UUID
    file_name: str
    name_key: str
    sha256: str
    size_bytes: int
    metadata_json: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a file goes: onto a document that is there, or beside the others under a name."""

    file_name: str
    present: Present | None = None


@dataclass(frozen=True, slots=True)
class SchemaNeeds:
    """What a binder's schema lacks for a register.

    ``elements`` are names of columns; ``values`` are labels by the id of the element.
    """

    elements: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.elements or self.values)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``place`` and ``file_name`` are where it stands in the binder."""

    shown: str
    outcome: Outcome
    place: Place = ()
    file_name: str | None = None
    document_id: UUID | None = None
    reason: str | None = None


@dataclass(slots=True)
class ImportReport:
    """What an import did; of files that were skipped only the number is kept."""

    dry_run: bool = False
    stopped: bool = False
    counts: Counter[Outcome] = field(default_factory=Counter)
    files: list[FileReport] = field(default_factory=list)
    needs: SchemaNeeds = field(default_factory=SchemaNeeds)
    rows_without_file: list[Refusal] = field(default_factory=list)

    def add(self, report: FileReport) -> None:
        """Take in what became of a file."""
        self.counts[report.outcome] += 1
        if report.outcome is not Outcome.SKIPPED:
            self.files.append(report)

    @property
    def refused(self) -> list[FileReport]:
        """The files that were refused, each with its reason."""
        return [report for report in self.files if report.outcome is Outcome.REFUSED]


class Watcher(Protocol):
    """Who looks on while an import runs."""

    def planned(self, *, files: int, size_bytes: int) -> None:
        """Hear how much there is to do."""

    def began(self, file: FoundFile) -> None:
        """Hear that a file is being looked at."""

    def read(self, size_bytes: int) -> None:
        """Hear that so many bytes of it were sent."""

    def finished(self, file: FoundFile | None, report: FileReport) -> None:
        """Hear what became of a file, or of something that is none."""

    def wants_to_stop(self) -> bool:
        """Tell whether no further file shall be begun."""


class Placing(StrEnum):
    """Into which folder of the binder each file of a batch goes."""

    TAB = "tab"
    """All into the folder that was chosen."""
    FOLDERS = "folders"
    """Into folders below that one, named as those that the files lay in."""
    REGISTER = "register"
    """Where the register says, and into the chosen folder where it says nothing."""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file that somebody has chosen: its path as the browser tells it, and its size."""

    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Many files that one person is about to upload into a binder."""

    binder_id: str
    folder_id: UUID
    placing: Placing
    files: Sequence[BatchFile]
    register: bytes | None = None


@dataclass(frozen=True, slots=True)
class TakenName:
    """The document that has a file's name at its place already."""

    document_id: UUID
    file_name: str


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value that the register sets, checked and ready to be given."""

    value_id: str | None
    value: Scalar


@dataclass(slots=True)
class PlannedFile:
    """What is known about a file before anything is uploaded."""

    name: str
    place: Place
    folder: Folder | None
    line: int | None = None
    values: Mapping[str, list[SetValue]] = field(default_factory=dict)
    """What the register sets, by the element's id."""
    wrong_values: Mapping[str, list[str]] = field(default_factory=dict)
    """What it cannot set, by the element's id, in sentences."""
    problems: list[str] = field(default_factory=list)
    """Why the file cannot be uploaded as it is, in sentences."""
    taken: TakenName | None = None
    has_twin: bool = False
    """Whether a file before it goes to the same name at the same place."""


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What a register says, and about how many of the files."""

    rows: int
    matched: int
    columns: Sequence[tuple[str, str | None]]
    """Each column with the id of the element that it sets, None where the schema has none."""
    without_file: Sequence[Refusal]


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What an upload would do with each file, in their order."""

    files: Sequence[PlannedFile]
    missing: Sequence[Place]
    """The folders that files shall go to and that the binder does not have."""
    register: RegisterReport | None = None
