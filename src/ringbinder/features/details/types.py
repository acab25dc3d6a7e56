"""A document with all that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringbinder.features.binders.types import Binder, BinderState
from ringbinder.features.documents.types import Document, Version
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.types import Element, Scalar, Schema


@dataclass(frozen=True, slots=True)
class Fact:
    """The values of one key of a document, with the key's element where the schema still has it."""

    element: Element | None
    key: str
    values: tuple[tuple[str | None, Scalar], ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event in the history of a document."""

    at: datetime
    action: str
    """Subject and verb, such as ``document:renamed``."""
    who: str | None
    source: str
    """By which door: ``web``, ``api``, ``cli`` or ``system``."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A document, the version that is looked at, and everything around them."""

    document: Document
    binder: Binder
    path: tuple[Folder, ...]
    tabs: tuple[tuple[Folder, str], ...]
    """Every folder of the binder with its whole name, in the order of the tree."""
    schema: Schema
    facts: tuple[Fact, ...]
    version: Version
    versions: Sequence[Version]
    versions_in_all: int
    history: Sequence[Happening]

    @property
    def is_current(self) -> bool:
        """Tell whether the version that is looked at is the latest."""
        return self.version.id == self.document.latest_version_id

    @property
    def current(self) -> Version:
        """Give the latest version."""
        return self.versions[0]

    @property
    def is_writable(self) -> bool:
        """Tell whether the binder takes changes."""
        return self.binder.state is BinderState.ACTIVE


@dataclass(frozen=True, slots=True)
class Line:
    """One key of two versions: what it was, and what it is."""

    before: Fact
    after: Fact

    @property
    def is_changed(self) -> bool:
        """Tell whether the versions differ in it."""
        return self.before.values != self.after.values


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a document side by side."""

    document: Document
    versions: Sequence[Version]
    """Those that can be chosen, the newest first."""
    older: Version
    newer: Version
    lines: tuple[Line, ...]
