"""Lock the places of many uploads at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.errors import BinderNotFoundError
from ringbinder.features.binders.types import Binder
from ringbinder.features.documents import service as documents
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.kit.errors import RingbinderError

Site = tuple[UUID, str, UUID | None]
"""Where an upload goes: the folder, the file name there, the document if one was named."""


async def lock_sites(session: WriteSession, sites: Sequence[Site]) -> None:
    """Lock binders, then folders, then documents that get versions, each in the order of keys.

    What is not there is left to whoever then looks for it one by one.
    """
    _, locked = await _lock(session, {folder_id for folder_id, _, _ in sites})
    await documents.lock_targets(
        session,
        names=[
            (locked[folder_id].key, name) for folder_id, name, _ in sites if folder_id in locked
        ],
        document_ids={document_id for _, _, document_id in sites if document_id is not None},
    )


async def lock_folders(
    session: WriteSession, folder_ids: Iterable[UUID]
) -> Mapping[UUID, Folder | RingbinderError]:
    """Give folders as ``get_writable_folder`` does, or what it would raise.

    Binders are locked first, then folders, each in the order of keys.
    """
    wanted = set(folder_ids)
    shared, locked = await _lock(session, wanted)
    return {folder_id: _writable(shared, locked.get(folder_id)) for folder_id in wanted}


async def _lock(
    session: WriteSession, folder_ids: Collection[UUID]
) -> tuple[Mapping[int, Binder], Mapping[UUID, Folder]]:
    shared = await binders.share_binders_of(session, folder_ids=folder_ids)
    return shared, await folders.lock_folders(session, folder_ids=folder_ids)


def _writable(shared: Mapping[int, Binder], folder: Folder | None) -> Folder | RingbinderError:
    try:
        if folder is None:
            raise FolderNotFoundError
        if folder.binder_key not in shared:
            raise BinderNotFoundError
        binders.assert_writable(shared[folder.binder_key])
    except RingbinderError as error:
        return error
    return folder
