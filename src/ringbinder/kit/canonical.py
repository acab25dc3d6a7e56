"""JSON in the one form that can be hashed: RFC 8785, the JSON Canonicalization Scheme."""

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Final

import msgspec

_DIGITS_BEFORE_EXPONENT: Final = 21
_ZEROS_BEFORE_EXPONENT: Final = -6
_PLAIN: Final = frozenset({str, int, bool, type(None)})
_plain_encoder: Final = msgspec.json.Encoder(order="sorted")


def canonical_json(value: object) -> bytes:
    """Write a JSON value so that equal values give equal bytes, in every program (RFC 8785).

    No blanks, members in the order of their names' UTF-16 code units, texts as UTF-8 with as few
    escapes as possible, numbers as ECMAScript writes them. In one thing it goes beyond the RFC:
    whole numbers (``int``) keep all their digits.

    Raises:
        ValueError: a number is infinite or not a number, or a text is no Unicode.
        TypeError: JSON knows no such value.

    """
    if _is_plain(value):
        try:
            return _plain_encoder.encode(value)
        except OverflowError:
            pass
    return _written(value).encode()


def _is_plain(value: object) -> bool:
    """Tell whether the quick encoder writes it canonically: no fractions, names in ASCII."""
    if type(value) in _PLAIN:
        return True
    if isinstance(value, dict):
        return "".join(value).isascii() and _are_plain(value.values())
    return isinstance(value, list) and _are_plain(value)


def _are_plain(values: Iterable[object]) -> bool:
    return _PLAIN.issuperset(map(type, values)) or all(map(_is_plain, values))


def _written(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Mapping):
        return f"{{{','.join(_members(value))}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    return _constant(value)


def _members(value: Mapping[str, object]) -> Iterator[str]:
    for name in sorted(value, key=_utf_16):
        yield f"{encode_basestring(name)}:{_written(value[name])}"


def _constant(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _number(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    """Write a number as ECMAScript's Number.prototype.toString does."""
    if not math.isfinite(value):
        raise ValueError("JSON has no infinity and no NaN")
    sign, digit_tuple, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + int(exponent)
    minus = "-" if sign and value else ""
    return minus + ("0" if not value else _placed(digits, point))


def _placed(digits: str, point: int) -> str:
    """Put the decimal point behind so many digits, or write an exponent."""
    if len(digits) <= point <= _DIGITS_BEFORE_EXPONENT:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _DIGITS_BEFORE_EXPONENT:
        return f"{digits[:point]}.{digits[point:]}"
    if _ZEROS_BEFORE_EXPONENT < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
