"""What people take away from a list: the list itself, on paper or as a file, or its documents."""

import asyncio
import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, BinaryIO, Final
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders.types import Binder
from ringbinder.features.readlog.service import ReadLog
from ringbinder.features.readlog.types import Opened, ReadHow
from ringbinder.features.views import service
from ringbinder.features.views.errors import ListTooLongError
from ringbinder.features.views.pages.binder import (
    BinderId,
    cells_of,
    list_query,
    table_of,
)
from ringbinder.features.views.types import Listing, ListQuery, Row, Table
from ringbinder.features.zips.service import Zips
from ringbinder.features.zips.types import Wanted, ZipPlan
from ringbinder.kit.headers import byte_range, content_disposition, etag
from ringbinder.kit.sheets import CsvSheet, Sheet, XlsxSheet
from ringbinder.web.dependencies import Caller, part, reading
from ringbinder.web.pages import Page, PageRouter, Submitted, View

router = PageRouter(area="lists", prefix="/binders/{binder_id}")

MOST_ROWS: Final = 100_000
"""How many documents a list has that is taken away as a file."""

MOST_PRINTED: Final = 5_000
"""How many documents a list has that is put on paper."""

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV: Final = "text/csv; charset=utf-8"
_PIECE: Final = 256 * 1024
_SEPARATORS: Final = {"sv": ";", "en": ","}
_ALL: Final = "all"

ZipsPart = Annotated[Zips, Depends(part(Zips))]
ReadLogPart = Annotated[ReadLog, Depends(part(ReadLog))]
Documents = Annotated[list[UUID] | None, Query(alias="document", max_length=500)]
Versions = Annotated[str, Query(max_length=10)]


@router.page("GET", "/print", "print", permission=Permission.READ)
async def print_list(request: Request, page: View, binder_id: BinderId) -> Response:
    """Show a list as it is put on paper."""
    query = list_query(page)
    async with reading(request) as session:
        table = await table_of(page, session, binder_id, query)
        listing = await _rows(page, session, table, query, MOST_PRINTED)
    if listing.total > MOST_PRINTED:
        raise ListTooLongError
    return page.render(
        "binder/print.html", desk=table, listing=listing, today=datetime.now(UTC).date()
    )


@router.page("GET", "/list.xlsx", "xlsx", permission=Permission.READ)
async def list_as_workbook(request: Request, page: View, binder_id: BinderId) -> Response:
    """Send a list as a workbook."""
    begin = partial(XlsxSheet, name=page.gettext("Document list"))
    return await _sheet(request, page, binder_id, begin, ".xlsx", _XLSX)


@router.page("GET", "/list.csv", "csv", permission=Permission.READ)
async def list_as_csv(request: Request, page: View, binder_id: BinderId) -> Response:
    """Send a list as CSV; Swedish spreadsheets expect semicolons."""
    begin = partial(CsvSheet, separator=_SEPARATORS[page.language])
    return await _sheet(request, page, binder_id, begin, ".csv", _CSV)


@router.page("GET", "/zip", "zip", permission=Permission.READ)
async def zip_list(
    request: Request,
    page: View,
    actor: Caller,
    zips: ZipsPart,
    log: ReadLogPart,
    binder_id: BinderId,
    chosen: Documents = None,
    versions: Versions = "",
) -> Response:
    """Send what a list shows, or some of it, as a zip file; a part of it can be asked for again."""
    async with reading(request) as session:
        query = list_query(page)
        table = await table_of(page, session, binder_id, query)
        if query.is_narrowed and not chosen:
            listing = await _rows(page, session, table, query, zips.most_documents)
            chosen = [UUID(row.document.id) for row in listing.rows]
        wanted = Wanted(
            folder_id=query.tab,
            document_ids=None if chosen is None else tuple(chosen),
            with_superseded=versions == _ALL,
        )
        plan = await zips.plan(session, table.binder, wanted, partial(_marked, page))
    return await _zip(request, actor, zips, log, table.binder, plan)


@router.page("POST", "/zip", "zip_selection", permission=Permission.READ)
async def zip_selection(
    request: Request,
    page: View,
    actor: Caller,
    zips: ZipsPart,
    log: ReadLogPart,
    form: Submitted,
    binder_id: BinderId,
) -> Response:
    """Send a selection that is too long for an address."""
    wanted = Wanted(
        document_ids=form.guids("document"),
        with_superseded=form.text("versions") == _ALL,
    )
    async with reading(request) as session:
        table = await table_of(page, session, binder_id, ListQuery())
        plan = await zips.plan(session, table.binder, wanted, partial(_marked, page))
    return await _zip(request, actor, zips, log, table.binder, plan)


def _marked(page: Page, version: str, name: str) -> str:
    return page.gettext("SUPERSEDED version %(name)s – ", name=version) + name


async def _zip(
    request: Request, actor: Actor, zips: Zips, log: ReadLog, binder: Binder, plan: ZipPlan
) -> Response:
    opened = [Opened(one.item.document_key, one.item.version_id) for one in plan.parts]
    await log.note(actor, opened, ReadHow.ZIP)
    begin, end = _asked(request, plan) or (0, plan.size_bytes)
    is_part = end - begin < plan.size_bytes
    headers = {
        "content-disposition": content_disposition("attachment", f"{binder.name}.zip"),
        "content-length": str(end - begin),
        "accept-ranges": "bytes",
        "etag": etag(plan.digest),
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
    }
    if is_part:
        headers["content-range"] = f"bytes {begin}-{end - 1}/{plan.size_bytes}"
    return StreamingResponse(
        zips.stream(actor.organisation_key, plan, begin, end),
        status_code=206 if is_part else 200,
        headers=headers,
        media_type="application/zip",
    )


def _asked(request: Request, plan: ZipPlan) -> tuple[int, int] | None:
    """Give which part is asked for, if it is one of this very file."""
    tag = etag(plan.digest)
    if request.headers.get("if-range", tag) != tag:
        return None
    return byte_range(request.headers.get("range"), plan.size_bytes)


async def _rows(
    page: Page, session: ReadSession, table: Table, query: ListQuery, most: int
) -> Listing:
    """Give the rows of a list, one more than so many where there are more."""
    return await service.list_rows(
        session, table, query=query, cells=cells_of(page, table), limit=most + 1
    )


async def _sheet(
    request: Request,
    page: Page,
    binder_id: str,
    begin: Callable[[BinaryIO, list[str]], Sheet],
    ending: str,
    media_type: str,
) -> Response:
    """Write a whole list to a file, a part at a time, and then send it.

    The database is not kept waiting for whoever fetches slowly.

    Raises:
        ListTooLongError: it has too many documents.

    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        async with reading(request) as session:
            table = await table_of(page, session, binder_id, list_query(page))
            labels = (column.label for column in table.columns_behind_name)
            sheet = begin(file, [page.gettext("Name"), *labels])
            await _write(page, session, table, sheet)
        await asyncio.to_thread(sheet.close)
    except BaseException:
        file.close()
        raise
    name = f"{table.binder.name} – {page.gettext('Document list')}{ending}"
    headers = {
        "content-disposition": content_disposition("attachment", name),
        "content-length": str(file.seek(0, io.SEEK_END)),
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(_pieces(file), media_type=media_type, headers=headers)


async def _write(page: Page, session: ReadSession, table: Table, sheet: Sheet) -> None:
    async for part_of_list in service.iter_rows(
        session, table, query=list_query(page), cells=cells_of(page, table)
    ):
        if part_of_list.total > MOST_ROWS:
            raise ListTooLongError
        await asyncio.to_thread(sheet.add, map(_texts, part_of_list.rows))


def _texts(row: Row) -> list[str]:
    return [
        row.document.file_name,
        *(", ".join(value.text for value in values) for _, values in row.cells),
    ]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
