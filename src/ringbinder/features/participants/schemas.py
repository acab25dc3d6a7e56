"""The wire format of participants and viewers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from ringbinder.access.permissions import BinderRole
from ringbinder.features.participants.types import Participant, Party, PartyKind
from ringbinder.kit.clock import rfc3339

MAXIMUM_VIEWERS = 500

Some = Annotated[list[UUID], Field(max_length=MAXIMUM_VIEWERS)]


class ParticipantAdd(BaseModel):
    """Who shall take part."""

    participantId: UUID = Field(description="The id of the member or group.")
    kind: PartyKind = Field(description="What the id is of.")
    role: BinderRole = BinderRole.PARTICIPANT


class ParticipantPatch(BaseModel):
    """What a participant shall be."""

    role: BinderRole


class ViewersPut(BaseModel):
    """Who sees a folder when it is hidden."""

    memberIds: Some = []
    groupIds: Some = []


class PartyAnswer(BaseModel):
    """A member or a group."""

    id: UUID
    kind: PartyKind
    name: str = Field(examples=["Anna Berg"])
    email: str | None = Field(description="Null for a group.", examples=["anna.berg@example.com"])


class ParticipantAnswer(PartyAnswer):
    """A member or a group that takes part in a binder."""

    role: BinderRole
    createdAt: datetime


def party_answer(party: Party) -> dict[str, Any]:
    """Write a party."""
    return {
        "id": str(party.id),
        "kind": str(party.kind),
        "name": party.name,
        "email": party.email,
    }


def participant_answer(participant: Participant) -> dict[str, Any]:
    """Write a participant."""
    return party_answer(participant.party) | {
        "role": str(participant.role),
        "createdAt": rfc3339(participant.created_at),
    }
