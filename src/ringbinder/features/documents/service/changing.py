"""Rename, describe, move and copy documents."""

from collections.abc import Callable, Sequence
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.errors import DocumentNotFoundError, MetadataNotInBinderError
from ringbinder.features.documents.service.content import put_content
from ringbinder.features.documents.service.planning import plan_change, spot_in
from ringbinder.features.documents.service.recording import record_change
from ringbinder.features.documents.service.steps import take_steps
from ringbinder.features.documents.service.targets import resolve_target
from ringbinder.features.documents.types import (
    Aim,
    ConflictBehavior,
    Document,
    NewContent,
    Version,
)
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import GivenValue, MetadataValue, Schema


async def update_document(
    session: WriteSession,
    actor: Actor,
    *,
    document_id: UUID,
    file_name: str | None,
    folder_id: UUID | None,
    given: Sequence[GivenValue],
    precondition: Callable[[Document], None],
) -> Document:
    """Rename, move (also to another binder) and describe a document in one step.

    What is None or empty stays as it is.

    Raises:
        DocumentNotFoundError, FolderNotFoundError: not there.
        DocumentNameTakenError: another document has the name in that folder.
        MetadataNotInBinderError: the other binder's schema cannot take what the document has.
        FieldErrors: metadata that the schema does not allow.
        BinderArchivedError: one of the binders is read-only.

    """
    found = await _get(session, document_id)
    folder = await _lock_places(session, found, folder_id)
    document = await _lock(session, document_id)
    if document.folder_key != found.folder_key:
        raise ConcurrentChangeError
    precondition(document)
    name = document.file_name if file_name is None else file_name
    step = plan_change(
        document,
        await metadata.read_values(session, document.metadata_json),
        spot=spot_in(folder),
        file_name=name,
        given=given,
        schema=await _schema_for(session, document, folder, given),
        named=await _key_named(session, document, folder, name),
    )
    if step is None:
        return document
    (changed,) = await take_steps(session, [step])
    record_change(session, actor, step)
    return changed


async def _lock_places(session: WriteSession, found: Document, folder_id: UUID | None) -> Folder:
    """Lock the binders that a document is in and goes to, then the folder it goes to."""
    folder = await folders.get_folder(session, folder_id=folder_id or found.folder_id)
    keys = {found.binder_key, folder.binder_key}
    for binder in (await binders.share_binders(session, binder_keys=keys)).values():
        binders.assert_writable(binder)
    locked = await folders.lock_folders(session, folder_ids=[folder.id])
    if folder.id not in locked:
        raise FolderNotFoundError
    return locked[folder.id]


async def _schema_for(
    session: WriteSession, document: Document, folder: Folder, given: Sequence[GivenValue]
) -> Schema | None:
    if not given and folder.binder_key == document.binder_key:
        return None
    return await metadata.load_schema(session, binder_key=folder.binder_key)


async def _key_named(
    session: WriteSession, document: Document, folder: Folder, name: str
) -> int | None:
    if (folder.key, name) == (document.folder_key, document.file_name):
        return document.key
    place = rules.place_of(folder.key, name)
    return (await repository.find_names(session, [place])).get(place)


async def _get(session: WriteSession, document_id: UUID) -> Document:
    document = await repository.find_document(session, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFoundError
    return document


async def _lock(session: WriteSession, document_id: UUID) -> Document:
    document = await repository.lock_document(session, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFoundError
    return document


async def copy_document(
    session: WriteSession,
    actor: Actor,
    *,
    document_id: UUID,
    folder_id: UUID,
    file_name: str | None,
    behavior: ConflictBehavior,
) -> tuple[Document, Version]:
    """Copy the latest version of a document to a folder of any binder; the bytes are shared.

    The copy begins with version 1 and keeps label, status and metadata.

    Raises:
        DocumentNotFoundError, FolderNotFoundError: not there.
        DocumentNameTakenError: the name is taken and ``behavior`` says to fail.
        MetadataNotInBinderError, FieldErrors: the other binder's schema does not take its metadata.
        BinderArchivedError: the target's binder is read-only.

    """
    folder = await folders.get_writable_folder(session, folder_id=folder_id)
    source = await _get(session, document_id)
    version = await repository.find_version(session, source.key, source.latest_version_id)
    if version is None:
        raise DocumentNotFoundError
    values = await metadata.read_values(session, source.metadata_json)
    await _assert_fits(session, folder, values)
    target = await resolve_target(session, Aim(folder, file_name or source.file_name, behavior))
    content = NewContent(
        file_name=target.file_name,
        size_bytes=version.size_bytes,
        content_type=version.content_type,
        sha256=version.sha256,
        version_label=version.label,
        given=tuple(rules.as_given(values)),
    )
    return await put_content(
        session, actor, folder=folder, target=target, content=content, copied_from=source
    )


async def _assert_fits(
    session: WriteSession, folder: Folder, values: Sequence[MetadataValue]
) -> None:
    schema = await metadata.load_schema(session, binder_key=folder.binder_key)
    foreign = rules.foreign_keys(schema, values, ())
    if foreign:
        raise MetadataNotInBinderError(
            f"The binder's schema has no place for {', '.join(foreign)}."
        )
