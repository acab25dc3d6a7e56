"""A binder as the rest of the program sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict


class BinderType(StrEnum):
    """What a binder is about."""

    PROJECT = "project"
    FACILITY = "facility"
    TENDER = "tender"
    ORGANISATION = "organisation"


class BinderState(StrEnum):
    """Whether a binder can be changed."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Binder:
    """A binder. ``id`` is the NanoId that clients use, ``key`` the number inside the database.

    ``is_changeable`` tells whether whoever looked it up may do in it what was asked for.
    """

    key: int
    id: str
    name: str
    type: BinderType
    state: BinderState
    description: str | None
    colour: str | None
    created_at: datetime
    created_by_name: str
    updated_at: datetime
    revision: int
    is_changeable: bool = True


class BinderChanges(TypedDict, total=False):
    """What can be changed of a binder; what is not there stays."""

    name: str
    type: BinderType
    description: str | None
    colour: str | None
    state: BinderState
