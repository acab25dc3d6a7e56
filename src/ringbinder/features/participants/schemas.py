"""The wire format of participants and viewers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from ringbinder.access.permissions import BinderRole
from ringbinder.features.participants.types import Participant, Party, PartyKind
from ringbinder.kit.clock import rfc3339
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.types import CleanText

MAXIMUM_VIEWERS = 500

Some = Annotated[list[UUID], Field(max_length=MAXIMUM_VIEWERS)]


class ParticipantAdd(BaseModel):
    """Who shall take part."""

    participantId: UUID = Field(description="The id of the member or group.")
    kind: PartyKind = Field(description="What the id is of.")
    role: BinderRole = BinderRole.PARTICIPANT


class ParticipantForm(BaseModel):
    """Who shall take part, as a form sends it: ``member:`` or ``group:`` and the id."""

    party: CleanText
    role: BinderRole

    @property
    def named(self) -> tuple[PartyKind, UUID]:
        """What the id is of, and the id."""
        return party_of(self.party)

    @field_validator("party")
    @classmethod
    def _is_named(cls, text: str) -> str:
        if _read_party(text) is None:
            message = "Choose a member or a group."
            raise ValueError(message)
        return text


class ParticipantRole(BaseModel):
    """What a participant shall be."""

    role: BinderRole


class ViewersForm(BaseModel):
    """Whether a tab is hidden; who sees it then is ticked."""

    hidden: Literal["1"] | None = None


def party_of(text: str) -> tuple[PartyKind, UUID]:
    """Read a member or group as a form names it.

    Raises:
        FieldErrors: about the field ``party``.

    """
    found = _read_party(text)
    if found is None:
        raise FieldErrors({"party": ["Choose a member or a group."]})
    return found


def _read_party(text: str) -> tuple[PartyKind, UUID] | None:
    kind, _, party_id = text.partition(":")
    try:
        return PartyKind(kind), UUID(party_id)
    except ValueError:
        return None


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
