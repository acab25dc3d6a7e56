"""Lock the places of many uploads at once."""

from collections.abc import Sequence
from uuid import UUID

from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.documents import service as documents
from ringbinder.features.folders import service as folders

Site = tuple[UUID, str, UUID | None]
"""Where an upload goes: the folder, the file name there, the document if one was named."""


async def lock_sites(session: WriteSession, sites: Sequence[Site]) -> None:
    """Lock binders, then folders, then documents that get versions, each in the order of keys.

    What is not there is left to whoever then looks for it one by one.
    """
    folder_ids = {folder_id for folder_id, _, _ in sites}
    found = await folders.find_folders(session, folder_ids=folder_ids)
    binder_keys = {folder.binder_key for folder in found.values()}
    await binders.share_binders(session, binder_keys=binder_keys)
    locked = await folders.lock_folders(session, folder_ids=found)
    await documents.lock_targets(
        session,
        names=[
            (locked[folder_id].key, name) for folder_id, name, _ in sites if folder_id in locked
        ],
        document_ids={document_id for _, _, document_id in sites if document_id is not None},
    )
