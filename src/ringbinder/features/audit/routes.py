"""The doors to the audit trail: all of them look, and none changes or removes an event."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Query, Response
from fastapi.responses import StreamingResponse

from ringbinder.access.permissions import Permission
from ringbinder.features.audit import schemas, service
from ringbinder.features.audit.errors import ChainBrokenError
from ringbinder.features.audit.service import AuditKeys, Checkpoints, Exports
from ringbinder.features.audit.types import AuditFilter, ExportFormat, ExportWish
from ringbinder.kit.headers import content_disposition
from ringbinder.kit.paging import query_shape
from ringbinder.web.answers import ok
from ringbinder.web.dependencies import Caller, Reading, part
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging

router = OperationRouter(tag="Audit", prefix="/audit")
published = APIRouter(tags=["Access"])

Keys = Annotated[AuditKeys, Depends(part(AuditKeys))]
Vouching = Annotated[Checkpoints, Depends(part(Checkpoints))]
Exporting = Annotated[Exports, Depends(part(Exports))]

_MEDIA_TYPES: Final = {
    ExportFormat.JSONL: "application/jsonl",
    ExportFormat.CSV: "text/csv",
}
_NO_CONDITIONS: Final = {"format", "fromSequence", "toSequence"}


@router.operation(
    "POST",
    "/events/search",
    "searchEvents",
    permission=Permission.READ_AUDIT,
    answer=schemas.AuditPage,
)
async def search_events(
    session: Reading,
    query: Paging,
    search: Annotated[schemas.AuditSearch | None, Body()] = None,
) -> Response:
    """Search the organisation's audit trail: what integrations and people did, in one list."""
    search = search or schemas.AuditSearch()
    wanted = _filter(search, query.search_term)
    shape = query_shape("audit", search.model_dump(mode="json"), query.search_term)
    listing = Listing(query, shape, int)
    found, total = await service.search_events(
        session,
        wanted,
        newest_first=search.direction == "desc",
        after=listing.place,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found, total, write=schemas.event_answer, position=lambda one: (one.sequence,)
    )


@router.operation(
    "GET",
    "/events/export",
    "exportEvents",
    permission=Permission.READ_AUDIT,
    answer=None,
    media_types=tuple(_MEDIA_TYPES.values()),
    errors=(ChainBrokenError,),
)
async def export_events(
    actor: Caller,
    exports: Exporting,
    query: Annotated[schemas.AuditExportQuery, Query()],
) -> Response:
    """Take the audit trail away, oldest first.

    Without conditions it is complete, and `ringbinder audit verify` shows offline that no event is
    wrong, missing or out of order; between two numbers it shows that for the range. With other
    conditions it is partial, says so, and only shows that what it holds is genuine. In CSV, a cell
    that could begin a formula has an apostrophe before it.
    """
    wish = ExportWish(
        wanted=_filter(query, query.searchTerm), first=query.fromSequence, last=query.toSequence
    )
    stated = query.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_NO_CONDITIONS)
    lines = await exports.prepare(actor, wish, conditions=stated or None, kind=query.format)
    name = f"audit-{actor.organisation_id}.{query.format}"
    disposition = {"content-disposition": content_disposition("attachment", name)}
    return StreamingResponse(lines, media_type=_MEDIA_TYPES[query.format], headers=disposition)


@router.operation(
    "GET",
    "/checkpoints",
    "listCheckpoints",
    permission=Permission.READ_AUDIT,
    answer=schemas.CheckpointPage,
)
async def list_checkpoints(session: Reading, query: Paging) -> Response:
    """List the signed statements of how far the audit trail goes, newest first."""
    shape = query_shape("audit checkpoints")
    listing = Listing(query, shape, int)
    found, total = await service.list_checkpoints(
        session,
        after=listing.place,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found, total, write=schemas.checkpoint_answer, position=lambda one: (one.sequence,)
    )


@router.operation(
    "POST",
    "/checkpoints",
    "createCheckpoint",
    permission=Permission.READ_AUDIT,
    answer=schemas.CheckpointAnswer,
    errors=(ChainBrokenError,),
)
async def create_checkpoint(actor: Caller, checkpoints: Vouching) -> Response:
    """Sign how far the audit trail goes now, to keep it somewhere else.

    Later, `ringbinder audit verify --checkpoint` shows that an export contains all of it unchanged.
    Without news it is the last checkpoint.
    """
    made = await checkpoints.make(actor.organisation_key, actor.organisation_id)
    return ok(schemas.checkpoint_answer(made))


@published.get(
    "/.well-known/ringbinder-audit-keys.json",
    operation_id="Access_getAuditKeys",
    response_model=schemas.AuditKeysAnswer,
)
async def get_audit_keys(keys: Keys) -> Response:
    """Give the public keys that vouch for audit trails: all that ever did, forever."""
    headers = {"cache-control": "public, max-age=300"}
    return ok({"keys": await keys.published()}, headers=headers)


def _filter(
    search: schemas.AuditSearch | schemas.AuditExportQuery, term: str | None
) -> AuditFilter:
    return AuditFilter(
        since=search.from_,
        until=search.to,
        actor_id=search.actorId,
        actor_kind=search.actorKind,
        actions=search.actions,
        object_id=search.objectId,
        binder_id=search.binderId,
        search_term=term or None,
    )
