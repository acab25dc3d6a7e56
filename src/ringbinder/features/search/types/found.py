"""Which part of the result is wanted, and what was found."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Position:
    """A document's place in the order: its sort values, None where it has none, and its key."""

    values: tuple[str | None, ...]
    key: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the order: what comes behind a position, or behind so many documents."""

    limit: int
    offset: int = 0
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document as a search answers it. ``metadata_json`` is the ready JSON array.

    Of the same stamp, which is its id and revision, it is the same.
    """

    stamp: str
    id: UUID
    file_name: str
    folder_id: UUID
    binder_id: str
    metadata_json: str
    latest_version_id: UUID
    created_at: datetime
    updated_at: datetime
    position: Position


@dataclass(frozen=True, slots=True)
class Found:
    """One page, how many documents there are in all, and the cursor of the next page, if any."""

    documents: tuple[FoundDocument, ...]
    total: int
    next_cursor: str | None
