"""The bytes themselves, for whoever holds a signed address."""

import base64
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from ringbinder.features.documents import service
from ringbinder.features.documents.service import Download, DownloadAddresses, DownloadFiles
from ringbinder.kit.headers import content_disposition, etag
from ringbinder.web.conditional import conditional_get
from ringbinder.web.dependencies import part
from ringbinder.web.files import StoredFile
from ringbinder.web.limits import charge_link, settle
from ringbinder.web.state import state_of

router = APIRouter(tags=["Transfer"])

LARGEST_KEY: Final = 2**63 - 1


@router.api_route(
    "/transfer/downloads/{version_id}",
    methods=["GET", "HEAD"],
    include_in_schema=False,
)
async def download(
    request: Request,
    addresses: Annotated[DownloadAddresses, Depends(part(DownloadAddresses))],
    files: Annotated[DownloadFiles, Depends(part(DownloadFiles))],
    version_id: UUID,
    organisation: Annotated[int, Query(ge=0, le=LARGEST_KEY)],
    expires: Annotated[int, Query(ge=0, le=2**40)],
    signature: Annotated[str, Query(max_length=100)],
) -> Response:
    """Send a version's bytes, whole or by Range; always as a download, never as a page."""
    check = partial(
        addresses.check,
        organisation_key=organisation,
        subject=version_id,
        expires=expires,
        signature=signature,
    )
    await charge_link(request, organisation, check=check)
    async with state_of(request).database.read(organisation) as session:
        found = await service.get_download(session, version_id=version_id)
    headers = _headers(found)
    answer = conditional_get(request, headers["etag"]) or _file_answer(files, found, headers)
    await settle(request, answer)
    return answer


def _headers(found: Download) -> dict[str, str]:
    version = found.version
    digest = base64.b64encode(bytes.fromhex(version.sha256)).decode()
    return {
        "content-disposition": content_disposition("attachment", version.file_name),
        "etag": etag(version.sha256),
        "repr-digest": f"sha-256=:{digest}:",
        "cache-control": "private, max-age=0, must-revalidate",
    }


def _file_answer(files: DownloadFiles, found: Download, headers: dict[str, str]) -> Response:
    path = files.local_path(found.storage_key)
    media_type = found.version.content_type
    if path is not None:
        return StoredFile(path, headers=headers, media_type=media_type)
    headers["content-length"] = str(found.version.size_bytes)
    return StreamingResponse(files.read(found.storage_key), headers=headers, media_type=media_type)
