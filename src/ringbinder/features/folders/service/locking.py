"""Hold folders, so that nobody else puts a name into them.

The binder is locked before the folder, and both before the documents inside: who locks in another
order may wait for somebody who waits for him.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import repository
from ringbinder.features.folders.service.reading import existing, get_folder
from ringbinder.features.folders.types import Folder


async def get_writable_folder(session: WriteSession, *, folder_id: UUID) -> Folder:
    """Give a folder into which nobody else puts a name before this transaction ends.

    Its binder is not archived and stays so.

    Raises:
        FolderNotFoundError: the organisation has none with this id.
        BinderArchivedError: its binder is read-only.

    """
    folder = await get_folder(session, folder_id=folder_id)
    await binders.get_writable_binder_by_key(session, binder_key=folder.binder_key)
    return existing(await repository.lock_folder(session, folder_id))


async def lock_folders(
    session: WriteSession, *, folder_ids: Iterable[UUID]
) -> Mapping[UUID, Folder]:
    """Give several folders into which nobody else puts a name before this transaction ends.

    Their binders must be shared already (``binders.service.share_binders``). Whoever needs more
    than one takes them here, in the order of their keys. Those that the organisation does not have
    are not among them.
    """
    return {folder.id: folder for folder in await repository.lock_folders(session, folder_ids)}
