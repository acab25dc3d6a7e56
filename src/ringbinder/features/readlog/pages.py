"""Who has read a document, and who has not, for those who administer its binder."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.documents import service as documents
from ringbinder.features.readlog import service
from ringbinder.features.readlog.types import ReadHow
from ringbinder.web.dependencies import Reading
from ringbinder.web.pages import N_, PageRouter, View

router = PageRouter(area="readlog")

A_PAGE: Final = 50
HOW: Final = {
    ReadHow.VIEW: N_("opened"),
    ReadHow.PREVIEW: N_("previewed"),
    ReadHow.DOWNLOAD: N_("downloaded"),
    ReadHow.ZIP: N_("downloaded in a zip file"),
}
"""What somebody did with a version."""


@router.page("GET", "/documents/{document_id}/reads", "reads", permission=Permission.READ_LOG)
async def show_reads(
    page: View,
    session: Reading,
    document_id: UUID,
    version: Annotated[UUID | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Show who has opened a version and who has not; without a version, the newest one."""
    document = await documents.get_document(session, document_id=document_id)
    shown = await documents.get_version(
        session, document, version_id=version or document.latest_version_id
    )
    reads, total = await service.list_reads(
        session, document, version_id=None, before=before, offset=0, limit=A_PAGE
    )
    missing = await service.list_not_read(session, document, shown)
    template = "readlog/reads.html" if page.is_fragment else "readlog/page.html"
    return page.render(
        template,
        document=document,
        version=shown,
        reads=reads,
        total=total,
        missing=missing,
        how_names=HOW,
        older=reads[-1].key if len(reads) == A_PAGE else None,
    )
