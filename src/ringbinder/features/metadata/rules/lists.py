"""How lists of allowed values and the ids in a schema come about."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from ringbinder.features.metadata.types import (
    LANGUAGES,
    MAXIMUM_ID_LENGTH,
    MAXIMUM_VALUES_OF_ELEMENT,
    AllowedValue,
    ListedValue,
)
from ringbinder.kit.errors import FieldProblems

_NO_LETTER: Final = re.compile(r"[^A-Za-z0-9]+")
_UNDECOMPOSED: Final = str.maketrans(
    {"æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ß": "ss", "đ": "d", "ł": "l"}
)
_ROOM_FOR_NUMBER: Final = 10


def word_of(text: str) -> str:
    """Make a readable ASCII word of a label: ``Drift_och_underhall`` of ``Drift och underhåll``.

    Empty where the label has no letter or digit that ASCII could stand for.
    """
    apart = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return _NO_LETTER.sub("_", bare).strip("_")[: MAXIMUM_ID_LENGTH - _ROOM_FOR_NUMBER]


def free_id(word: str, taken: Container[str]) -> str:
    """Give the word, or the first of ``word_2``, ``word_3`` … that is not taken."""
    candidates = (word if number == 1 else f"{word}_{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)


def full_labels(
    label: str,
    given: Mapping[str, str] | None,
    *,
    before: Mapping[str, str] | None = None,
    was: str = "",
) -> dict[str, str]:
    """Give the label in every language.

    Languages that are not given keep the label that they have, as long as it is one of their own
    and not what the plain label ``was``.
    """
    kept = {language: text for language, text in (before or {}).items() if text != was}
    return {language: (given or kept).get(language, label) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class ListChange:
    """What becomes of a list of values, and the values that are in it no more."""

    values: tuple[AllowedValue, ...]
    left_out: tuple[AllowedValue, ...]


def arrange_values(
    given: Sequence[ListedValue], current: Sequence[AllowedValue] = (), *, path: str = "values"
) -> ListChange:
    """Make the complete new list of the given one, in its order.

    A given value without an id is the present one of the same label, or else new, with an id made
    of its label.

    Raises:
        FieldErrors: with every id and label that is there twice.

    """
    present = _present_ids(given, current)
    _assert_distinct(given, path)
    taken = {value.value_id for value in current} | {value_id for value_id in present if value_id}
    known = {value.value_id: value for value in current}
    values = []
    for position, (item, value_id) in enumerate(zip(given, present, strict=True)):
        own_id = value_id or free_id(word_of(item.label) or "value", taken)
        taken.add(own_id)
        values.append(_listed(item, own_id, position, known.get(own_id)))
    kept = {value.value_id for value in values}
    left_out = tuple(value for value in current if value.value_id not in kept)
    return ListChange(tuple(values), left_out)


def _present_ids(given: Sequence[ListedValue], current: Sequence[AllowedValue]) -> list[str | None]:
    """Give the id that each given value has, or finds by its label; None where it needs one."""
    named = {item.value_id for item in given if item.value_id}
    # The first of several with the same label is meant: it is active, the others are retired.
    by_label = {value.label: value.value_id for value in reversed(current)}
    found = []
    for item in given:
        match = item.value_id or by_label.get(item.label)
        found.append(match if item.value_id or match not in named else None)
    return found


def _assert_distinct(given: Sequence[ListedValue], path: str) -> None:
    problems = FieldProblems()
    _check_length(len(given), path, problems)
    for index in _repeated(None if item.is_retired else item.label for item in given):
        problems.add(f"{path}[{index}].label", "Another value of the list has this label.")
    for index in _repeated(item.value_id for item in given):
        problems.add(f"{path}[{index}].valueId", "Another value of the list has this id.")
    problems.raise_if_any()


def _repeated(texts: Iterable[str | None]) -> list[int]:
    seen: set[str] = set()
    repeated = []
    for index, text in enumerate(texts):
        if text in seen:
            repeated.append(index)
        if text is not None:
            seen.add(text)
    return repeated


def _listed(
    item: ListedValue, value_id: str, position: int, before: AllowedValue | None
) -> AllowedValue:
    labels = full_labels(
        item.label,
        item.labels,
        before=before.labels if before else None,
        was=before.label if before else "",
    )
    return AllowedValue(value_id, item.label, labels, position, item.is_retired)


def retire_behind(
    change: ListChange, used: Container[str], *, path: str = "values"
) -> tuple[AllowedValue, ...]:
    """Give the new list with those that were left out but are in use, retired, at its end.

    Raises:
        FieldErrors: these are too many together.

    """
    retired = [value for value in change.left_out if value.value_id in used]
    problems = FieldProblems()
    _check_length(len(change.values) + len(retired), path, problems)
    problems.raise_if_any()
    return change.values + tuple(
        replace(value, is_retired=True, position=position)
        for position, value in enumerate(retired, start=len(change.values))
    )


def _check_length(length: int, path: str, problems: FieldProblems) -> None:
    if length > MAXIMUM_VALUES_OF_ELEMENT:
        limit = f"An element can have at most {MAXIMUM_VALUES_OF_ELEMENT:,} values"
        problems.add(path, f"{limit}, retired ones that documents use among them.")


def relabelled(
    before: Iterable[AllowedValue], after: Iterable[AllowedValue]
) -> list[tuple[AllowedValue, AllowedValue]]:
    """Give the values whose label changes, as they were and as they will be."""
    was = {value.value_id: value for value in before}
    return [
        (was[value.value_id], value)
        for value in after
        if value.value_id in was and was[value.value_id].label != value.label
    ]
