"""The read log of a document, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.errors import DocumentNotFoundError, VersionNotFoundError
from ringbinder.features.readlog import schemas, service
from ringbinder.kit.paging import query_shape
from ringbinder.web.dependencies import Reading
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging

router = OperationRouter(tag="Documents", prefix="/documents/{documentId}/reads")


@router.operation(
    "GET",
    "",
    "listReads",
    permission=Permission.READ_LOG,
    answer=schemas.ReadPage,
    errors=(DocumentNotFoundError, VersionNotFoundError),
)
async def list_reads(
    session: Reading,
    query: Paging,
    document_id: Annotated[UUID, Path(alias="documentId", description="The document's id.")],
    version_id: Annotated[
        UUID | None, Query(alias="versionId", description="Only reads of this version.")
    ] = None,
) -> Response:
    """List which people have opened a document in the web application, newest first.

    Reads by API clients are not among them.
    """
    document = await documents.get_document(session, document_id=document_id)
    shape = query_shape("reads", str(document_id), str(version_id))
    listing = Listing(query, shape, int)
    found, total = await service.list_reads(
        session,
        document,
        version_id=version_id,
        before=listing.place,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(found, total, write=schemas.read_answer, position=lambda one: (one.key,))
