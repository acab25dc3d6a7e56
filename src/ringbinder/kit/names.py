"""Names of files and folders: which are refused, when two are the same, and which is free."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from typing import Final

MAXIMUM_NAME_BYTES: Final = 255

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# What follows a number or a sentence's full stop is no extension, hence the bound and no blanks.
_EXTENSION: Final = re.compile(r"(?<=.)\.[^\s.]{1,16}\s{0,4}\Z", re.DOTALL)
_JOINER: Final = "\u200d"


def name_problems(text: str) -> list[str]:
    """Say, in sentences for people, why a name is refused; an empty list means that it is fine.

    Refused are only names that cannot be stored or shown anywhere: empty or blank, over 255 bytes
    in UTF-8, with a slash or backslash, with control characters or line separators, with lone
    surrogates, and ``.`` and ``..``. Everything else is fine and to be kept as given.
    """
    return [sentence for is_wrong, sentence in _findings(text) if is_wrong]


def _findings(text: str) -> Iterator[tuple[bool, str]]:
    size = len(text.encode("utf-8", "surrogatepass"))
    blank = not text or text.isspace()
    yield blank, "The name must not be empty or blank."
    yield size > MAXIMUM_NAME_BYTES, f"The name must not be longer than {MAXIMUM_NAME_BYTES} bytes."
    yield "/" in text or "\\" in text, "The name must not contain a slash or a backslash."
    yield (
        bool(_CONTROL.search(text)),
        "The name must not contain control characters or line breaks.",
    )
    yield bool(_SURROGATE.search(text)), "The name must be valid Unicode."
    yield text in {".", ".."}, "The name must not be . or .. alone."


@lru_cache(maxsize=4096)
def comparison_key(name: str) -> str:
    """Give the same text for all names that count as the same: NFC, then case folding, then NFC."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return unicodedata.normalize("NFC", folded)


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Give the name itself, or else the first of :func:`free_names` that is not taken."""
    return next(candidate for candidate in free_names(name) if not is_taken(candidate))


def free_names(name: str) -> Iterator[str]:
    """Give ``Plan 1.pdf`` itself, then ``Plan 1 (2).pdf``, ``Plan 1 (3).pdf`` and on without end.

    The extension stays. Each candidate is at most 255 bytes long, as the name itself must be; the
    stem is shortened for that, without cutting a letter from its accents.
    """
    yield name
    extension = _extension(name)
    stem = name.removesuffix(extension) if extension else name
    for number in count(2):
        suffix = f" ({number}){extension}"
        yield _shortened(stem, MAXIMUM_NAME_BYTES - len(suffix.encode())) + suffix


def _extension(name: str) -> str:
    match = _EXTENSION.search(name)
    return match[0] if match else ""


def _shortened(stem: str, limit_bytes: int) -> str:
    raw = stem.encode()
    if len(raw) <= limit_bytes:
        return stem
    cut = raw[:limit_bytes].decode(errors="ignore")
    end = len(cut)
    while end and _belongs_together(stem[end - 1], stem[end]):
        end -= 1
    return stem[:end].rstrip() or cut


def _belongs_together(before: str, after: str) -> bool:
    joined = _JOINER in {before, after}
    skin_tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    return joined or skin_tone or unicodedata.category(after).startswith("M")
