"""The upload page, and what its modules ask while files are sent."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import Depends, Path, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.errors import DocumentNotFoundError
from ringbinder.features.documents.types import ConflictBehavior, Document
from ringbinder.features.imports import schemas, service
from ringbinder.features.imports.pages.reasons import Reasons
from ringbinder.features.imports.pages.texts import texts_for
from ringbinder.features.layouts.service import Layouts
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import Element
from ringbinder.features.uploads.service import UploadAddresses, UploadService
from ringbinder.features.uploads.types import Upload
from ringbinder.web.answers import ok
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.pages import Page, PageRouter, View
from ringbinder.web.pages.payloads import sent_json
from ringbinder.web.types import BinderId as BinderIdText

router = PageRouter(area="uploads")

BinderId = Annotated[BinderIdText, Path(description="The binder's id.")]
Uploads = Annotated[UploadService, Depends(part(UploadService))]
LayoutsPart = Annotated[Layouts, Depends(part(Layouts))]
Addresses = Annotated[UploadAddresses, Depends(part(UploadAddresses))]

_CALL: Final = schemas.LARGEST_CALL_BYTES
Plan = Annotated[
    schemas.PlanIn, Depends(sent_json(schemas.PlanIn, limit_bytes=schemas.LARGEST_PLAN_BYTES))
]
Begin = Annotated[schemas.BeginIn, Depends(sent_json(schemas.BeginIn, limit_bytes=_CALL))]
Several = Annotated[schemas.UploadsIn, Depends(sent_json(schemas.UploadsIn, limit_bytes=_CALL))]
Places = Annotated[schemas.PlacesIn, Depends(sent_json(schemas.PlacesIn, limit_bytes=_CALL))]


@router.page("GET", "/binders/{binder_id}/upload", "page", permission=Permission.CREATE)
async def show_upload(
    page: View,
    session: Reading,
    uploads: Uploads,
    actor: Caller,
    layouts: LayoutsPart,
    binder_id: BinderId,
    tab: Annotated[UUID | None, Query()] = None,
    document: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show where files are dropped, described and sent; or one, as a new version of a document."""
    layout = await layouts.find_managed(session, binder_id=binder_id)
    binder, schema = layout.binder, service.settable(layout.schema)
    target = None if document is None else await _target(session, binder, document)
    return page.render(
        "uploads/page.html",
        binder=binder,
        binder_href=page.link_to("binders.binder", binder_id=binder_id),
        folders=layout.full_names,
        chosen=tab if target is None else target.folder_id,
        target=target,
        elements=list(schema.values()),
        behaviors=list(ConflictBehavior),
        options={
            "texts": texts_for(page),
            "language": page.language,
            "maximumFiles": schemas.MOST_FILES,
            "atOnce": schemas.AT_ONCE // 2,
            "registerBytes": schemas.LARGEST_REGISTER_BYTES,
            "memory": f"{actor.id} {binder.id} {document or ''}",
            "target": target and {"id": str(target.id), "name": target.file_name},
            "labels": {key: one.label_in(page.language) for key, one in schema.items()},
        },
        maximum_bytes=uploads.maximum_bytes,
    )


@router.page("POST", "/binders/{binder_id}/upload/plan", "plan", permission=Permission.CREATE)
async def plan(
    page: View, session: Reading, uploads: Uploads, binder_id: BinderId, wanted: Plan
) -> Response:
    """Tell what would become of each file; nothing is changed."""
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    schema = await _settable(session, binder)
    planned = await service.plan_batch(
        session, schemas.batch_of(binder_id, wanted), maximum_bytes=uploads.maximum_bytes
    )
    return ok(
        schemas.plan_answer(
            planned,
            schema=schema,
            language=page.language,
            say=Reasons(page, schema).say,
            link=_links(page, binder_id),
        )
    )


@router.page("POST", "/binders/{binder_id}/upload/places", "places", permission=Permission.CREATE)
async def make_places(
    page: View,
    session: Writing,
    actor: Caller,
    layouts: LayoutsPart,
    binder_id: BinderId,
    wanted: Places,
) -> Response:
    """Create the tabs that files shall go to."""
    await service.make_places(session, actor, binder_id=binder_id, places=schemas.places_of(wanted))
    places = (await layouts.find(session, binder_id=binder_id)).full_names
    return ok({"html": page.html("uploads/folders.html", folders=places, chosen=None)})


@router.page("POST", "/binders/{binder_id}/upload/begin", "begin", permission=Permission.CREATE)
async def begin(
    page: View,
    session: Writing,
    actor: Caller,
    uploads: Uploads,
    addresses: Addresses,
    binder_id: BinderId,
    wanted: Begin,
) -> Response:
    """Begin the uploads of files; each is checked for itself."""
    binder = await binders.get_writable_binder(session, binder_id=binder_id)
    begun = await service.begin_uploads(
        session, actor, uploads, schemas.wanted_uploads(binder_id, wanted)
    )
    reasons = Reasons(page, await _settable(session, binder))
    address = partial(_address, session, addresses)
    return ok(schemas.begun_answer(begun, address=address, reason=reasons.of))


@router.page("POST", "/binders/{binder_id}/upload/state", "state", permission=Permission.CREATE)
async def look(
    session: Reading, uploads: Uploads, addresses: Addresses, binder_id: BinderId, asked: Several
) -> Response:
    """Tell the truth about uploads, with fresh addresses."""
    await binders.get_managed_binder(session, binder_id=binder_id)
    found = await service.look_at_uploads(session, uploads, asked.uploadIds)
    return ok(schemas.state_answer(found, address=partial(_address, session, addresses)))


@router.page("POST", "/binders/{binder_id}/upload/commit", "commit", permission=Permission.CREATE)
async def commit(
    page: View,
    session: Writing,
    actor: Caller,
    uploads: Uploads,
    binder_id: BinderId,
    asked: Several,
) -> Response:
    """Make what has arrived documents and versions; each gets an outcome of its own."""
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    outcome = await uploads.commit_uploads(
        session, actor, upload_ids=asked.uploadIds, is_atomic=False
    )
    reasons = Reasons(page, await _settable(session, binder))
    link = _links(page, binder_id)
    return ok(schemas.committed_answer(outcome.results, link=link, reason=reasons.of))


@router.page("POST", "/binders/{binder_id}/upload/abort", "abort", permission=Permission.CREATE)
async def abort(
    session: Writing, actor: Caller, uploads: Uploads, binder_id: BinderId, asked: Several
) -> Response:
    """Give uploads up."""
    await binders.get_managed_binder(session, binder_id=binder_id)
    given_up = await service.give_up_uploads(session, actor, uploads, asked.uploadIds)
    return ok({"uploadIds": [str(upload.id) for upload in given_up]})


async def _target(session: ReadSession, binder: Binder, document_id: UUID) -> Document:
    document = await documents.get_document(session, document_id=document_id)
    if document.binder_key != binder.key:
        raise DocumentNotFoundError
    return document


async def _settable(session: ReadSession, binder: Binder) -> Mapping[str, Element]:
    return service.settable(await metadata.load_schema(session, binder_key=binder.key))


def _address(session: ReadSession, addresses: UploadAddresses, upload: Upload) -> str | None:
    """Give where the bytes go, as an address of the site from which the page came."""
    made = addresses.make(organisation_key=session.organisation_key, upload=upload)
    return None if made is None else urlsplit(made.url)._replace(scheme="", netloc="").geturl()


def _links(page: Page, binder_id: str) -> Callable[[UUID, UUID], str | None]:
    """Give what makes the address of a document in its tab."""
    binder = page.link_to("binders.binder", binder_id=binder_id)

    def link(folder_id: UUID, document_id: UUID) -> str | None:
        query = urlencode({"tab": str(folder_id), "document": str(document_id)})
        return None if binder is None else f"{binder}?{query}"

    return link
