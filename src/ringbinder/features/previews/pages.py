"""A version as a picture, as all of its pages, and as the file itself."""

import base64
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from ringbinder.access.permissions import Permission
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.service import Download, DownloadFiles
from ringbinder.features.documents.types import Document, Version
from ringbinder.features.previews import rules
from ringbinder.features.previews.errors import NoPreviewError, PreviewBusyError
from ringbinder.features.previews.service import Previews
from ringbinder.features.previews.types import Original, PictureSize
from ringbinder.features.readlog.service import ReadLog
from ringbinder.features.readlog.types import Opened, ReadHow
from ringbinder.kit.headers import content_disposition, etag
from ringbinder.web.conditional import conditional_get
from ringbinder.web.dependencies import Caller, part
from ringbinder.web.files import StoredFile
from ringbinder.web.pages import Page, PageRouter, View
from ringbinder.web.state import sight_of, state_of

router = PageRouter(area="previews", prefix="/documents/{document_id}/versions/{version_id}")

Purpose = Literal["download", "original", "preview"]
PreviewsPart = Annotated[Previews, Depends(part(Previews))]
ReadLogPart = Annotated[ReadLog, Depends(part(ReadLog))]
Files = Annotated[DownloadFiles, Depends(part(DownloadFiles))]

_SANDBOX: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
_WEEK: Final = "private, max-age=604800"
_ASK_AGAIN: Final = "private, max-age=0, must-revalidate"


@dataclass(frozen=True, slots=True)
class Found:
    """A version that the caller sees, its document, and the document's current version."""

    document: Document
    current: Version
    download: Download

    @property
    def version(self) -> Version:
        """The version itself."""
        return self.download.version

    @property
    def original(self) -> Original:
        """Its bytes."""
        return Original(self.download.storage_key, self.version.size_bytes)

    @property
    def opened(self) -> tuple[Opened, ...]:
        """What the read log is told."""
        return (Opened(self.document.key, self.version.id),)


async def _find(request: Request, actor: Caller, document_id: UUID, version_id: UUID) -> Found:
    """Look a version up, in a session that has ended before a picture is made."""
    database = state_of(request).database
    async with database.read(actor.organisation_key, sight_of(request)) as session:
        document = await documents.get_document(session, document_id=document_id)
        version = await documents.get_version(session, document, version_id=version_id)
        return Found(
            document=document,
            current=await documents.get_version(
                session, document, version_id=document.latest_version_id
            ),
            download=await documents.get_download(session, version_id=version.id),
        )


Wanted = Annotated[Found, Depends(_find)]


@router.page("GET", "/thumbnail", "thumbnail", permission=Permission.READ)
async def thumbnail(
    request: Request, previews: PreviewsPart, files: Files, found: Wanted
) -> Response:
    """Give a small picture of a version."""
    return await _picture(request, previews, files, found, PictureSize.THUMBNAIL)


@router.page("GET", "/picture", "picture", permission=Permission.READ)
async def picture(
    request: Request, previews: PreviewsPart, files: Files, found: Wanted
) -> Response:
    """Give a picture of a version, as large as a screen."""
    return await _picture(request, previews, files, found, PictureSize.PREVIEW)


@router.page("GET", "/preview", "preview", permission=Permission.READ)
async def preview(
    page: View, actor: Caller, previews: PreviewsPart, log: ReadLogPart, found: Wanted
) -> Response:
    """Show a version within its document, as far as a picture can be made of it."""
    state = await _state(previews, found)
    if state == "there":
        await log.note(actor, found.opened, ReadHow.PREVIEW)
    return page.render(
        "previews/preview.html",
        document=found.document,
        version=found.version,
        state=state,
        has_pages=rules.has_pages(found.version.file_name),
    )


async def _state(previews: Previews, found: Found) -> str:
    try:
        await previews.picture(found.original, PictureSize.PREVIEW)
    except NoPreviewError:
        return "none"
    except PreviewBusyError:
        return "busy"
    return "there"


@router.page("GET", "/pages", "pages", permission=Permission.READ)
async def pages(page: View, actor: Caller, log: ReadLogPart, found: Wanted) -> Response:
    """Show all pages of a PDF."""
    await log.note(actor, found.opened, ReadHow.PREVIEW)
    return page.render("previews/pages.html", document=found.document, version=found.version)


@router.page("GET", "/file", "file", permission=Permission.READ)
async def file(
    request: Request,
    page: View,
    actor: Caller,
    previews: PreviewsPart,
    log: ReadLogPart,
    files: Files,
    found: Wanted,
    purpose: Annotated[Purpose, Query(alias="for")] = "download",
) -> Response:
    """Send a version as a file: a superseded one marked, unless the original is asked for.

    It never becomes a page: a browser saves it, and a script that shows it has nothing of ours.
    """
    how = ReadHow.PREVIEW if purpose == "preview" else ReadHow.DOWNLOAD
    await log.note(actor, found.opened, how)
    if purpose == "download" and found.version.id != found.current.id:
        return await _marked(request, page, previews, files, found)
    return _file(request, files, found, found.version.file_name)


async def _picture(
    request: Request, previews: Previews, files: DownloadFiles, found: Found, size: PictureSize
) -> Response:
    tag = etag(f"{found.version.sha256}-{rules.picture_name(size)}")
    headers = _headers(tag, _WEEK) | {"content-disposition": "inline"}
    fresh = conditional_get(request, tag)
    if fresh is not None:
        return fresh
    key = await previews.picture(found.original, size)
    return _bytes(files, key, "image/webp", headers)


async def _marked(
    request: Request, page: Page, previews: Previews, files: DownloadFiles, found: Found
) -> Response:
    """Send a superseded version: PDF with a stamp on each page, others marked by name alone."""
    lines = _stamp(page, found.version, found.current)
    name = page.gettext("SUPERSEDED – %(name)s", name=found.version.file_name)
    try:
        key = await previews.stamped(found.original, lines)
    except (NoPreviewError, PreviewBusyError):
        return _file(request, files, found, name)
    tag = etag(f"{found.version.sha256}-{rules.stamped_name(lines)}")
    headers = _headers(tag, _ASK_AGAIN) | _saved_as(name)
    return conditional_get(request, tag) or _bytes(files, key, "application/pdf", headers)


def _stamp(page: Page, version: Version, current: Version) -> tuple[str, str]:
    return (
        page.gettext(
            "SUPERSEDED by version %(name)s of %(day)s",
            name=rules.called(current),
            day=page.formats.date(current.created_at.date()),
        ),
        page.gettext(
            "This is version %(name)s of %(day)s. Do not build from it.",
            name=rules.called(version),
            day=page.formats.date(version.created_at.date()),
        ),
    )


def _file(request: Request, files: DownloadFiles, found: Found, name: str) -> Response:
    version = found.version
    digest = base64.b64encode(bytes.fromhex(version.sha256)).decode()
    tag = etag(version.sha256)
    headers = _headers(tag, _ASK_AGAIN) | _saved_as(name) | {"repr-digest": f"sha-256=:{digest}:"}
    media_type = rules.harmless_type(version.content_type)
    return conditional_get(request, tag) or _bytes(
        files, found.original.storage_key, media_type, headers
    )


def _headers(tag: str, caching: str) -> dict[str, str]:
    return {
        "etag": tag,
        "cache-control": caching,
        "content-security-policy": _SANDBOX,
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }


def _saved_as(name: str) -> dict[str, str]:
    return {"content-disposition": content_disposition("attachment", name)}


def _bytes(files: DownloadFiles, key: str, media_type: str, headers: dict[str, str]) -> Response:
    path = files.local_path(key)
    if path is not None:
        return StoredFile(path, headers=headers, media_type=media_type)
    return StreamingResponse(files.read(key), headers=headers, media_type=media_type)
