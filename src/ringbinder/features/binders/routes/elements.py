"""The elements of a binder's metadata schema: list, create, change, delete."""

from typing import Annotated

from fastapi import Path, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders import service
from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.binders.routes.binders import BinderId, router
from ringbinder.features.binders.schemas import elements as schemas
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.errors import (
    MetadataElementExistsError,
    MetadataElementInUseError,
    MetadataElementNotFoundError,
    MetadataElementReservedError,
    MetadataTypeConflictError,
    SeveralValuesError,
    TooManyMetadataElementsError,
)
from ringbinder.features.metadata.types import Element
from ringbinder.kit.headers import etag
from ringbinder.kit.ids import sha256_hex
from ringbinder.web.answers import created, encode, ok
from ringbinder.web.conditional import PreconditionFailedError, require_match
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.types import CleanText

ElementId = Annotated[
    CleanText, Path(alias="metadataElementId", max_length=100, description="The element's id.")
]


def element_etag(element: Element) -> str:
    """Give the strong entity tag of an element's representation: elements count no revisions."""
    return etag(sha256_hex(encode(schemas.element_answer(element))))


@router.operation(
    "GET",
    "/{id}/metadataelements",
    "listMetadataElements",
    permission=Permission.READ,
    answer=list[schemas.ElementAnswer],
    errors=(BinderNotFoundError,),
)
async def list_metadata_elements(session: Reading, binder_id: BinderId) -> Response:
    """List a binder's metadata elements: the reserved ones first, then by position."""
    binder = await service.get_binder(session, binder_id=binder_id)
    schema = await metadata.load_schema(session, binder_key=binder.key)
    return ok([schemas.element_answer(element) for element in schema.elements.values()])


@router.operation(
    "POST",
    "/{id}/metadataelements",
    "createMetadataElement",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.ElementAnswer,
    etag=True,
    status=201,
    errors=(
        BinderNotFoundError,
        BinderArchivedError,
        MetadataElementExistsError,
        MetadataTypeConflictError,
        TooManyMetadataElementsError,
    ),
)
async def create_metadata_element(
    session: Writing, actor: Caller, binder_id: BinderId, element: schemas.ElementCreate
) -> Response:
    """Add an element to a binder's schema; a binder can have 200 besides the reserved ones."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    made = await metadata.create_element(
        session,
        actor,
        binder=binder,
        metadata_element_id=element.metadataElementId,
        label=element.label,
        labels=schemas.labels_of(element.labels),
        data_type=element.dataType,
        is_required=element.isRequired,
        is_multi_value=element.isMultiValue,
        position=element.position,
        values=schemas.listed_values(element.values),
    )
    return created(schemas.element_answer(made), headers={"etag": element_etag(made)})


@router.operation(
    "PATCH",
    "/{id}/metadataelements/{metadataElementId}",
    "updateMetadataElement",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.ElementAnswer,
    etag=True,
    errors=(
        BinderNotFoundError,
        BinderArchivedError,
        MetadataElementNotFoundError,
        MetadataElementReservedError,
        MetadataTypeConflictError,
        SeveralValuesError,
        PreconditionFailedError,
    ),
)
async def update_metadata_element(
    request: Request,
    session: Writing,
    actor: Caller,
    binder_id: BinderId,
    element_id: ElementId,
    patch: schemas.ElementPatch,
) -> Response:
    """Change an element or its list; the new label of a value appears on documents at once."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    element = await metadata.update_element(
        session,
        actor,
        binder=binder,
        metadata_element_id=element_id,
        precondition=lambda current: require_match(request, element_etag(current)),
        **patch.changes(),
    )
    return ok(schemas.element_answer(element), headers={"etag": element_etag(element)})


@router.operation(
    "DELETE",
    "/{id}/metadataelements/{metadataElementId}",
    "deleteMetadataElement",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.ElementAnswer,
    errors=(
        BinderNotFoundError,
        BinderArchivedError,
        MetadataElementNotFoundError,
        MetadataElementReservedError,
        MetadataElementInUseError,
        PreconditionFailedError,
    ),
)
async def delete_metadata_element(
    request: Request, session: Writing, actor: Caller, binder_id: BinderId, element_id: ElementId
) -> Response:
    """Delete an element of which no document has a value; its data type stays taken."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    element = await metadata.delete_element(
        session,
        actor,
        binder=binder,
        metadata_element_id=element_id,
        precondition=lambda current: require_match(request, element_etag(current)),
    )
    return ok(schemas.element_answer(element))
