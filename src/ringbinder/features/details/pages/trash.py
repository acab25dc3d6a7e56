"""The trash: what was deleted and can be had back."""

from typing import Annotated, Final

from fastapi import Depends, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders import service as binders
from ringbinder.features.documents.service import Trash
from ringbinder.web.dependencies import Reading, part
from ringbinder.web.pages import PageRouter, View
from ringbinder.web.types import MAXIMUM_SEARCH_TERM

router = PageRouter(area="documents")

A_PAGE: Final = 50


@router.page("GET", "/trash", "trash", permission=Permission.MANAGE_DOCUMENTS)
async def show_trash(
    page: View,
    session: Reading,
    trash: Annotated[Trash, Depends(part(Trash))],
    q: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show what is in the trash, deleted last first."""
    term = q.strip()[:MAXIMUM_SEARCH_TERM] or None
    found, total = await trash.list_documents(
        session, None, search_term=term, after=None, offset=(number - 1) * A_PAGE, limit=A_PAGE
    )
    around = await binders.find_binders(
        session, binder_ids={document.binder_id for document in found}
    )
    return page.render(
        "documents/trash.html",
        documents=[
            (document, trash.restorable_until(document.deleted_at))
            for document in found
            if document.deleted_at is not None
        ],
        binder_names={one.id: one.name for one in around.values()},
        total=total,
        term=term,
        number=number,
        pages=-(-total // A_PAGE),
    )
