"""Documents and versions as the rest of the program sees them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.types import GivenValue
from ringbinder.kit.errors import RingbinderError

Place = tuple[int, str]
"""Where a name stands: the key of its folder, and the name as it is compared."""


Stand = tuple[int, int, frozenset[tuple[int, str]]]
"""Where a document is counted: keys of its binder and folder, and its values with counters."""


IndexEntry = tuple[int, str, int, int]
"""One value by which a live document is found, in the order of :data:`INDEX_COLUMNS`."""

INDEX_COLUMNS: Final = ("element_key", "value", "binder_key", "document_key")


class ConflictBehavior(StrEnum):
    """What happens when a name is taken in a folder."""

    NEW_VERSION = "newVersion"
    FAIL = "fail"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Document:
    """A logical file in a folder; ``metadata_json`` is the array that the API answers, ready."""

    key: int
    id: UUID
    binder_key: int
    binder_id: str
    folder_key: int
    folder_id: UUID
    file_name: str
    metadata_json: str
    latest_version_id: UUID
    latest_version_number: int
    version_label: str | None
    status: str | None
    created_by_id: UUID | None
    created_by_name: str
    created_at: datetime
    updated_at: datetime
    revision: int
    deleted_at: datetime | None
    deleted_by_name: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """Immutable bytes of a document, with the label, status and metadata that belong to them."""

    id: UUID
    document_id: UUID
    number: int
    label: str | None
    status: str | None
    file_name: str
    size_bytes: int
    content_type: str
    sha256: str
    created_at: datetime
    created_by_id: UUID | None
    created_by_name: str
    metadata_json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContent:
    """Bytes that are stored already (a row of ``blobs`` exists) and what is said of them."""

    file_name: str
    size_bytes: int
    content_type: str
    sha256: str
    version_label: str | None
    given: tuple[GivenValue, ...] = ()
    """Metadata as the client gave it; the keys of an earlier version that are not given stay."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where content shall go: into a locked folder, by a name or onto a named document."""

    folder: Folder
    file_name: str
    behavior: ConflictBehavior
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where content will go: onto a document, or beside the others under a name."""

    document: Document | None
    file_name: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """Content and its aim; the name that is found for it wins over the content's own."""

    aim: Aim
    content: NewContent


@dataclass(frozen=True, slots=True)
class Deposited:
    """What one of many deposits became, or why it was refused."""

    document: Document | None
    version: Version | None
    error: RingbinderError | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a document is: its binder and folder, by key and by id."""

    binder_key: int
    binder_id: str
    folder_key: int
    folder_id: UUID


class BulkAction(StrEnum):
    """What a bulk does to each of its documents."""

    MOVE = "move"
    METADATA = "metadata"
    DELETE = "delete"
    RESTORE = "restore"


class BulkStatus(StrEnum):
    """What became of one item of a bulk, or would have become of it."""

    DONE = "done"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    WOULD_CHANGE = "would_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """One action for many documents; ``document_ids`` are distinct."""

    action: BulkAction
    document_ids: tuple[UUID, ...]
    folder_id: UUID | None = None
    given: tuple[GivenValue, ...] = ()
    is_atomic: bool = False
    """Whether nothing is done where anything is refused."""
    is_dry_run: bool = False
    """Whether everything is only checked."""


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one document; ``error`` says why it was refused."""

    document_id: UUID
    status: BulkStatus
    error: RingbinderError | None = None


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """One result for each document, in the order in which they were named."""

    results: tuple[BulkResult, ...]
    is_refused: bool
    """Whether nothing was done because all or nothing was asked for."""
