"""What a change of an element does to the documents of its binder, before it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ringbinder.features.metadata.rules.lists import arrange_values
from ringbinder.features.metadata.types import AllowedValue, Element, ElementChanges, Usage


class ImpactKind(StrEnum):
    """What happens to documents."""

    LACKING = "lacking"
    """They lack what will be required, and are asked for it at their next change."""
    RETIRED = "retired"
    """They keep their value of an element that nobody is asked for any more."""
    SEVERAL = "several"
    """They have several values where one will be allowed, so the change is refused."""
    VALUE_RELABELLED = "value_relabelled"
    """They show the new label of their value at once."""
    VALUE_RETIRED = "value_retired"
    """They keep a value that is given to no others."""
    VALUE_KEPT = "value_kept"
    """They have a value that was left out, so it is retired and not removed."""
    VALUE_REMOVED = "value_removed"
    """Nobody has the value, so it is gone."""
    VALUE_ADDED = "value_added"
    """A value is new."""


@dataclass(frozen=True, slots=True)
class Impact:
    """One consequence, for so many documents; ``was`` and ``becomes`` name a value."""

    kind: ImpactKind
    documents: int
    was: str = ""
    becomes: str = ""


def impacts_of(element: Element, changes: ElementChanges, usage: Usage) -> list[Impact]:
    """Tell what a change would do.

    Raises:
        FieldErrors: the list of values cannot be like that.

    """
    return [*_of_element(element, changes, usage), *_of_values(element, changes, usage)]


def _of_element(element: Element, changes: ElementChanges, usage: Usage) -> Iterator[Impact]:
    if changes.get("is_required", element.is_required) and not element.is_required:
        yield Impact(ImpactKind.LACKING, usage.documents - usage.having)
    if changes.get("is_retired", element.is_retired) and not element.is_retired:
        yield Impact(ImpactKind.RETIRED, usage.having)
    if element.is_multi_value and not changes.get("is_multi_value", True) and usage.several:
        yield Impact(ImpactKind.SEVERAL, usage.several)


def _of_values(element: Element, changes: ElementChanges, usage: Usage) -> Iterator[Impact]:
    if "values" not in changes:
        return
    change = arrange_values(changes["values"], element.values)
    before = {value.value_id: value for value in element.values}
    for value in change.values:
        yield from _of_value(before.get(value.value_id), value, usage)
    for value in change.left_out:
        documents = usage.by_value.get(value.value_id, 0)
        kind = ImpactKind.VALUE_KEPT if documents else ImpactKind.VALUE_REMOVED
        yield Impact(kind, documents, was=value.label)


def _of_value(before: AllowedValue | None, after: AllowedValue, usage: Usage) -> Iterator[Impact]:
    documents = usage.by_value.get(after.value_id, 0)
    if before is None:
        yield Impact(ImpactKind.VALUE_ADDED, 0, becomes=after.label)
        return
    if before.label != after.label:
        yield Impact(ImpactKind.VALUE_RELABELLED, documents, was=before.label, becomes=after.label)
    if after.is_retired and not before.is_retired:
        yield Impact(ImpactKind.VALUE_RETIRED, documents, was=after.label)
