"""What a session shows of its organisation: permission as a part of every question.

A session carries a :class:`Sight`, and repositories keep to it with :func:`kept_to`. What it does
not show does not exist for whoever asks, in rows, counts and orders alike. A sight that shows
everything changes no statement.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    # An actor carries a sight, and whoever only verifies an export needs no database.
    from sqlalchemy import ColumnElement, Select


@dataclass(frozen=True, slots=True)
class Sight:
    """Which binders a session shows, without which folders, and which binders it may change.

    ``binders`` and ``changeable`` are keys, None for all. ``hidden_folders`` are the keys of the
    folders that are not shown, all below them and deleted ones included.
    """

    binders: frozenset[int] | None = None
    hidden_folders: frozenset[int] = frozenset()
    changeable: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is shown."""
        return self.binders is None and not self.hidden_folders

    @property
    def where_allowed(self) -> "Sight":
        """The part of it in which what was asked for may be done."""
        if self.changeable is None:
            return self
        shown = self.changeable if self.binders is None else self.binders & self.changeable
        return replace(self, binders=shown)

    def lets_change(self, binder_key: int) -> bool:
        """Tell whether what was asked for may be done in a binder."""
        return self.changeable is None or binder_key in self.changeable


EVERYTHING: Final = Sight()


def kept_to(
    sight: Sight,
    statement: "Select[Any]",
    *,
    binder: "ColumnElement[int]",
    folder: "ColumnElement[int] | None" = None,
) -> "Select[Any]":
    """Keep a statement to what is shown, by the columns that hold the binder's and folder's key."""
    from ringbinder.db.among import among  # noqa: PLC0415 - see above

    if sight.binders is not None:
        statement = statement.where(among(binder, sight.binders))
    if sight.hidden_folders and folder is not None:
        statement = statement.where(~among(folder, sight.hidden_folders))
    return statement
