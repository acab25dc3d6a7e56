"""Which passwords are refused, and why."""

import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from ringbinder.features.signin.rules.common import WORDS
from ringbinder.features.signin.types import PasswordFault

MINIMUM_LENGTH: Final = 10
MAXIMUM_LENGTH: Final = 256
_FEWEST_LETTERS: Final = 5
_LONGEST_DECORATION: Final = 8
_LONGEST_PHRASE: Final = 14
"""In letters; what is longer may consist of common words, if they are more than two."""
_SHORTEST_NUMBER: Final = 16
_OWN_WORD_LENGTH: Final = 4

_DIGITS_FOR_LETTERS: Final = (
    str.maketrans("013457@$!€", "oieastasie"),
    str.maketrans("013457@$!€", "oleastasle"),
)
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyzåäö",
    "01234567890123456789",
    "qwertyuiopå",
    "asdfghjklöä",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "!@#$%^&*()",
    '!"#¤%&/()=',
)
_SHORTEST_WALK: Final = 3


def normalised(password: str) -> str:
    """Give the same text for what the same keys give on different machines (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def fault_of(password: str, *, about: Iterable[str] = ()) -> PasswordFault | None:
    """Say why a password is refused, or None; ``about`` are names that it must not be made of."""
    text = normalised(password)
    if len(text) < MINIMUM_LENGTH:
        return PasswordFault.TOO_SHORT
    if len(text) > MAXIMUM_LENGTH:
        return PasswordFault.TOO_LONG
    folded = text.casefold()
    if _is_made_of(folded, frozenset(_own_words(about))):
        return PasswordFault.PERSONAL
    if _is_monotonous(folded) or _is_made_of(folded, WORDS):
        return PasswordFault.COMMON
    return None


def _own_words(about: Iterable[str]) -> Iterator[str]:
    for text in about:
        folded = normalised(text).casefold()
        words = "".join(c if c.isalnum() else " " for c in folded).split()
        yield from (word for word in words if len(word) >= _OWN_WORD_LENGTH)
        joined = "".join(words)
        if len(joined) >= _OWN_WORD_LENGTH:
            yield joined


def _is_monotonous(text: str) -> bool:
    """Tell whether it is few characters, a number, or little besides walks over the keyboard."""
    is_short_number = text.isdecimal() and len(text) < _SHORTEST_NUMBER
    if is_short_number or len(set(text)) < _FEWEST_LETTERS:
        return True
    return _besides_walks(text) <= max(2, len(text) // 5)


def _besides_walks(text: str) -> int:
    """Count the characters that belong to no walk along a row, forwards, backwards or in place."""
    left, place = 0, 0
    while place < len(text):
        length = _walk_from(text, place)
        if length < _SHORTEST_WALK:
            left, length = left + 1, 1
        place += length
    return left


def _walk_from(text: str, start: int) -> int:
    longest = sum(1 for _ in itertools.takewhile(lambda c: c == text[start], text[start:]))
    for row in _rows():
        end = start + 1
        while end < len(text) and text[start : end + 1] in row:
            end += 1
        longest = max(longest, end - start)
    return longest


@lru_cache(maxsize=1)
def _rows() -> tuple[str, ...]:
    return (*_ROWS, *(row[::-1] for row in _ROWS))


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    return bool(words) and any(_is_joined(core, words) for core in _cores(text))


def _cores(text: str) -> Iterator[str]:
    """Give what is left without decoration, also with its digits read as letters."""
    bare = _without_ends(text)
    for reading in (bare, *(bare.translate(table) for table in _DIGITS_FOR_LETTERS)):
        letters = "".join(character for character in reading if character.isalpha())
        if len(text) - len(letters) <= _LONGEST_DECORATION:
            yield letters


def _without_ends(text: str) -> str:
    begin, end = 0, len(text)
    while begin < end and not text[begin].isalpha():
        begin += 1
    while end > begin and not text[end - 1].isalpha():
        end -= 1
    return text[begin:end]


def _is_joined(text: str, words: frozenset[str]) -> bool:
    """Tell whether a text is one word or two, one again and again, or a short phrase of them."""
    if not text:
        return False
    for end in range(len(text), 0, -1):
        if text[:end] in words and _is_rest(text[end:], text[:end], words):
            return True
    return False


def _is_rest(rest: str, first: str, words: frozenset[str]) -> bool:
    if not rest or rest in words or not rest.replace(first, ""):
        return True
    return len(first) + len(rest) <= _LONGEST_PHRASE and _is_joined(rest, words)
