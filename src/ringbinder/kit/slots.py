"""Stand-ins for values, for what is made once for a kind of question and used for each of them.

A stand-in is an ordinary number or text that no question can hold, so that whatever works with
values works with stand-ins; where one has arrived, its place says which value belongs there.
"""

from typing import Final

_NUMBERS: Final = 1 << 62
_TEXTS: Final = "\x00slot "
"""No text from outside holds NUL."""

MAXIMUM_SLOTS: Final = 10_000


def number_slot(place: int) -> int:
    """Give the stand-in for a number."""
    return _NUMBERS + place


def text_slot(place: int) -> str:
    """Give the stand-in for a text."""
    return f"{_TEXTS}{place}"


def slot_place(value: object) -> int | None:
    """Give the place of a stand-in; None for anything else."""
    if isinstance(value, str) and value.startswith(_TEXTS):
        return int(value.removeprefix(_TEXTS))
    if isinstance(value, int) and _NUMBERS <= value < _NUMBERS + MAXIMUM_SLOTS:
        return value - _NUMBERS
    return None
