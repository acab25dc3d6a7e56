"""The tabs of a binder: make, rename, order, move and delete them."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import Binder
from ringbinder.features.folders import schemas, service
from ringbinder.features.folders.rules import indented, outside_of
from ringbinder.features.folders.types import Folder, FolderType
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.places import position_after_move
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, Submitted, View
from ringbinder.web.types import BinderId

router = PageRouter(area="binders", prefix="/binders/{binder_id}/settings/tabs")

_INDENT: Final = "\N{EM SPACE}"
MANAGE: Final = Permission.MANAGE_BINDERS
TYPES: Final = {
    FolderType.DOCUMENTS: N_("Documents"),
    FolderType.DRAWINGS: N_("Drawings"),
    FolderType.CONTRACTS: N_("Contracts"),
    FolderType.PHOTOS: N_("Photos"),
    FolderType.MODELS: N_("Models"),
    FolderType.CONTAINER: N_("Only folders"),
}


@router.page("GET", "", "tabs", permission=MANAGE)
async def show_tabs(page: View, session: Reading, binder_id: BinderId) -> Response:
    """Show the tabs and folders of a binder in their order."""
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    return await _tabs(page, session, binder, Form([]), {})


@router.page("POST", "", "create_tab", permission=MANAGE)
async def create_tab(
    page: View, session: Writing, actor: Caller, form: Submitted, binder_id: BinderId
) -> Response:
    """Make a tab, or a folder in one."""
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    try:
        wanted = form.read(schemas.TabForm)
    except FieldErrors as error:
        return await _tabs(page, session, binder, form, page.problems(error))
    made = await service.create_folder(
        session,
        actor,
        binder_id=binder_id,
        name=wanted.name,
        type=wanted.type,
        parent_id=wanted.parent,
    )
    return _back(page, binder_id, page.gettext("%(name)s is there now.", name=made.name))


@router.page("GET", "/{folder_id}", "tab", permission=MANAGE)
async def show_tab(page: View, session: Reading, binder_id: BinderId, folder_id: UUID) -> Response:
    """Show what can be changed of one tab."""
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    folder = await service.get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    return await _tab(page, session, binder, folder, Form(_as_form(folder)), {})


@router.page("POST", "/{folder_id}", "change_tab", permission=MANAGE)
async def change_tab(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    binder_id: BinderId,
    folder_id: UUID,
) -> Response:
    """Rename a tab, give it another type, or put it into another one."""
    binder = await binders.get_managed_binder(session, binder_id=binder_id)
    folder = await service.get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    try:
        wanted = form.read(schemas.TabForm)
    except FieldErrors as error:
        return await _tab(page, session, binder, folder, form, page.problems(error))
    changed = await service.update_folder(
        session,
        actor,
        binder_id=binder_id,
        folder_id=folder_id,
        name=wanted.name,
        type=wanted.type,
        parent_id=wanted.parent,
    )
    return _back(page, binder_id, page.gettext("%(name)s is saved.", name=changed.name))


@router.page("POST", "/{folder_id}/move", "move_tab", permission=MANAGE)
async def move_tab(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    binder_id: BinderId,
    folder_id: UUID,
) -> Response:
    """Put a tab one place up or down among its siblings."""
    wanted = form.read(schemas.TabMove)
    binder = await binders.lock_binder(session, binder_id=binder_id)
    folder = await service.get_folder_of(session, binder_id=binder_id, folder_id=folder_id)
    siblings = [
        (one.id, one.position)
        for one in await service.list_tree(session, binder)
        if one.parent_key == folder.parent_key
    ]
    position = position_after_move(siblings, folder.id, wanted.to)
    if position is not None:
        await service.update_folder(
            session, actor, binder_id=binder_id, folder_id=folder_id, position=position
        )
    return page.redirect(_address(binder_id))


@router.page("POST", "/{folder_id}/delete", "delete_tab", permission=MANAGE)
async def delete_tab(
    page: View, session: Writing, actor: Caller, binder_id: BinderId, folder_id: UUID
) -> Response:
    """Delete a tab that holds nothing."""
    gone = await service.delete_folder(session, actor, binder_id=binder_id, folder_id=folder_id)
    return _back(page, binder_id, page.gettext("%(name)s is deleted.", name=gone.name))


async def _tabs(
    page: Page, session: ReadSession, binder: Binder, sent: Form, problems: dict[str, list[str]]
) -> Response:
    folders = indented(await service.list_tree(session, binder))
    return page.render(
        "settings/tabs.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        binder=binder,
        folders=folders,
        sent=sent,
        problems=problems,
        parents=_choices(folders),
        **_types(page),
    )


async def _tab(
    page: Page,
    session: ReadSession,
    binder: Binder,
    folder: Folder,
    sent: Form,
    problems: dict[str, list[str]],
) -> Response:
    folders = outside_of(folder, indented(await service.list_tree(session, binder)))
    return page.render(
        "settings/tab.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        binder=binder,
        folder=folder,
        sent=sent,
        problems=problems,
        parents=_choices(folders),
        **_types(page),
    )


def _as_form(folder: Folder) -> list[tuple[str, str]]:
    parent = "" if folder.parent_id is None else str(folder.parent_id)
    return [("name", folder.name), ("type", str(folder.type)), ("parent", parent)]


def _choices(folders: list[tuple[Folder, int]]) -> list[tuple[str, str]]:
    return [(str(folder.id), f"{_INDENT * depth}{folder.name}") for folder, depth in folders]


def _types(page: Page) -> dict[str, Any]:
    return {
        "types": [(str(kind), page.gettext(name)) for kind, name in TYPES.items()],
        "type_names": {kind: page.gettext(name) for kind, name in TYPES.items()},
    }


def _back(page: Page, binder_id: str, told: str) -> Response:
    return page.redirect(_address(binder_id), notice=Notice(told))


def _address(binder_id: str) -> str:
    return f"/binders/{binder_id}/settings/tabs"
