"""A folder as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID


class FolderType(StrEnum):
    """What a folder is meant for."""

    DOCUMENTS = "documents"
    DRAWINGS = "drawings"
    CONTRACTS = "contracts"
    PHOTOS = "photos"
    MODELS = "models"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; one without a parent is a tab."""

    key: int
    id: UUID
    binder_key: int
    binder_id: str
    parent_key: int | None
    parent_id: UUID | None
    name: str
    type: FolderType
    position: int
    created_at: datetime
    updated_at: datetime
    revision: int
    is_hidden: bool = False


class FolderChanges(TypedDict, total=False):
    """What can be changed of a folder; what is not there stays. A parent of None makes a tab."""

    name: str
    type: FolderType
    parent_id: UUID | None
    position: int
    is_hidden: bool
