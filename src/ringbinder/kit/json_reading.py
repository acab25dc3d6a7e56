"""Reading JSON from strangers: strict, bounded in depth, and exact about what is wrong."""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

import msgspec

_STRING: Final = rb'"(?:[^"\\]++|\\.)*+"?'
_NOT_BRACKETS: Final = re.compile(_STRING + rb'|[^"\[\]{}]++', re.DOTALL)
_NUMBERS: Final = re.compile(_STRING + rb"|(-?[0-9][0-9.eE+-]*+)", re.DOTALL)
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ESCAPES: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_FINDING: Final = re.compile(r"JSON is malformed: (?P<what>.+) \(byte (?P<position>[0-9]+)\)\Z")
# Where these are found, the reader has already stepped over the byte.
_ONE_BYTE_LATE: Final = ("trailing characters", "invalid escape", "invalid character in unicode")
_MAXIMUM_DIGITS: Final = 4300

PathPart = str | int


class MalformedJson(ValueError):
    """A body is not JSON by RFC 8259. ``position`` is the byte, from 0, at or next to the fault."""

    def __init__(self, message: str, position: int) -> None:
        """Tell what is wrong, without a full stop, and where."""
        super().__init__(f"The JSON is malformed at byte {position}: {message}.")
        self.message = message
        self.position = position


class JsonTooDeep(ValueError):
    """Arrays and objects are nested deeper than allowed."""

    def __init__(self, max_depth: int) -> None:
        """Tell how deep they may be."""
        super().__init__(f"The JSON is nested deeper than {max_depth} levels.")
        self.max_depth = max_depth


def read_json(body: bytes, *, max_depth: int = 32) -> object:
    """Read one JSON text (RFC 8259) of any kind.

    Refused besides bad grammar: anything but UTF-8, a byte order mark, lone surrogates, NaN and
    Infinity, numbers beyond binary64, whole numbers of more than some thousand digits. Of several
    equal keys the last wins. Whole numbers stay exact. NUL in texts is allowed here; see
    :func:`may_hold_nul`. The time is linear in the size, whatever the body.

    Raises:
        MalformedJson: with what is wrong and the byte where.
        JsonTooDeep: nested deeper than ``max_depth``; ``[]`` is one level.

    """
    if _is_deeper(body, max_depth):
        raise JsonTooDeep(max_depth)
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise JsonTooDeep(max_depth) from None
    except UnicodeDecodeError:
        raise MalformedJson("not valid UTF-8", _first_non_utf8(body)) from None
    except msgspec.DecodeError as error:
        raise _explained(body, str(error)) from None


def may_hold_nul(body: bytes) -> bool:
    """Tell quickly whether it is worth looking for NUL characters in what the body says."""
    return b"\\u0000" in body


def nul_paths(value: object) -> list[tuple[PathPart, ...]]:
    """Give the paths of all texts with a NUL character, which databases refuse, in document order.

    A key with a NUL is named by the path that ends in it.
    """
    found: list[tuple[PathPart, ...]] = []
    waiting: list[tuple[tuple[PathPart, ...], object]] = [((), value)]
    while waiting:
        path, current = waiting.pop()
        if _has_nul(current) or (path and _has_nul(path[-1])):
            found.append(path)
        waiting.extend(reversed([((*path, part), child) for part, child in _children(current)]))
    return found


def _has_nul(value: object) -> bool:
    return isinstance(value, str) and "\x00" in value


def _children(value: object) -> Iterator[tuple[PathPart, object]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _is_deeper(body: bytes, max_depth: int) -> bool:
    if body.count(b"[") + body.count(b"{") <= max_depth:
        return False
    brackets = _NOT_BRACKETS.sub(b"", body)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > max_depth


def _first_non_utf8(body: bytes) -> int:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _explained(body: bytes, message: str) -> MalformedJson:
    finding = _FINDING.match(message)
    what = finding["what"] if finding else "it ends too early"
    position = int(finding["position"]) if finding else len(body)
    if "out of range" in message:
        return MalformedJson("a number is out of range", _first_huge_number(body))
    # The reader takes a lone surrogate for a truncated text, or for a bad pair further on.
    lone = _first_lone_surrogate(body[:position])
    if lone is not None:
        return MalformedJson("half of a surrogate pair", lone)
    return MalformedJson(what, position - what.startswith(_ONE_BYTE_LATE))


def _first_lone_surrogate(body: bytes) -> int | None:
    return next((match.start() for match in _ESCAPES.finditer(body) if match["lone"]), None)


def _first_huge_number(body: bytes) -> int:
    return next((match.start() for match in _NUMBERS.finditer(body) if _is_huge(match[1])), 0)


def _is_huge(number: bytes | None) -> bool:
    if number is None:
        return False
    if number.lstrip(b"-").isdigit():
        return len(number) > _MAXIMUM_DIGITS
    return _overflows(number)


def _overflows(number: bytes) -> bool:
    try:
        return float(number) in {float("inf"), float("-inf")}
    except ValueError:
        return False
