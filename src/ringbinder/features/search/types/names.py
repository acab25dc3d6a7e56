"""What the words of a query stand for in an organisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from ringbinder.features.search.types.asked import Filter


@dataclass(frozen=True, slots=True)
class Creator:
    """Who created documents: the id in the index, and the name, as one of them shows it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder and all below it: their keys, and that of the binder that they are in."""

    binder_key: int
    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class Names:
    """Keys and ids of what a query names, as far as it exists.

    ``labels`` gives the ids of an element's values that have a label in some binder's list,
    ``long_texts`` the cut index values whose whole text matches.
    """

    binders: Mapping[str, int] = field(default_factory=dict)
    folders: Mapping[UUID, Tree] = field(default_factory=dict)
    labels: Mapping[tuple[int, str], frozenset[str]] = field(default_factory=dict)
    creators: tuple[Creator, ...] = ()
    long_texts: Mapping[Filter, tuple[str, ...]] = field(default_factory=dict)
