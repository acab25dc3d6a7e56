"""What a binder is called and whether it can be changed; who administers it decides."""

from http import HTTPStatus
from typing import Final

from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders import service
from ringbinder.features.binders.schemas.settings import General
from ringbinder.features.binders.types import Binder, BinderState, BinderType
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, Submitted, View
from ringbinder.web.types import BinderId

router = PageRouter(area="binders", prefix="/binders/{binder_id}/settings")

MANAGE: Final = Permission.MANAGE_BINDERS
TYPES: Final = {
    BinderType.PROJECT: N_("Project"),
    BinderType.FACILITY: N_("Facility"),
    BinderType.TENDER: N_("Tender"),
    BinderType.ORGANISATION: N_("Organisation"),
}


@router.page("GET", "", "settings", permission=MANAGE)
async def show_settings(page: View, session: Reading, binder_id: BinderId) -> Response:
    """Show what a binder is called, and whether it is archived."""
    binder = await service.get_managed_binder(session, binder_id=binder_id)
    return _general(page, binder, Form(_as_form(binder)), {})


@router.page("POST", "", "change_settings", permission=MANAGE)
async def change_settings(
    page: View, session: Writing, actor: Caller, form: Submitted, binder_id: BinderId
) -> Response:
    """Change name, type, description and colour of a binder."""
    binder = await service.get_managed_binder(session, binder_id=binder_id)
    try:
        wanted = form.read(General)
    except FieldErrors as error:
        return _general(page, binder, form, page.problems(error))
    await service.update_binder(
        session,
        actor,
        binder_id=binder_id,
        name=wanted.name,
        type=wanted.type,
        description=wanted.description,
        colour=wanted.colour,
    )
    return _back(page, binder, N_("The settings of %(name)s are saved."))


@router.page("POST", "/archive", "archive", permission=MANAGE)
async def archive(page: View, session: Writing, actor: Caller, binder_id: BinderId) -> Response:
    """Let nothing in a binder be changed any more."""
    state = BinderState.ARCHIVED
    binder = await service.update_binder(session, actor, binder_id=binder_id, state=state)
    return _back(page, binder, N_("%(name)s is archived."), undo="reopen")


@router.page("POST", "/reopen", "reopen", permission=MANAGE)
async def reopen(page: View, session: Writing, actor: Caller, binder_id: BinderId) -> Response:
    """Let an archived binder be changed again."""
    state = BinderState.ACTIVE
    binder = await service.update_binder(session, actor, binder_id=binder_id, state=state)
    return _back(page, binder, N_("%(name)s is open again."))


@router.page("POST", "/delete", "delete", permission=MANAGE)
async def delete(page: View, session: Writing, actor: Caller, binder_id: BinderId) -> Response:
    """Delete a binder that holds nothing."""
    binder = await service.delete_binder(session, actor, binder_id=binder_id)
    told = Notice(page.gettext("%(name)s is deleted.", name=binder.name))
    return page.redirect("/", notice=told)


def _as_form(binder: Binder) -> list[tuple[str, str]]:
    return [
        ("name", binder.name),
        ("type", str(binder.type)),
        ("description", binder.description or ""),
        ("colour", binder.colour or ""),
    ]


def _general(page: Page, binder: Binder, sent: Form, problems: dict[str, list[str]]) -> Response:
    return page.render(
        "settings/general.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        binder=binder,
        sent=sent,
        problems=problems,
        types=[(str(kind), page.gettext(name)) for kind, name in TYPES.items()],
    )


def _back(page: Page, binder: Binder, text: str, *, undo: str | None = None) -> Response:
    here = f"/binders/{binder.id}/settings"
    told = page.gettext(text, name=binder.name)
    return page.redirect(here, notice=Notice(told, undo=f"{here}/{undo}" if undo else None))
