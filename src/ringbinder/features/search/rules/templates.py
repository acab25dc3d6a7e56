"""The shape of a search apart from its values, so that searches alike share one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from ringbinder.features.search.rules.planning import Plan, Way
from ringbinder.features.search.rules.texts import TermForms, part_pattern, term_forms
from ringbinder.features.search.types import (
    Anything,
    Between,
    Condition,
    Criteria,
    HasValue,
    InBinders,
    InFolders,
    InFolderTypes,
    KeyKind,
    Negated,
    OneOf,
    Operator,
    Position,
    Slice,
    SortKey,
)
from ringbinder.features.search.types.criteria import Positive, ValueTest
from ringbinder.kit.slots import number_slot, text_slot

MAXIMUM_SLOTS: Final = 100
"""Searches with more values are too seldom alike."""


@dataclass(frozen=True, slots=True)
class Template:
    """Criteria, order and plan with stand-ins in place of values, and how many there are.

    Equal templates have the same statement. ``forms`` are those of the term in the name.
    """

    criteria: Criteria
    order: tuple[SortKey, ...]
    plan: Plan
    forms: TermForms | None
    slots: int

    @property
    def is_steady(self) -> bool:
        """Tell whether one plan of the database is good for all values.

        How many documents have a value was looked up when ours was chosen. What share of all lies
        behind a bound, or has a part in its name, the database must tell by the value. So it must
        where several conditions meet: planned without their values, one has taken 21 seconds, as
        the order in which they are joined was that of another day's statistics.
        """
        every = (*self.criteria.conditions, *chain.from_iterable(self.criteria.groups))
        is_single = len(every) + bool(self.criteria.folders) <= 1
        return is_single and self.criteria.term is None and not any(map(_has_bound, every))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many a search found at a change."""

    total: int
    sequence: int


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """A page with stand-ins, which come behind those of the template, and how many there are.

    ``wanted`` has one document more than the page, of so many (``size``); ``last`` is how many come
    before its last. ``sequence`` is the change since which what was looked up must hold. ``lasts``
    tells that it does not depend on documents, and so outlasts changes of them. ``counted`` is the
    total as it was counted last.
    """

    wanted: Slice
    size: int
    last: int
    sequence: int
    counted: Counted
    lasts: bool
    slots: int


class _NotAlike(Exception):
    """The search has something in it that no template can stand for."""


@dataclass(slots=True)
class _Slots:
    values: list[int | str] = field(default_factory=list)

    def number(self, value: int) -> int:
        self.values.append(value)
        return number_slot(len(self.values) - 1)

    def text(self, value: str) -> str:
        self.values.append(value)
        return text_slot(len(self.values) - 1)

    def numbers(self, values: frozenset[int]) -> frozenset[int]:
        if len(values) > MAXIMUM_SLOTS:
            raise _NotAlike
        return frozenset(self.number(value) for value in sorted(values))


def template_of(
    criteria: Criteria, order: tuple[SortKey, ...], plan: Plan
) -> tuple[Template, tuple[int | str, ...]] | None:
    """Take a search apart into its template and its values; None where that does not pay."""
    if any(sort.key.kind is KeyKind.CREATOR for sort in order):
        return None
    slots = _Slots()
    try:
        abstract = _Abstract(slots)
        conditions = {one: abstract.condition(one) for one in criteria.conditions}
        template = Criteria(
            binders=None if criteria.binders is None else slots.numbers(criteria.binders),
            folders=None if criteria.folders is None else slots.numbers(criteria.folders),
            conditions=tuple(conditions.values()),
            groups=tuple(tuple(map(abstract.condition, group)) for group in criteria.groups),
            term=None if criteria.term is None else "",
        )
        forms = None
        if criteria.term is not None:
            forms = _forms(term_forms(criteria.term, plan.part), slots)
    except _NotAlike:
        return None
    driver = None if plan.driver is None else conditions[plan.driver]
    assert driver is None or isinstance(driver, HasValue)  # noqa: S101 - it is the stand-in of one
    alike = replace(plan, driver=driver, part=None)
    found = Template(template, order, alike, forms, len(slots.values))
    return (found, tuple(slots.values)) if found.slots <= MAXIMUM_SLOTS else None


@dataclass(frozen=True, slots=True)
class _Abstract:
    slots: _Slots

    def condition(self, one: Condition) -> Condition:
        if isinstance(one, Negated):
            return Negated(self._positive(one.condition))
        return self._positive(one)

    def _positive(self, one: Positive) -> Positive:
        match one:
            case InBinders(keys):
                return InBinders(self.slots.numbers(keys))
            case InFolders(keys, _):
                # The binders of folders were used for the criteria's own.
                return InFolders(self.slots.numbers(keys), frozenset())
            case InFolderTypes(types):
                return InFolderTypes(frozenset(map(self.slots.text, sorted(types))))
            case HasValue(element_key, test, is_counted):
                return HasValue(element_key, self._test(test), is_counted)

    def _test(self, test: ValueTest) -> ValueTest:
        match test:
            case OneOf(values):
                return OneOf(tuple(map(self.slots.text, values)))
            case Between(operator, bound):
                return Between(operator, self.slots.text(bound))
            case Anything():
                return test
            case _:
                raise _NotAlike


def _has_bound(condition: Condition) -> bool:
    positive = condition.condition if isinstance(condition, Negated) else condition
    return isinstance(positive, HasValue) and isinstance(positive.test, Between)


def _forms(forms: TermForms, slots: _Slots) -> TermForms:
    compared = slots.text(part_pattern(forms.compared, Operator.CONTAINS))
    phrase, term = slots.text(forms.phrase), slots.text(forms.term)
    if forms.sorted is None:
        return TermForms(compared, None, phrase, term)
    if forms.sorted == forms.compared:
        return TermForms(compared, compared, phrase, term)
    other = slots.text(part_pattern(forms.sorted, Operator.CONTAINS))
    return TermForms(compared, other, phrase, term)


def page_template(template: Template, wanted: Slice, *, lasts: bool) -> PageTemplate | None:
    """Give the stand-ins of a page; None where a walk goes on behind what has a value."""
    place = template.slots
    limit, size, last, sequence = (number_slot(place + step) for step in range(4))
    counted = Counted(number_slot(place + 4), number_slot(place + 5))
    offset, used = 0, place + 6
    if wanted.offset:
        offset, used = number_slot(used), used + 1
    after = None
    if wanted.after is not None:
        if template.plan.way is Way.WALK_VALUES and wanted.after.values[0] is None:
            return None
        values: list[str | None] = []
        for value in wanted.after.values:
            values.append(None if value is None else text_slot(used))
            used += value is not None
        after = Position(tuple(values), number_slot(used))
        used += 1
    return PageTemplate(Slice(limit, offset, after), size, last, sequence, counted, lasts, used)


def page_values(wanted: Slice, sequence: int, counted: Counted) -> Sequence[int | str]:
    """Give the values of a page in the order of its stand-ins."""
    size = wanted.limit - 1
    values: list[int | str] = [wanted.limit, size, size - 1, sequence]
    values += [counted.total, counted.sequence]
    if wanted.offset:
        values.append(wanted.offset)
    if wanted.after is not None:
        values += [value for value in wanted.after.values if value is not None]
        values.append(wanted.after.key)
    return values
