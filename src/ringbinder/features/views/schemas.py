"""What the forms of a binder's page send."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from ringbinder.web.types import Label


class NewView(BaseModel):
    """A list that shall be kept under a name."""

    name: Label
    query: Annotated[str, StringConstraints(max_length=8000)] = ""
    is_shared: bool = False
