"""Find and read the files of a folder, and the register; blocking, so to be run in threads."""

import asyncio
import hashlib
import os
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

from ringbinder.features.imports import rules
from ringbinder.features.imports.errors import FolderUnreadableError, RegisterUnreadableError
from ringbinder.features.imports.types import FoundFile, Refusal, Register
from ringbinder.kit.names import name_problems

CHUNK_BYTES: Final = 1 << 20
SMALL_BYTES: Final = 256 << 10
"""A file up to this is read whole, a few of them by one errand to a thread."""

MAXIMUM_REGISTER_BYTES: Final = 64 << 20
"""A register is read whole; a million rows fit in this."""

_Entry = os.DirEntry[bytes]

_KINDS: Final = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


def find_files(folder: Path) -> tuple[list[FoundFile], list[Refusal]]:
    """Give every file below a folder in the order of its name's bytes, and what is none.

    Symbolic links are not followed.

    Raises:
        FolderUnreadableError: there is no such folder, or it cannot be read.

    """
    try:
        entries = _entries(os.fsencode(folder))
    except OSError as error:
        raise FolderUnreadableError(
            f"The folder {folder} cannot be read: {error.strerror}."
        ) from error
    files: list[FoundFile] = []
    refused: list[Refusal] = []
    waiting: list[tuple[_Entry, tuple[str, ...]]] = [(entry, ()) for entry in reversed(entries)]
    while waiting:
        entry, above = waiting.pop()
        found = _look_at(entry, above)
        if isinstance(found, FoundFile):
            files.append(found)
        elif isinstance(found, Refusal):
            refused.append(found)
        else:
            waiting += [(below, (*above, _text(entry.name))) for below in reversed(found)]
    return files, refused


def _entries(folder: bytes) -> list[_Entry]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _look_at(entry: _Entry, above: tuple[str, ...]) -> FoundFile | Refusal | list[_Entry]:
    relative = (*above, _text(entry.name))
    try:
        facts = entry.stat(follow_symlinks=False)
        problem = _problem_of(entry, facts)
        if not problem and stat.S_ISDIR(facts.st_mode):
            return _entries(entry.path)
    except OSError as error:
        return Refusal("/".join(relative), rules.reason_of(error))
    if problem:
        return Refusal("/".join(relative), problem)
    return FoundFile(entry.path, relative, facts.st_size)


def _problem_of(entry: _Entry, facts: os.stat_result) -> str | None:
    if stat.S_ISLNK(facts.st_mode):
        return "It is a symbolic link, and links are not followed."
    kind = next((kind for is_kind, kind in _KINDS if is_kind(facts.st_mode)), None)
    if kind is not None:
        return f"It is {kind} and no file."
    if not _is_unicode(entry.name):
        return "Its name is not valid UTF-8."
    if not os.access(entry.path, os.R_OK):
        return "It cannot be read: permission denied."
    if stat.S_ISDIR(facts.st_mode):
        return None  # the name matters only to files without a tab of their own
    return " ".join(name_problems(_text(entry.name))) or None


def _is_unicode(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(name: bytes) -> str:
    return name.decode(errors="backslashreplace")


def load_register(path: Path) -> Register:
    """Read a register.

    Raises:
        RegisterUnreadableError, RegisterWithoutPathsError, RegisterColumnTwiceError: it is none.

    """
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_REGISTER_BYTES + 1)
    except OSError as error:
        raise RegisterUnreadableError(
            f"The register {path} cannot be read: {error.strerror}."
        ) from error
    if len(data) > MAXIMUM_REGISTER_BYTES:
        raise RegisterUnreadableError(
            f"The register is larger than {MAXIMUM_REGISTER_BYTES >> 20} MiB."
        )
    return rules.read_register(data)


async def digest(file: FoundFile) -> str:
    """Give the SHA-256 of a file's bytes."""
    return await asyncio.to_thread(_digest, file)


def _digest(file: FoundFile) -> str:
    with opened(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


async def read_whole(files: Sequence[FoundFile]) -> list[tuple[bytes, str] | OSError]:
    """Give small files' bytes and their SHA-256; one byte more than one had where it has grown."""
    return await asyncio.to_thread(lambda: [_read_or_not(file) for file in files])


def _read_or_not(file: FoundFile) -> tuple[bytes, str] | OSError:
    try:
        return _read_whole(file)
    except OSError as error:
        return error


def _read_whole(file: FoundFile) -> tuple[bytes, str]:
    # Each call of the system gives other threads the interpreter, which it may take long to get
    # back; a stream makes twice as many.
    descriptor = _open(file)
    try:
        data = piece = os.read(descriptor, file.size_bytes + 1)
        while piece and len(data) < file.size_bytes:
            piece = os.read(descriptor, file.size_bytes + 1 - len(data))
            data += piece
    finally:
        os.close(descriptor)
    return data, hashlib.sha256(data).hexdigest()


async def stream(file: FoundFile) -> AsyncIterator[bytes]:
    """Give a file's bytes in pieces."""
    with opened(file) as opened_file:
        while chunk := await asyncio.to_thread(opened_file.read, CHUNK_BYTES):
            yield chunk


@contextmanager
def opened(file: FoundFile) -> Iterator[BufferedReader]:
    """Open a file, if it still is one: what was a file may be a link or a pipe by now.

    Raises:
        OSError: it cannot be read.

    """
    with os.fdopen(_open(file), "rb") as found:
        yield found


def _open(file: FoundFile) -> int:
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(None, "It is no file any more")
    return descriptor
