"""Names that no system trips over, and where everything stands in the file."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ringbinder.features.folders.types import Folder
from ringbinder.features.zips.types import Item, Part, ZipPlan
from ringbinder.kit.names import comparison_key, free_name
from ringbinder.kit.zip_format import ZipEntry, central_header, end_records, local_header

Marked = Callable[[str, str], str]
"""Puts the mark of a superseded version before a file name: from its label and the name."""

_FORMAT: Final = 1
_UNSAFE: Final = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f-\x9f]')
_ENDS_BADLY: Final = re.compile(r"[. ]+\Z")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.IGNORECASE)
_INVISIBLE: Final = frozenset({"Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")  # They belong to letters and to emoji.


def safe_name(name: str) -> str:
    """Give a name that every system takes for a file of the folder that it is put in.

    What turns the direction of writing, or is not seen at all, becomes a visible ``_`` too.
    """
    clear = "".join(map(_visible, unicodedata.normalize("NFC", name)))
    plain = _ENDS_BADLY.sub("_", _UNSAFE.sub("_", clear)) or "_"
    return f"_{plain}" if _RESERVED.match(plain) else plain


def _visible(character: str) -> str:
    is_hidden = unicodedata.category(character) in _INVISIBLE and character not in _JOINERS
    return "_" if is_hidden else character


def below(folder: Folder | None, tree: Sequence[Folder]) -> frozenset[int]:
    """Give the keys of a folder and of all below it, or of all folders."""
    if folder is None:
        return frozenset(one.key for one in tree)
    by_key = {one.key: one for one in tree}
    return frozenset(one.key for one in tree if folder.key in _above(one, by_key))


def _above(folder: Folder, by_key: Mapping[int, Folder]) -> Iterator[int]:
    """Give the keys of a folder and of all that it is in."""
    key: int | None = folder.key
    while key is not None and key in by_key:
        yield key
        key = by_key[key].parent_key


def plan_of(items: Sequence[Item], tree: Sequence[Folder], marked: Marked) -> ZipPlan:
    """Give each item its name and place; the same items give the same plan."""
    by_key = {one.key: one for one in tree}
    paths = {key: _path(folder, by_key) for key, folder in by_key.items()}
    taken: set[str] = set()
    parts: list[Part] = []
    offset = 0
    for item in items:
        name = _named(item, paths.get(item.folder_key, ""), marked, taken)
        entry = ZipEntry(name, item.size_bytes, item.created_at)
        begins = offset + len(local_header(entry, 0))
        parts.append(Part(item, entry, offset, begins))
        offset = begins + item.size_bytes
    directory = sum(len(central_header(part.entry, 0, part.offset)) for part in parts)
    size = offset + directory + len(end_records(len(parts), directory, offset))
    return ZipPlan(tuple(parts), offset, size, _digest(parts))


def _path(folder: Folder, by_key: Mapping[int, Folder]) -> str:
    names = [safe_name(by_key[key].name) for key in _above(folder, by_key)]
    return "".join(f"{name}/" for name in reversed(names))


def _named(item: Item, path: str, marked: Marked, taken: set[str]) -> str:
    """Give a name that nothing else in the file has, upper and lower case being the same."""
    own = item.file_name
    if not item.is_current:
        own = marked(item.label or str(item.number), own)
    name = free_name(safe_name(own), lambda candidate: comparison_key(path + candidate) in taken)
    taken.add(comparison_key(path + name))
    return path + name


def _digest(parts: Sequence[Part]) -> str:
    lines = (
        f"{part.entry.name}\0{part.item.sha256}\0{part.item.created_at.isoformat()}\n"
        for part in parts
    )
    return hashlib.sha256(f"{_FORMAT}\n{''.join(lines)}".encode()).hexdigest()
