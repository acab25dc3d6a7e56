"""The wire format of the read log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ringbinder.features.readlog.types import Read, ReadHow
from ringbinder.kit.clock import rfc3339


class ReadAnswer(BaseModel):
    """One person has opened one version in the web application."""

    versionId: UUID
    versionNumber: int = Field(ge=1)
    versionLabel: str | None = Field(examples=["C"])
    memberId: UUID
    memberName: str = Field(examples=["Anna Andersson"])
    how: ReadHow
    at: datetime


class ReadPage(BaseModel):
    """One page of a read log."""

    items: list[ReadAnswer]
    totalCount: int = Field(ge=0)
    pageNumber: int = Field(ge=1)
    pageSize: int = Field(ge=1)
    nextCursor: str | None = Field(
        description="For the next page, or null.", examples=["WyI3YjE0Il0"]
    )


def read_answer(read: Read) -> dict[str, Any]:
    """Write one entry."""
    return {
        "versionId": str(read.version_id),
        "versionNumber": read.version_number,
        "versionLabel": read.version_label,
        "memberId": str(read.member_id),
        "memberName": read.member_name,
        "how": str(read.how),
        "at": rfc3339(read.at),
    }
