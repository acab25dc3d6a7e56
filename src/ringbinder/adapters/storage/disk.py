"""The local store's work on the disk: plain blocking calls, each to be made in a thread."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from errno import ELOOP
from pathlib import Path

from ringbinder.adapters.storage.errors import ObjectNotFound
from ringbinder.adapters.storage.filesystem import FILE, FOLDER, NEW_FILE, Entry, FileSystem
from ringbinder.adapters.storage.keys import is_key
from ringbinder.adapters.storage.protocol import StoredObject
from ringbinder.adapters.storage.tree import Names, Tree, make_root

INCOMING = "incoming"
OBJECTS = "objects"
MARK = (
    "_"  # No key ends like this, so the file of key `a` is never in the way of the folder of `a/b`.
)
WRITEBACK_BYTES = 8 << 20

Found = StoredObject | str  # An object, or a folder as the beginning of keys, slash included.


class IncomingFile:
    """A file on its way in: without a key until published, and gone with `close()` if it never is.

    `begin` and `close` come once each, `close` in any case; in between one call at a time.
    """

    def __init__(self, folder: Path, files: FileSystem) -> None:
        self._path = folder
        self._files = files
        self._name = secrets.token_hex(16)
        self._descriptors: list[int] = []
        self._folder = self._file = -1
        self.written_bytes = 0
        self._handed_over_bytes = 0
        self._is_here = False

    def begin(self, beside: "IncomingFile | None" = None) -> int:
        """Make the file and tell the free bytes of its file system.

        One beside another, which is closed after it, needs only one descriptor more.
        """
        if beside is None:
            self._folder = self._files.open(self._path, FOLDER)
            self._descriptors.append(self._folder)
        else:
            self._folder = beside._folder  # noqa: SLF001 - it is of the same class
        self._file = self._files.open(self._name, NEW_FILE, folder=self._folder)
        self._descriptors.append(self._file)
        self._is_here = True
        return self._files.free_bytes(self._folder)

    def write(self, data: bytes) -> None:
        """Append all of the data."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._files.write(self._file, rest) :]
        self.written_bytes += len(data)
        self._hand_over()

    def _hand_over(self) -> None:
        # Left alone, Linux collects the bytes in memory for seconds, and the fsync has to wait
        # for all of them: 0.4 s for 1 GB where it takes 0.01 s like this.
        if self.written_bytes - self._handed_over_bytes >= WRITEBACK_BYTES:
            self.start_writeback()

    def start_writeback(self) -> None:
        """Let the disk begin to write what has been appended, without waiting for it."""
        size_bytes = self.written_bytes - self._handed_over_bytes
        self._files.start_writeback(self._file, self._handed_over_bytes, size_bytes)
        self._handed_over_bytes = self.written_bytes

    def sync(self) -> None:
        """Wait until the bytes have reached the disk."""
        self._files.fsync(self._file)

    def read_back(self) -> bytes:
        """Read the first bytes again, at most as many as were written."""
        return self._files.read(self._file, self.written_bytes, 0)

    def publish(self, name: str, folder: int) -> None:
        """Take the place of `name`, which is durable after an fsync of the folder."""
        self._files.rename(self._name, name, source_folder=self._folder, target_folder=folder)
        self._is_here = False

    def discard(self) -> None:
        """Remove what has not been published."""
        if self._is_here:
            self._files.unlink(self._name, folder=self._folder)
            self._is_here = False

    def close(self) -> None:
        """Let go of the descriptors and of a file without a key, which a sweep finds otherwise."""
        with contextlib.suppress(OSError):
            self.discard()
        while self._descriptors:
            os.close(self._descriptors.pop())


class OutgoingFile:
    """An object that is being read. `open` and `close` come once each, `close` in any case."""

    def __init__(self, key: str, tree: Tree, files: FileSystem) -> None:
        self._key = key
        self._tree = tree
        self._files = files
        self._descriptors: list[int] = []

    def open(self) -> None:
        """Hold on to the object as it's now; ObjectNotFound when there is none."""
        folders, name = _place(self._key)
        try:
            with self._tree.existing(folders) as folder:
                self._descriptors.append(self._files.open(name, FILE, folder=folder))
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno == ELOOP:
                raise ObjectNotFound(self._key) from error
            raise

    def read(self, size_bytes: int, offset: int) -> bytes:
        """Read at most so many bytes; none at the end."""
        return self._files.read(self._descriptors[0], size_bytes, offset)

    def close(self) -> None:
        """Let go of the descriptor."""
        while self._descriptors:
            os.close(self._descriptors.pop())


class Disk:
    """Objects as files below `root/objects`, unfinished ones in `root/incoming`."""

    def __init__(self, root: Path, files: FileSystem) -> None:
        self._root = root.resolve()
        self._files = files
        self._tree = Tree(self._root / OBJECTS, files)

    def prepare(self) -> None:
        """Make the folders that are missing."""
        make_root(self._root, self._files)
        root = Tree(self._root, self._files)
        for name in (OBJECTS, INCOMING):
            with root.made((name,)):
                pass

    def path(self, key: str) -> Path:
        """Name the file of a key."""
        folders, name = _place(key)
        return self._root.joinpath(OBJECTS, *folders, name)

    def incoming(self) -> IncomingFile:
        """Name a new file; nothing is made yet."""
        return IncomingFile(self._root / INCOMING, self._files)

    def outgoing(self, key: str) -> OutgoingFile:
        """Name an object to be read; nothing is opened yet."""
        return OutgoingFile(key, self._tree, self._files)

    def publish(self, incoming: IncomingFile, key: str) -> None:
        """Give a file its key, durably."""
        self.publish_all({key: incoming})

    def publish_all(self, incoming: Mapping[str, IncomingFile]) -> None:
        """Give files their keys; those of one folder become durable together."""
        by_folders: dict[Names, dict[str, IncomingFile]] = {}
        for key, one in incoming.items():
            folders, name = _place(key)
            by_folders.setdefault(folders, {})[name] = one
        for folders, named in by_folders.items():
            with self._tree.made(folders) as folder:
                for name, one in named.items():
                    one.publish(name, folder)
                self._files.fsync(folder)

    def move(self, source: str, target: str) -> None:
        """See ObjectStore."""
        if not self.find(source) and not self.find(target):
            raise ObjectNotFound(source)
        source_folders, source_name = _place(source)
        target_folders, target_name = _place(target)
        with (
            self._tree.made(source_folders) as source_folder,
            self._tree.made(target_folders) as target_folder,
        ):
            if self._has_file(source_name, source_folder):
                with contextlib.suppress(FileNotFoundError):  # The same move was quicker.
                    self._files.rename(
                        source_name,
                        target_name,
                        source_folder=source_folder,
                        target_folder=target_folder,
                    )
            if not self._has_file(target_name, target_folder):
                raise ObjectNotFound(source)
            # Also when nothing was left to do: the move before may have failed right here.
            self._files.fsync(target_folder)
            self._files.fsync(source_folder)

    def _has_file(self, name: str, folder: int) -> bool:
        entry = self._files.find(name, folder=folder)
        return entry is not None and entry.is_file

    def find(self, key: str) -> StoredObject | None:
        """See ObjectStore.stat."""
        folders, name = _place(key)
        try:
            with self._tree.existing(folders) as folder:
                entry = self._files.find(name, folder=folder)
        except FileNotFoundError:
            return None
        return _object(key, entry) if entry and entry.is_file else None

    def delete(self, key: str) -> None:
        """See ObjectStore."""
        folders, name = _place(key)
        with (
            contextlib.suppress(FileNotFoundError),
            self._tree.existing(folders) as folder,
        ):
            with contextlib.suppress(FileNotFoundError):
                self._files.unlink(name, folder=folder)
            # Also when nothing was there: the deletion before may have failed right here.
            self._files.fsync(folder)

    def contents(self, folder_key: str) -> list[Found]:
        """List a folder's objects, and its folders as keys with a slash, in the order of keys."""
        try:
            with self._tree.existing(_names(folder_key)) as folder:
                entries = self._files.entries(folder)
        except FileNotFoundError:
            return []
        found = (_recognised(folder_key, entry) for entry in entries)
        return sorted((one for one in found if one), key=_sort_key)

    def probe(self) -> None:
        """Write, fsync, read back and delete; OSError when one of these fails."""
        probe = self.incoming()
        text = secrets.token_bytes(16)
        try:
            probe.begin()
            probe.write(text)
            probe.sync()
            if probe.read_back() != text:
                raise OSError("The probe was read back differently.")
            probe.discard()
        finally:
            probe.close()

    def sweep(self, older_than: datetime) -> int:
        """Remove the incoming files last written before this instant and count them."""
        with Tree(self._root / INCOMING, self._files).existing() as folder:
            old = [
                entry.name
                for entry in self._files.entries(folder)
                if entry.is_file and entry.modified_at < older_than
            ]
            for name in old:
                self._files.unlink(name, folder=folder)
        return len(old)


def _names(folder_key: str) -> Names:
    return tuple(folder_key.removesuffix("/").split("/")) if folder_key else ()


def _place(key: str) -> tuple[Names, str]:
    *folders, name = key.split("/")
    return tuple(folders), name + MARK


def _object(key: str, entry: Entry) -> StoredObject:
    return StoredObject(key, entry.size_bytes, entry.modified_at)


def _recognised(folder_key: str, entry: Entry) -> Found | None:
    """Tell what an entry is; None for what we didn't put there."""
    key = folder_key + entry.name.removesuffix(MARK)
    is_marked = entry.name.endswith(MARK)
    if not is_key(key) or not (entry.is_file if is_marked else entry.is_folder):
        return None
    return _object(key, entry) if is_marked else f"{key}/"


def may_begin_with(prefix: str, found: Found) -> bool:
    """Say whether an object has this prefix, or something in a folder may have it."""
    key = _sort_key(found)
    return key.startswith(prefix) or (isinstance(found, str) and prefix.startswith(key))


def _sort_key(found: Found) -> str:
    return found if isinstance(found, str) else found.key
