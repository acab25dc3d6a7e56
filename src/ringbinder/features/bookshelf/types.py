"""A binder as it stands on the shelf."""

from dataclasses import dataclass
from datetime import datetime

from ringbinder.features.binders.types import Binder


@dataclass(frozen=True, slots=True)
class Spine:
    """A binder, how many documents it holds, and when anything in it changed last."""

    binder: Binder
    documents: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """The binders that are found, those in use and those that are archived, and how many more."""

    active: tuple[Spine, ...]
    archived: tuple[Spine, ...]
    total: int

    @property
    def left_out(self) -> int:
        """How many there are beyond those that are shown."""
        return self.total - len(self.active) - len(self.archived)
