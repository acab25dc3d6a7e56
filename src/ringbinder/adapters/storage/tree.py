"""Folders below one root, walked without following a symbolic link."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringbinder.adapters.storage.filesystem import FOLDER, FileSystem

MOST_REMEMBERED = 10_000

Names = tuple[str, ...]


class Tree:
    """Lends open descriptors of folders. All calls block and raise OSError."""

    def __init__(self, root: Path, files: FileSystem) -> None:
        self._root = root
        self._files = files
        self._durable: set[Names] = set()

    @contextmanager
    def existing(self, names: Names = ()) -> Iterator[int]:
        """Lend a folder; FileNotFoundError when there is none."""
        descriptor = self._files.open(self._root, FOLDER)
        try:
            for name in names:
                descriptor = self._enter(descriptor, name)
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def made(self, names: Names) -> Iterator[int]:
        """Lend a folder, made with those above it if need be; what is made is durable."""
        descriptor = self._files.open(self._root, FOLDER)
        try:
            for depth, name in enumerate(names, start=1):
                self._make(descriptor, names[:depth])
                descriptor = self._enter(descriptor, name)
            yield descriptor
        finally:
            os.close(descriptor)

    def _enter(self, parent: int, name: str) -> int:
        child = self._files.open(name, FOLDER, folder=parent)
        os.close(parent)
        return child

    def _make(self, parent: int, names: Names) -> None:
        # A folder that we find may have been made a moment ago by another call or process that
        # has not come to its fsync, so each one counts as durable only after an fsync of ours.
        with contextlib.suppress(FileExistsError):
            self._files.mkdir(names[-1], folder=parent)
            self._durable.discard(names)
        if names not in self._durable:
            self._files.fsync(parent)
            self._remember(names)

    def _remember(self, names: Names) -> None:
        if len(self._durable) >= MOST_REMEMBERED:
            self._durable.clear()
        self._durable.add(names)


def make_root(root: Path, files: FileSystem) -> None:
    """Make the folder and those above it that are missing, each durable."""
    if root.is_dir():
        return
    make_root(root.parent, files)
    with contextlib.suppress(FileExistsError):
        files.mkdir(root)
    with Tree(root.parent, files).existing() as parent:
        files.fsync(parent)
