"""Decisions about binders, without input or output."""

from dataclasses import replace
from typing import Any, Final

from ringbinder.access.errors import MissingPermissionError
from ringbinder.features.binders.errors import BinderArchivedError
from ringbinder.features.binders.types import Binder, BinderChanges, BinderState
from ringbinder.kit.collation import bounded_sort_key

# Short enough that a cursor, which holds it, fits into an address.
_SORT_NAME_BYTES: Final = 400


def assert_permitted(binder: Binder) -> Binder:
    """Give the binder back.

    Raises:
        MissingPermissionError: who asks sees it, but may not do this in it.

    """
    if not binder.is_changeable:
        raise MissingPermissionError
    return binder


def assert_writable(binder: Binder) -> Binder:
    """Give the binder back.

    Raises:
        MissingPermissionError: who asks sees it, but may not do this in it.
        BinderArchivedError: it is archived.

    """
    assert_permitted(binder)
    if binder.state is BinderState.ARCHIVED:
        raise BinderArchivedError
    return binder


def apply_changes(binder: Binder, changes: BinderChanges) -> Binder:
    """Give the binder as it will be.

    Raises:
        BinderArchivedError: it is archived, and the changes do not reopen it.

    """
    changed = replace(binder, **changes)
    if changed != binder and changed.state is BinderState.ARCHIVED:
        assert_writable(binder)
    return changed


def columns_of(binder: Binder) -> dict[str, Any]:
    """Give the columns that can change."""
    return {
        "name": binder.name,
        "sort_name": sort_name(binder.name),
        "type": str(binder.type),
        "state": str(binder.state),
        "description": binder.description,
        "colour": binder.colour,
    }


def sort_name(name: str) -> str:
    """Give the text whose byte order is the Swedish order of names."""
    return bounded_sort_key(name, _SORT_NAME_BYTES)


def as_record(binder: Binder) -> dict[str, Any]:
    """Give the fields that audit events keep."""
    return {
        "name": binder.name,
        "type": str(binder.type),
        "description": binder.description,
        "colour": binder.colour,
    }
