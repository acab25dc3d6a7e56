"""The doors to groups: list, make, read, change, delete."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.groups import schemas, service
from ringbinder.features.groups.errors import GroupNameTakenError, GroupNotFoundError
from ringbinder.features.groups.types import Group
from ringbinder.features.members.errors import MemberNotFoundError
from ringbinder.kit.headers import etag
from ringbinder.web.answers import created, ok
from ringbinder.web.conditional import PreconditionFailedError, conditional_get, require_match
from ringbinder.web.dependencies import Caller, Reading, Writing
from ringbinder.web.operations import OperationRouter

router = OperationRouter(tag="Groups", prefix="/groups")

GroupId = Annotated[UUID, Path(alias="groupId", description="The group's id.")]


def group_etag(group: Group) -> str:
    """Give the strong entity tag of a group's representation."""
    return etag(f"{group.id.hex}-{group.revision}-{len(group.member_ids)}")


@router.operation(
    "GET",
    "",
    "listGroups",
    permission=Permission.MANAGE_MEMBERS,
    answer=list[schemas.GroupAnswer],
)
async def list_groups(session: Reading) -> Response:
    """List the organisation's groups by Swedish name."""
    return ok([schemas.group_answer(group) for group in await service.list_groups(session)])


@router.operation(
    "POST",
    "",
    "createGroup",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.GroupAnswer,
    etag=True,
    status=201,
    errors=(GroupNameTakenError, MemberNotFoundError),
)
async def create_group(session: Writing, actor: Caller, group: schemas.GroupCreate) -> Response:
    """Make a group, to open binders and hidden folders to several members at once."""
    made = await service.create_group(session, actor, name=group.name, member_ids=group.memberIds)
    return created(schemas.group_answer(made), headers={"etag": group_etag(made)})


@router.operation(
    "GET",
    "/{groupId}",
    "getGroup",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.GroupAnswer,
    etag=True,
    errors=(GroupNotFoundError,),
)
async def get_group(request: Request, session: Reading, group_id: GroupId) -> Response:
    """Give one group."""
    group = await service.get_group(session, group_id=group_id)
    return conditional_get(request, group_etag(group)) or _answer(group)


@router.operation(
    "PATCH",
    "/{groupId}",
    "updateGroup",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.GroupAnswer,
    etag=True,
    errors=(GroupNotFoundError, GroupNameTakenError, MemberNotFoundError, PreconditionFailedError),
)
async def update_group(
    request: Request,
    session: Writing,
    actor: Caller,
    group_id: GroupId,
    patch: schemas.GroupPatch,
) -> Response:
    """Rename a group, or give it other members: the list replaces the one before."""
    group = await service.update_group(
        session,
        actor,
        group_id=group_id,
        name=patch.name,
        member_ids=patch.memberIds,
        precondition=lambda current: require_match(request, group_etag(current)),
    )
    return _answer(group)


@router.operation(
    "DELETE",
    "/{groupId}",
    "deleteGroup",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.GroupAnswer,
    errors=(GroupNotFoundError, PreconditionFailedError),
)
async def delete_group(
    request: Request, session: Writing, actor: Caller, group_id: GroupId
) -> Response:
    """Delete a group; its members stay members."""
    group = await service.delete_group(
        session,
        actor,
        group_id=group_id,
        precondition=lambda current: require_match(request, group_etag(current)),
    )
    return ok(schemas.group_answer(group))


def _answer(group: Group) -> Response:
    return ok(schemas.group_answer(group), headers={"etag": group_etag(group)})
