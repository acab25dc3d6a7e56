"""Make the folders of a path."""

from collections.abc import Sequence

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import repository, rules
from ringbinder.features.folders.service.changing import create_folder
from ringbinder.features.folders.service.reading import existing
from ringbinder.features.folders.types import Folder
from ringbinder.kit.names import comparison_key


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
    return existing(folder)
