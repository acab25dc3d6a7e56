"""The metadata schema of a binder: keys, lists of values, and what a change would do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Path, Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service
from ringbinder.features.binders.schemas import settings as schemas
from ringbinder.features.binders.types import Binder
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.service import ImpactKind
from ringbinder.features.metadata.types import DataType, Element
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.places import position_after_move
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, Submitted, View
from ringbinder.web.types import BinderId, CleanText

router = PageRouter(area="binders", prefix="/binders/{binder_id}/settings/schema")

ElementId = Annotated[CleanText, Path(max_length=100)]
MANAGE: Final = Permission.MANAGE_BINDERS
KINDS: Final = {
    DataType.TEXT: N_("Text"),
    DataType.ENUMERATED: N_("List of values"),
    DataType.DATE: N_("Date"),
    DataType.NUMBER: N_("Number"),
    DataType.BOOLEAN: N_("Yes or no"),
}
IMPACTS: Final[Mapping[ImpactKind, str]] = {
    ImpactKind.LACKING: N_(
        "Documents that lack the key, and must get it at their next change: %(documents)s"
    ),
    ImpactKind.RETIRED: N_("Documents that keep a value, while nobody is asked: %(documents)s"),
    ImpactKind.SEVERAL: N_(
        "Documents that have several values, so the change will be refused: %(documents)s"
    ),
    ImpactKind.VALUE_RELABELLED: N_(
        "“%(was)s” becomes “%(becomes)s”. Documents that show it at once: %(documents)s"
    ),
    ImpactKind.VALUE_RETIRED: N_(
        "“%(was)s” is given to no others. Documents that keep it: %(documents)s"
    ),
    ImpactKind.VALUE_KEPT: N_(
        "“%(was)s” is retired and not removed. Documents that have it: %(documents)s"
    ),
    ImpactKind.VALUE_REMOVED: N_("“%(was)s” is removed. No document has it."),
    ImpactKind.VALUE_ADDED: N_("“%(becomes)s” is new."),
}


@router.page("GET", "", "schema", permission=MANAGE)
async def show_schema(page: View, session: Reading, binder_id: BinderId) -> Response:
    """Show the keys of a binder in their order."""
    binder = await service.get_managed_binder(session, binder_id=binder_id)
    return await _schema(page, session, binder, Form([]), {})


@router.page("POST", "", "create_element", permission=MANAGE)
async def create_element(
    page: View, session: Writing, actor: Caller, form: Submitted, binder_id: BinderId
) -> Response:
    """Add a key to a binder."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    try:
        wanted = form.read(schemas.NewElement)
        made = await metadata.create_element(
            session,
            actor,
            binder=binder,
            label=wanted.label_sv,
            labels=wanted.labels,
            data_type=wanted.data_type,
            is_required=wanted.required is not None,
            is_multi_value=wanted.several is not None,
            values=wanted.listed,
        )
    except FieldErrors as error:
        return await _schema(page, session, binder, form, page.problems(error))
    told = page.gettext("%(name)s is a key of the binder now.", name=made.labels[page.language])
    return page.redirect(_address(binder), notice=Notice(told))


@router.page("GET", "/{element_id}", "element", permission=MANAGE)
async def show_element(
    page: View, session: Reading, binder_id: BinderId, element_id: ElementId
) -> Response:
    """Show one key with its list of values."""
    binder = await service.get_managed_binder(session, binder_id=binder_id)
    return await _element(page, session, binder, element_id, None, {})


@router.page("POST", "/{element_id}/preview", "preview_element", permission=MANAGE)
async def preview(
    page: View, session: Reading, form: Submitted, binder_id: BinderId, element_id: ElementId
) -> Response:
    """Tell what a change would do to documents; nothing is changed yet."""
    binder = await service.get_managed_binder(session, binder_id=binder_id)
    found = await metadata.get_element(
        session, binder_key=binder.key, metadata_element_id=element_id
    )
    try:
        changes = schemas.changes_of(found, form, form.read(schemas.ChangedElement))
        element, usage, impacts = await metadata.preview_change(
            session, binder=binder, metadata_element_id=element_id, changes=changes
        )
    except FieldErrors as error:
        return await _element(page, session, binder, element_id, form, page.problems(error))
    return page.render(
        "settings/impact.html",
        binder=binder,
        element=element,
        usage=usage,
        sentences=[
            page.gettext(
                IMPACTS[impact.kind],
                documents=page.formats.number(impact.documents),
                was=impact.was,
                becomes=impact.becomes,
            )
            for impact in impacts
        ],
        is_refused=any(impact.kind is ImpactKind.SEVERAL for impact in impacts),
        sent=form,
    )


@router.page("POST", "/{element_id}", "change_element", permission=MANAGE)
async def change_element(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    binder_id: BinderId,
    element_id: ElementId,
) -> Response:
    """Change a key and its list of values."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    found = await metadata.get_element(
        session, binder_key=binder.key, metadata_element_id=element_id
    )
    try:
        changes = schemas.changes_of(found, form, form.read(schemas.ChangedElement))
    except FieldErrors as error:
        return await _element(page, session, binder, element_id, form, page.problems(error))
    changed = await metadata.update_element(
        session, actor, binder=binder, metadata_element_id=element_id, **changes
    )
    told = page.gettext("%(name)s is saved.", name=changed.labels[page.language])
    return page.redirect(_address(binder), notice=Notice(told))


@router.page("POST", "/{element_id}/move", "move_element", permission=MANAGE)
async def move_element(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    binder_id: BinderId,
    element_id: ElementId,
) -> Response:
    """Put a key one place up or down."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    wanted = form.read(schemas.Moved)
    schema = await metadata.load_schema(session, binder_key=binder.key)
    own = [element for element in schema.elements.values() if not element.is_global]
    position = position_after_move(
        [(element.metadata_element_id, element.position) for element in own], element_id, wanted.to
    )
    if position is not None:
        await metadata.update_element(
            session, actor, binder=binder, metadata_element_id=element_id, position=position
        )
    return page.redirect(_address(binder))


@router.page("POST", "/{element_id}/delete", "delete_element", permission=MANAGE)
async def delete_element(
    page: View, session: Writing, actor: Caller, binder_id: BinderId, element_id: ElementId
) -> Response:
    """Take a key out of a binder that no document has a value of."""
    binder = await service.lock_binder(session, binder_id=binder_id)
    gone = await metadata.delete_element(
        session, actor, binder=binder, metadata_element_id=element_id
    )
    told = page.gettext("%(name)s is deleted.", name=gone.labels[page.language])
    return page.redirect(_address(binder), notice=Notice(told))


async def _schema(
    page: Page, session: ReadSession, binder: Binder, sent: Form, problems: dict[str, list[str]]
) -> Response:
    schema = await metadata.load_schema(session, binder_key=binder.key)
    elements = list(schema.elements.values())
    return page.render(
        "settings/schema.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        binder=binder,
        own=[element for element in elements if not element.is_global],
        reserved=[element for element in elements if element.is_global],
        sent=sent,
        problems=problems,
        **_kinds(page),
    )


async def _element(
    page: Page,
    session: ReadSession,
    binder: Binder,
    element_id: str,
    sent: Form | None,
    problems: dict[str, list[str]],
) -> Response:
    element = await metadata.get_element(
        session, binder_key=binder.key, metadata_element_id=element_id
    )
    return page.render(
        "settings/element.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        binder=binder,
        element=element,
        usage=await metadata.measure_usage(session, binder=binder, element=element),
        sent=Form(_as_form(element)) if sent is None else sent,
        problems=problems,
        **_kinds(page),
    )


def _kinds(page: Page) -> dict[str, Any]:
    return {
        "kind_names": {kind: page.gettext(name) for kind, name in KINDS.items()},
        "kinds": [(str(kind), page.gettext(name)) for kind, name in KINDS.items()],
    }


def _as_form(element: Element) -> list[tuple[str, str]]:
    pairs = [("label_sv", element.labels["sv"]), ("label_en", element.labels["en"])]
    pairs += [("required", "1")] * element.is_required + [("several", "1")] * element.is_multi_value
    pairs += [("retired", "1")] * element.is_retired
    for place, value in enumerate(element.values, start=1):
        pairs.append((f"sv.{value.value_id}", value.labels["sv"]))
        pairs.append((f"en.{value.value_id}", value.labels["en"]))
        pairs.append((f"place.{value.value_id}", str(place)))
        pairs += [(f"retired.{value.value_id}", "1")] * value.is_retired
    return pairs


def _address(binder: Binder) -> str:
    return f"/binders/{binder.id}/settings/schema"
