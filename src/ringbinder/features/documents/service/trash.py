"""Into the trash and back."""

from collections.abc import Callable
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.errors import (
    DocumentNotFoundError,
    DocumentNotInTrashError,
    FolderGoneError,
)
from ringbinder.features.documents.service.planning import (
    plan_deletion,
    plan_restoration,
    spot_in,
)
from ringbinder.features.documents.service.recording import record_deletion, record_restoration
from ringbinder.features.documents.service.steps import take_steps
from ringbinder.features.documents.types import Document
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata


async def delete_document(
    session: WriteSession,
    actor: Actor,
    *,
    document_id: UUID,
    precondition: Callable[[Document], None],
) -> Document:
    """Put a document into the trash, from where it can be restored for a stated time.

    Raises:
        DocumentNotFoundError: there is none, or it is in the trash already.
        BinderArchivedError: its binder is read-only.

    """
    found = await repository.find_document(session, document_id)
    if found is None:
        raise DocumentNotFoundError
    await binders.get_writable_binder_by_key(session, binder_key=found.binder_key)
    document = await _lock(session, found)
    if document.deleted_at is None:
        precondition(document)
    values = await metadata.read_values(session, document.metadata_json)
    step = plan_deletion(document, values, at=session.now, by=actor.name)
    (deleted,) = await take_steps(session, [step])
    record_deletion(session, actor, step)
    return deleted


async def restore_document(
    session: WriteSession,
    actor: Actor,
    *,
    document_id: UUID,
    folder_id: UUID | None,
    file_name: str | None,
) -> Document:
    """Take a document out of the trash, to where it was, under the name that it had.

    Another folder of its binder and another name may be given.

    Raises:
        DocumentNotFoundError, DocumentNotInTrashError: there is nothing to restore.
        FolderGoneError: its folder was deleted in the meantime and no other was named.
        DocumentNameTakenError: its name was given to another document in the meantime.
        BinderArchivedError: its binder is read-only.

    """
    found = await repository.find_document(session, document_id)
    if found is None:
        raise DocumentNotFoundError
    if found.deleted_at is None:
        raise DocumentNotInTrashError
    folder = await _folder_for(session, found, folder_id)
    document = await _lock(session, found)
    name = file_name or document.file_name
    place = rules.place_of(folder.key, name)
    step = plan_restoration(
        document,
        await metadata.read_values(session, document.metadata_json),
        spot=spot_in(folder),
        file_name=name,
        named=(await repository.find_names(session, [place])).get(place),
    )
    (restored,) = await take_steps(session, [step])
    record_restoration(session, actor, step)
    return restored


async def _lock(session: WriteSession, found: Document) -> Document:
    """Lock a document after its binder and folder, which are always locked first."""
    document = await repository.lock_document(session, found.id)
    if document is None:
        raise DocumentNotFoundError
    if document.binder_key != found.binder_key:
        raise ConcurrentChangeError
    return document


async def _folder_for(session: WriteSession, document: Document, folder_id: UUID | None) -> Folder:
    try:
        folder = await folders.get_writable_folder(
            session, folder_id=folder_id or document.folder_id
        )
    except FolderNotFoundError:
        if folder_id is not None:
            raise
        raise FolderGoneError from None
    if folder.binder_key != document.binder_key:
        raise FolderNotFoundError
    return folder
