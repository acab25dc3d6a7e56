from datetime import UTC, datetime

import pytest

from ringbinder.features.folders import rules
from ringbinder.features.folders.errors import FolderCycleError, FolderTooDeepError
from ringbinder.features.folders.types import Folder, FolderType
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.ids import new_guid

pytestmark = pytest.mark.unit

NOW = datetime(2024, 1, 15, tzinfo=UTC)


def _folder(key: int) -> Folder:
    return Folder(
        key=key,
        id=new_guid(),
        binder_key=1,
        binder_id="MNWI5YR89",
        parent_key=None,
        parent_id=None,
        name="A",
        type=FolderType.DOCUMENTS,
        position=0,
        created_at=NOW,
        updated_at=NOW,
        revision=1,
    )


@pytest.mark.parametrize(
    ("positions", "wanted", "place"),
    [
        ([], None, 0),
        ([], 7, 0),
        ([0, 1, 5], None, 6),
        ([0, 1, 5], 0, 0),
        ([0, 1, 5], 3, 3),
        ([0, 1, 5], 9, 6),
    ],
)
def test_a_folder_stands_where_it_wants_or_behind_the_others(
    positions: list[int], wanted: int | None, place: int
) -> None:
    assert rules.place_among(positions, wanted) == place


def test_a_folder_never_stands_in_itself() -> None:
    subtree = [(1, 1), (2, 2), (3, 3)]
    for key in (1, 2, 3):
        with pytest.raises(FolderCycleError):
            rules.assert_can_move(subtree, _folder(key), 1)
    rules.assert_can_move(subtree, _folder(4), 1)
    rules.assert_can_move(subtree, None, 0)


def test_what_is_below_counts_for_the_depth() -> None:
    subtree = [(1, 1), (2, 2), (3, 3)]
    rules.assert_can_move(subtree, _folder(4), 17)
    with pytest.raises(FolderTooDeepError):
        rules.assert_can_move(subtree, _folder(4), 18)


def test_a_path_is_refused_with_all_its_faults() -> None:
    rules.assert_names(["A", "b c", "å"])
    with pytest.raises(FieldErrors) as raised:
        rules.assert_names(["", "ok", "a\\b"])
    assert list(raised.value.errors) == ["names[0]", "names[2]"]
