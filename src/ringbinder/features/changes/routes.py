"""The doors to the feed and to a binder's digest."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import Depends, Path, Query, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.errors import BinderNotFoundError
from ringbinder.features.changes import schemas, service
from ringbinder.features.changes.errors import CursorTooOldError
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.changes.types import Change
from ringbinder.kit.paging import Cursor, query_shape
from ringbinder.web.answers import ok
from ringbinder.web.dependencies import Caller, Reading, part
from ringbinder.web.limits import cost_nothing
from ringbinder.web.operations import OperationRouter
from ringbinder.web.types import BinderId

router = OperationRouter(tag="Changes")

Feed = Annotated[ChangeFeed, Depends(part(ChangeFeed))]
MAXIMUM_CHANGES: Final = 1000
LONGEST_WAIT_SECONDS: Final = 30


@router.operation(
    "GET",
    "/changes",
    "listChanges",
    permission=Permission.READ,
    answer=schemas.ChangesAnswer,
    errors=(CursorTooOldError,),
)
async def list_changes(
    request: Request,
    actor: Caller,
    feed: Feed,
    cursor: Annotated[
        str | None, Query(max_length=200, description="The `nextCursor` of the answer before.")
    ] = None,
    startAt: Annotated[  # noqa: N803 - wire name
        Literal["oldest", "now"],
        Query(description="Where to begin without a cursor."),
    ] = "oldest",
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_CHANGES, description="Changes at most.")] = 100,
    waitSeconds: Annotated[  # noqa: N803 - wire name
        int,
        Query(ge=0, le=LONGEST_WAIT_SECONDS, description="How long to wait for news."),
    ] = 0,
) -> Response:
    """Read what happened in the organisation, in the order of the commits, each change once."""
    shape = query_shape("changes", str(actor.organisation_id))
    after = _position(cursor, shape)
    if after is None and startAt == "now":
        after = await feed.head(actor.organisation_key)
    found = await feed.read(
        actor.organisation_key,
        after=after,
        limit=limit,
        wait=timedelta(seconds=waitSeconds),
        sight=actor.sight,
    )
    if not found:
        cost_nothing(request)
    return ok(_page(found, after, shape))


@router.operation(
    "GET",
    "/binders/{id}/digest",
    "getBinderDigest",
    permission=Permission.READ,
    answer=schemas.BinderDigestAnswer,
    errors=(BinderNotFoundError,),
)
async def get_binder_digest(
    session: Reading,
    binder_id: Annotated[BinderId, Path(alias="id", description="The binder's id.")],
) -> Response:
    """Count a binder's documents and versions and give a digest to compare a copy with."""
    binder = await binders.get_binder(session, binder_id=binder_id)
    digest = await service.digest_of_binder(session, binder)
    return ok(schemas.digest_answer(binder, digest))


def _position(cursor: str | None, shape: str) -> int | None:
    if cursor is None:
        return None
    position: int = Cursor.decode(cursor, shape=shape, types=(int,)).values[0]  # type: ignore[assignment]  # the cursor checks the type
    return position


def _page(found: Sequence[Change], after: int | None, shape: str) -> dict[str, object]:
    last = found[-1].sequence if found else after or 0
    return {
        "items": [schemas.change_answer(change) for change in found],
        "nextCursor": Cursor((last,)).encode(shape=shape),
    }
