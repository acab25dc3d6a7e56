"""What the forms about API clients send."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ringbinder.access.limits import OVERRIDABLE, RequestType
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


class OwnLimits(BaseModel):
    """How often a minute a client may do what; what is not given is as for its role."""

    read: Annotated[int, Field(ge=1, le=10**9)] | None = None
    search: Annotated[int, Field(ge=1, le=10**9)] | None = None
    write: Annotated[int, Field(ge=1, le=10**9)] | None = None

    @property
    def by_request(self) -> dict[RequestType, int | None]:
        """Give them by what is limited."""
        return {request: getattr(self, request) for request in OVERRIDABLE}
