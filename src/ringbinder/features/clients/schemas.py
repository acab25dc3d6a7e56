"""What the forms about API clients send."""

from typing import Literal

from pydantic import BaseModel, Field

from ringbinder.access.permissions import Role
from ringbinder.web.types import ShortText


class NewClient(BaseModel):
    """A new API client."""

    name: ShortText
    role: Role


class Rotation(BaseModel):
    """For how many hours the older secrets stay valid."""

    overlap: int = Field(ge=0, le=24 * 90)


class Access(BaseModel):
    """Whether API clients may be used in the organisation at all."""

    access: Literal["on", "off"]
