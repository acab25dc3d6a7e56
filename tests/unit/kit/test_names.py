import unicodedata
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit.names import comparison_key, free_name, free_names, name_problems
from tests.unit.kit.corpus import corpus_names

pytestmark = pytest.mark.unit

accepted_names = st.text(min_size=1, max_size=255).filter(lambda text: not name_problems(text))

FINE = [
    "Plan 1.pdf",
    "  inledande.pdf",
    "avslutande.pdf ",
    ".gitignore",
    "...",
    ". .",
    "%2e%2e%2f",
    "fdp.\u202efdp.pdf",
    "\U0001f3d7\ufe0f Byggplats \U0001f6a7.jpg",
    unicodedata.normalize("NFD", "Översikt.pdf"),
    'a"b<c>d:e|f?g*.pdf',
    "\u200b",
    "a" * 255,
    "å" * 127,
]

REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("\u3000\xa0", "empty"),
    ("a" * 256, "255 bytes"),
    ("å" * 128, "255 bytes"),
    ("a/b", "slash"),
    ("a\\b", "slash"),
    ("a\x00b", "control"),
    ("a\nb", "control"),
    ("a\x7fb", "control"),
    ("a\x85b", "control"),
    ("a\u2028b", "control"),
    ("a\u2029b", "control"),
    ("a\ud800b", "Unicode"),
    (".", "alone"),
    ("..", "alone"),
]


@pytest.mark.parametrize("name", FINE)
def test_unusual_names_are_fine(name: str) -> None:
    assert name_problems(name) == []


@pytest.mark.parametrize(("name", "word"), REFUSED)
def test_a_refused_name_is_told_why(name: str, word: str) -> None:
    assert any(word in problem for problem in name_problems(name))


def test_all_problems_are_told_at_once() -> None:
    assert len(name_problems("\x00/" * 200)) == 3


@pytest.mark.parametrize("code_point", range(0x110000 // 0x1000))
def test_exactly_control_characters_separators_and_surrogates_are_refused(code_point: int) -> None:
    block = range(code_point * 0x1000, (code_point + 1) * 0x1000)
    wrong = [one for one in block if name_problems(f"a{chr(one)}") != []]
    expected = [one for one in block if chr(one) in "/\\\u2028\u2029" or _is_cc_or_cs(chr(one))]
    assert wrong == expected


def _is_cc_or_cs(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def test_every_name_of_the_corpus_is_fine() -> None:
    names = corpus_names()
    assert len(names) == 143
    assert {name: name_problems(name) for name in names if name_problems(name)} == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PLAN 1.PDF", "Plan 1.pdf"),
        ("Översikt", unicodedata.normalize("NFD", "ÖVERSIKT")),
        ("Straße", "STRASSE"),
        ("\u212bngstr\u00f6m", "ångström"),
    ],
)
def test_names_that_count_as_the_same(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


@pytest.mark.parametrize(("one", "other"), [("a", "å"), ("a ", "a"), ("e", "é"), ("2", "²")])
def test_names_that_differ(one: str, other: str) -> None:
    assert comparison_key(one) != comparison_key(other)


@given(st.text())
def test_the_unicode_form_of_a_name_does_not_matter(text: str) -> None:
    assert comparison_key(unicodedata.normalize("NFD", text)) == comparison_key(text)


@given(st.text())
def test_a_comparison_key_is_its_own_key(text: str) -> None:
    assert comparison_key(comparison_key(text)) == comparison_key(text)


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("Plan 1.pdf", "Plan 1 (2).pdf"),
        ("Plan 1 (2).pdf", "Plan 1 (2) (2).pdf"),
        ("utan filändelse", "utan filändelse (2)"),
        (".gitignore", ".gitignore (2)"),
        ("a.tar.gz", "a.tar (2).gz"),
        ("slut.pdf ", "slut (2).pdf "),
        ("Rev. B slutlig", "Rev. B slutlig (2)"),
        ("a" * 255, "a" * 251 + " (2)"),
        ("a" * 251 + ".pdf", "a" * 247 + " (2).pdf"),
        ("å" * 125 + ".pdf", "å" * 123 + " (2).pdf"),
    ],
)
def test_the_second_name(name: str, second: str) -> None:
    assert next(islice(free_names(name), 1, None)) == second


def test_a_shortened_stem_keeps_letters_with_their_accents() -> None:
    name = "a" * 249 + "e\u0301\u0301\u0301"
    assert len(name.encode()) <= 256
    assert list(islice(free_names(name), 2))[1] == "a" * 249 + " (2)"


def test_a_shortened_stem_keeps_emoji_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    name = "a" * 237 + family
    assert list(islice(free_names(name), 2))[1] == "a" * 237 + " (2)"


def test_a_free_name_stays() -> None:
    assert free_name("Plan 1.pdf", lambda _: False) == "Plan 1.pdf"


def test_the_first_gap_is_taken() -> None:
    taken = {"Plan 1.pdf", "Plan 1 (2).pdf", "Plan 1 (4).pdf"}
    assert free_name("Plan 1.pdf", taken.__contains__) == "Plan 1 (3).pdf"


@given(accepted_names, st.integers(min_value=2, max_value=200))
def test_candidates_are_fine_names_and_all_different(name: str, number: int) -> None:
    candidates = list(islice(free_names(name), number))
    assert candidates[0] == name
    assert len({comparison_key(candidate) for candidate in candidates}) == number
    assert name_problems(candidates[-1]) == []


def test_candidates_of_every_name_of_the_corpus_keep_its_extension() -> None:
    for name in corpus_names():
        second = next(islice(free_names(name), 1, None))
        assert name_problems(second) == []
        assert second.rpartition(".")[2] == name.rpartition(".")[2] or "." not in name
