"""Find the stored bytes of a version."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ringbinder.adapters.storage import ObjectStore
from ringbinder.db.sessions import ReadSession
from ringbinder.features.blobs import service as blobs
from ringbinder.features.documents import repository
from ringbinder.features.documents.errors import VersionNotFoundError
from ringbinder.features.documents.types import Version


@dataclass(frozen=True, slots=True)
class Download:
    """A version, and the key under which its bytes are stored."""

    version: Version
    storage_key: str


class DownloadFiles:
    """Gives stored bytes, from a file where there is one."""

    def __init__(self, storage: ObjectStore) -> None:
        """Read from this store."""
        self._storage = storage

    def local_path(self, storage_key: str) -> Path | None:
        """Name the file that holds the bytes, if they are in a file of this machine."""
        return self._storage.local_path(storage_key)

    def read(self, storage_key: str) -> AsyncIterator[bytes]:
        """Stream the bytes in pieces of at most 1 MiB."""
        return self._storage.read(storage_key)


async def get_download(session: ReadSession, *, version_id: UUID) -> Download:
    """Give the bytes of a version of a live document.

    Raises:
        VersionNotFoundError: there is none, or its document is in the trash.

    """
    version = await repository.find_live_version(session, version_id)
    if version is None:
        raise VersionNotFoundError
    blob = await blobs.find_blob(session, sha256=version.sha256)
    if blob is None:
        message = f"version {version_id} has lost its bytes"
        raise RuntimeError(message)
    return Download(version=version, storage_key=blob.storage_key)
