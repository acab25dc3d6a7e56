"""Members for administrators: who is in the organisation, as what, and when last seen."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel

from ringbinder.access.permissions import MemberRole, Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.members import service
from ringbinder.features.members.errors import MemberExistsError
from ringbinder.features.members.rules import chosen
from ringbinder.features.members.types import MemberState
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, Submitted, View
from ringbinder.web.types import FileName, SearchTerm, ShortText

router = PageRouter(area="organisation", prefix="/organisation/members")

HERE: Final = "/organisation/members"
PAGE_SIZE: Final = 100
MANAGE: Final = Permission.MANAGE_MEMBERS
ROLES: Final = {
    MemberRole.OWNER: N_("Owner"),
    MemberRole.ADMINISTRATOR: N_("Administrator"),
    MemberRole.CREATOR: N_("Creator"),
    MemberRole.READER: N_("Reader"),
    MemberRole.RESTRICTED_CREATOR: N_("Restricted creator"),
    MemberRole.RESTRICTED_READER: N_("Restricted reader"),
}
EXPLANATIONS: Final = {
    MemberRole.OWNER: N_("everything, and alone manages owners and API clients"),
    MemberRole.ADMINISTRATOR: N_("administers all binders and members"),
    MemberRole.CREATOR: N_("makes binders, takes part in all"),
    MemberRole.READER: N_("reads in all binders"),
    MemberRole.RESTRICTED_CREATOR: N_("sends documents to binders it is invited to"),
    MemberRole.RESTRICTED_READER: N_("reads in binders it is invited to"),
}
STATES: Final = {"active": N_("Active"), "invited": N_("Invited"), "disabled": N_("Kept out")}
Inviting = Annotated[Invitations, Depends(part(Invitations))]


class MemberDesk(BaseModel):
    """Which members to show."""

    q: SearchTerm | None = None
    role: MemberRole | None = None
    state: Literal["active", "invited", "disabled"] | None = None
    page: int = 1


class MemberForm(BaseModel):
    """Whom to invite."""

    email: ShortText
    name: FileName
    role: MemberRole
    language: Literal["sv", "en"] | None = None


class RoleForm(BaseModel):
    """Another role."""

    role: MemberRole


@router.page("GET", "", "members", permission=MANAGE)
async def show_members(page: View, session: Reading) -> Response:
    """Show who is in the organisation."""
    return await _members(page, session, Form([]), {})


@router.page("POST", "", "invite_member", permission=MANAGE)
async def invite(
    page: View, session: Writing, actor: Caller, form: Submitted, invitations: Inviting
) -> Response:
    """Invite somebody by a letter."""
    try:
        wanted = form.read(MemberForm)
        member = await service.invite_by_letter(
            session,
            actor,
            invitations,
            email=wanted.email,
            name=wanted.name,
            role=wanted.role,
            language=wanted.language or page.language,
        )
    except FieldErrors as error:
        return await _members(page, session, form, page.problems(error))
    except MemberExistsError:
        text = page.gettext("Somebody with this address is a member already.")
        return await _members(page, session, form, {"email": [text]})
    return _back(
        page, page.gettext("An invitation is on its way to %(email)s.", email=member.email)
    )


@router.page("POST", "/{member_id}/invite", "invite_again", permission=MANAGE)
async def invite_again(
    page: View, session: Writing, actor: Caller, member_id: UUID, invitations: Inviting
) -> Response:
    """Send the letter once more; the link of the one before is good for no more."""
    member = await service.invite_again(session, actor, invitations, member_id=member_id)
    if member.is_disabled:
        return _back(page, page.gettext("Let %(name)s in again first.", name=member.name))
    if member.state is MemberState.ACTIVE:
        return _back(page, page.gettext("%(name)s has joined already.", name=member.name))
    return _back(
        page, page.gettext("An invitation is on its way to %(email)s.", email=member.email)
    )


@router.page("POST", "/{member_id}/role", "change_role", permission=MANAGE)
async def change_role(
    page: View, session: Writing, actor: Caller, form: Submitted, member_id: UUID
) -> Response:
    """Give a member another role."""
    role = form.read(RoleForm).role
    member = await service.change_role(session, actor, member_id=member_id, role=role)
    told = page.gettext(
        "%(name)s has the role %(role)s now.", name=member.name, role=page.gettext(ROLES[role])
    )
    return _back(page, told)


@router.page("POST", "/{member_id}/disable", "disable_member", permission=MANAGE)
async def disable(page: View, session: Writing, actor: Caller, member_id: UUID) -> Response:
    """Keep a member out, and end its sessions."""
    member = await service.disable_member(session, actor, member_id=member_id)
    return _back(page, page.gettext("%(name)s is kept out from now on.", name=member.name))


@router.page("POST", "/{member_id}/enable", "enable_member", permission=MANAGE)
async def enable(page: View, session: Writing, actor: Caller, member_id: UUID) -> Response:
    """Let a member in again."""
    member = await service.enable_member(session, actor, member_id=member_id)
    return _back(page, page.gettext("%(name)s may sign in again.", name=member.name))


@router.page("POST", "/{member_id}/remove", "remove_member", permission=MANAGE)
async def remove(page: View, session: Writing, actor: Caller, member_id: UUID) -> Response:
    """Take a member out of the organisation."""
    member = await service.remove_member(session, actor, member_id=member_id)
    return _back(page, page.gettext("%(name)s is no member any more.", name=member.name))


async def _members(
    page: Page, session: ReadSession, sent: Form, problems: dict[str, list[str]]
) -> Response:
    desk = Form(page.request.query_params.multi_items()).read(MemberDesk)
    listed, _ = await service.list_members(session, search_term=desk.q)
    found = chosen([member for member, _ in listed], role=desk.role, standing=desk.state)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(desk.page, 1), pages)
    conditions = desk.model_dump(mode="json", exclude_none=True, exclude={"page"})
    return page.render(
        "organisation/members.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        members=found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        total=len(found),
        desk=desk,
        number=number,
        pages=pages,
        conditions=urlencode(conditions),
        sent=sent,
        problems=problems,
        role_names={role: page.gettext(name) for role, name in ROLES.items()},
        roles=_roles(page),
        explained=_explained(page),
        states=[(state, page.gettext(name)) for state, name in STATES.items()],
        may_manage_owners=_may_manage_owners(page),
    )


def _roles(page: Page) -> Sequence[tuple[str, str]]:
    return [
        (str(role), page.gettext(name))
        for role, name in ROLES.items()
        if role is not MemberRole.OWNER or _may_manage_owners(page)
    ]


def _explained(page: Page) -> Sequence[tuple[str, str]]:
    return [
        (role, f"{name}: {page.gettext(EXPLANATIONS[MemberRole(role)])}")
        for role, name in _roles(page)
    ]


def _may_manage_owners(page: Page) -> bool:
    return page.caller is not None and page.caller.actor.may_everywhere(Permission.MANAGE_OWNERS)


def _back(page: Page, told: str) -> Response:
    return page.redirect(HERE, notice=Notice(told))
