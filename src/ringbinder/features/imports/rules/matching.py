"""Find the file that a row of a register is about."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ringbinder.features.imports.types import Refusal, RegisterRow
from ringbinder.kit.names import comparison_key

_Path = tuple[str, ...]
_OWN_DIRECTORY: Final = {"", "."}


@dataclass(frozen=True, slots=True)
class Matches:
    """The row of each file, by the file's number, and what did not come out even."""

    rows: Mapping[int, RegisterRow] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)
    """Files with several rows that differ, and the sentence about them."""
    without_file: tuple[Refusal, ...] = ()


def match_rows(files: Sequence[_Path], rows: Sequence[RegisterRow], *, root: _Path = ()) -> Matches:
    """Match rows with files, given as names below a folder that itself stands at ``root``.

    A row's path counts from the folder, or from any folder above it; a path that leads elsewhere,
    or a bare name, is taken for the one file of that name, if no other file and no other row has
    it. Exact letters come before case, Unicode form and blanks around.
    """
    matcher = _Matcher(files, rows, root)
    found = {index: matcher.file_of(row) for index, row in enumerate(rows)}
    by_file: dict[int, list[RegisterRow]] = {}
    without_file = []
    for index, number in found.items():
        if isinstance(number, int):
            by_file.setdefault(number, []).append(rows[index])
        else:
            without_file.append(Refusal(rows[index].path, f"Line {rows[index].line}: {number}"))
    several = {n: _several(own) for n, own in by_file.items() if _differ(own)}
    single = {n: own[0] for n, own in by_file.items() if n not in several}
    return Matches(single, several, tuple(without_file))


def _differ(rows: Sequence[RegisterRow]) -> bool:
    return any((row.place, row.cells) != (rows[0].place, rows[0].cells) for row in rows)


def _several(rows: Sequence[RegisterRow]) -> str:
    lines = ", ".join(str(row.line) for row in rows)
    return f"The register says different things about it in the lines {lines}."


class _Matcher:
    def __init__(self, files: Sequence[_Path], rows: Sequence[RegisterRow], root: _Path) -> None:
        self._all = (files, rows, root)
        self._exact = _Names(*self._all, _as_is)

    @cached_property
    def _loose(self) -> "_Names":
        """Made where a register first has a name in other letters."""
        return _Names(*self._all, _loosely)

    def file_of(self, row: RegisterRow) -> int | str:
        """Give the number of the row's file, or a sentence that says why there is none."""
        parts = _parts(row.path)
        if not parts:
            return "The path names no file."
        found = (
            self._exact.by_path(parts)
            or self._loose.by_path(parts)
            or self._exact.by_name(parts)
            or self._loose.by_name(parts)
        )
        if not found:
            return "There is no such file."
        if len(found) > 1:
            return "Several files have this name; give the path."
        return found[0]


def _parts(path: str) -> _Path:
    names = path.replace("\\", "/").split("/")
    return tuple(name for name in names if name not in _OWN_DIRECTORY)


def _as_is(name: str) -> str:
    return name


def _loosely(name: str) -> str:
    return comparison_key(name.strip())


class _Names:
    """Files by name, where names are compared in one way."""

    def __init__(
        self,
        files: Sequence[_Path],
        rows: Sequence[RegisterRow],
        root: _Path,
        key: Callable[[str], str],
    ) -> None:
        self._key = key
        self._paths = [tuple(map(key, (*root, *file))) for file in files]
        self._depth = len(root)
        self._by_name: dict[str, list[int]] = {}
        for number, path in enumerate(self._paths):
            self._by_name.setdefault(path[-1], []).append(number)
        named = (parts[-1] for row in rows if (parts := _parts(row.path)))
        self._rows_named = Counter(map(key, named))

    def by_path(self, parts: _Path) -> list[int]:
        """Give the files whose path fits best: none, one, or several that fit equally well."""
        wanted = self._keys(parts)
        candidates = self._by_name.get(wanted[-1], [])
        whole = [n for n in candidates if self._paths[n][-len(wanted) :] == wanted]
        within = [n for n in candidates if 1 < len(self._below(n)) <= len(wanted)]
        return (
            [n for n in whole if self._below(n) == wanted]
            or (whole if len(wanted) > 1 else [])
            or [n for n in within if self._below(n) == wanted[-len(self._below(n)) :]]
        )

    def by_name(self, parts: _Path) -> list[int]:
        """Give the files of the path's last name, unless other rows have it too."""
        name = self._key(parts[-1])
        return self._by_name.get(name, []) if self._rows_named[name] == 1 else []

    def _keys(self, parts: _Path) -> _Path:
        return tuple(map(self._key, parts))

    def _below(self, number: int) -> _Path:
        return self._paths[number][self._depth :]
