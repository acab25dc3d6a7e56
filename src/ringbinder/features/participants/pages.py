"""Who takes part in a binder, and who sees its hidden tabs."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import Response

from ringbinder.access.permissions import BinderRole, Permission
from ringbinder.db.sessions import ReadSession
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import service as folders
from ringbinder.features.groups import service as groups
from ringbinder.features.members import service as members
from ringbinder.features.participants import schemas, service
from ringbinder.features.participants.errors import ParticipantExistsError
from ringbinder.features.participants.types import PartyKind
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.pages import N_, Form, Notice, Page, PageRouter, Submitted, View
from ringbinder.web.types import BinderId

router = PageRouter(area="binders", prefix="/binders/{binder_id}/settings")

MANAGE: Final = Permission.MANAGE_BINDERS
ROLES: Final = {
    BinderRole.PARTICIPANT: N_("Participant"),
    BinderRole.ADMINISTRATOR: N_("Administrator of the binder"),
}


@router.page("GET", "/participants", "participants", permission=MANAGE)
async def show_participants(page: View, session: Reading, binder_id: BinderId) -> Response:
    """Show who takes part in a binder."""
    return await _participants(page, session, binder_id, Form([]), {})


@router.page("POST", "/participants", "add_participant", permission=MANAGE)
async def add_participant(
    page: View, session: Writing, actor: Caller, form: Submitted, binder_id: BinderId
) -> Response:
    """Let a member or a group take part in a binder."""
    await binders.get_managed_binder(session, binder_id=binder_id)
    try:
        wanted = form.read(schemas.ParticipantForm)
    except FieldErrors as error:
        return await _participants(page, session, binder_id, form, page.problems(error))
    kind, party_id = wanted.named
    party = await service.find_party(session, kind=kind, party_id=party_id)
    try:
        await service.add_participant(
            session, actor, binder_id=binder_id, party=party, role=wanted.role
        )
    except ParticipantExistsError:
        problems = {"party": [page.gettext("It takes part in the binder already.")]}
        return await _participants(page, session, binder_id, form, problems)
    return _back(page, binder_id, page.gettext("%(name)s takes part now.", name=party.name))


@router.page("POST", "/participants/{party_id}/role", "change_participant", permission=MANAGE)
async def change_participant(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    binder_id: BinderId,
    party_id: UUID,
) -> Response:
    """Make a participant an administrator of the binder, or no longer."""
    changed = await service.update_participant(
        session,
        actor,
        binder_id=binder_id,
        participant_id=party_id,
        role=form.read(schemas.ParticipantRole).role,
    )
    told = page.gettext("%(name)s is saved.", name=changed.party.name)
    return _back(page, binder_id, told)


@router.page("POST", "/participants/{party_id}/remove", "remove_participant", permission=MANAGE)
async def remove_participant(
    page: View, session: Writing, actor: Caller, binder_id: BinderId, party_id: UUID
) -> Response:
    """Let somebody take part in a binder no longer."""
    gone = await service.remove_participant(
        session, actor, binder_id=binder_id, participant_id=party_id
    )
    told = page.gettext("%(name)s takes part no longer.", name=gone.party.name)
    return _back(page, binder_id, told)


@router.page("GET", "/tabs/{folder_id}/viewers", "viewers", permission=MANAGE)
async def show_viewers(
    page: View, session: Reading, binder_id: BinderId, folder_id: UUID
) -> Response:
    """Show whether a tab is hidden, and who sees it then."""
    found = await service.list_viewers(session, binder_id=binder_id, folder_id=folder_id)
    return page.render(
        "settings/viewers.html",
        binder=await binders.get_managed_binder(session, binder_id=binder_id),
        folder=await folders.get_folder_of(session, binder_id=binder_id, folder_id=folder_id),
        ticked={party.id for party in found},
        **await _parties(session),
    )


@router.page("POST", "/tabs/{folder_id}/viewers", "set_viewers", permission=MANAGE)
async def set_viewers(
    page: View,
    session: Writing,
    actor: Caller,
    form: Submitted,
    binder_id: BinderId,
    folder_id: UUID,
) -> Response:
    """Hide a tab or show it again, and say who sees it while it is hidden."""
    wanted = form.read(schemas.ViewersForm)
    folder = await folders.update_folder(
        session,
        actor,
        binder_id=binder_id,
        folder_id=folder_id,
        is_hidden=wanted.hidden is not None,
    )
    chosen = [schemas.party_of(text) for text in form.several("party")]
    await service.set_viewers(
        session,
        actor,
        binder_id=binder_id,
        folder_id=folder_id,
        member_ids=[party_id for kind, party_id in chosen if kind is PartyKind.MEMBER],
        group_ids=[party_id for kind, party_id in chosen if kind is PartyKind.GROUP],
    )
    told = page.gettext("%(name)s is saved.", name=folder.name)
    return page.redirect(f"/binders/{binder_id}/settings/tabs", notice=Notice(told))


async def _participants(
    page: Page,
    session: ReadSession,
    binder_id: str,
    sent: Form,
    problems: dict[str, list[str]],
) -> Response:
    return page.render(
        "settings/participants.html",
        status=HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK,
        binder=await binders.get_managed_binder(session, binder_id=binder_id),
        participants=await service.list_participants(session, binder_id=binder_id),
        roles=[(str(role), page.gettext(name)) for role, name in ROLES.items()],
        role_names={role: page.gettext(name) for role, name in ROLES.items()},
        sent=sent,
        problems=problems,
        **await _parties(session),
    )


async def _parties(session: ReadSession) -> dict[str, Any]:
    listed, _ = await members.list_members(session)
    return {
        "members": [member for member, _ in listed],
        "groups": await groups.list_groups(session),
    }


def _back(page: Page, binder_id: str, told: str) -> Response:
    return page.redirect(f"/binders/{binder_id}/settings/participants", notice=Notice(told))
