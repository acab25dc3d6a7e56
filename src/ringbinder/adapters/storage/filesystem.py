"""The calls of the operating system by which the local store touches the disk."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import EDQUOT, ENOSPC
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from ringbinder.adapters.storage.errors import StorageFull, StorageUnavailable

FOLDER = os.O_RDONLY | os.O_DIRECTORY
FILE = os.O_RDONLY
NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder; a symbolic link is neither file nor folder."""

    name: str
    is_file: bool
    is_folder: bool
    size_bytes: int
    modified_at: datetime


class FileSystem:
    """Each call that can fail, once, so that a test can hand in one that does.

    A name is looked up in `folder`, an open descriptor, and never followed if it's a symbolic
    link; all raise OSError.
    """

    def open(self, name: str | Path, flags: int, *, folder: int | None = None) -> int:
        """Open a file or folder; a new file is its owner's alone."""
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Append some of the data and say how many bytes that were."""
        return os.write(descriptor, data)

    def read(self, descriptor: int, size_bytes: int, offset: int) -> bytes:
        """Read at most so many bytes; none at the end of the file."""
        return os.pread(descriptor, size_bytes, offset)

    def fsync(self, descriptor: int) -> None:
        """Wait until a file's bytes, or a folder's entries, have reached the disk."""
        os.fsync(descriptor)

    def rename(self, source: str, target: str, *, source_folder: int, target_folder: int) -> None:
        """Replace `target` by `source`."""
        os.replace(source, target, src_dir_fd=source_folder, dst_dir_fd=target_folder)

    def unlink(self, name: str, *, folder: int) -> None:
        """Remove a file's name."""
        os.unlink(name, dir_fd=folder)

    def mkdir(self, name: str | Path, *, folder: int | None = None) -> None:
        """Make a folder for its owner alone."""
        os.mkdir(name, 0o700, dir_fd=folder)

    def find(self, name: str, *, folder: int) -> Entry | None:
        """Look at one name; None when it isn't there."""
        try:
            return _entry(name, os.stat(name, dir_fd=folder, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def entries(self, folder: int) -> list[Entry]:
        """Look at all names of a folder, in no order."""
        found = (self.find(name, folder=folder) for name in os.listdir(folder))
        return [entry for entry in found if entry]

    def free_bytes(self, folder: int) -> int:
        """Tell the room that is left on this file system for us."""
        answer = os.fstatvfs(folder)
        return answer.f_bavail * answer.f_frsize

    def start_writeback(self, descriptor: int, offset: int, size_bytes: int) -> None:
        """Ask the kernel to begin writing these bytes to the disk, without waiting.

        Linux does so when told that their cached pages won't be needed, and keeps those that are
        still being written (mm/fadvise.c). It's advice: where it doesn't help, nothing is lost.
        """
        if hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):
                os.posix_fadvise(descriptor, offset, size_bytes, os.POSIX_FADV_DONTNEED)


def _entry(name: str, status: os.stat_result) -> Entry:
    return Entry(
        name=name,
        is_file=S_ISREG(status.st_mode),
        is_folder=S_ISDIR(status.st_mode),
        size_bytes=status.st_size,
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
    )


@contextmanager
def named_errors() -> Iterator[None]:
    """Turn OSError into StorageFull or StorageUnavailable."""
    try:
        yield
    except OSError as error:
        kind = StorageFull if error.errno in (ENOSPC, EDQUOT) else StorageUnavailable
        raise kind(error.strerror or str(error)) from error
