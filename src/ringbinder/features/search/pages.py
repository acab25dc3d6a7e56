"""Search across all binders of a person, and what is offered while somebody types."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from fastapi import Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata.types import GLOBAL_BINDER_ID, GLOBAL_STATUS, GLOBAL_VERSION
from ringbinder.features.search import service
from ringbinder.features.search.types import FoundDocument, SearchQuery
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import Reading
from ringbinder.web.pages import PageRouter, View
from ringbinder.web.types import MAXIMUM_SEARCH_TERM

router = PageRouter(area="search", prefix="/search")

A_PAGE: Final = 50
OFFERED: Final = 7
OFFERED_BINDERS: Final = 3


@dataclass(frozen=True, slots=True)
class Result:
    """A document that was found, and where it is."""

    document: FoundDocument
    binder: Binder | None
    folder: Folder | None
    revision: str | None
    status: str | None


@router.page("GET", "", "page", permission=Permission.READ)
async def search(
    page: View,
    session: Reading,
    q: str = "",
    binder: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """Find documents by a part of their names, in all binders or in one."""
    term = q.strip()[:MAXIMUM_SEARCH_TERM]
    mine, _ = await binders.list_binders(session)
    results, total = (
        await _find(session, term, binder, of=mine, offset=(number - 1) * A_PAGE, limit=A_PAGE)
        if term
        else ([], 0)
    )
    template = "search/results.html" if page.is_fragment else "search/page.html"
    return page.render(
        template,
        term=term,
        chosen=binder,
        binders=[one for one, _ in mine],
        results=results,
        total=total,
        number=number,
        pages=-(-total // A_PAGE),
    )


@router.page("GET", "/suggestions", "suggestions", permission=Permission.READ)
async def suggestions(page: View, session: Reading, q: str = "") -> Response:
    """Offer binders and documents whose names contain what has been typed so far."""
    term = q.strip()[:MAXIMUM_SEARCH_TERM]
    if not term:
        return page.render("search/suggestions.html", binders=[], results=[], term=term, total=0)
    found, _ = await binders.list_binders(session, search_term=term, limit=OFFERED_BINDERS)
    mine, _ = await binders.list_binders(session)
    results, total = await _find(session, term, "", of=mine, offset=0, limit=OFFERED)
    return page.render(
        "search/suggestions.html",
        binders=[binder for binder, _ in found],
        results=results,
        term=term,
        total=total,
    )


async def _find(
    session: ReadSession,
    term: str,
    binder_id: str,
    *,
    of: Iterable[tuple[Binder, str]],
    offset: int,
    limit: int,
) -> tuple[Sequence[Result], int]:
    filters = [{"metadataElementId": GLOBAL_BINDER_ID, "valueId": binder_id}] if binder_id else []
    asked = await service.understand(session, {"MetadataFilters": filters})
    query = SearchQuery() if isinstance(asked, FieldErrors) else asked
    found = await service.search_documents(
        session, query.about(term), cursor=None, offset=offset, limit=limit
    )
    places = await folders.find_folders(
        session, folder_ids={document.folder_id for document in found.documents}
    )
    by_id = {binder.id: binder for binder, _ in of}
    return [
        Result(
            document,
            by_id.get(document.binder_id),
            places.get(document.folder_id),
            _value(document, GLOBAL_VERSION),
            _value(document, GLOBAL_STATUS),
        )
        for document in found.documents
    ], found.total


def _value(document: FoundDocument, key: str) -> str | None:
    items: list[dict[str, Any]] = msgspec.json.decode(document.metadata_json)
    return next((str(item["value"]) for item in items if item["metadataElementId"] == key), None)
