"""The wire format of groups."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from ringbinder.features.groups.types import Group
from ringbinder.kit.clock import rfc3339
from ringbinder.web.patches import unchanged
from ringbinder.web.types import FileName

MAXIMUM_MEMBERS = 1000

Name = Annotated[FileName, Field(examples=["Projekteringsgruppen"])]
MemberIds = Annotated[list[UUID], Field(max_length=MAXIMUM_MEMBERS, description="Who is in it.")]


class GroupCreate(BaseModel):
    """A new group."""

    name: Name
    memberIds: MemberIds = []


class GroupForm(BaseModel):
    """What the form of a group sends, besides the members that are ticked."""

    name: FileName


class GroupPatch(BaseModel):
    """What to change of a group; what is not given stays."""

    name: Name = unchanged()
    memberIds: MemberIds = unchanged()


class GroupAnswer(BaseModel):
    """A group of members."""

    id: UUID
    name: str = Field(examples=["Projekteringsgruppen"])
    memberIds: list[UUID]
    createdAt: datetime
    updatedAt: datetime


def group_answer(group: Group) -> dict[str, Any]:
    """Write a group."""
    return {
        "id": str(group.id),
        "name": group.name,
        "memberIds": [str(each) for each in group.member_ids],
        "createdAt": rfc3339(group.created_at),
        "updatedAt": rfc3339(group.updated_at),
    }
