import pytest

from ringbinder.kit.differences import changed_only

pytestmark = pytest.mark.unit


def test_only_what_differs_is_kept() -> None:
    before = {"same": 1, "changed": 1, "gone": None, "none": None}
    after = {"same": 1, "changed": 2, "new": None, "none": None}
    assert changed_only(before, after) == (
        {"changed": 1, "gone": None},
        {"changed": 2, "new": None},
    )


def test_equal_states_differ_in_nothing() -> None:
    assert changed_only({"a": [1]}, {"a": [1]}) == ({}, {})
