"""What a client asks for."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ringbinder.features.metadata.types import DataType
from ringbinder.kit.names import comparison_key

MAXIMUM_FILTERS: Final = 50
"""How many filters a search can have, those in groups among them."""

MAXIMUM_SORT_KEYS: Final = 8
"""How many keys a search can sort by."""

MAXIMUM_VALUES: Final = 200
"""How many values one filter can name."""

MAXIMUM_TEXT: Final = 4000
"""How many characters a value in a filter can have."""


class Operator(StrEnum):
    """How a filter compares."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    EXISTS = "exists"
    MISSING = "missing"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"


class Direction(StrEnum):
    """Which way a key sorts; documents without a value come last either way."""

    ASC = "asc"
    DESC = "desc"


class KeyKind(StrEnum):
    """What the values of a key stand for."""

    BINDER = "binder"
    FOLDER = "folder"
    FOLDER_TYPE = "folder type"
    CREATOR = "creator"
    LISTED = "listed value"
    PLAIN = "plain value"


@dataclass(frozen=True, slots=True)
class SearchKey:
    """A metadata key that can be searched; ``element_key`` is its number in the index of values."""

    metadata_element_id: str
    element_key: int
    data_type: DataType
    kind: KeyKind


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a document.

    ``values`` are ready for the index where the key is plain; for parts of texts they are
    comparison keys; otherwise they are as they were given: ids, labels, names. ``by_id`` tells that
    a ``valueId`` was given, so that no label can be meant.
    """

    key: SearchKey
    operator: Operator
    values: tuple[str, ...] = ()
    by_id: bool = False


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of the order."""

    key: SearchKey
    direction: Direction = Direction.ASC


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """All of the filters, at least one of each group, and a part of the file name.

    ``term`` is a comparison key. ``visible_folders`` and ``visible_binders`` are the keys of those
    that the caller may see, None for all. Without an ``order`` documents come by file name.
    """

    filters: tuple[Filter, ...] = ()
    groups: tuple[tuple[Filter, ...], ...] = ()
    order: tuple[SortKey, ...] = ()
    term: str | None = None
    visible_folders: frozenset[int] | None = None
    visible_binders: frozenset[int] | None = None

    def about(self, part_of_name: str | None) -> "SearchQuery":
        """Keep to documents whose file name contains this, upper and lower case being the same."""
        term = None if part_of_name is None else comparison_key(part_of_name)
        return replace(self, term=term)
