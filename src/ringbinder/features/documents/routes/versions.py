"""Versions of a document, and addresses to fetch their bytes from."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.documents import schemas, service
from ringbinder.features.documents.errors import DocumentNotFoundError, VersionNotFoundError
from ringbinder.features.documents.routes.documents import DocumentId
from ringbinder.features.documents.service import DownloadAddresses
from ringbinder.kit.clock import rfc3339
from ringbinder.kit.paging import query_shape
from ringbinder.web.answers import ok
from ringbinder.web.dependencies import Caller, Reading, part
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import MAXIMUM_PAGE_SIZE, Listing, Paging

router = OperationRouter(tag="Documents", prefix="/documents/{documentId}/versions")

VersionId = Annotated[UUID, Path(alias="versionId", description="The version's id.")]
Addresses = Annotated[DownloadAddresses, Depends(part(DownloadAddresses))]


@router.operation(
    "GET",
    "",
    "listVersions",
    permission=Permission.READ,
    answer=list[schemas.VersionAnswer] | schemas.VersionPage,
    errors=(DocumentNotFoundError,),
)
async def list_versions(session: Reading, query: Paging, document_id: DocumentId) -> Response:
    """List the versions of a document, newest first: an array, or a page if one is asked for."""
    document = await service.get_document(session, document_id=document_id)
    shape = query_shape("versions", str(document_id))
    listing = Listing(query, shape, int, whole=MAXIMUM_PAGE_SIZE)
    found, total = await service.list_versions(
        session,
        document,
        before=listing.place,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found, total, write=schemas.version_answer, position=lambda one: (one.number,)
    )


@router.operation(
    "GET",
    "/{versionId}",
    "getVersion",
    permission=Permission.READ,
    answer=schemas.VersionDetailAnswer,
    errors=(DocumentNotFoundError, VersionNotFoundError),
)
async def get_version(
    session: Reading,
    actor: Caller,
    addresses: Addresses,
    document_id: DocumentId,
    version_id: VersionId,
) -> Response:
    """Give one version, with an address to fetch its bytes from."""
    document = await service.get_document(session, document_id=document_id)
    version = await service.get_version(session, document, version_id=version_id)
    address = addresses.sign(organisation_key=actor.organisation_key, subject=version.id)
    return ok(
        schemas.version_answer(version)
        | {"downloadUrl": address.url, "downloadUrlExpiresAt": rfc3339(address.expires_at)}
    )


@router.operation(
    "GET",
    "/{versionId}/downloadlink",
    "getDownloadLink",
    permission=Permission.READ,
    answer=schemas.DownloadLinkAnswer,
    errors=(DocumentNotFoundError, VersionNotFoundError),
)
async def get_download_link(
    session: Reading,
    actor: Caller,
    addresses: Addresses,
    document_id: DocumentId,
    version_id: VersionId,
) -> Response:
    """Give a short-lived address; fetch the bytes from it without the Authorization header."""
    document = await service.get_document(session, document_id=document_id)
    version = await service.get_version(session, document, version_id=version_id)
    address = addresses.sign(organisation_key=actor.organisation_key, subject=version.id)
    return ok({"url": address.url, "expiresAt": rfc3339(address.expires_at)})
