"""The digest of a binder, as a reader can compute it from its own copy."""

import hashlib
from collections.abc import Iterable

from ringbinder.features.changes.types import Listed


class DigestBuilder:
    """Adds up lines, one for each version, in the order of document ids and version numbers.

    A line is ``documentId TAB folderId TAB fileName TAB number TAB versionId TAB sha256 LF`` in
    UTF-8, ids in lower case with hyphens. The digest is the SHA-256 of all lines.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._hash = hashlib.sha256()
        self._last: object = None
        self.documents = 0
        self.versions = 0

    def add(self, listed: Iterable[Listed]) -> None:
        """Add versions, each document's together."""
        for item in listed:
            self._hash.update(digest_line(item).encode())
            self.versions += 1
            if item.document_id != self._last:
                self.documents += 1
                self._last = item.document_id

    @property
    def digest(self) -> str:
        """The digest so far, in lower-case hexadecimal."""
        return self._hash.hexdigest()


def digest_line(item: Listed) -> str:
    """Write the line of one version."""
    fields = (
        item.document_id,
        item.folder_id,
        item.file_name,
        item.number,
        item.version_id,
        item.sha256,
    )
    return "\t".join(map(str, fields)) + "\n"
