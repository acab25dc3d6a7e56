"""How a search goes about it: which index it walks, and where the exact total comes from.

There are three ways. Where few documents can match, they are all gathered and sorted, and their
number is the total. Otherwise the index of names, or that of the sorting key's values, is walked in
order until the page is full; the total is then a counter, or counted apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ringbinder.features.evidence.types import Counted
from ringbinder.features.metadata.types import FIRST_CUSTOM_KEY
from ringbinder.features.search.rules.texts import SHORTEST_PART
from ringbinder.features.search.types import (
    Between,
    CounterSum,
    Criteria,
    HasValue,
    KeyKind,
    Negated,
    OneOf,
    Operator,
    SortKey,
    TextPart,
)

FEW: Final = 5000
"""So many documents are gathered rather than walked to."""

SPARE: Final = 200
"""So many names may be looked at in vain, which takes 0.3 ms."""


class Way(StrEnum):
    """How the page is found."""

    GATHER = "gather"
    WALK_NAMES = "walk names"
    WALK_VALUES = "walk values"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many documents there can be, as far as was asked; one more than few means more.

    ``parts`` are parts of the term, with the numbers of names that have them; ``has_several`` tells
    that a document may have several values of the key that sorts.
    """

    drivers: Mapping[HasValue, int] = field(default_factory=dict)
    folders: int | None = None
    names: int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    has_several: bool = False


@dataclass(frozen=True, slots=True)
class Questions:
    """What has to be measured before a way is chosen; ``sorted_by`` is the number of an element."""

    drivers: tuple[HasValue, ...] = ()
    folders: CounterSum | None = None
    term: str | None = None
    sorted_by: int | None = None

    def __bool__(self) -> bool:
        return bool(self.drivers or self.folders or self.term or self.sorted_by)


@dataclass(frozen=True, slots=True)
class Plan:
    """The way, and the condition whose index range it begins with, if any.

    ``by_parts`` tells that it begins with the index of the parts of names, and ``part`` with which
    part of the term; None is the whole term.
    """

    way: Way
    driver: HasValue | None = None
    by_parts: bool = False
    part: str | None = None


def questions_of(criteria: Criteria, order: Sequence[SortKey]) -> Questions:
    """Ask for as little as the choice needs."""
    if _is_one_listing(criteria, order):
        return Questions()
    ranges = (one for one in criteria.conditions if isinstance(one, HasValue) and _is_range(one))
    sorted_by = order[0].key.element_key if _sorts_by_values(order) else 0
    return Questions(
        drivers=tuple(ranges),
        folders=None if criteria.folders is None else _place_counters(criteria),
        term=criteria.term if _is_in_parts(criteria) else None,
        sorted_by=sorted_by if sorted_by >= FIRST_CUSTOM_KEY else None,
    )


def _is_in_parts(criteria: Criteria) -> bool:
    """Tell whether the index of the parts of names may help: inside of a binder, names are few."""
    has_parts = criteria.term is not None and len(criteria.term) >= SHORTEST_PART
    return has_parts and criteria.binders is None and criteria.folders is None


def _is_range(one: HasValue) -> bool:
    match one.test:
        case OneOf() | Between():
            return True
        case TextPart(operator=Operator.STARTS_WITH):
            return True
        case _:
            return False


def _sorts_by_values(order: Sequence[SortKey]) -> bool:
    """Tell whether an order is that of one key's values, in which the index of values stands."""
    return len(order) == 1 and order[0].key.kind in (KeyKind.PLAIN, KeyKind.LISTED, KeyKind.CREATOR)


def choose_plan(criteria: Criteria, order: Sequence[SortKey], sizes: Sizes, few: int = FEW) -> Plan:
    """Choose the way that touches the fewest rows; ``few`` as the sizes were measured with."""
    if _is_one_listing(criteria, order):
        return Plan(Way.WALK_NAMES)
    driver = min(sizes.drivers, key=lambda one: sizes.drivers[one], default=None)
    fewest = sizes.drivers[driver] if driver is not None else few + 1
    if sizes.folders is not None and sizes.folders < fewest:
        driver, fewest = None, sizes.folders
    if sizes.names is not None and sizes.names < fewest:
        return Plan(Way.GATHER, by_parts=True, part=_rare_part(sizes, sizes.names, few))
    is_common = sizes.names is not None and not order
    if fewest <= few or (criteria.term is not None and not is_common):
        # A name can only be tested on every document in question: one pass finds page and total.
        return Plan(Way.GATHER, driver if fewest <= few else None)
    if not order:
        return Plan(Way.WALK_NAMES, driver)
    if _sorts_by_values(order) and not sizes.has_several:
        return Plan(Way.WALK_VALUES, driver)
    return Plan(Way.GATHER, driver)


def _rare_part(sizes: Sizes, names: int, few: int) -> str | None:
    """Give a part that hardly more names have than the whole term, where another is common.

    To find a whole term, SQLite reads every entry of each of its parts: 8 ms for some that a
    million names are full of, where one that is in 2,000 names takes 0.1 ms.
    """
    part = min(sizes.parts, key=lambda one: sizes.parts[one], default=None)
    if part is None or max(sizes.parts.values()) <= few:
        return None
    return part if sizes.parts[part] <= 2 * names + SPARE else None


def _is_one_listing(criteria: Criteria, order: Sequence[SortKey]) -> bool:
    """Tell whether the search is a listing by name that stands in an index as it is."""
    folders = criteria.folders
    is_plain = not (criteria.conditions or criteria.groups or criteria.term or order)
    return is_plain and (folders is None or len(folders) == 1)


def counters_of(criteria: Criteria) -> CounterSum | None:
    """Give the counters whose sum is the total, or None where it has to be counted."""
    if criteria.groups or criteria.term is not None:
        return None
    if not criteria.conditions:
        return _place_counters(criteria)
    if len(criteria.conditions) == 1 and criteria.folders is None:
        return _value_counters(criteria)
    return None


def _place_counters(criteria: Criteria) -> CounterSum:
    if criteria.folders is not None:
        return CounterSum(Counted.FOLDER, criteria.binders, criteria.folders)
    if criteria.binders is not None:
        return CounterSum(Counted.BINDER, criteria.binders)
    return CounterSum(Counted.ORGANISATION)


def _value_counters(criteria: Criteria) -> CounterSum | None:
    match criteria.conditions[0]:
        case HasValue(element_key, OneOf((value,)), is_counted=True):
            kind = Counted.VALUE if criteria.binders is None else Counted.VALUE_IN_BINDER
            return CounterSum(kind, criteria.binders, frozenset({element_key}), value)
        case _:
            return None


def is_single(one: HasValue) -> bool:
    """Tell whether the condition's index range holds each document only once."""
    return isinstance(one.test, OneOf) and len(one.test.values) == 1


def needs_documents(criteria: Criteria) -> bool:
    """Tell whether the conditions ask for more than the index of values knows."""
    every = (*criteria.conditions, *(one for group in criteria.groups for one in group))
    return criteria.folders is not None or criteria.term is not None or any(map(_is_place, every))


def _is_place(one: object) -> bool:
    inner = one.condition if isinstance(one, Negated) else one
    return not isinstance(inner, HasValue)
