"""Numbers and dates as texts that sort byte by byte in their own order."""

import math
import re
import struct
from datetime import date
from typing import Final

_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1
_NUMBER_KEY: Final = re.compile(r"[0-9a-f]{16}\Z")
_DATE_KEY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def number_key(number: float) -> str:
    """Give 16 hexadecimal digits that sort as the numbers do.

    They are IEEE 754 binary64 with the sign flipped, and all bits of negative numbers.
    -0.0 and 0.0 have the same key.

    Raises:
        ValueError: the number is infinite, not a number, or too large for binary64.

    """
    value = _finite(number)
    (bits,) = struct.unpack(">Q", struct.pack(">d", value))
    return f"{bits ^ (_ALL if bits & _SIGN else _SIGN):016x}"


def number_of_key(key: str) -> float:
    """Give back the number of :func:`number_key`.

    Raises:
        ValueError: the text is no such key.

    """
    if not _NUMBER_KEY.match(key):
        raise ValueError("not the key of a number")
    bits = int(key, 16)
    (value,) = struct.unpack(">d", struct.pack(">Q", bits ^ (_SIGN if bits & _SIGN else _ALL)))
    return _finite(value)


def date_key(day: date) -> str:
    """Give the ISO 8601 date, ``2024-01-15``, which sorts as the days do.

    A time of day is left out.
    """
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def date_of_key(key: str) -> date:
    """Give back the day of :func:`date_key`.

    Raises:
        ValueError: the text is no such key.

    """
    if not _DATE_KEY.match(key):
        raise ValueError("not the key of a date")
    return date.fromisoformat(key)


def _finite(number: float) -> float:
    try:
        value = float(number) + 0.0  # makes -0.0 positive
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError("only finite numbers have a key")
    return value
