"""The doors to members: list, read, invite, change the role, remove."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from ringbinder.access.permissions import Permission
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.members import schemas, service
from ringbinder.features.members.errors import (
    LastOwnerError,
    MemberExistsError,
    MemberNotFoundError,
)
from ringbinder.features.members.types import Member
from ringbinder.kit.headers import etag
from ringbinder.kit.paging import query_shape
from ringbinder.web.answers import created, ok
from ringbinder.web.conditional import PreconditionFailedError, conditional_get, require_match
from ringbinder.web.dependencies import Caller, Reading, Writing, part
from ringbinder.web.operations import OperationRouter
from ringbinder.web.paging import Listing, Paging

router = OperationRouter(tag="Members", prefix="/members")

Letters = Annotated[Invitations, Depends(part(Invitations))]
MemberId = Annotated[UUID, Path(alias="memberId", description="The member's id.")]


def member_etag(member: Member) -> str:
    """Give the strong entity tag of a member's representation."""
    return etag(f"{member.id.hex}-{member.revision}")


@router.operation(
    "GET",
    "",
    "listMembers",
    permission=Permission.MANAGE_MEMBERS,
    answer=list[schemas.MemberAnswer] | schemas.MemberPage,
)
async def list_members(session: Reading, query: Paging) -> Response:
    """List members by Swedish name: an array of up to 10,000, or a page if paging is asked for."""
    shape = query_shape("members", query.search_term)
    listing = Listing(query, shape, str, int, whole=service.MAXIMUM_UNPAGED)
    found, total = await service.list_members(
        session,
        search_term=query.search_term,
        after=listing.position,
        offset=listing.offset,
        limit=listing.limit,
    )
    return listing.answer(
        found,
        total,
        write=lambda one: schemas.member_answer(one[0]),
        position=lambda one: (one[1], one[0].key),
    )


@router.operation(
    "POST",
    "",
    "inviteMember",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.MemberAnswer,
    etag=True,
    status=201,
    errors=(MemberExistsError,),
)
async def invite_member(
    session: Writing, actor: Caller, letters: Letters, member: schemas.MemberInvite
) -> Response:
    """Invite a person by a letter; only people who are owners make owners."""
    made = await service.invite_by_letter(
        session,
        actor,
        letters,
        email=member.email,
        name=member.name,
        role=member.role,
        language=member.language,
    )
    return created(schemas.member_answer(made), headers={"etag": member_etag(made)})


@router.operation(
    "GET",
    "/{memberId}",
    "getMember",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.MemberAnswer,
    etag=True,
    errors=(MemberNotFoundError,),
)
async def get_member(request: Request, session: Reading, member_id: MemberId) -> Response:
    """Give one member."""
    member = await service.get_member(session, member_id=member_id)
    return conditional_get(request, member_etag(member)) or _answer(member)


@router.operation(
    "PATCH",
    "/{memberId}",
    "updateMember",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.MemberAnswer,
    etag=True,
    errors=(MemberNotFoundError, LastOwnerError, PreconditionFailedError),
)
async def update_member(
    request: Request,
    session: Writing,
    actor: Caller,
    member_id: MemberId,
    patch: schemas.MemberPatch,
) -> Response:
    """Give a member another role, or keep it out; only people who are owners change owners."""
    member = await service.update_member(
        session,
        actor,
        member_id=member_id,
        role=patch.role,
        is_disabled=patch.isDisabled,
        precondition=lambda current: require_match(request, member_etag(current)),
    )
    return _answer(member)


@router.operation(
    "DELETE",
    "/{memberId}",
    "removeMember",
    permission=Permission.MANAGE_MEMBERS,
    answer=schemas.MemberAnswer,
    errors=(MemberNotFoundError, LastOwnerError, PreconditionFailedError),
)
async def remove_member(
    request: Request, session: Writing, actor: Caller, member_id: MemberId
) -> Response:
    """Take a member out of the organisation, its groups, binders and hidden folders, at once."""
    member = await service.remove_member(
        session,
        actor,
        member_id=member_id,
        precondition=lambda current: require_match(request, member_etag(current)),
    )
    return ok(schemas.member_answer(member))


def _answer(member: Member) -> Response:
    return ok(schemas.member_answer(member), headers={"etag": member_etag(member)})
