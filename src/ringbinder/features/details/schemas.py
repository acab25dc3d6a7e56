"""What the forms of a document's page send."""

from uuid import UUID

from pydantic import BaseModel

from ringbinder.web.types import FileName


class Renaming(BaseModel):
    """A new name; ``revision`` is that of the document as the person saw it."""

    name: FileName
    revision: int


class Moving(BaseModel):
    """Another folder."""

    folder: UUID
    revision: int


class MovingMany(BaseModel):
    """Another folder for many documents."""

    folder: UUID


class Describing(BaseModel):
    """The metadata stands in fields of its own, by key."""

    revision: int


class Restoring(BaseModel):
    """Where a document comes back, where that is not the place it had."""

    folder: UUID | None = None
    name: FileName | None = None
