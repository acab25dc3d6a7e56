"""What people and integrations do with folders.

Whatever changes the tree of a binder locks the binder alone, so that two changes together cannot
make a cycle, the same name twice, or a path that is too deep.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Unpack
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.folders import repository, rules
from ringbinder.features.folders.errors import (
    FolderNameTakenError,
    FolderNotEmptyError,
    FolderNotFoundError,
)
from ringbinder.features.folders.types import Folder, FolderChanges, FolderType
from ringbinder.kit.differences import changed_only
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key
from ringbinder.kit.paging import BadCursor, total_of

MAXIMUM_UNPAGED: Final = 10_000
"""How many folders a listing gives that did not ask for pages."""

Precondition = Callable[[Folder], None]


def _accept(_folder: Folder) -> None:
    """Accept every folder."""


async def get_folder(session: ReadSession, *, folder_id: UUID) -> Folder:
    """Give a folder.

    Raises:
        FolderNotFoundError: the organisation has none with this id.

    """
    return _found(await repository.find_folder(session, folder_id))


async def get_folder_of(session: ReadSession, *, binder_id: str, folder_id: UUID) -> Folder:
    """Give a folder of a binder.

    Raises:
        FolderNotFoundError: the binder has none with this id, or there is no such binder.

    """
    folder = await get_folder(session, folder_id=folder_id)
    if folder.binder_id != binder_id:
        raise FolderNotFoundError
    return folder


async def get_writable_folder(session: WriteSession, *, folder_id: UUID) -> Folder:
    """Give a folder into which nobody else puts a name before this transaction ends.

    Its binder is not archived and stays so. The binder is locked before the folder, and both before
    the documents inside: who locks in another order may wait for somebody who waits for him.

    Raises:
        FolderNotFoundError: the organisation has none with this id.
        BinderArchivedError: its binder is read-only.

    """
    folder = await get_folder(session, folder_id=folder_id)
    await binders.get_writable_binder_by_key(session, binder_key=folder.binder_key)
    return _found(await repository.lock_folder(session, folder_id))


async def find_folders(
    session: ReadSession, *, folder_ids: Iterable[UUID]
) -> Mapping[UUID, Folder]:
    """Give those of the folders that the organisation has."""
    return {folder.id: folder for folder in await repository.find_folders(session, folder_ids)}


async def lock_folders(
    session: WriteSession, *, folder_ids: Iterable[UUID]
) -> Mapping[UUID, Folder]:
    """Give several folders into which nobody else puts a name before this transaction ends.

    Their binders must be shared already (``binders.service.share_binders``). Whoever needs more
    than one takes them here, in the order of their keys. Those that the organisation does not have
    are not among them.
    """
    return {folder.id: folder for folder in await repository.lock_folders(session, folder_ids)}


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


async def create_folder(
    session: WriteSession,
    actor: Actor,
    *,
    binder_id: str,
    name: str,
    type: FolderType = FolderType.DOCUMENTS,  # noqa: A002 - the word of the API and of the table
    parent_id: UUID | None = None,
    position: int | None = None,
    is_hidden: bool = False,
) -> Folder:
    """Create a tab, or a folder in another one, behind its siblings or at a position among them.

    One that is hidden from the beginning is seen by the binder's administrators alone.

    Raises:
        BinderNotFoundError, FolderNotFoundError: there is no such binder, or no such parent in it.
        BinderArchivedError: the binder is read-only.
        FolderNameTakenError: a sibling has the name.
        FolderTooDeepError: the parent is as deep as folders can be.

    """
    binder = await binders.lock_binder(session, binder_id=binder_id)
    parent = await _parent(session, binder_id, parent_id)
    await _assert_name_is_free(session, binder, parent, name, is_hidden=is_hidden)
    rules.assert_depth(await _depth(session, parent) + 1)
    folder_id = new_guid()
    row = {
        "id": folder_id,
        "binder_key": binder.key,
        "parent_key": None if parent is None else parent.key,
        **rules.name_columns(name),
        "type": str(type),
        "is_hidden": is_hidden,
        "position": await _place(session, binder, parent, position),
        "created_at": session.now,
        "updated_at": session.now,
        "revision": 1,
    }
    await repository.add_folder(session, row)
    folder = await get_folder(session, folder_id=folder_id)
    after = rules.as_record(folder) | rules.place_record(folder)
    _record(session, actor, Action.FOLDER_CREATED, folder, after=after)
    return folder


async def _parent(session: ReadSession, binder_id: str, parent_id: UUID | None) -> Folder | None:
    if parent_id is None:
        return None
    return await get_folder_of(session, binder_id=binder_id, folder_id=parent_id)


async def _assert_name_is_free(
    session: WriteSession,
    binder: Binder,
    parent: Folder | None,
    name: str,
    *,
    of: Folder | None = None,
    is_hidden: bool = False,
) -> None:
    parent_key = None if parent is None else parent.key
    other = await repository.find_child(
        session, binder.key, parent_key, comparison_key(name), is_hidden=is_hidden
    )
    if other is not None and (of is None or other.key != of.key):
        raise FolderNameTakenError


async def _depth(session: WriteSession, folder: Folder | None) -> int:
    return 0 if folder is None else await repository.count_levels_above(session, folder.key)


async def _place(
    session: WriteSession,
    binder: Binder,
    parent: Folder | None,
    wanted: int | None,
    *,
    own: int | None = None,
) -> int:
    parent_key = None if parent is None else parent.key
    taken = set(await repository.list_positions(session, binder.key, parent_key)) - {own}
    place = rules.place_among(taken, wanted)
    if place in taken:
        await repository.make_room(session, binder.key, parent_key, place)
    return place


async def update_folder(
    session: WriteSession,
    actor: Actor,
    *,
    binder_id: str,
    folder_id: UUID,
    precondition: Precondition = _accept,
    **changes: Unpack[FolderChanges],
) -> Folder:
    """Rename, move, reorder, hide or show a folder of a binder; what is not given stays.

    A folder takes the position of a sibling, which moves back with those behind it. One that moves
    without a position stands behind its new siblings.

    Raises:
        BinderNotFoundError, FolderNotFoundError: there is no such binder, folder or parent in it.
        BinderArchivedError: the binder is read-only.
        FolderNameTakenError: a sibling at the new place has the name.
        FolderCycleError: the new parent is the folder itself, or below it.
        FolderTooDeepError: the folder, or what is in it, would stand too deep.

    """
    binder = await binders.lock_binder(session, binder_id=binder_id)
    before = await get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    precondition(before)
    parent = await _parent(session, binder_id, changes.get("parent_id", before.parent_id))
    if (parent.key if parent else None) != before.parent_key:
        subtree = await repository.list_subtree(session, before.key)
        rules.assert_can_move(subtree, parent, await _depth(session, parent))
    name = changes.get("name", before.name)
    is_hidden = changes.get("is_hidden", before.is_hidden)
    await _assert_name_is_free(session, binder, parent, name, of=before, is_hidden=is_hidden)
    columns = {
        **rules.name_columns(name),
        "type": str(changes.get("type", before.type)),
        "parent_key": parent.key if parent else None,
        "is_hidden": is_hidden,
        "position": await _new_position(session, binder, before, parent, changes),
    }
    return await _write(session, actor, before, columns)


async def _new_position(
    session: WriteSession,
    binder: Binder,
    before: Folder,
    parent: Folder | None,
    changes: FolderChanges,
) -> int:
    stays = (parent.key if parent else None) == before.parent_key
    wanted = changes.get("position", before.position if stays else None)
    if stays and wanted == before.position:
        return before.position
    own = before.position if stays else None
    return await _place(session, binder, parent, wanted, own=own)


async def _write(
    session: WriteSession, actor: Actor, before: Folder, columns: dict[str, Any]
) -> Folder:
    if rules.is_same(before, columns):
        return before
    await repository.change_folder(session, before.key, columns | {"updated_at": session.now})
    after = await get_folder(session, folder_id=before.id)
    if after.parent_id != before.parent_id:
        was, becomes = rules.place_record(before), rules.place_record(after)
        _record(session, actor, Action.FOLDER_MOVED, after, before=was, after=becomes)
    was, becomes = changed_only(rules.as_record(before), rules.as_record(after))
    if becomes:
        _record(session, actor, Action.FOLDER_UPDATED, after, before=was, after=becomes)
    return after


async def delete_folder(
    session: WriteSession,
    actor: Actor,
    *,
    binder_id: str,
    folder_id: UUID,
    precondition: Precondition = _accept,
) -> Folder:
    """Delete a folder of a binder that holds nothing; documents in the trash do not count.

    Raises:
        BinderNotFoundError, FolderNotFoundError: there is no such binder, or no such folder in it.
        BinderArchivedError: the binder is read-only.
        FolderNotEmptyError: it has sub-folders or documents.

    """
    await binders.lock_binder(session, binder_id=binder_id)
    folder = await get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    precondition(folder)
    if await repository.holds_anything(session, folder.key):
        raise FolderNotEmptyError
    await repository.change_folder(session, folder.key, {"deleted_at": session.now})
    before = rules.as_record(folder) | rules.place_record(folder)
    _record(session, actor, Action.FOLDER_DELETED, folder, before=before)
    return folder


async def ensure_path(
    session: WriteSession, actor: Actor, *, binder: Binder, names: Sequence[str]
) -> Folder:
    """Give the folder at a path of names, a tab first, and create what is missing of it.

    Where something is missing, the binder is locked alone: make the paths of an import before its
    documents, since another import may hold on to the binder in the meantime.

    Raises:
        FieldErrors: a name that no folder can have, or no name at all.
        BinderArchivedError: something is missing and the binder is read-only.
        FolderTooDeepError: the path is longer than folders can be deep.

    """
    rules.assert_names(names)
    folder = await _walk(session, binder, names)
    if folder is not None:
        return folder
    binder = await binders.lock_binder(session, binder_id=binder.id)
    return await _make_path(session, actor, binder, names)


async def _walk(session: WriteSession, binder: Binder, names: Sequence[str]) -> Folder | None:
    folder: Folder | None = None
    for name in names:
        parent_key = None if folder is None else folder.key
        folder = await repository.find_child(session, binder.key, parent_key, comparison_key(name))
        if folder is None:
            return None
    return folder


async def _make_path(
    session: WriteSession, actor: Actor, binder: Binder, names: Sequence[str]
) -> Folder:
    folder: Folder | None = None
    for name in names:
        parent_key = None if folder is None else folder.key
        child = await repository.find_child(session, binder.key, parent_key, comparison_key(name))
        folder = child or await create_folder(
            session,
            actor,
            binder_id=binder.id,
            name=name,
            parent_id=None if folder is None else folder.id,
        )
    return _found(folder)


def _record(
    session: WriteSession,
    actor: Actor,
    action: Action,
    folder: Folder,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = Subject(
        type="folder",
        id=str(folder.id),
        name=folder.name,
        binder_id=folder.binder_id,
        folder_id=folder.id,
    )
    evidence.record(session, actor, action, subject, before=before, after=after)


def _found(folder: Folder | None) -> Folder:
    if folder is None:
        raise FolderNotFoundError
    return folder
