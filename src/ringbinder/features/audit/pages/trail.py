"""The audit trail for people: people and integrations in one list, to look at and to take away."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Path, Response
from fastapi.responses import StreamingResponse

from ringbinder.access.permissions import Permission
from ringbinder.features.audit import schemas, service
from ringbinder.features.audit.pages.words import Words
from ringbinder.features.audit.rules.changes import changes_of
from ringbinder.features.audit.service import Checkpoints, Exports
from ringbinder.features.audit.types import AuditFilter, ExportFormat, ExportWish
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.headers import content_disposition
from ringbinder.kit.paging import Cursor, query_shape
from ringbinder.web.answers import encode
from ringbinder.web.dependencies import Caller, Reading, part
from ringbinder.web.pages import Form, Notice, Page, PageRouter, View

router = PageRouter(area="organisation", prefix="/organisation/audit")

PAGE_SIZE: Final = 50
_CHECKPOINTS_SHOWN: Final = 50
_MEDIA_TYPES: Final = {ExportFormat.JSONL: "application/jsonl", ExportFormat.CSV: "text/csv"}
_NO_CONDITIONS: Final = {"cursor", "format"}


@router.page("GET", "", "audit", permission=Permission.READ_AUDIT)
async def show_audit(page: View, session: Reading) -> Response:
    """Show what people and integrations did, newest first."""
    try:
        desk = _desk(page)
        problems: dict[str, list[str]] = {}
        wanted = _filter(page, desk)
        after = _position(desk)
    except FieldErrors as error:
        desk, wanted, after = schemas.AuditDesk(), AuditFilter(), None
        problems = page.problems(error)
    events, total = await service.search_events(
        session, wanted, newest_first=True, after=after, offset=0, limit=PAGE_SIZE
    )
    names = await service.find_names(session, events)
    last = events[-1].sequence if len(events) == PAGE_SIZE else None
    return page.render(
        "organisation/audit.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        rows=[(event, changes_of(event, names)) for event in events],
        names=names,
        total=total,
        sent=page.request.query_params,
        problems=problems,
        is_filtered=not wanted.is_empty,
        is_first=after is None,
        words=Words(page),
        conditions=_address(desk),
        next_cursor=None if last is None else Cursor((last,)).encode(shape=_shape(desk)),
    )


@router.page("GET", "/export", "audit_export", permission=Permission.READ_AUDIT)
async def export_audit(
    page: View, actor: Caller, exports: Annotated[Exports, Depends(part(Exports))]
) -> Response:
    """Take away what the page shows, all pages of it, oldest first."""
    desk = _desk(page)
    wish = ExportWish(wanted=_filter(page, desk))
    lines = await exports.prepare(
        actor, wish, conditions=_conditions(desk) or None, kind=desk.format
    )
    name = f"audit-{actor.organisation_id}.{desk.format}"
    headers = {"content-disposition": content_disposition("attachment", name)}
    return StreamingResponse(lines, media_type=_MEDIA_TYPES[desk.format], headers=headers)


@router.page("GET", "/checkpoints", "audit_checkpoints", permission=Permission.READ_AUDIT)
async def show_checkpoints(page: View, session: Reading) -> Response:
    """Show the signed statements of how far the trail goes, newest first."""
    found, total = await service.list_checkpoints(
        session, after=None, offset=0, limit=_CHECKPOINTS_SHOWN
    )
    return page.render("organisation/checkpoints.html", checkpoints=found, total=total)


@router.page("POST", "/checkpoints", "audit_sign", permission=Permission.READ_AUDIT)
async def sign(
    page: View, actor: Caller, checkpoints: Annotated[Checkpoints, Depends(part(Checkpoints))]
) -> Response:
    """Sign how far the trail goes now."""
    made = await checkpoints.make(actor.organisation_key, actor.organisation_id)
    told = page.gettext(
        "Event %(number)s and all before it are signed.", number=page.formats.number(made.sequence)
    )
    return page.redirect("/organisation/audit/checkpoints", notice=Notice(told))


@router.page(
    "GET",
    "/checkpoints/{sequence}.json",
    "audit_checkpoint",
    permission=Permission.READ_AUDIT,
)
async def take_checkpoint(
    session: Reading, sequence: Annotated[int, Path(ge=1, le=schemas.LARGEST)]
) -> Response:
    """Give one checkpoint as the API does, to keep it somewhere else."""
    made = await service.get_checkpoint(session, sequence=sequence)
    name = content_disposition("attachment", f"checkpoint-{sequence}.json")
    return Response(
        encode(schemas.checkpoint_answer(made)),
        media_type="application/json",
        headers={"content-disposition": name},
    )


def _desk(page: Page) -> schemas.AuditDesk:
    return Form(page.request.query_params.multi_items()).read(schemas.AuditDesk)


def _filter(page: Page, desk: schemas.AuditDesk) -> AuditFilter:
    begin_of = page.formats.begin_of
    return AuditFilter(
        since=None if desk.from_ is None else begin_of(desk.from_),
        until=None if desk.to is None else begin_of(desk.to + timedelta(days=1)),
        actor_id=desk.actor,
        actor_kind=desk.kind,
        source=desk.source,
        actions=None if desk.action is None else [desk.action],
        object_id=desk.object,
        binder_id=desk.binder,
        search_term=desk.q,
    )


def _conditions(desk: schemas.AuditDesk) -> dict[str, Any]:
    return desk.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_NO_CONDITIONS)


def _address(desk: schemas.AuditDesk) -> str:
    return urlencode(_conditions(desk))


def _shape(desk: schemas.AuditDesk) -> str:
    return query_shape("audit page", _conditions(desk))


def _position(desk: schemas.AuditDesk) -> int | None:
    if desk.cursor is None:
        return None
    (sequence,) = Cursor.decode(desk.cursor, shape=_shape(desk), types=(int,)).values
    return int(str(sequence))
