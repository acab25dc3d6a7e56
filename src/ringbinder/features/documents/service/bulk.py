"""Do the same to many documents: by the rules of the single operations, in a few statements."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.db.sessions import WriteSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.errors import DocumentNotFoundError, FolderGoneError
from ringbinder.features.documents.service.planning import (
    plan_change,
    plan_deletion,
    plan_restoration,
    spot_in,
    spot_of,
)
from ringbinder.features.documents.service.recording import (
    record_change,
    record_deletion,
    record_restoration,
)
from ringbinder.features.documents.service.steps import Step, Values, take_steps
from ringbinder.features.documents.types import (
    BulkAction,
    BulkChange,
    BulkOutcome,
    BulkResult,
    BulkStatus,
    Document,
    Place,
)
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import Schema
from ringbinder.kit.errors import RingbinderError

_RECORDERS: Mapping[BulkAction, Callable[[WriteSession, Actor, Step], None]] = {
    BulkAction.MOVE: record_change,
    BulkAction.METADATA: record_change,
    BulkAction.DELETE: record_deletion,
    BulkAction.RESTORE: record_restoration,
}


async def change_documents(session: WriteSession, actor: Actor, change: BulkChange) -> BulkOutcome:
    """Move, describe, delete or restore many documents; each gives one result, in their order.

    What the single operation would refuse of a document is its result here and stops the others
    only where the change is atomic. A dry run and a refused atomic change write nothing.

    Raises:
        FolderNotFoundError: the folder that all shall go to does not exist.
        BinderArchivedError: that folder's binder is read-only.

    """
    ground = await _prepare(session, change)
    decided = [_decide(session, actor, ground, each) for each in change.document_ids]
    is_refused = any(isinstance(decision, RingbinderError) for decision in decided)
    writes = not (change.is_dry_run or (change.is_atomic and is_refused))
    if writes:
        await _write(session, actor, change, decided)
    return BulkOutcome(
        results=tuple(
            _result(each, decision, writes=writes)
            for each, decision in zip(change.document_ids, decided, strict=True)
        ),
        is_refused=change.is_atomic and is_refused and not change.is_dry_run,
    )


Decision = Step | RingbinderError | None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is locked, and all that is known, before anything is decided."""

    change: BulkChange
    found: Mapping[UUID, Document]
    documents: Mapping[UUID, Document]
    values: Mapping[UUID, Values]
    binders: Mapping[int, Binder]
    folders: Mapping[UUID, Folder]
    schemas: Mapping[int, Schema]
    names: dict[Place, int]


async def _prepare(session: WriteSession, change: BulkChange) -> _Ground:
    """Lock binders, then folders, then documents, each in the order of their keys, and load."""
    found = _by_id(await repository.find_documents(session, change.document_ids))
    target = await _target(session, change)
    shared = await _share_binders(session, found.values(), target)
    locked_folders = await folders.lock_folders(
        session, folder_ids=_folder_ids(change, found.values())
    )
    if target is not None and target.id not in locked_folders:
        raise FolderNotFoundError
    documents = _by_id(
        await repository.lock_documents(session, [document.key for document in found.values()])
    )
    known = await metadata.data_types(session)
    return _Ground(
        change=change,
        found=found,
        documents=documents,
        values={d.id: metadata.from_json(d.metadata_json, known) for d in documents.values()},
        binders=shared,
        folders=locked_folders,
        schemas=await _load_schemas(session, change, documents.values(), target),
        names=await _names_at(session, change, documents.values(), target),
    )


def _by_id(documents: Iterable[Document]) -> dict[UUID, Document]:
    return {document.id: document for document in documents}


async def _target(session: WriteSession, change: BulkChange) -> Folder | None:
    if change.folder_id is None:
        return None
    return await folders.get_folder(session, folder_id=change.folder_id)


async def _share_binders(
    session: WriteSession, found: Iterable[Document], target: Folder | None
) -> Mapping[int, Binder]:
    keys = {document.binder_key for document in found}
    if target is not None:
        keys.add(target.binder_key)
    shared = await binders.share_binders(session, binder_keys=keys)
    if target is not None:
        if target.binder_key not in shared:
            raise FolderNotFoundError
        binders.assert_writable(shared[target.binder_key])
    return shared


def _folder_ids(change: BulkChange, found: Iterable[Document]) -> set[UUID]:
    """Name the folders into which names are put."""
    if change.folder_id is not None:
        return {change.folder_id}
    if change.action is BulkAction.RESTORE:
        return {document.folder_id for document in found}
    return set()


async def _load_schemas(
    session: WriteSession, change: BulkChange, documents: Iterable[Document], target: Folder | None
) -> Mapping[int, Schema]:
    if change.action not in {BulkAction.MOVE, BulkAction.METADATA}:
        return {}
    keys = {document.binder_key for document in documents}
    if target is not None:
        # Where nothing leaves its binder, a move asks for no schema.
        keys = {target.binder_key} if keys - {target.binder_key} else set()
    return {key: await metadata.load_schema(session, binder_key=key) for key in sorted(keys)}


async def _names_at(
    session: WriteSession, change: BulkChange, documents: Iterable[Document], target: Folder | None
) -> dict[Place, int]:
    if change.action not in {BulkAction.MOVE, BulkAction.RESTORE}:
        return {}
    places = {
        rules.place_of(target.key if target else document.folder_key, document.file_name)
        for document in documents
    }
    return await repository.find_names(session, places) if places else {}


def _decide(session: WriteSession, actor: Actor, ground: _Ground, document_id: UUID) -> Decision:
    try:
        document = _get(ground, document_id)
        match ground.change.action:
            case BulkAction.MOVE:
                return _move(ground, document)
            case BulkAction.METADATA:
                return _describe(ground, document)
            case BulkAction.DELETE:
                values = ground.values[document.id]
                return plan_deletion(document, values, at=session.now, by=actor.name)
            case BulkAction.RESTORE:
                return _restore(ground, document)
    except RingbinderError as error:
        return error


def _get(ground: _Ground, document_id: UUID) -> Document:
    document = ground.documents.get(document_id)
    if document is None:
        raise DocumentNotFoundError
    if document.deleted_at is not None and ground.change.action is not BulkAction.RESTORE:
        raise DocumentNotFoundError
    if document.binder_key not in ground.binders:
        raise ConcurrentChangeError
    binders.assert_writable(ground.binders[document.binder_key])
    return document


def _move(ground: _Ground, document: Document) -> Step | None:
    assert ground.change.folder_id is not None  # noqa: S101 - a move always names a folder
    folder = ground.folders[ground.change.folder_id]
    place = rules.place_of(folder.key, document.file_name)
    leaves_binder = folder.binder_key != document.binder_key
    step = plan_change(
        document,
        ground.values[document.id],
        spot=spot_in(folder),
        file_name=document.file_name,
        given=(),
        schema=ground.schemas[folder.binder_key] if leaves_binder else None,
        named=ground.names.get(place),
    )
    ground.names[place] = document.key
    return step


def _describe(ground: _Ground, document: Document) -> Step | None:
    return plan_change(
        document,
        ground.values[document.id],
        spot=spot_of(document),
        file_name=document.file_name,
        given=ground.change.given,
        schema=ground.schemas[document.binder_key],
        named=document.key,
    )


def _restore(ground: _Ground, document: Document) -> Step:
    folder = _folder_for(ground, document)
    place = rules.place_of(folder.key, document.file_name)
    step = plan_restoration(
        document,
        ground.values[document.id],
        spot=spot_in(folder),
        file_name=document.file_name,
        named=ground.names.get(place),
    )
    ground.names[place] = document.key
    return step


def _folder_for(ground: _Ground, document: Document) -> Folder:
    if ground.change.folder_id is not None:
        folder = ground.folders[ground.change.folder_id]
        if folder.binder_key != document.binder_key:
            raise FolderNotFoundError
        return folder
    if document.folder_key != ground.found[document.id].folder_key:
        raise ConcurrentChangeError
    if document.folder_id not in ground.folders:
        raise FolderGoneError
    return ground.folders[document.folder_id]


async def _write(
    session: WriteSession, actor: Actor, change: BulkChange, decided: Iterable[Decision]
) -> None:
    steps = [decision for decision in decided if isinstance(decision, Step)]
    if not steps:
        return
    await take_steps(session, steps)
    for step in steps:
        _RECORDERS[change.action](session, actor, step)


def _result(document_id: UUID, decision: Decision, *, writes: bool) -> BulkResult:
    if isinstance(decision, RingbinderError):
        return BulkResult(document_id, BulkStatus.REFUSED, decision)
    if decision is None:
        return BulkResult(document_id, BulkStatus.UNCHANGED)
    return BulkResult(document_id, BulkStatus.DONE if writes else BulkStatus.WOULD_CHANGE)
