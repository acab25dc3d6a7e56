"""Pages by number, and cursors that stand for a place in an ordered listing."""

import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable, Sequence, Sized
from dataclasses import dataclass
from types import UnionType
from typing import Final

import msgspec

from ringbinder.kit.errors import FieldErrors

CursorValue = str | int | float | None

MAXIMUM_CURSOR_CHARACTERS: Final = 4000
_CHECK_CHARACTERS: Final = 16
_INTEGERS: Final = range(-(2**63), 2**63)


class BadCursor(FieldErrors):
    """A cursor was garbled, or belongs to another listing, filter or order."""

    code = "cursor.invalid"

    def __init__(self) -> None:
        """State it about the field ``cursor``, without saying what exactly is wrong."""
        super().__init__({"cursor": ["The cursor is not valid for this listing."]})


async def total_of(
    found: Sized,
    count: Callable[[], Awaitable[int]],
    *,
    behind: object = None,
    offset: int = 0,
    limit: int,
) -> int:
    """Give how many there are in all: they are counted where the first page does not hold them.

    ``behind`` is the place behind which the page begins, None where it has none.
    """
    is_whole = behind is None and not offset and len(found) < limit
    return len(found) if is_whole else await count()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: its number, from 1, and its size, at least 1."""

    number: int
    size: int

    def __post_init__(self) -> None:
        if self.number < 1 or self.size < 1:
            raise ValueError("pages and their sizes count from 1")

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return (self.number - 1) * self.size


def query_shape(*parts: object) -> str:
    """Give a fingerprint of what a listing depends on: its name, filters and order.

    Parts are texts, numbers, booleans, None, and lists, tuples or dicts of them; equal parts give
    equal fingerprints in every process and release.
    """
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[
        :_CHECK_CHARACTERS
    ]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort values of the last item that a client has seen.

    Clients may not look inside, but could: it hides nothing and proves nothing. Whoever uses the
    values treats them like any other input.
    """

    values: tuple[CursorValue, ...]

    def encode(self, *, shape: str) -> str:
        """Write the cursor, URL-safe, for a listing of this :func:`query_shape`."""
        payload = [_check(self.values, shape), *self.values]
        return base64.urlsafe_b64encode(msgspec.json.encode(payload)).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, *, shape: str, types: Sequence[type | UnionType]) -> "Cursor":
        """Read what :meth:`encode` wrote for the same shape.

        ``types`` says for each value what it is, such as ``(str, float, str | None)``; a whole
        number counts as a float too, and texts never hold NUL.

        Raises:
            BadCursor: in every other case.

        """
        values = _values(text, shape)
        fits = len(values) == len(types) and all(map(_fits, values, types))
        cursor = cls(values)
        if not fits or cursor.encode(shape=shape) != text:
            raise BadCursor
        return cursor


def _values(text: str, shape: str) -> tuple[CursorValue, ...]:
    if len(text) > MAXIMUM_CURSOR_CHARACTERS:
        raise BadCursor
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
        check, *values = msgspec.json.decode(raw, type=list[CursorValue])
    except (ValueError, RecursionError, binascii.Error, msgspec.DecodeError):
        raise BadCursor from None
    if check != _check(tuple(values), shape):
        raise BadCursor
    return tuple(values)


def _check(values: tuple[CursorValue, ...], shape: str) -> str:
    return query_shape(shape, values)


def _fits(value: CursorValue, expected: type | UnionType) -> bool:
    if isinstance(value, str) and "\x00" in value:
        return False
    if isinstance(value, int):
        return value in _INTEGERS and (isinstance(value, expected) or isinstance(0.0, expected))
    return isinstance(value, expected)
