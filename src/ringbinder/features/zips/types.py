"""What goes into a zip file, and where it stands in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringbinder.kit.zip_format import ZipEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a folder with all below it, some documents, or else the whole binder."""

    folder_id: UUID | None = None
    document_ids: tuple[UUID, ...] | None = None
    with_superseded: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A version that goes in, and the folder that its document is in."""

    document_key: int
    version_id: UUID
    folder_key: int
    file_name: str
    number: int
    label: str | None
    is_current: bool
    size_bytes: int
    sha256: str
    created_at: datetime
    storage_key: str
    crc32: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """An item under the name that it has in the zip file, and where its header begins."""

    item: Item
    entry: ZipEntry
    offset: int
    bytes_offset: int


@dataclass(frozen=True, slots=True)
class ZipPlan:
    """A whole zip file before any of it is written: equal plans give equal bytes."""

    parts: tuple[Part, ...]
    directory_offset: int
    size_bytes: int
    digest: str
