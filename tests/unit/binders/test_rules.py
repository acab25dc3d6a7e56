from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ringbinder.features.binders import rules
from ringbinder.features.binders.errors import BinderArchivedError
from ringbinder.features.binders.types import Binder, BinderChanges, BinderState, BinderType
from ringbinder.kit.paging import Cursor

pytestmark = pytest.mark.unit

NOW = datetime(2024, 1, 15, tzinfo=UTC)
ACTIVE = Binder(
    key=1,
    id="MNWI5YR89",
    name="Åkern",
    type=BinderType.PROJECT,
    state=BinderState.ACTIVE,
    description=None,
    colour=None,
    created_at=NOW,
    created_by_name="Någon",
    updated_at=NOW,
    revision=1,
)
ARCHIVED = replace(ACTIVE, state=BinderState.ARCHIVED)


@pytest.mark.parametrize(
    ("binder", "changes"),
    [
        (ACTIVE, {}),
        (ACTIVE, {"name": "Ny"}),
        (ACTIVE, {"state": BinderState.ARCHIVED, "name": "Ny"}),
        (ARCHIVED, {}),
        (ARCHIVED, {"state": BinderState.ARCHIVED}),
        (ARCHIVED, {"name": ARCHIVED.name}),
        (ARCHIVED, {"state": BinderState.ACTIVE}),
        (ARCHIVED, {"state": BinderState.ACTIVE, "name": "Ny"}),
    ],
)
def test_changes_that_a_binder_takes(binder: Binder, changes: BinderChanges) -> None:
    assert rules.apply_changes(binder, changes) == replace(binder, **changes)


@pytest.mark.parametrize("changes", [{"name": "Ny"}, {"description": "x"}, {"colour": "#000000"}])
def test_changes_that_an_archived_binder_refuses(changes: BinderChanges) -> None:
    with pytest.raises(BinderArchivedError):
        rules.apply_changes(ARCHIVED, changes)


@pytest.mark.parametrize("character", ["a", "å", "\U0001f3e0", "\U0001e000", "ﷺ"])
def test_a_cursor_fits_into_an_address_whatever_the_name(character: str) -> None:
    sort_name = rules.sort_name(character * 200)
    text = Cursor((sort_name, 2**62)).encode(shape="x" * 16)
    assert len(text) < 2000
