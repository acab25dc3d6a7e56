"""Swedish alphabetical order as plain text that every database compares byte by byte."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final

from ringbinder.kit.names import comparison_key

_LEVELS: Final = "\x01"
_DIGEST_BYTES: Final = 16
_SUFFIX_BYTES: Final = len(_LEVELS) + 2 * _DIGEST_BYTES
MINIMUM_KEY_BYTES: Final = 64

# The three ASCII places after z, as ISO 646-SE had them. Whoever takes a place of these
# letters, or of the separator, gives it up for a neighbour and is told apart on level two.
_PLACES: Final = {"å": "{", "ä": "|", "ö": "}"}
_DISPLACED: Final = {"{": "(", "|": "!", "}": ")", "~": "^", _LEVELS: "\x02"}
_PLAIN: Final = re.compile(r"[^\x01{|}~]*\Z")

_MARKED: Final = {
    ("a", "\u030a"): "{",
    ("a", "\u0308"): "|",
    ("o", "\u0308"): "}",
    ("o", "\u030b"): "}",
    ("u", "\u0308"): "y",
    ("u", "\u030b"): "y",
}
# Letters that Unicode does not take apart, placed as CLDR does for Swedish; then dashes and quotes.
_ALIKE: Final = {
    "æ": "|", "ø": "}", "œ": "}", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "\u0131": "i",
    "\u2010": "-", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"',
}  # fmt: skip
_FORWARD: Final = str.maketrans(_DISPLACED | _ALIKE)
_BACKWARD: Final = str.maketrans({place: letter for letter, place in _PLACES.items()})
_CLUSTER: Final = re.compile("([aou])([\u0300-\u036f]+)")


@lru_cache(maxsize=4096)
def sort_key(text: str) -> str:
    """Give a key whose order by code points (or UTF-8 bytes) is Swedish and ignores case.

    å, ä (and æ), ö (and ø) follow z. Other accents, widths and compatibility forms count only
    where texts are otherwise equal; ü goes with y. Two texts have the same key exactly when their
    :func:`~ringbinder.kit.names.comparison_key` is the same, so the key also serves for equality.
    The key of a text's beginning need not be the beginning of its key.
    """
    return _joined(*_levels(text))


@lru_cache(maxsize=4096)
def bounded_sort_key(text: str, max_bytes: int = 200) -> str:
    """Give :func:`sort_key`, or where that is longer than ``max_bytes`` in UTF-8, a cut of it.

    A cut key ends in a digest (128 bits), so that equality stays that of ``comparison_key``; the
    order of two texts is exact only up to where they were cut.

    Raises:
        ValueError: ``max_bytes`` is below 64, or the text holds a lone surrogate.

    """
    if max_bytes < MINIMUM_KEY_BYTES:
        raise ValueError(f"a sort key needs at least {MINIMUM_KEY_BYTES} bytes")
    first, second = _levels(text)
    key = _joined(first, second)
    if len(key.encode()) <= max_bytes:
        return key
    # No complete key ends like this: hexadecimal digits alone never need a second level.
    digest = hashlib.sha256(comparison_key(text).encode()).hexdigest()[: 2 * _DIGEST_BYTES]
    return first.encode()[: max_bytes - _SUFFIX_BYTES].decode(errors="ignore") + _LEVELS + digest


def _levels(text: str) -> tuple[str, str | None]:
    compared = comparison_key(text)
    if compared.isascii() and _PLAIN.match(compared):
        return compared, None
    first = _first_level(compared)
    return first, None if first.translate(_BACKWARD) == compared else compared


def _joined(first: str, second: str | None) -> str:
    return first if second is None else first + _LEVELS + second


def _first_level(compared: str) -> str:
    # Case is folded again because compatibility forms such as ™ turn into capitals only here.
    folded = unicodedata.normalize("NFKD", compared).casefold()
    apart = unicodedata.normalize("NFKD", folded).translate(_FORWARD)
    placed = _CLUSTER.sub(_place, apart)
    bare = "".join(character for character in placed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare)


def _place(match: re.Match[str]) -> str:
    base, marks = match.groups()
    return next((_MARKED[base, mark] for mark in marks if (base, mark) in _MARKED), base)
