"""Entries of the read log, and who is missing from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ReadHow(StrEnum):
    """What a person did with a version in the web application."""

    VIEW = "view"
    PREVIEW = "preview"
    DOWNLOAD = "download"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of a document that somebody opens."""

    document_key: int
    version_id: UUID


@dataclass(frozen=True, slots=True)
class Read:
    """One entry: who has opened which version, when and how."""

    key: int
    version_id: UUID
    version_number: int
    version_label: str | None
    member_id: UUID
    member_name: str
    how: ReadHow
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Who is to read a version: those who see a binder and these hidden folders, but its author."""

    binder_key: int
    hidden_folders: tuple[int, ...]
    author_id: UUID | None


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who sees a document."""

    member_id: UUID
    name: str
