"""Find folders, and list them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import repository, rules
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.kit.names import comparison_key
from ringbinder.kit.paging import BadCursor, total_of

MAXIMUM_UNPAGED: Final = 10_000
"""How many folders a listing gives that did not ask for pages."""


async def get_folder(session: ReadSession, *, folder_id: UUID) -> Folder:
    """Give a folder.

    Raises:
        FolderNotFoundError: the organisation has none with this id.

    """
    return existing(await repository.find_folder(session, folder_id))


async def get_folder_of(session: ReadSession, *, binder_id: str, folder_id: UUID) -> Folder:
    """Give a folder of a binder.

    Raises:
        FolderNotFoundError: the binder has none with this id, or there is no such binder.

    """
    folder = await get_folder(session, folder_id=folder_id)
    if folder.binder_id != binder_id:
        raise FolderNotFoundError
    return folder


async def find_folders(
    session: ReadSession, *, folder_ids: Iterable[UUID]
) -> Mapping[UUID, Folder]:
    """Give those of the folders that the organisation has."""
    return {folder.id: folder for folder in await repository.find_folders(session, folder_ids)}


async def list_folders(
    session: ReadSession,
    binder: Binder,
    parent: Folder | None,
    *,
    search_term: str | None = None,
    after: int | None = None,
    offset: int = 0,
    limit: int = MAXIMUM_UNPAGED,
) -> tuple[Sequence[Folder], int]:
    """Give one page of a binder's tabs or a folder's sub-folders, in their order, and the total.

    ``after`` is the key of the last folder that was seen. The page goes on behind where that one
    stands now, or stood when it was deleted.

    Raises:
        BadCursor: the binder never had a folder with this key.

    """
    parent_key = None if parent is None else parent.key
    containing = None if search_term is None else comparison_key(search_term)
    found = await repository.list_children(
        session,
        binder.key,
        parent_key,
        containing=containing,
        after=await _position_of(session, binder, after),
        offset=offset,
        limit=limit,
    )
    count = partial(
        repository.count_children, session, binder.key, parent_key, containing=containing
    )
    return found, await total_of(found, count, behind=after, offset=offset, limit=limit)


async def _position_of(
    session: ReadSession, binder: Binder, after: int | None
) -> tuple[int, int] | None:
    if after is None:
        return None
    position = await repository.find_position(session, binder.key, after)
    if position is None:
        raise BadCursor
    return position


async def list_tree(session: ReadSession, binder: Binder) -> Sequence[Folder]:
    """Give all folders of a binder: each before those in it, siblings in their order."""
    return rules.in_tree_order(await repository.list_all(session, binder.key))


async def count_documents(session: ReadSession, binder: Binder) -> Mapping[int, int]:
    """Count the documents directly in each folder of a binder, by key; no entry is none."""
    return await repository.count_documents(session, binder.key)


async def subtree_keys(session: ReadSession, *, folder_key: int) -> list[int]:
    """Give the keys of a folder and of all below it."""
    return [key for key, _ in await repository.list_subtree(session, folder_key)]


def existing(folder: Folder | None) -> Folder:
    """Give what was looked for.

    Raises:
        FolderNotFoundError: it is not there.

    """
    if folder is None:
        raise FolderNotFoundError
    return folder
