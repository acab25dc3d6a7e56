"""Parts of texts are found in sort keys exactly where they are in the texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.features.search.rules import (
    SEPARATOR,
    matches_text,
    parts_of,
    prefix_of,
    term_forms,
)
from ringbinder.features.search.rules.texts import MOST_PARTS, SHORTEST_PART
from ringbinder.features.search.types import Operator
from ringbinder.kit.collation import bounded_sort_key, sort_key
from ringbinder.kit.names import comparison_key

pytestmark = pytest.mark.unit

LETTERS = "aAbzåÅäÖéüß%_()!^{|}~ 1\u0308\u0301\u030a\u200dﬁ가ㄱㅏ™\x01"
texts = st.text(LETTERS, max_size=8) | st.text(max_size=8)


def key_has_part(key: str, term: str, operator: Operator) -> bool:
    """Do what the repository's SQL does."""
    forms = term_forms(term)
    first, separator, second = key.partition(SEPARATOR)
    behind = second if separator else first

    def found(text: str, part: str) -> bool:
        return part in text if operator is Operator.CONTAINS else text.startswith(part)

    if forms.sorted is None:
        return bool(separator) and found(behind, forms.compared)
    return found(behind, forms.compared) or (not separator and found(first, forms.sorted))


@given(text=texts, begin=st.integers(0, 8), length=st.integers(1, 8), other=texts)
def test_parts_are_found_in_sort_keys(text: str, begin: int, length: int, other: str) -> None:
    for part in (text[begin : begin + length], other):
        term = comparison_key(part)
        for operator in (Operator.CONTAINS, Operator.STARTS_WITH):
            found = key_has_part(sort_key(text), term, operator)
            assert found == matches_text(operator, term, text)


@given(text=texts, length=st.integers(1, 8), times=st.integers(1, 100))
def test_the_prefix_of_a_term_begins_every_key(text: str, length: int, times: int) -> None:
    term = comparison_key(text[:length])
    for whole in (text, text + "å" * times, text + "b" * times * 3):
        if matches_text(Operator.STARTS_WITH, term, whole):
            assert bounded_sort_key(whole).startswith(prefix_of(term))


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("abc", ("abc",)),
        ("abcd", ("abc", "bcd")),
        ("aaaaa", ("aaa",)),
        ("å.é1", ("å.é", ".é1")),
        ("abcdefghijklmno", ("abc", "cde", "efg", "ghi", "ijk", "klm", "mno")),
    ],
)
def test_parts_as_the_index_has_them(term: str, parts: tuple[str, ...]) -> None:
    assert parts_of(term) == parts


@given(text=st.text(min_size=3, max_size=200))
def test_a_term_has_some_parts_and_not_too_many(text: str) -> None:
    parts = parts_of(text)
    assert 1 <= len(parts) <= MOST_PARTS
    assert all(len(part) == SHORTEST_PART and part in text for part in parts)


@pytest.mark.parametrize(
    ("term", "prefix"),
    [("", ""), ("a", ""), ("plan 1", "plan "), ("åker", "{ke"), ("{x}y", "(x)"), ("aé", "")],
)
def test_prefixes(term: str, prefix: str) -> None:
    assert prefix_of(term) == prefix
