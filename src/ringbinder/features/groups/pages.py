"""Groups for administrators: what they are called, and who is in them."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import Response
from pydantic import TypeAdapter, ValidationError

from ringbinder.access.permissions import Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.groups import schemas, service
from ringbinder.features.groups.errors import GroupNameTakenError
from ringbinder.features.members import service as members
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.pages import Form, Notice, Page, PageRouter, Submitted, View

router = PageRouter(area="organisation", prefix="/organisation/groups")

HERE: Final = "/organisation/groups"
MANAGE: Final = Permission.MANAGE_MEMBERS
_IDS: Final = TypeAdapter(list[UUID])


@router.page("GET", "", "groups", permission=MANAGE)
async def show_groups(page: View, session: Reading) -> Response:
    """Show the groups and who is in them."""
    return await _groups(page, session, Form([]), {})


@router.page("POST", "", "create_group", permission=MANAGE)
async def create_group(page: View, session: Writing, actor: Caller, form: Submitted) -> Response:
    """Make a group, and go on to choose its members."""
    try:
        wanted = form.read(schemas.GroupForm)
        group = await service.create_group(session, actor, name=wanted.name)
    except FieldErrors as error:
        return await _groups(page, session, form, page.problems(error))
    except GroupNameTakenError:
        return await _groups(page, session, form, {"name": [_taken(page)]})
    told = page.gettext("Choose who is in %(name)s.", name=group.name)
    return page.redirect(f"{HERE}/{group.id}", notice=Notice(told))


@router.page("GET", "/{group_id}", "group", permission=MANAGE)
async def show_group(page: View, session: Reading, group_id: UUID) -> Response:
    """Show one group, with everybody who could be in it."""
    group = await service.get_group(session, group_id=group_id)
    ticked = [("member", str(member_id)) for member_id in group.member_ids]
    return await _group(page, session, group_id, Form([("name", group.name), *ticked]), {})


@router.page("POST", "/{group_id}", "change_group", permission=MANAGE)
async def change_group(
    page: View, session: Writing, actor: Caller, form: Submitted, group_id: UUID
) -> Response:
    """Rename a group, and say who is in it."""
    try:
        group = await service.update_group(
            session,
            actor,
            group_id=group_id,
            name=form.read(schemas.GroupForm).name,
            member_ids=_member_ids(form),
        )
    except FieldErrors as error:
        return await _group(page, session, group_id, form, page.problems(error))
    except GroupNameTakenError:
        return await _group(page, session, group_id, form, {"name": [_taken(page)]})
    told = page.gettext("%(name)s is saved.", name=group.name)
    return page.redirect(HERE, notice=Notice(told))


@router.page("POST", "/{group_id}/delete", "delete_group", permission=MANAGE)
async def delete_group(page: View, session: Writing, actor: Caller, group_id: UUID) -> Response:
    """Delete a group; its members stay members."""
    group = await service.delete_group(session, actor, group_id=group_id)
    told = page.gettext("%(name)s is deleted.", name=group.name)
    return page.redirect(HERE, notice=Notice(told))


def _member_ids(form: Form) -> list[UUID]:
    try:
        return _IDS.validate_python(form.several("member"))
    except ValidationError as error:
        raise FieldErrors({"member": ["The value must be a GUID."]}) from error


def _taken(page: Page) -> str:
    return page.gettext("Another group has this name already.")


async def _groups(
    page: Page, session: ReadSession, sent: Form, problems: dict[str, list[str]]
) -> Response:
    listed, _ = await members.list_members(session)
    return page.render(
        "organisation/groups.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        groups=await service.list_groups(session),
        names={member.id: member.name for member, _ in listed},
        sent=sent,
        problems=problems,
    )


async def _group(
    page: Page, session: ReadSession, group_id: UUID, sent: Form, problems: dict[str, list[str]]
) -> Response:
    listed, _ = await members.list_members(session)
    return page.render(
        "organisation/group.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        group=await service.get_group(session, group_id=group_id),
        members=[member for member, _ in listed],
        ticked=set(sent.several("member")),
        sent=sent,
        problems=problems,
    )
