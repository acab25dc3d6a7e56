"""HTTP header values: file names for downloads, entity tags and their conditions."""

import re
import unicodedata
from typing import Final, Literal
from urllib.parse import quote

# Left out of what quoted-string (RFC 9110) allows: quote and backslash, the percent sign because
# browsers decode it, and ; / : * ? < > | because old parsers or file systems stumble over them.
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 !#$&'()+,\-.=@\[\]^_`{}~]")
_NEVER: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029/\\\\]")
_ATTR_CHAR: Final = "!#$&+-.^_`|~"  # RFC 8187, besides letters and digits
_NAMELESS: Final = "file"

_ONE_RANGE: Final = re.compile(r"bytes=([0-9]{1,19})-([0-9]{0,19})\Z")
_ETAG_VALUE: Final = re.compile(r"[\x21\x23-\x7e\x80-\xff]*\Z")
_ETAG: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_ETAG_LIST: Final = re.compile(rf"[ \t,]*+(?:{_ETAG.pattern}[ \t]*+(?:,[ \t,]*+|\Z))*+\Z")


def content_disposition(kind: Literal["attachment", "inline"], file_name: str) -> str:
    """Write ``Content-Disposition`` (RFC 6266) for a name of any kind.

    ``filename`` is plain ASCII; ``filename*`` (RFC 8187) gives the exact name wherever the plain
    one differs. Slashes, backslashes, control characters and line separators become ``_`` in
    both, lone surrogates ``?``. The value is ASCII without line breaks, whatever the input.

    Raises:
        ValueError: ``kind`` is neither ``attachment`` nor ``inline``.

    """
    if kind not in {"attachment", "inline"}:
        raise ValueError("the kind must be attachment or inline")
    name = _NEVER.sub("_", file_name)
    plain = _plain_name(name)
    value = f'{kind}; filename="{plain}"'
    if plain == file_name and plain == plain.strip():
        return value
    exact = quote(name, safe=_ATTR_CHAR, encoding="utf-8", errors="replace")
    return f"{value}; filename*=UTF-8''{exact or _NAMELESS}"


def _plain_name(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    plain = _UNSAFE.sub("_", bare)
    return plain if plain.strip(" .") else _NAMELESS


def etag(value: str, *, weak: bool = False) -> str:
    """Write an entity tag (RFC 9110, section 8.8.3): the value in quotes, ``W/`` before a weak one.

    Raises:
        ValueError: the value holds a quote, blank or control character, or goes beyond Latin-1.

    """
    if not _ETAG_VALUE.match(value):
        raise ValueError("an entity tag cannot hold this value")
    return f'W/"{value}"' if weak else f'"{value}"'


def if_match(header: str, current: str | None) -> bool:
    """Tell whether ``If-Match`` holds, by strong comparison; if not, the answer is 412.

    ``current`` is the entity tag as :func:`etag` writes it, None where nothing exists. A malformed
    header holds for nothing (RFC 9110, section 13.1.1).
    """
    if current is None:
        return False
    is_weak = current.startswith("W/")
    return header.strip() == "*" or (not is_weak and ("", current) in _entity_tags(header))


def if_none_match(header: str, current: str | None) -> bool:
    """Tell whether ``If-None-Match`` holds, by weak comparison; if not, the answer is 304 or 412.

    ``current`` is the entity tag as :func:`etag` writes it, None where nothing exists. A malformed
    header names nothing, so it holds (RFC 9110, section 13.1.2).
    """
    if current is None:
        return True
    opaque = current.removeprefix("W/")
    return header.strip() != "*" and all(tag != opaque for _, tag in _entity_tags(header))


def _entity_tags(header: str) -> list[tuple[str, str]]:
    """Give weakness and quoted value of each tag; none at all where the list is malformed."""
    return _ETAG.findall(header) if _ETAG_LIST.match(header) else []


def byte_range(header: str | None, size_bytes: int) -> tuple[int, int] | None:
    """Read a ``Range`` of one part as begin and end (without it); None for anything else."""
    match = _ONE_RANGE.match((header or "").strip())
    if match is None:
        return None
    begin = int(match[1])
    end = min(int(match[2]) + 1, size_bytes) if match[2] else size_bytes
    return (begin, end) if begin < end else None
