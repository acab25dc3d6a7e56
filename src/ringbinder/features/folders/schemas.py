"""The wire format of folders."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from ringbinder.features.folders.types import Folder, FolderChanges, FolderType
from ringbinder.kit.clock import rfc3339
from ringbinder.web.patches import given, unchanged
from ringbinder.web.types import NOT_A_TEXT, FileName

_CHANGES: Final = {
    "name": "name",
    "type": "type",
    "parentId": "parent_id",
    "position": "position",
    "isHidden": "is_hidden",
}
_POSITION: Final = "The folder takes this place among its siblings; those from there on move back."

Name = Annotated[FileName, Field(examples=["A Ritningar"])]
Position = Annotated[int, Field(ge=0, le=1_000_000), NOT_A_TEXT]


class FolderCreate(BaseModel):
    """A new folder."""

    name: Name
    type: FolderType = Field(
        default=FolderType.DOCUMENTS, description="What it is meant for.", examples=["drawings"]
    )
    parentId: UUID | None = Field(
        default=None, description="The folder that it stands in; without one it is a tab."
    )
    position: Position | None = Field(default=None, description=f"{_POSITION} By default the last.")


class TabForm(BaseModel):
    """What the form of a tab sends; without a parent it is a tab."""

    name: FileName
    type: FolderType
    parent: UUID | None = None


class TabMove(BaseModel):
    """One place up or down among siblings."""

    to: Literal["up", "down"]


class FolderPatch(BaseModel):
    """What to change of a folder; what is not given stays."""

    name: Name = unchanged()
    type: FolderType = unchanged(examples=["drawings"])
    parentId: UUID | None = unchanged(description="Another folder; null makes the folder a tab.")
    position: Position = unchanged(description=_POSITION)
    isHidden: StrictBool = unchanged(
        description="Whether, of people, only its viewers and the binder's administrators see it."
    )

    def changes(self) -> FolderChanges:
        """Give what the client gave."""
        return cast(FolderChanges, given(self, _CHANGES))


class FolderAnswer(BaseModel):
    """A folder; one without a parent is a tab."""

    id: UUID
    name: str = Field(examples=["A Ritningar"])
    type: FolderType = Field(examples=["drawings"])
    parentId: UUID | None
    position: int = Field(description="Siblings stand in this order; numbers may be missing.")
    createdAt: datetime
    updatedAt: datetime
    isHidden: bool = Field(
        description="Whether, of people, only its viewers and the binder's administrators see it."
    )


class FolderPage(BaseModel):
    """One page of folders."""

    items: list[FolderAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="For the next page, or null.", examples=["WyI3YjE0Il0"]
    )


def folder_answer(folder: Folder) -> dict[str, Any]:
    """Write a folder."""
    return {
        "id": str(folder.id),
        "name": folder.name,
        "type": str(folder.type),
        "parentId": None if folder.parent_id is None else str(folder.parent_id),
        "position": folder.position,
        "createdAt": rfc3339(folder.created_at),
        "updatedAt": rfc3339(folder.updated_at),
        "isHidden": folder.is_hidden,
    }
