import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ringbinder.kit.collation import bounded_sort_key, sort_key
from ringbinder.kit.names import comparison_key

pytestmark = pytest.mark.unit

# Few letters, so that texts often nearly collide.
close_texts = st.text(alphabet="aAåÅäÄæöøéeEuüyz{|}~()!^\x01\x02\u0301\u0308\u030a1 ", max_size=6)
texts = close_texts | st.text(max_size=12)

IN_ORDER = [
    ["", " ", "!a", "1", "~a", "a", "z", "å", "ä", "ö"],
    ["Zebra", "ål", "Ålder", "ändring", "Äta", "ö", "Örebro"],
    ["elan", "élan", "elana", "Élanb"],
    ["xylofon", "Ügel", "ygla", "zon"],
    ["ad", "obo", "Æon", "äp", "ø", "öa"],
    ["plan 1", "PLAN 10", "Plan 2"],
    ["Plan - a", "Plan – b", "Plan - c"],
    ["(a", "{b", "(c", "a"],
]


@pytest.mark.parametrize("wanted", IN_ORDER)
def test_swedish_order(wanted: list[str]) -> None:
    backwards = wanted[::-1]
    assert sorted(backwards, key=sort_key) == wanted


@pytest.mark.parametrize("text", ["plan 1", "åäö", "rum 12_b-3.pdf", "ritning (2)"])
def test_a_text_that_loses_nothing_has_one_level(text: str) -> None:
    assert "\x01" not in sort_key(text)
    assert sort_key(text.upper()) == sort_key(text)


@given(texts, texts)
@example("å", "{")
@example("\x01", "\x02")
@example("e\x01é", "é")
@example("\u210c", "h")
@example("\u1ea1\u030a", "å")
def test_keys_are_equal_exactly_when_comparison_keys_are(one: str, other: str) -> None:
    same = comparison_key(one) == comparison_key(other)
    assert (sort_key(one) == sort_key(other)) is same
    assert (bounded_sort_key(one) == bounded_sort_key(other)) is same


@given(st.text(max_size=8))
def test_case_and_unicode_form_do_not_matter(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)
    assert sort_key(comparison_key(text)) == sort_key(text)


@given(texts)
def test_the_text_can_be_told_from_its_key(text: str) -> None:
    first, separator, second = sort_key(text).partition("\x01")
    letters = first.translate({ord("{"): "å", ord("|"): "ä", ord("}"): "ö"})
    assert (second if separator else letters) == comparison_key(text)


@given(texts, texts)
def test_python_and_databases_agree_on_the_order_of_keys(one: str, other: str) -> None:
    first, second = sort_key(one), sort_key(other)
    assert (first < second) is (first.encode() < second.encode())


@given(st.text(alphabet="aåéx日\U0001f6a7 ", min_size=20, max_size=200), st.integers(64, 300))
def test_a_bounded_key_keeps_its_bound(text: str, limit: int) -> None:
    key = bounded_sort_key(text, limit)
    assert len(key.encode()) <= limit
    assert key == sort_key(text) or len(sort_key(text).encode()) > limit


@given(st.text(alphabet="aåé", min_size=80, max_size=99), st.text(alphabet="aåé", max_size=3))
def test_long_texts_that_differ_at_the_end_differ_in_their_keys(start: str, end: str) -> None:
    assume(end)
    assert bounded_sort_key(start + end, 64) != bounded_sort_key(start, 64)
    assert bounded_sort_key((start + end).upper(), 64) == bounded_sort_key(start + end, 64)


def test_a_cut_key_keeps_the_order_of_what_it_holds() -> None:
    assert bounded_sort_key("a" * 300) < bounded_sort_key("b" * 300) < bounded_sort_key("å" * 300)


def test_a_key_shorter_than_its_digest_allows_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        bounded_sort_key("a", 63)
