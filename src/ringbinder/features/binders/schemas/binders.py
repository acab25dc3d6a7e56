"""The wire format of binders."""

from datetime import datetime
from typing import Any, Final, cast

from pydantic import BaseModel, Field

from ringbinder.features.binders.schemas.texts import Colour, Line
from ringbinder.features.binders.types import Binder, BinderChanges, BinderState, BinderType
from ringbinder.kit.clock import rfc3339
from ringbinder.web.patches import given, unchanged
from ringbinder.web.types import Text

_CHANGES: Final = {name: name for name in ("name", "type", "description", "colour", "state")}


class BinderCreate(BaseModel):
    """A new binder."""

    name: Line = Field(examples=["Kvarteret Åkern"])
    type: BinderType = Field(description="What the binder is about.", examples=["project"])
    description: Text | None = Field(default=None, examples=["Nybyggnad av 48 lägenheter"])
    colour: Colour | None = Field(default=None, description="As #rrggbb.", examples=["#2f6f4f"])


class BinderPatch(BaseModel):
    """What to change of a binder; what is not given stays."""

    name: Line = unchanged(examples=["Kvarteret Åkern, etapp 1"])
    type: BinderType = unchanged()
    description: Text | None = unchanged(
        description="null removes it.", examples=["Nybyggnad av 48 lägenheter"]
    )
    colour: Colour | None = unchanged(
        description="As #rrggbb; null removes it.", examples=["#2f6f4f"]
    )
    state: BinderState = unchanged(
        description="`archived` makes the binder read-only, `active` reopens it."
    )

    def changes(self) -> BinderChanges:
        """Give what the client gave."""
        return cast(BinderChanges, given(self, _CHANGES))


class BinderAnswer(BaseModel):
    """A binder."""

    id: str = Field(examples=["MNWI5YR89"])
    name: str = Field(examples=["Kvarteret Åkern"])
    type: BinderType
    createdAt: datetime
    description: str | None = Field(examples=["Nybyggnad av 48 lägenheter"])
    colour: str | None = Field(description="As #rrggbb.", examples=["#2f6f4f"])
    state: BinderState = Field(description="An archived binder is read-only.")
    createdBy: str = Field(
        description="The name of who or what created it.", examples=["Projektportalen"]
    )
    updatedAt: datetime


class BinderPage(BaseModel):
    """One page of binders."""

    items: list[BinderAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="For the next page, or null.", examples=["WyI3YjE0Il0"]
    )


def binder_answer(binder: Binder) -> dict[str, Any]:
    """Write a binder."""
    return {
        "id": binder.id,
        "name": binder.name,
        "type": str(binder.type),
        "createdAt": rfc3339(binder.created_at),
        "description": binder.description,
        "colour": binder.colour,
        "state": str(binder.state),
        "createdBy": binder.created_by_name,
        "updatedAt": rfc3339(binder.updated_at),
    }
