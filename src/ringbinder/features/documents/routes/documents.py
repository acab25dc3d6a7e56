"""Documents: read, change, trash, restore, copy, and list in a folder."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Body, Depends, Path, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.documents import schemas, service
from ringbinder.features.documents.errors import (
    DocumentNameTakenError,
    DocumentNotFoundError,
    DocumentNotInTrashError,
    FolderGoneError,
    MetadataNotInBinderError,
)
from ringbinder.features.documents.service import Trash
from ringbinder.features.documents.types import Document
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.kit.headers import etag
from ringbinder.kit.paging import query_shape
from ringbinder.web.answers import created, ok
from ringbinder.web.conditional import PreconditionFailedError, conditional_get, require_match
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging
from ringbinder.web.types import BinderId

router = OperationRouter(tag="Documents", prefix="/documents")

DocumentId = Annotated[UUID, Path(alias="documentId", description="The document's id.")]


TrashPart = Annotated[Trash, Depends(part(Trash))]


def document_etag(document: Document) -> str:
    """Give the strong entity tag of a document's representation."""
    return etag(f"{document.id.hex}-{document.revision}")


@router.operation(
    "GET",
    "/drives/{domain}/{id}/folders/{folderId}/documents",
    "listFolderDocuments",
    permission=Permission.READ,
    answer=schemas.DocumentPage,
    errors=(BinderNotFoundError, FolderNotFoundError),
)
async def list_folder_documents(
    session: Reading,
    query: Paging,
    domain: Annotated[Literal["binders"], Path(description="The kind of drive.")],  # noqa: ARG001 - there is one domain so far
    binder_id: Annotated[BinderId, Path(alias="id", description="The binder's id.")],
    folder_id: Annotated[UUID, Path(alias="folderId", description="The folder's id.")],
) -> Response:
    """List the documents of a folder by name; those of its sub-folders are not among them."""
    folder = await folders.get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    shape = query_shape("folder", str(folder_id), query.search_term)
    listing = Listing(query, shape, str, int)
    found, total = await service.list_documents(
        session,
        folder,
        search_term=query.search_term,
        after=listing.position,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found,
        total,
        write=lambda one: schemas.document_answer(one[0]),
        position=lambda one: (one[1], one[0].key),
    )


@router.operation(
    "GET",
    "/{documentId}",
    "getDocument",
    permission=Permission.READ,
    answer=schemas.DocumentAnswer,
    etag=True,
    errors=(DocumentNotFoundError,),
)
async def get_document(request: Request, session: Reading, document_id: DocumentId) -> Response:
    """Give one document."""
    document = await service.get_document(session, document_id=document_id)
    return conditional_get(request, document_etag(document)) or _answer(document)


@router.operation(
    "PATCH",
    "/{documentId}",
    "updateDocument",
    permission=Permission.MANAGE_DOCUMENTS,
    answer=schemas.DocumentAnswer,
    etag=True,
    errors=(
        DocumentNotFoundError,
        FolderNotFoundError,
        DocumentNameTakenError,
        MetadataNotInBinderError,
        BinderArchivedError,
        PreconditionFailedError,
    ),
)
async def update_document(
    request: Request,
    session: Writing,
    actor: Caller,
    document_id: DocumentId,
    patch: schemas.DocumentPatch,
) -> Response:
    """Rename, move or describe a document."""
    document = await service.update_document(
        session,
        actor,
        document_id=document_id,
        file_name=patch.fileName,
        folder_id=patch.folderId,
        given=schemas.given_values(patch.metadata),
        precondition=lambda current: require_match(request, document_etag(current)),
    )
    return _answer(document)


@router.operation(
    "DELETE",
    "/{documentId}",
    "deleteDocument",
    permission=Permission.MANAGE_DOCUMENTS,
    answer=schemas.TrashedDocumentAnswer,
    etag=True,
    errors=(DocumentNotFoundError, BinderArchivedError, PreconditionFailedError),
)
async def delete_document(
    request: Request, session: Writing, actor: Caller, trash: TrashPart, document_id: DocumentId
) -> Response:
    """Put a document into the trash."""
    document = await service.delete_document(
        session,
        actor,
        document_id=document_id,
        precondition=lambda current: require_match(request, document_etag(current)),
    )
    until = trash.restorable_until(session.now)
    return ok(
        schemas.trashed_answer(document, restorable_until=until),
        headers={"etag": document_etag(document)},
    )


@router.operation(
    "POST",
    "/{documentId}/restore",
    "restoreDocument",
    permission=Permission.MANAGE_DOCUMENTS,
    answer=schemas.DocumentAnswer,
    etag=True,
    errors=(
        DocumentNotFoundError,
        DocumentNotInTrashError,
        FolderNotFoundError,
        FolderGoneError,
        DocumentNameTakenError,
        BinderArchivedError,
    ),
)
async def restore_document(
    session: Writing,
    actor: Caller,
    document_id: DocumentId,
    where: Annotated[schemas.DocumentRestore | None, Body()] = None,
) -> Response:
    """Take a document out of the trash."""
    where = where or schemas.DocumentRestore()
    document = await service.restore_document(
        session, actor, document_id=document_id, folder_id=where.folderId, file_name=where.fileName
    )
    return _answer(document)


@router.operation(
    "POST",
    "/{documentId}/copy",
    "copyDocument",
    permission=Permission.CREATE,
    answer=schemas.CopyAnswer,
    status=201,
    errors=(
        DocumentNotFoundError,
        FolderNotFoundError,
        DocumentNameTakenError,
        MetadataNotInBinderError,
        BinderArchivedError,
    ),
)
async def copy_document(
    session: Writing, actor: Caller, document_id: DocumentId, copy: schemas.DocumentCopy
) -> Response:
    """Copy the latest version of a document to a folder of any binder."""
    document, version = await service.copy_document(
        session,
        actor,
        document_id=document_id,
        folder_id=copy.folderId,
        file_name=copy.fileName,
        behavior=copy.conflictBehavior,
    )
    return created(
        {"document": schemas.document_answer(document), "version": schemas.version_answer(version)}
    )


def _answer(document: Document) -> Response:
    return ok(schemas.document_answer(document), headers={"etag": document_etag(document)})
