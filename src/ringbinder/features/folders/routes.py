"""Folders and tabs: list, create, rename, move, reorder, delete."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import schemas, service
from ringbinder.features.folders.errors import (
    DriveNotFoundError,
    FolderCycleError,
    FolderNameTakenError,
    FolderNotEmptyError,
    FolderNotFoundError,
    FolderTooDeepError,
)
from ringbinder.features.folders.types import Folder
from ringbinder.kit.headers import etag
from ringbinder.kit.paging import query_shape
from ringbinder.web.answers import created, ok
from ringbinder.web.conditional import PreconditionFailedError, require_match
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, PageQuery, Paging
from ringbinder.web.types import BinderId as BinderIdText

DOMAIN = "binders"


async def _domain(
    domain: Annotated[
        str, Path(description="The kind of drive.", json_schema_extra={"enum": [DOMAIN]})
    ],
) -> None:
    if domain != DOMAIN:
        raise DriveNotFoundError


router = OperationRouter(tag="Documents", prefix="/documents/drives/{domain}/{id}")

Drive = Annotated[None, Depends(_domain)]
BinderId = Annotated[BinderIdText, Path(alias="id", description="The binder's id.")]
FolderId = Annotated[UUID, Path(alias="folderId", description="The folder's id.")]


def folder_etag(folder: Folder) -> str:
    """Give the strong entity tag of a folder's representation."""
    return etag(f"{folder.id.hex}-{folder.revision}")


@router.operation(
    "GET",
    "",
    "listDriveFolders",
    permission=Permission.READ,
    answer=list[schemas.FolderAnswer] | schemas.FolderPage,
    errors=(DriveNotFoundError, BinderNotFoundError),
)
async def list_drive_folders(
    session: Reading, query: Paging, _drive: Drive, binder_id: BinderId
) -> Response:
    """List the tabs of a binder: an array of up to 10,000, or a page if paging is asked for."""
    binder = await binders.get_binder(session, binder_id=binder_id)
    return await _listing(session, query, binder, None)


@router.operation(
    "GET",
    "/folders/{folderId}",
    "listFolderFolders",
    permission=Permission.READ,
    answer=list[schemas.FolderAnswer] | schemas.FolderPage,
    errors=(DriveNotFoundError, BinderNotFoundError, FolderNotFoundError),
)
async def list_folder_folders(
    session: Reading, query: Paging, _drive: Drive, binder_id: BinderId, folder_id: FolderId
) -> Response:
    """List the folders in a folder: an array of up to 10,000, or a page if paging is asked for."""
    binder = await binders.get_binder(session, binder_id=binder_id)
    parent = await service.get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    return await _listing(session, query, binder, parent)


async def _listing(
    session: ReadSession, query: PageQuery, binder: Binder, parent: Folder | None
) -> Response:
    shape = query_shape("folders", binder.id, parent and str(parent.id), query.search_term)
    listing = Listing(query, shape, int, whole=service.MAXIMUM_UNPAGED)
    found, total = await service.list_folders(
        session,
        binder,
        parent,
        search_term=query.search_term,
        after=listing.place,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found, total, write=schemas.folder_answer, position=lambda one: (one.key,)
    )


@router.operation(
    "POST",
    "/folders",
    "createFolder",
    permission=Permission.CREATE,
    answer=schemas.FolderAnswer,
    etag=True,
    status=201,
    errors=(
        DriveNotFoundError,
        BinderNotFoundError,
        FolderNotFoundError,
        BinderArchivedError,
        FolderNameTakenError,
        FolderTooDeepError,
    ),
)
async def create_folder(
    session: Writing,
    actor: Caller,
    _drive: Drive,
    binder_id: BinderId,
    folder: schemas.FolderCreate,
) -> Response:
    """Create a tab, or a folder in another one; folders can be nested 20 deep."""
    made = await service.create_folder(
        session,
        actor,
        binder_id=binder_id,
        name=folder.name,
        type=folder.type,
        parent_id=folder.parentId,
        position=folder.position,
    )
    return created(schemas.folder_answer(made), headers={"etag": folder_etag(made)})


@router.operation(
    "PATCH",
    "/folders/{folderId}",
    "updateFolder",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.FolderAnswer,
    etag=True,
    errors=(
        DriveNotFoundError,
        BinderNotFoundError,
        FolderNotFoundError,
        BinderArchivedError,
        FolderNameTakenError,
        FolderCycleError,
        FolderTooDeepError,
        PreconditionFailedError,
    ),
)
async def update_folder(
    request: Request,
    session: Writing,
    actor: Caller,
    _drive: Drive,
    binder_id: BinderId,
    folder_id: FolderId,
    patch: schemas.FolderPatch,
) -> Response:
    """Rename, move or reorder a folder within its binder, hide it or show it again."""
    folder = await service.update_folder(
        session,
        actor,
        binder_id=binder_id,
        folder_id=folder_id,
        precondition=lambda current: require_match(request, folder_etag(current)),
        **patch.changes(),
    )
    return ok(schemas.folder_answer(folder), headers={"etag": folder_etag(folder)})


@router.operation(
    "DELETE",
    "/folders/{folderId}",
    "deleteFolder",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.FolderAnswer,
    errors=(
        DriveNotFoundError,
        BinderNotFoundError,
        FolderNotFoundError,
        BinderArchivedError,
        FolderNotEmptyError,
        PreconditionFailedError,
    ),
)
async def delete_folder(
    request: Request,
    session: Writing,
    actor: Caller,
    _drive: Drive,
    binder_id: BinderId,
    folder_id: FolderId,
) -> Response:
    """Delete a folder without sub-folders and documents; those in the trash do not count."""
    folder = await service.delete_folder(
        session,
        actor,
        binder_id=binder_id,
        folder_id=folder_id,
        precondition=lambda current: require_match(request, folder_etag(current)),
    )
    return ok(schemas.folder_answer(folder))
