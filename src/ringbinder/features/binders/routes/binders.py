"""Binders: list, read, change, archive, delete."""

from typing import Annotated

from fastapi import Path, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders import service
from ringbinder.features.binders.errors import (
    BinderArchivedError,
    BinderNotEmptyError,
    BinderNotFoundError,
)
from ringbinder.features.binders.schemas import binders as schemas
from ringbinder.features.binders.types import Binder
from ringbinder.kit.headers import etag
from ringbinder.kit.paging import query_shape
from ringbinder.web.answers import ok
from ringbinder.web.conditional import PreconditionFailedError, conditional_get, require_match
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging
from ringbinder.web.types import BinderId as BinderIdText

router = OperationRouter(tag="Binders", prefix="/binders")

BinderId = Annotated[BinderIdText, Path(alias="id", description="The binder's id.")]


def binder_etag(binder: Binder) -> str:
    """Give the strong entity tag of a binder's representation."""
    return etag(f"{binder.id}-{binder.revision}")


@router.operation(
    "GET",
    "",
    "listBinders",
    permission=Permission.READ,
    answer=list[schemas.BinderAnswer] | schemas.BinderPage,
)
async def list_binders(session: Reading, query: Paging) -> Response:
    """List binders by Swedish name: an array of up to 10,000, or a page if paging is asked for."""
    shape = query_shape("binders", query.search_term)
    listing = Listing(query, shape, str, int, whole=service.MAXIMUM_UNPAGED)
    found, total = await service.list_binders(
        session,
        search_term=query.search_term,
        after=listing.position,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found,
        total,
        write=lambda one: schemas.binder_answer(one[0]),
        position=lambda one: (one[1], one[0].key),
    )


@router.operation(
    "GET",
    "/{id}",
    "getBinder",
    permission=Permission.READ,
    answer=schemas.BinderAnswer,
    etag=True,
    errors=(BinderNotFoundError,),
)
async def get_binder(request: Request, session: Reading, binder_id: BinderId) -> Response:
    """Give one binder."""
    binder = await service.get_binder(session, binder_id=binder_id)
    return conditional_get(request, binder_etag(binder)) or _answer(binder)


@router.operation(
    "PATCH",
    "/{id}",
    "updateBinder",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.BinderAnswer,
    etag=True,
    errors=(BinderNotFoundError, BinderArchivedError, PreconditionFailedError),
)
async def update_binder(
    request: Request,
    session: Writing,
    actor: Caller,
    binder_id: BinderId,
    patch: schemas.BinderPatch,
) -> Response:
    """Rename, describe, archive or reopen a binder; an archived one must be reopened to change."""
    binder = await service.update_binder(
        session,
        actor,
        binder_id=binder_id,
        precondition=lambda current: require_match(request, binder_etag(current)),
        **patch.changes(),
    )
    return _answer(binder)


@router.operation(
    "DELETE",
    "/{id}",
    "deleteBinder",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.BinderAnswer,
    errors=(
        BinderNotFoundError,
        BinderArchivedError,
        BinderNotEmptyError,
        PreconditionFailedError,
    ),
)
async def delete_binder(
    request: Request, session: Writing, actor: Caller, binder_id: BinderId
) -> Response:
    """Delete a binder without folders and documents, for good, with the documents in its trash."""
    binder = await service.delete_binder(
        session,
        actor,
        binder_id=binder_id,
        precondition=lambda current: require_match(request, binder_etag(current)),
    )
    return ok(schemas.binder_answer(binder))


def _answer(binder: Binder) -> Response:
    return ok(schemas.binder_answer(binder), headers={"etag": binder_etag(binder)})
