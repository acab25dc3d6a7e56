"""The wire format of members."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StrictBool, StringConstraints

from ringbinder.access.permissions import MemberRole
from ringbinder.features.members.rules import MAXIMUM_EMAIL_LENGTH, is_email
from ringbinder.features.members.types import Member, MemberState
from ringbinder.kit.clock import rfc3339
from ringbinder.web.patches import unchanged
from ringbinder.web.types import Described, FileName


def _email(text: str) -> str:
    if not is_email(text):
        message = "The value must be an address such as anna@example.com."
        raise ValueError(message)
    return text


Email = Annotated[
    str,
    StringConstraints(min_length=3, max_length=MAXIMUM_EMAIL_LENGTH),
    AfterValidator(_email),
    Described(pattern=r"^[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+$"),
    Field(examples=["anna.berg@example.com"]),
]
Name = Annotated[FileName, Field(examples=["Anna Berg"])]


class MemberInvite(BaseModel):
    """Whom to invite."""

    email: Email
    name: Name
    role: MemberRole
    language: Literal["sv", "en"] | None = Field(
        default=None, description="In which language to write; by default Swedish."
    )


class MemberPatch(BaseModel):
    """What shall be another way with a member; what is not given stays."""

    role: MemberRole = unchanged()
    isDisabled: StrictBool = unchanged(
        description=(
            "Whether the member is kept out: it cannot sign in to the organisation, its sessions "
            "there end at once, and everything else of it stays."
        )
    )


class MemberAnswer(BaseModel):
    """A person's place in the organisation."""

    id: UUID
    email: str = Field(examples=["anna.berg@example.com"])
    name: str = Field(examples=["Anna Berg"])
    role: MemberRole
    state: MemberState = Field(description="`invited` until the person has accepted.")
    isDisabled: bool = Field(description="Whether the member is kept out.")
    invitedAt: datetime
    joinedAt: datetime | None
    lastSeenAt: datetime | None


class MemberPage(BaseModel):
    """One page of members."""

    items: list[MemberAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="For the next page, or null.", examples=["WyI3YjE0Il0"]
    )


def member_answer(member: Member) -> dict[str, Any]:
    """Write a member."""
    return {
        "id": str(member.id),
        "email": member.email,
        "name": member.name,
        "role": str(member.role),
        "state": str(member.state),
        "isDisabled": member.is_disabled,
        "invitedAt": rfc3339(member.invited_at),
        "joinedAt": member.joined_at and rfc3339(member.joined_at),
        "lastSeenAt": member.last_seen_at and rfc3339(member.last_seen_at),
    }
