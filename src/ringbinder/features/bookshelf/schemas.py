"""What the form for a new binder sends."""

from typing import Annotated

from pydantic import BaseModel, Field

from ringbinder.features.binders.schemas.texts import Colour, Line
from ringbinder.features.binders.types import BinderType
from ringbinder.web.types import BinderId, Text

TemplateId = Annotated[str, Field(pattern=r"^[a-z]+$")]
"""A built-in template's id: small letters, so that it is no binder's."""


class NewBinder(BaseModel):
    """A new binder, and the binder or built-in template whose tabs and schema it gets."""

    name: Line
    type: BinderType
    description: Text | None = None
    colour: Colour | None = None
    template: BinderId | TemplateId | None = None
