"""Decisions about folders, without input or output."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from ringbinder.features.folders.errors import FolderCycleError, FolderTooDeepError
from ringbinder.features.folders.types import Folder
from ringbinder.kit.collation import sort_key
from ringbinder.kit.errors import FieldProblems
from ringbinder.kit.names import comparison_key, name_problems

MAXIMUM_DEPTH: Final = 20
"""How many levels of folders a binder can have; tabs are the first."""


def place_among(positions: Collection[int], wanted: int | None) -> int:
    """Give a folder's position beside others: the one that it wants, or else behind them all."""
    end = max(positions, default=-1) + 1
    return end if wanted is None else min(wanted, end)


def assert_can_move(subtree: Sequence[tuple[int, int]], parent: Folder | None, depth: int) -> None:
    """Let a folder, given with all below it as (key, level), move into a parent at a depth.

    Raises:
        FolderCycleError: the parent is the folder itself, or below it.
        FolderTooDeepError: what is below it would stand too deep.

    """
    if parent is not None and any(key == parent.key for key, _ in subtree):
        raise FolderCycleError
    assert_depth(depth + max(level for _, level in subtree))


def assert_depth(depth: int) -> None:
    """Let folders be nested only so deep.

    Raises:
        FolderTooDeepError: this is deeper.

    """
    if depth > MAXIMUM_DEPTH:
        raise FolderTooDeepError


def assert_names(names: Sequence[str]) -> None:
    """Refuse a path with a name that no folder can have, and an empty path.

    Raises:
        FieldErrors: with everything that is wrong about each name.

    """
    problems = FieldProblems()
    if not names:
        problems.add("names", "The path must name at least one folder.")
    for index, name in enumerate(names):
        for problem in name_problems(name):
            problems.add(f"names[{index}]", problem)
    problems.raise_if_any()


def name_columns(name: str) -> dict[str, str]:
    """Give a name as it was given, as it is compared, and as it is sorted."""
    return {"name": name, "name_key": comparison_key(name), "sort_name": sort_key(name)}


def as_record(folder: Folder) -> dict[str, Any]:
    """Give the fields that audit events keep, without the folder's place in the tree."""
    return {"name": folder.name, "type": str(folder.type), "position": folder.position} | (
        {"isHidden": True} if folder.is_hidden else {}
    )


def place_record(folder: Folder) -> dict[str, Any]:
    """Give the place in the tree that audit events keep."""
    return {"parentId": None if folder.parent_id is None else str(folder.parent_id)}


def is_same(folder: Folder, columns: Mapping[str, Any]) -> bool:
    """Tell whether these columns change nothing about a folder."""
    names = ("name", "type", "parent_key", "position", "is_hidden")
    return all(getattr(folder, name) == columns[name] for name in names)


def in_tree_order(folders: Sequence[Folder]) -> list[Folder]:
    """Put each folder before those in it; siblings stay in the order in which they come."""
    children: dict[int | None, list[Folder]] = {}
    for folder in folders:
        children.setdefault(folder.parent_key, []).append(folder)
    ordered: list[Folder] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        folder = waiting.pop()
        ordered.append(folder)
        waiting.extend(reversed(children.get(folder.key, [])))
    return ordered


def indented(folders: Sequence[Folder]) -> list[tuple[Folder, int]]:
    """Give folders that stand in the order of their tree, each with its depth from 0."""
    depths: dict[int, int] = {}
    for folder in folders:
        above = -1 if folder.parent_key is None else depths.get(folder.parent_key, -1)
        depths[folder.key] = above + 1
    return [(folder, depths[folder.key]) for folder in folders]


def outside_of(folder: Folder, folders: Sequence[tuple[Folder, int]]) -> list[tuple[Folder, int]]:
    """Leave out a folder, and what is in it, of folders that stand in the order of their tree."""
    left_out = {folder.key}
    for one, _ in folders:
        if one.parent_key in left_out:
            left_out.add(one.key)
    return [(one, depth) for one, depth in folders if one.key not in left_out]
