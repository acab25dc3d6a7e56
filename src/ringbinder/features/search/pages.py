"""Search across all binders of a person, and what is offered while somebody types."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import Depends, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import service as folders
from ringbinder.features.folders.types import Folder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import (
    GLOBAL_BINDER_ID,
    GLOBAL_CATEGORY,
    GLOBAL_REVISION_DATE,
    GLOBAL_STATUS,
    GLOBAL_VERSION,
    tone_of_status,
)
from ringbinder.features.search import service
from ringbinder.features.search.types import FoundDocument
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import Reading, part
from ringbinder.web.pages import Page, PageRouter, View
from ringbinder.web.types import MAXIMUM_SEARCH_TERM

router = PageRouter(area="search", prefix="/search")

Known = Annotated[service.SearchFields, Depends(part(service.SearchFields))]

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
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody looks for; what is empty is no condition."""

    term: str = ""
    binder: str = ""
    status: str = ""
    category: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Tell whether there is a condition besides term and binder."""
        return any((self.status, self.category, self.since, self.until))

    def address(self, number: int) -> str:
        """Give the address of a page of what is found."""
        fields = {
            "q": self.term,
            "binder": self.binder,
            "status": self.status,
            "category": self.category,
            "from": self.since,
            "to": self.until,
        }
        present = {name: text for name, text in fields.items() if text}
        return f"/search?{urlencode(present | {'page': number})}"

    def filters(self) -> list[dict[str, Any]]:
        """Put the conditions as the search of the API has them."""
        found = [
            {"metadataElementId": key, "valueId": value}
            for key, value in (
                (GLOBAL_BINDER_ID, self.binder),
                (GLOBAL_STATUS, self.status),
                (GLOBAL_CATEGORY, self.category),
            )
            if value
        ]
        found += [
            {"metadataElementId": GLOBAL_REVISION_DATE, "operator": operator, "value": day}
            for operator, day in (("gte", self.since), ("lte", self.until))
            if day
        ]
        return found


async def _sought(
    q: str = "",
    binder: str = "",
    status: str = "",
    category: str = "",
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
) -> Sought:
    return Sought(
        term=q.strip()[:MAXIMUM_SEARCH_TERM],
        binder=binder,
        status=status,
        category=category,
        since=_day(since),
        until=_day(until),
    )


def _day(text: str) -> str:
    """Give a whole day, and nothing for half of one."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return ""


@router.page("GET", "", "page", permission=Permission.READ)
async def search(
    page: View,
    session: Reading,
    sought: Annotated[Sought, Depends(_sought)],
    known: Known,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """Find documents by a part of their names and by conditions, in all binders or in one."""
    fields = None if page.is_fragment else await known.find(session, language=page.language)
    is_asked = bool(sought.term) or sought.is_narrowed
    results, total = (
        await _find(
            page,
            session,
            sought,
            known=() if fields is None else fields.binders,
            offset=(number - 1) * A_PAGE,
            limit=A_PAGE,
        )
        if is_asked
        else ([], 0)
    )
    found: dict[str, Any] = {
        "sought": sought,
        "term": sought.term,
        "results": results,
        "total": total,
        "number": number,
        "pages": -(-total // A_PAGE),
        "is_asked": is_asked,
    }
    if fields is None:
        return page.render("search/results.html", **found)
    return page.render("search/page.html", **found, fields=fields)


@router.page("GET", "/suggestions", "suggestions", permission=Permission.READ)
async def suggestions(page: View, session: Reading, known: Known, q: str = "") -> Response:
    """Offer binders and documents whose names contain what has been typed so far."""
    term = q.strip()[:MAXIMUM_SEARCH_TERM]
    if not term:
        return page.render("search/suggestions.html", binders=[], results=[], term=term, total=0)
    fields = await known.find(session, language=page.language)
    results, total = await _find(
        page, session, Sought(term=term), known=fields.binders, offset=0, limit=OFFERED
    )
    return page.render(
        "search/suggestions.html",
        binders=fields.binders_named(term, most=OFFERED_BINDERS),
        results=results,
        term=term,
        total=total,
    )


async def _find(
    page: Page,
    session: ReadSession,
    sought: Sought,
    *,
    known: Iterable[Binder] = (),
    offset: int,
    limit: int,
) -> tuple[Sequence[Result], int]:
    asked = await service.understand(session, {"MetadataFilters": sought.filters()})
    if isinstance(asked, FieldErrors):
        return [], 0
    found = await service.search_documents(
        session, asked.about(sought.term or None), cursor=None, offset=offset, limit=limit
    )
    places = await folders.find_folders(
        session, folder_ids={document.folder_id for document in found.documents}
    )
    by_id = {binder.id: binder for binder in known}
    unknown = {document.binder_id for document in found.documents} - by_id.keys()
    if unknown:
        by_id |= await binders.find_binders(session, binder_ids=unknown)
    around = [by_id.get(document.binder_id) for document in found.documents]
    labels = await metadata.label_values(
        session,
        metadata_element_id=GLOBAL_STATUS,
        binder_keys={binder.key for binder in around if binder is not None},
        language=page.language,
    )
    return [
        _result(document, binder, places.get(document.folder_id), labels)
        for document, binder in zip(found.documents, around, strict=True)
    ], found.total


def _result(
    document: FoundDocument,
    binder: Binder | None,
    folder: Folder | None,
    labels: Mapping[tuple[int, str], str],
) -> Result:
    items: list[dict[str, Any]] = msgspec.json.decode(document.metadata_json)
    by_key = {item["metadataElementId"]: item for item in reversed(items)}
    revision, status = by_key.get(GLOBAL_VERSION), by_key.get(GLOBAL_STATUS)
    value_id = None if status is None else status["valueId"]
    label = None if binder is None or value_id is None else labels.get((binder.key, value_id))
    return Result(
        document,
        binder,
        folder,
        revision=None if revision is None else str(revision["value"]),
        status=None if status is None else label or str(status["value"]),
        tone=tone_of_status(value_id),
    )
