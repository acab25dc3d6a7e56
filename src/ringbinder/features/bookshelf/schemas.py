"""What the form for a new binder sends."""

from pydantic import BaseModel

from ringbinder.features.binders.schemas.texts import Colour, Line
from ringbinder.features.binders.types import BinderType
from ringbinder.web.types import BinderId, Text


class NewBinder(BaseModel):
    """A new binder, and the one whose tabs and schema it gets."""

    name: Line
    type: BinderType
    description: Text | None = None
    colour: Colour | None = None
    template: BinderId | None = None
