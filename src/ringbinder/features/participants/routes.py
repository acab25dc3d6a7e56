"""The doors to participants of binders and to viewers of hidden folders."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.binders.errors import BinderNotFoundError
from ringbinder.features.folders.errors import FolderNotFoundError
from ringbinder.features.groups.errors import GroupNotFoundError
from ringbinder.features.members.errors import MemberNotFoundError
from ringbinder.features.participants import schemas, service
from ringbinder.features.participants.errors import (
    ParticipantExistsError,
    ParticipantNotFoundError,
)
from ringbinder.web.answers import created, ok
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.operations import OperationRouter
from ringbinder.web.types import BinderId as BinderIdText

router = OperationRouter(tag="Binders", prefix="/binders/{id}/participants")
viewers = OperationRouter(
    tag="Documents", prefix="/documents/drives/{domain}/{id}/folders/{folderId}/viewers"
)

BinderId = Annotated[BinderIdText, Path(alias="id", description="The binder's id.")]
FolderId = Annotated[UUID, Path(alias="folderId", description="The folder's id.")]
Domain = Annotated[Literal["binders"], Path(description="The kind of drive.")]
ParticipantId = Annotated[
    UUID, Path(alias="participantId", description="The id of the member or group.")
]


@router.operation(
    "GET",
    "",
    "listParticipants",
    permission=Permission.MANAGE_BINDERS,
    answer=list[schemas.ParticipantAnswer],
    errors=(BinderNotFoundError,),
)
async def list_participants(session: Reading, binder_id: BinderId) -> Response:
    """List who takes part in a binder; who sees it by role is not listed."""
    found = await service.list_participants(session, binder_id=binder_id)
    return ok([schemas.participant_answer(each) for each in found])


@router.operation(
    "POST",
    "",
    "addParticipant",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.ParticipantAnswer,
    status=201,
    errors=(BinderNotFoundError, MemberNotFoundError, GroupNotFoundError, ParticipantExistsError),
)
async def add_participant(
    session: Writing, actor: Caller, binder_id: BinderId, participant: schemas.ParticipantAdd
) -> Response:
    """Let a member or a group take part in a binder, as participant or as administrator."""
    party = await service.find_party(
        session, kind=participant.kind, party_id=participant.participantId
    )
    added = await service.add_participant(
        session, actor, binder_id=binder_id, party=party, role=participant.role
    )
    return created(schemas.participant_answer(added))


@router.operation(
    "PATCH",
    "/{participantId}",
    "updateParticipant",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.ParticipantAnswer,
    errors=(BinderNotFoundError, ParticipantNotFoundError),
)
async def update_participant(
    session: Writing,
    actor: Caller,
    binder_id: BinderId,
    participant_id: ParticipantId,
    patch: schemas.ParticipantPatch,
) -> Response:
    """Make a participant an administrator of the binder, or no longer."""
    updated = await service.update_participant(
        session, actor, binder_id=binder_id, participant_id=participant_id, role=patch.role
    )
    return ok(schemas.participant_answer(updated))


@router.operation(
    "DELETE",
    "/{participantId}",
    "removeParticipant",
    permission=Permission.MANAGE_BINDERS,
    answer=schemas.ParticipantAnswer,
    errors=(BinderNotFoundError, ParticipantNotFoundError),
)
async def remove_participant(
    session: Writing, actor: Caller, binder_id: BinderId, participant_id: ParticipantId
) -> Response:
    """Let a member or a group take part in a binder no longer."""
    removed = await service.remove_participant(
        session, actor, binder_id=binder_id, participant_id=participant_id
    )
    return ok(schemas.participant_answer(removed))


@viewers.operation(
    "GET",
    "",
    "listFolderViewers",
    permission=Permission.MANAGE_BINDERS,
    answer=list[schemas.PartyAnswer],
    errors=(BinderNotFoundError, FolderNotFoundError),
)
async def list_folder_viewers(
    session: Reading,
    domain: Domain,  # noqa: ARG001 - there is one domain so far
    binder_id: BinderId,
    folder_id: FolderId,
) -> Response:
    """List who sees a folder when it is hidden, besides the binder's administrators."""
    found = await service.list_viewers(session, binder_id=binder_id, folder_id=folder_id)
    return ok([schemas.party_answer(each) for each in found])


@viewers.operation(
    "PUT",
    "",
    "setFolderViewers",
    permission=Permission.MANAGE_BINDERS,
    answer=list[schemas.PartyAnswer],
    errors=(BinderNotFoundError, FolderNotFoundError, MemberNotFoundError, GroupNotFoundError),
)
async def set_folder_viewers(
    session: Writing,
    actor: Caller,
    domain: Domain,  # noqa: ARG001 - there is one domain so far
    binder_id: BinderId,
    folder_id: FolderId,
    wanted: schemas.ViewersPut,
) -> Response:
    """Say who sees a folder when it is hidden: these members and groups, and no others."""
    found = await service.set_viewers(
        session,
        actor,
        binder_id=binder_id,
        folder_id=folder_id,
        member_ids=wanted.memberIds,
        group_ids=wanted.groupIds,
    )
    return ok([schemas.party_answer(each) for each in found])
