"""Create, change and delete folders.

Whatever changes the tree of a binder locks the binder alone, so that two changes together cannot
make a cycle, the same name twice, or a path that is too deep.
"""

from collections.abc import Callable
from typing import Any, Unpack
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
)
from ringbinder.features.folders.service.reading import get_folder, get_folder_of
from ringbinder.features.folders.types import Folder, FolderChanges, FolderType
from ringbinder.kit.differences import changed_only
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key

Precondition = Callable[[Folder], None]


def _accept(_folder: Folder) -> None:
    """Accept every folder."""


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
