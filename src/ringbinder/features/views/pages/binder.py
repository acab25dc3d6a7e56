"""The page of a binder, and the parts of its list that are fetched while somebody scrolls."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.layouts.service import Layouts
from ringbinder.features.layouts.types import Layout
from ringbinder.features.views import rules, service
from ringbinder.features.views.rules import Cells
from ringbinder.features.views.types import (
    CHANGED,
    NAME,
    WINDOW,
    Column,
    ColumnKind,
    Desk,
    ListFilter,
    Listing,
    ListQuery,
    Names,
    Table,
)
from ringbinder.web.dependencies import Caller, part, reading
from ringbinder.web.pages import Page, PageRouter, View
from ringbinder.web.pages.icons import icon
from ringbinder.web.state import actor_of, sight_of, state_of
from ringbinder.web.types import BinderId as BinderIdText

router = PageRouter(area="binders")

BinderId = Annotated[BinderIdText, Path(description="The binder's id.")]
LARGEST_OFFSET: Final = 100_000_000
_DRAWINGS: Final = {"pdf": "document"}
KIND_ICONS: Final = {
    kind: icon(_DRAWINGS.get(kind, kind), classes=f"icon kind-{kind}")
    for kind in ("archive", "document", "drawing", "email", "image", "model", "pdf", "sheet")
}
"""The picture of a kind of file, as lists show it."""


ListsPart = Annotated[service.Lists, Depends(part(service.Lists))]


@router.page("GET", "/binders/{binder_id}", "binder", permission=Permission.READ)
async def binder(page: View, actor: Caller, lists: ListsPart, binder_id: BinderId) -> Response:
    """Show a binder: its tabs, and its documents as the address asks for."""
    query = list_query(page)
    async with reading(page.request) as session:
        table = await table_of(page, session, binder_id, query)
        desk = await service.set_desk(session, actor, table)
    listing = await _part(page, lists, table, query, 0)
    return page.render("binder/page.html", **about_list(page, desk, query, listing))


@router.page("GET", "/binders/{binder_id}/rows", "rows", permission=Permission.READ)
async def rows(
    page: View,
    lists: ListsPart,
    binder_id: BinderId,
    offset: Annotated[int, Query(ge=0, le=LARGEST_OFFSET)] = 0,
) -> Response:
    """Give a part of the list of documents."""
    query = list_query(page)
    layouts, _ = _parts_of(page)
    layout = await layouts.find_now(
        state_of(page.request).database,
        actor_of(page.request).organisation_key,
        sight_of(page.request),
        binder_id=binder_id,
    )
    table = _table(page, layout, query)
    listing = await _part(page, lists, table, query, offset)
    answer = page.render("binder/rows.html", listing=listing, kind_icons=KIND_ICONS)
    answer.headers["x-total"] = str(listing.total)
    return answer


def list_query(page: Page) -> ListQuery:
    """Read what the address of a page asks for."""
    return rules.read_list_query(page.request.query_params.multi_items())


async def _part(
    page: Page, lists: service.Lists, table: Table, query: ListQuery, offset: int
) -> Listing:
    return await lists.part(
        actor_of(page.request).organisation_key,
        sight_of(page.request),
        table,
        query=query,
        cells=cells_of(page, table),
        offset=offset,
        limit=WINDOW,
    )


async def table_of(page: Page, session: ReadSession, binder_id: str, query: ListQuery) -> Table:
    """Give what a binder's list needs, in the reader's language."""
    layouts, _ = _parts_of(page)
    return _table(page, await layouts.find(session, binder_id=binder_id), query)


def _table(page: Page, layout: Layout, query: ListQuery) -> Table:
    labels = {NAME: page.gettext("Name"), CHANGED: page.gettext("Changed")}
    _, tables = _parts_of(page)
    return tables.of(layout, query=query, names=Names(page.language, labels))


def _parts_of(page: Page) -> tuple[Layouts, service.Tables]:
    parts = state_of(page.request).parts
    return parts[Layouts], parts[service.Tables]


def cells_of(page: Page, table: Table) -> Cells:
    """Give what writes values as the reader's language does."""
    return Cells(
        table.columns,
        folders=table.folders,
        yes=page.gettext("Yes"),
        no=page.gettext("No"),
        date=page.formats.date,
        number=page.formats.number,
        moment=page.formats.moment,
    )


def about_list(page: Page, desk: Desk, query: ListQuery, listing: Listing) -> dict[str, Any]:
    """Give what templates of a list need to know."""
    columns = {column.key: column for column in desk.available}
    fitting = rules.typed(rules.fitting(query, columns), columns)
    return {
        "desk": desk,
        "listing": listing,
        "query": fitting,
        "by_key": columns,
        "write": rules.write_list_query,
        "sorted_by": rules.sorted_by,
        "without": rules.without,
        "query_text": rules.write_list_query(fitting),
        "kind_icons": KIND_ICONS,
        "described": partial(_described, page),
        "window": WINDOW,
        "step": "list" if "tab" in page.request.query_params or fitting.is_narrowed else "tabs",
    }


def _described(page: Page, one: ListFilter, column: Column) -> str:
    """Say what a condition asks for, in the reader's language."""
    values = ", ".join(_value(page, text, column) for text in one.values)
    match one.operator:
        case "gte":
            return page.gettext("from %(value)s", value=values)
        case "lte":
            return page.gettext("to %(value)s", value=values)
        case "contains":
            return page.gettext("contains %(value)s", value=values)
        case "missing":
            return page.gettext("without a value")
        case "exists":
            return page.gettext("with any value")
    return values


def _value(page: Page, text: str, column: Column) -> str:
    match column.kind:
        case ColumnKind.DATE:
            return page.formats.date(text)
        case ColumnKind.BOOLEAN:
            return page.gettext("Yes") if text == "true" else page.gettext("No")
    return column.label_of(text)
