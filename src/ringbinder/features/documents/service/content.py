"""New documents and new versions: what the commit of an upload comes down to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.blobs import service as blobs
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.errors import (
    DocumentInTrashError,
    DocumentNameTakenError,
    DocumentNotFoundError,
)
from ringbinder.features.documents.service.steps import Step, add_to_index, described, take_steps
from ringbinder.features.documents.types import ConflictBehavior, Document, NewContent, Version
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import MetadataValue
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key, free_names

NAMES_TRIED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Target:
    """Where content will go: onto a document, or beside the others under a name."""

    document: Document | None
    file_name: str


async def resolve_target(
    session: WriteSession,
    *,
    folder: Folder,
    file_name: str,
    behavior: ConflictBehavior,
    document_id: UUID | None = None,
) -> Target:
    """Decide whether content becomes a new document or a new version. The folder must be locked.

    A name that is taken means a new version, a refusal or another name, as ``behavior`` says; a
    ``document_id`` means a new version of that document, whatever its name was.

    Raises:
        DocumentNotFoundError, DocumentInTrashError: the document cannot take a version.
        DocumentNameTakenError: the name is taken, by another document than the named one.

    """
    if document_id is not None:
        return await _named_document(session, document_id, file_name, folder)
    named = await repository.lock_document_named(session, folder.key, comparison_key(file_name))
    if named is None:
        return Target(None, file_name)
    match behavior:
        case ConflictBehavior.NEW_VERSION:
            return Target(named, file_name)
        case ConflictBehavior.RENAME:
            return Target(None, await free_name_in(session, folder.key, file_name))
        case ConflictBehavior.FAIL:
            raise DocumentNameTakenError


async def _named_document(
    session: WriteSession, document_id: UUID, file_name: str, folder: Folder
) -> Target:
    document = await repository.lock_document(session, document_id)
    if document is None or document.folder_key != folder.key:
        raise DocumentNotFoundError
    if document.deleted_at is not None:
        raise DocumentInTrashError
    # Not locked: whoever holds one document and waits for another may meet one who does it the
    # other way round. Names are taken under the folder's lock alone, so looking is enough.
    place = rules.place_of(folder.key, file_name)
    named = (await repository.find_names(session, [place])).get(place, document.key)
    if named != document.key:
        raise DocumentNameTakenError
    return Target(document, file_name)


async def lock_targets(
    session: WriteSession, *, names: Iterable[tuple[int, str]], document_ids: Iterable[UUID]
) -> None:
    """Lock every document that content by these names or for these documents would go onto.

    ``names`` are keys of locked folders, each with a file name. Whoever calls
    :func:`resolve_target` several times in a transaction locks here first, in the order of keys.
    """
    places = {rules.place_of(folder_key, name) for folder_key, name in names}
    keys = set((await repository.find_names(session, places)).values()) if places else set()
    keys |= {found.key for found in await repository.find_documents(session, document_ids)}
    await repository.lock_documents(session, keys)


async def free_name_in(session: WriteSession, folder_key: int, file_name: str) -> str:
    """Find a name beside those that the folder has: ``Plan 1 (2).pdf``."""
    candidates = free_names(file_name)
    while True:
        some = [next(candidates) for _ in range(NAMES_TRIED_AT_ONCE)]
        keys = {name: comparison_key(name) for name in some}
        taken = await repository.taken_names(session, folder_key, keys.values())
        for name in some:
            if keys[name] not in taken:
                return name


async def check_content(
    session: WriteSession,
    actor: Actor,
    *,
    folder: Folder,
    target: Document | None,
    content: NewContent,
) -> None:
    """Say beforehand what :func:`put_content` would say of the metadata; nothing is written.

    Raises:
        FieldErrors: metadata that the binder's schema does not allow.

    """
    await _values_for(session, actor, folder, target, content, _next_number(target))


async def put_content(
    session: WriteSession,
    actor: Actor,
    *,
    folder: Folder,
    target: Document | None,
    content: NewContent,
    copied_from: Document | None = None,
) -> tuple[Document, Version]:
    """Make stored bytes a document, or the next version of one, with checked metadata.

    The folder must be locked, and the target as :func:`resolve_target` gave it.

    Raises:
        FieldErrors: metadata that the binder's schema does not allow.

    """
    await blobs.reference_blob(session, sha256=content.sha256)
    number = _next_number(target)
    values = await _values_for(session, actor, folder, target, content, number)
    version_id = new_guid()
    if target is None:
        key, document_id = await _add_document(session, actor, folder, content, values, version_id)
    else:
        key, document_id = target.key, target.id
        await _move_on(session, target, content, values, version_id, number)
    await _add_version(session, actor, key, version_id, number, content, values)
    document, version = await _read_back(session, document_id, version_id)
    _record(session, actor, document, version, is_new=target is None, copied_from=copied_from)
    return document, version


def _next_number(target: Document | None) -> int:
    return 1 if target is None else target.latest_version_number + 1


async def _values_for(
    session: WriteSession,
    actor: Actor,
    folder: Folder,
    target: Document | None,
    content: NewContent,
    number: int,
) -> tuple[MetadataValue, ...]:
    schema = await metadata.load_schema(session, binder_key=folder.binder_key)
    current: tuple[MetadataValue, ...]
    if target is None:
        current = (metadata.created_by(str(actor.id or actor.kind), actor.name),)
    else:
        current = await metadata.read_values(session, target.metadata_json)
    given = rules.given_with_label(content, number)
    return metadata.check_values(schema, given, current=current)


async def _add_document(
    session: WriteSession,
    actor: Actor,
    folder: Folder,
    content: NewContent,
    values: tuple[MetadataValue, ...],
    version_id: UUID,
) -> tuple[int, UUID]:
    document_id = new_guid()
    row = {
        "id": document_id,
        "binder_key": folder.binder_key,
        "folder_key": folder.key,
        **rules.name_columns(content.file_name),
        **rules.value_columns(values),
        "created_by_id": actor.id,
        "created_by_name": actor.name,
        "created_at": session.now,
        "updated_at": session.now,
        "latest_version_id": version_id,
        "latest_version_number": 1,
        "metadata_json": metadata.to_json(values),
        "revision": 1,
    }
    key = await repository.add_document(session, row)
    await add_to_index(
        session,
        document_key=key,
        binder_key=folder.binder_key,
        folder_key=folder.key,
        values=values,
    )
    return key, document_id


async def _move_on(
    session: WriteSession,
    document: Document,
    content: NewContent,
    values: tuple[MetadataValue, ...],
    version_id: UUID,
    number: int,
) -> None:
    moved_on = replace(
        document,
        file_name=content.file_name,
        latest_version_id=version_id,
        latest_version_number=number,
    )
    step = Step(
        before=document,
        after=described(moved_on, values),
        values_before=await metadata.read_values(session, document.metadata_json),
        values_after=values,
    )
    await take_steps(session, [step])


async def _add_version(
    session: WriteSession,
    actor: Actor,
    document_key: int,
    version_id: UUID,
    number: int,
    content: NewContent,
    values: tuple[MetadataValue, ...],
) -> None:
    columns = rules.value_columns(values)
    row = {
        "id": version_id,
        "document_key": document_key,
        "number": number,
        "label": columns["version_label"],
        "status": columns["status"],
        "file_name": content.file_name,
        "size_bytes": content.size_bytes,
        "content_type": content.content_type,
        "sha256": content.sha256,
        "created_at": session.now,
        "created_by_id": actor.id,
        "created_by_name": actor.name,
        "metadata_json": metadata.to_json(values),
    }
    await repository.add_version(session, row)


async def _read_back(
    session: WriteSession, document_id: UUID, version_id: UUID
) -> tuple[Document, Version]:
    document = await repository.find_document(session, document_id)
    if document is not None:
        version = await repository.find_version(session, document.key, version_id)
        if version is not None:
            return document, version
    message = "what was just written cannot be read back"
    raise RuntimeError(message)


def _record(
    session: WriteSession,
    actor: Actor,
    document: Document,
    version: Version,
    *,
    is_new: bool,
    copied_from: Document | None,
) -> None:
    action = Action.DOCUMENT_CREATED if is_new else Action.DOCUMENT_VERSION_CREATED
    facts = {
        "fileName": version.file_name,
        "number": version.number,
        "label": version.label,
        "sizeBytes": version.size_bytes,
        "sha256": version.sha256,
    }
    if copied_from is not None:
        action = Action.DOCUMENT_COPIED
        facts["copiedFrom"] = str(copied_from.id)
    evidence.record(session, actor, action, rules.subject_of(document), after=facts)
