"""A binder with all that stands in it but documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from ringbinder.features.binders.types import Binder
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.types import Schema


@dataclass(frozen=True, eq=False)
class Layout:
    """A binder, its folders in the order of the tree, and its schema, as somebody sees them."""

    binder: Binder
    tree: Sequence[Folder]
    schema: Schema

    @cached_property
    def folders(self) -> Mapping[UUID, Folder]:
        """Give the folders by id, in the same order."""
        return {folder.id: folder for folder in self.tree}

    @cached_property
    def full_names(self) -> tuple[tuple[Folder, str], ...]:
        """Give every folder with its whole name, in the order of the tree."""
        return tuple(
            (folder, " / ".join(one.name for one in self.path_to(folder))) for folder in self.tree
        )

    def path_to(self, folder: Folder) -> tuple[Folder, ...]:
        """Give a folder behind those that it is in, the tab first."""
        path, parent = [folder], folder.parent_id
        while parent is not None and parent in self.folders:
            path.append(self.folders[parent])
            parent = path[-1].parent_id
        return tuple(reversed(path))
