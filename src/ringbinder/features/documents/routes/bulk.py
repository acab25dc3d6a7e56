"""Many documents at once, and what is in the trash."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.binders.types import Binder
from ringbinder.features.documents import schemas, service
from ringbinder.features.documents.errors import BulkRefusedError
from ringbinder.features.documents.routes.documents import TrashPart
from ringbinder.features.documents.types import BulkOutcome, Document
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.kit.paging import BadCursor, query_shape
from ringbinder.web.answers import ok
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging
from ringbinder.web.types import BinderId

router = OperationRouter(tag="Documents", prefix="/documents")


@router.operation(
    "GET",
    "/trash",
    "listTrash",
    permission=Permission.MANAGE_DOCUMENTS,
    answer=schemas.TrashPage,
    errors=(BinderNotFoundError,),
)
async def list_trash(
    session: Reading,
    trash: TrashPart,
    query: Paging,
    binder_id: Annotated[
        BinderId | None, Query(alias="binderId", description="Only what was in this binder.")
    ] = None,
) -> Response:
    """List what is in the trash, deleted last first: who deleted it, and until when it stays."""
    binder = await _binder(session, binder_id)
    shape = query_shape("trash", binder_id, query.search_term)
    listing = Listing(query, shape, str, int)
    found, total = await trash.list_documents(
        session,
        binder,
        search_term=query.search_term,
        after=_position(listing.position),
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        _with_times(found),
        total,
        write=lambda one: schemas.trashed_answer(
            one[0], restorable_until=trash.restorable_until(one[1])
        ),
        position=lambda one: (one[1].isoformat(), one[0].key),
    )


async def _binder(session: Reading, binder_id: str | None) -> Binder | None:
    if binder_id is None:
        return None
    return await binders.get_managed_binder(session, binder_id=binder_id)


def _with_times(found: Sequence[Document]) -> list[tuple[Document, datetime]]:
    return [(item, item.deleted_at) for item in found if item.deleted_at is not None]


def _position(seen: tuple[str, int] | None) -> tuple[datetime, int] | None:
    if seen is None:
        return None
    try:
        moment = datetime.fromisoformat(seen[0])
    except ValueError:
        raise BadCursor from None
    if moment.tzinfo is None:
        raise BadCursor
    return moment, seen[1]


@router.operation(
    "POST",
    "/bulk",
    "bulkChange",
    permission=Permission.MANAGE_DOCUMENTS,
    answer=schemas.BulkAnswer,
    errors=(FolderNotFoundError, BinderArchivedError, BulkRefusedError),
)
async def bulk_change(session: Writing, actor: Caller, bulk: schemas.BulkIn) -> Response:
    """Move, describe, delete or restore up to 1,000 documents, each by the rules of the single one.

    Each id gives one result, in the order of the request. What is refused does not stop the others,
    unless `atomic` is set: then nothing is changed, and the 409 has the same `results`, where
    `would_change` marks what alone would have been done. `dryRun` answers 200 in either case.
    """
    outcome = await service.change_documents(session, actor, schemas.bulk_change(bulk))
    return ok(_accepted(outcome))


def _accepted(outcome: BulkOutcome) -> dict[str, object]:
    answer = schemas.bulk_answer(outcome)
    if outcome.is_refused:
        raise BulkRefusedError(members=answer)
    return answer
