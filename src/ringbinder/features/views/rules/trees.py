"""The tree of tabs beside a list."""

from collections.abc import Iterable, Mapping, Sequence

from ringbinder.features.folders.types import Folder
from ringbinder.features.views.types import Branch


def tree_of(
    folders: Sequence[Folder], counts: Mapping[int, int], opened: Iterable[int]
) -> tuple[Branch, ...]:
    """Build the tree of tabs; ``folders`` come in the order of the tree."""
    children: dict[int | None, list[Folder]] = {}
    for folder in folders:
        children.setdefault(folder.parent_key, []).append(folder)
    return _branches(children, None, 1, counts, frozenset(opened))


def _branches(
    children: Mapping[int | None, Sequence[Folder]],
    parent: int | None,
    level: int,
    counts: Mapping[int, int],
    opened: frozenset[int],
) -> tuple[Branch, ...]:
    branches = []
    for folder in children.get(parent, ()):
        inner = _branches(children, folder.key, level + 1, counts, opened)
        documents = counts.get(folder.key, 0) + sum(branch.documents for branch in inner)
        branches.append(Branch(folder, level, documents, inner, folder.key in opened))
    return tuple(branches)
