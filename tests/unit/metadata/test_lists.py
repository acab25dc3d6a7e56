import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.features.metadata.rules.lists import (
    arrange_values,
    free_id,
    full_labels,
    relabelled,
    retire_behind,
    word_of,
)
from ringbinder.features.metadata.types import AllowedValue, ListedValue
from ringbinder.kit.errors import FieldErrors

pytestmark = pytest.mark.unit


def _value(
    value_id: str, label: str | None = None, position: int = 0, *, is_retired: bool = False
) -> AllowedValue:
    text = label or value_id
    return AllowedValue(value_id, text, {"sv": text, "en": text}, position, is_retired)


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("Bygghandling", "Bygghandling"),
        ("Preliminärhandling", "Preliminarhandling"),
        ("Drift och underhåll", "Drift_och_underhall"),
        (" -- Ø æ ß / đ ł -- ", "O_ae_ss_d_l"),
        ("ﬁnal ²", "final_2"),
        ("日本", ""),
        ("", ""),
        ("x" * 200, "x" * 90),
    ],
)
def test_words_are_readable_ascii(label: str, word: str) -> None:
    assert word_of(label) == word


@given(st.text())
def test_every_label_makes_a_word_of_letters_digits_and_underscores(label: str) -> None:
    word = word_of(label)
    assert word.isascii()
    assert word.replace("_", "").isalnum() or word == ""
    assert word_of(word) == word


def test_ids_are_numbered_where_they_are_taken() -> None:
    assert free_id("a", {}) == "a"
    assert free_id("a", {"a", "a_2"}) == "a_3"


@pytest.mark.parametrize(
    ("given_labels", "before", "was", "expected"),
    [
        (None, None, "", {"sv": "Ny", "en": "Ny"}),
        ({"en": "New"}, None, "", {"sv": "Ny", "en": "New"}),
        (None, {"sv": "Gammal", "en": "Old"}, "Gammal", {"sv": "Ny", "en": "Old"}),
        (None, {"sv": "Gammal", "en": "Gammal"}, "Gammal", {"sv": "Ny", "en": "Ny"}),
        ({}, {"sv": "Gammal", "en": "Old"}, "Gammal", {"sv": "Ny", "en": "Old"}),
        ({"sv": "Egen"}, {"sv": "Gammal", "en": "Old"}, "Gammal", {"sv": "Egen", "en": "Ny"}),
    ],
)
def test_labels_are_there_in_every_language(
    given_labels: dict[str, str] | None,
    before: dict[str, str] | None,
    was: str,
    expected: dict[str, str],
) -> None:
    assert full_labels("Ny", given_labels, before=before, was=was) == expected


def test_values_are_found_by_id_then_by_label_and_else_are_new() -> None:
    current = [_value("1", "A"), _value("2", "B"), _value("3", "C")]
    change = arrange_values(
        [ListedValue("C"), ListedValue("ny", value_id="1"), ListedValue("A"), ListedValue("B b")],
        current,
    )
    assert [(value.value_id, value.label) for value in change.values] == [
        ("3", "C"),
        ("1", "ny"),
        ("A", "A"),
        ("B_b", "B b"),
    ]
    assert [value.position for value in change.values] == [0, 1, 2, 3]
    assert [value.value_id for value in change.left_out] == ["2"]


def test_a_new_id_is_none_that_was_left_out_or_is_given_later() -> None:
    current = [_value("A", "gone"), _value("A_2", "kept")]
    listed = [ListedValue("A"), ListedValue("kept"), ListedValue("x", value_id="A_3")]
    change = arrange_values(listed, current)
    assert [value.value_id for value in change.values] == ["A_4", "A_2", "A_3"]


def test_the_active_one_of_two_with_a_label_is_meant() -> None:
    current = [_value("1", "A"), _value("2", "A", is_retired=True)]
    change = arrange_values([ListedValue("A")], current)
    assert [value.value_id for value in change.values] == ["1"]


def test_what_is_there_twice_is_told_at_once() -> None:
    listed = [
        ListedValue("A", value_id="1"),
        ListedValue("A", value_id="2"),
        ListedValue("B", value_id="1"),
        ListedValue("B", value_id="3", is_retired=True),
    ]
    with pytest.raises(FieldErrors) as raised:
        arrange_values(listed, path="list")
    assert list(raised.value.errors) == ["list[1].label", "list[2].valueId"]


def test_what_is_in_use_is_retired_behind_the_others() -> None:
    change = arrange_values([ListedValue("N")], [_value("used"), _value("unused"), _value("old")])
    values = retire_behind(change, {"used", "old"})
    assert [(value.value_id, value.position, value.is_retired) for value in values] == [
        ("N", 0, False),
        ("used", 1, True),
        ("old", 2, True),
    ]


def test_a_list_has_an_end_even_with_what_is_retired() -> None:
    listed = [ListedValue(f"{number}") for number in range(5000)]
    change = arrange_values(listed, [_value("used"), _value("unused")])
    assert len(retire_behind(change, set())) == 5000
    with pytest.raises(FieldErrors):
        retire_behind(change, {"used"})
    with pytest.raises(FieldErrors):
        arrange_values([*listed, ListedValue("one more")])


def test_only_new_labels_of_known_values_are_relabellings() -> None:
    before = [_value("1", "A"), _value("2", "B")]
    after = [_value("2", "B", 5), _value("1", "ny"), _value("3", "C")]
    assert [(was.label, now.label) for was, now in relabelled(before, after)] == [("A", "ny")]
