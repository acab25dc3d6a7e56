"""Decide which document a file is, so that no two files of a folder ever become one."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from ringbinder.features.imports.types import Destination, Present
from ringbinder.kit.names import comparison_key, free_names

NUMBERS_TRIED: Final = 100
"""Up to which number ``Plan 1 (2).pdf`` is taken for the document of a file's double."""


def may_be_unchanged(name: str, of_same_size: Sequence[Present]) -> bool:
    """Tell whether a file may be what a document has: only then its digest is worth knowing."""
    if not of_same_size:
        return False
    key, doubles = comparison_key(name), _doubles(name)
    return any(
        document.name_key == key or document.file_name in doubles for document in of_same_size
    )


def assign_names(
    files: Sequence[tuple[str, str | None]], present: Sequence[Present]
) -> list[Destination]:
    """Give each file of a folder, as name and SHA-256, its own destination among the documents.

    The order of the files is the order of their rights. A file is the document of exactly its name,
    first of all the one with its bytes; else a double of its name that has its bytes; else whatever
    has a name that counts as the same, if no other file is that one; else a document beside it,
    under the first free number. So the same files find the same documents again, also when one of
    them changed or went away.
    """
    return _Assignment(files, present).destinations()


def _doubles(name: str) -> set[str]:
    return set(islice(free_names(name), 1, NUMBERS_TRIED))


_Way = Callable[[str, str | None], Destination | None]


class _Assignment:
    def __init__(self, files: Sequence[tuple[str, str | None]], present: Sequence[Present]) -> None:
        self._files = files
        self._found: dict[int, Destination] = {}
        self._by_key = {document.name_key: document for document in present}
        self._by_digest: dict[str, list[Present]] = {}
        for document in present:
            self._by_digest.setdefault(document.sha256, []).append(document)
        self._own_keys = {comparison_key(name) for name, _ in files}
        self._given_keys: set[str] = set()

    def destinations(self) -> list[Destination]:
        ways: list[_Way] = [self._by_free_name]
        if self._by_key:
            ways = [self._by_name_and_bytes, self._by_exact_name, self._by_bytes, *ways]
        for find in ways:
            for number, (name, sha256) in enumerate(self._files):
                if number not in self._found:
                    found = find(name, sha256)
                    if found is not None:
                        self._found[number] = found
                        self._given_keys.add(comparison_key(found.file_name))
        return [self._found[number] for number in range(len(self._files))]

    def _by_name_and_bytes(self, name: str, sha256: str | None) -> Destination | None:
        found = self._by_exact_name(name, sha256)
        return found if found and found.present and found.present.sha256 == sha256 else None

    def _by_exact_name(self, name: str, _sha256: str | None) -> Destination | None:
        document = self._free_document(comparison_key(name))
        return Destination(name, document) if document and document.file_name == name else None

    def _by_bytes(self, name: str, sha256: str | None) -> Destination | None:
        for document in self._by_digest.get(sha256 or "", ()):
            is_free = document.name_key not in self._given_keys
            if is_free and self._is_of(name, document):
                return Destination(document.file_name, document)
        return None

    def _is_of(self, name: str, document: Present) -> bool:
        return document.name_key == comparison_key(name) or (
            document.name_key not in self._own_keys and document.file_name in _doubles(name)
        )

    def _by_free_name(self, name: str, _sha256: str | None) -> Destination:
        return next(self._free_names(name))

    def _free_names(self, name: str) -> Iterator[Destination]:
        own = comparison_key(name)
        for candidate in free_names(name):
            key = comparison_key(candidate)
            if key in self._given_keys or (key != own and key in self._own_keys):
                continue
            document = self._by_key.get(key)
            # A number that somebody else's document has is left to it.
            if document is None or key == own or document.file_name == candidate:
                yield Destination(candidate, document)

    def _free_document(self, key: str) -> Present | None:
        return None if key in self._given_keys else self._by_key.get(key)
