"""A document: by itself, or as the part of a binder's page that stands beside the list."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.details import rules, service
from ringbinder.features.details.types import Detail, Fact
from ringbinder.features.layouts.service import Layouts
from ringbinder.features.metadata.types import DataType, Element
from ringbinder.features.readlog.service import ReadLog
from ringbinder.features.readlog.types import Opened, ReadHow
from ringbinder.web.dependencies import Caller, Reading, part, reading
from ringbinder.web.pages import N_, Page, PageRouter, View

router = PageRouter(area="documents")

ACTIONS: Final = {
    "document:created": N_("created"),
    "document:version_created": N_("new version"),
    "document:renamed": N_("renamed"),
    "document:metadata_changed": N_("metadata changed"),
    "document:moved": N_("moved"),
    "document:copied": N_("copied"),
    "document:deleted": N_("put into the trash"),
    "document:restored": N_("restored from the trash"),
}
"""What the events of a document are called in its history."""

DOORS: Final = {
    "web": N_("by a person"),
    "api": N_("by an integration"),
    "cli": N_("by the operator"),
    "system": N_("by itself"),
}
"""Who acts by which door."""


@router.page("GET", "/documents/{document_id}", "document", permission=Permission.READ)
async def show_document(
    page: View,
    actor: Caller,
    log: Annotated[ReadLog, Depends(part(ReadLog))],
    layouts: Annotated[Layouts, Depends(part(Layouts))],
    document_id: UUID,
    version: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show a document, or one of its earlier versions."""
    async with reading(page.request) as session:
        detail = await service.show_document(
            session, actor, layouts, document_id=document_id, version_id=version
        )
    await log.note(actor, [Opened(detail.document.key, detail.version.id)], ReadHow.VIEW)
    template = "documents/detail.html" if page.is_fragment else "documents/page.html"
    return page.render(
        template,
        detail=detail,
        facts=[(_label(page, fact), _texts(page, fact)) for fact in detail.facts],
        fields=_fields(detail),
        action_names=ACTIONS,
        doors=DOORS,
    )


@router.page("GET", "/documents/{document_id}/compare", "compare", permission=Permission.READ)
async def compare_versions(
    page: View,
    session: Reading,
    document_id: UUID,
    older: Annotated[UUID | None, Query()] = None,
    newer: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show what two versions of a document differ in."""
    compared = await service.compare_versions(
        session, document_id=document_id, older_id=older, newer_id=newer
    )
    template = "documents/compared.html" if page.is_fragment else "documents/compare.html"
    return page.render(
        template,
        compared=compared,
        lines=[
            (_label(page, line.after), _texts(page, line.before), _texts(page, line.after))
            for line in compared.lines
        ],
    )


def _label(page: Page, fact: Fact) -> str:
    return fact.key if fact.element is None else fact.element.label_in(page.language)


def _texts(page: Page, fact: Fact) -> str:
    return ", ".join(_text(page, fact, value_id, value) for value_id, value in fact.values)


def _text(page: Page, fact: Fact, value_id: str | None, value: object) -> str:
    element = fact.element
    if element is not None and element.data_type is DataType.DATE:
        return page.formats.date(str(value))
    if isinstance(value, bool):
        return page.gettext("Yes") if value else page.gettext("No")
    if isinstance(value, int | float):
        return page.formats.number(value)
    listed = None if element is None else element.value_in(page.language, value_id)
    return listed or str(value)


def _fields(detail: Detail) -> list[tuple[Element, list[str]]]:
    """Give each key that a form can set, with the values that the document has."""
    present = {fact.key: fact.values for fact in detail.facts}
    return [
        (element, [rules.written(element, *value) for value in present.get(key, ())])
        for key, element in detail.schema.elements.items()
        if element.is_settable and not element.is_retired
    ]
