"""The read log of a document, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.errors import DocumentNotFoundError, VersionNotFoundError
from ringbinder.features.readlog import schemas, service
from ringbinder.kit.paging import Cursor, query_shape
from ringbinder.web.answers import ok
from ringbinder.web.dependencies import Reading
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Paging, page, position_of

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
    before = position_of(query, shape=shape, types=(int,))
    found, total = await service.list_reads(
        session,
        document,
        version_id=version_id,
        before=before and before[0],
        offset=query.offset if before is None else 0,
        limit=query.size,
    )
    last = found[-1] if len(found) == query.size else None
    next_cursor = None if last is None else Cursor((last.key,)).encode(shape=shape)
    items = [schemas.read_answer(read) for read in found]
    return ok(page(items, total=total, query=query, next_cursor=next_cursor))
