"""How elements come about and change."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ringbinder.features.metadata.errors import (
    MetadataElementReservedError,
    MetadataTypeConflictError,
)
from ringbinder.features.metadata.rules.lists import free_id, full_labels, word_of
from ringbinder.features.metadata.types import (
    GLOBAL_KEYS,
    LANGUAGES,
    RESERVED_PREFIX,
    AllowedValue,
    DataType,
    Element,
    ElementChanges,
    Schema,
)
from ringbinder.kit.errors import FieldErrors

FIRST_POSITION: Final = len(GLOBAL_KEYS)
"""The reserved keys stand before all others."""

_RESERVED_START: Final = re.compile(f"^(?:{RESERVED_PREFIX})+")
_FIXED_OF_RESERVED: Final = ("is_multi_value", "is_retired", "position")

KnownTypes = Mapping[str, tuple[int, DataType]]


def element_id_of(label: str, data_type: DataType, schema: Schema, known: KnownTypes) -> str:
    """Make an id of a label; neither this binder has it, nor another one with another type."""
    word = _RESERVED_START.sub("", word_of(label)) or "element"
    conflicting = {name for name, (_, known_type) in known.items() if known_type is not data_type}
    return free_id(word, conflicting | set(schema.elements))


def assert_same_type(metadata_element_id: str, data_type: DataType, known: KnownTypes) -> None:
    """Let an element have only the data type that it has in the organisation's other binders.

    Raises:
        MetadataTypeConflictError: it has another one there.

    """
    found = known.get(metadata_element_id)
    if found is not None and found[1] is not data_type:
        raise MetadataTypeConflictError(
            f"{metadata_element_id} has the data type {found[1]} in this organisation."
        )


def assert_takes_list(data_type: DataType, *, has_values: bool, path: str = "values") -> None:
    """Let only enumerated elements have a list of values.

    Raises:
        FieldErrors: another type was given one.

    """
    if has_values and data_type is not DataType.ENUMERATED:
        raise FieldErrors({path: ["Only an Enumerated element has a list of values."]})


def assert_changeable(element: Element, changes: ElementChanges) -> None:
    """Refuse what can never change of an element.

    Raises:
        MetadataElementReservedError: the key is reserved, and so is this of it.
        MetadataTypeConflictError: the data type would change.
        FieldErrors: a list is given to an element that takes none.

    """
    if element.is_global and _touches_reserved(element, changes):
        raise MetadataElementReservedError
    if changes.get("data_type", element.data_type) is not element.data_type:
        raise MetadataTypeConflictError
    assert_takes_list(element.data_type, has_values=bool(changes.get("values")))


def _touches_reserved(element: Element, changes: ElementChanges) -> bool:
    fixed = (*_FIXED_OF_RESERVED, "data_type", *(() if element.is_settable else ("is_required",)))
    return any(name in changes and changes[name] != getattr(element, name) for name in fixed)  # type: ignore[literal-required]  # the names are those of the type


def changed_element(
    element: Element, changes: ElementChanges, values: tuple[AllowedValue, ...]
) -> Element:
    """Give the element as it will be, with the list that was arranged for it, where it stands."""
    label = changes.get("label", element.label)
    return replace(
        element,
        label=label,
        labels=full_labels(label, changes.get("labels"), before=element.labels, was=element.label),
        is_required=changes.get("is_required", element.is_required),
        is_multi_value=changes.get("is_multi_value", element.is_multi_value),
        is_retired=changes.get("is_retired", element.is_retired),
        values=values,
    )


def told_apart(elements: Sequence[Element]) -> Sequence[Element]:
    """Note of each element in which languages another one has the same label."""
    heard = Counter((one, each.sounds_in(one)) for each in elements for one in LANGUAGES)
    if len(heard) == len(elements) * len(LANGUAGES):
        return elements
    return [
        replace(
            each,
            ambiguous_in=frozenset(one for one in LANGUAGES if heard[one, each.sounds_in(one)] > 1),
        )
        for each in elements
    ]


def as_record(element: Element) -> dict[str, Any]:
    """Give the fields that audit events keep; each value of the list is a field of its own."""
    fields = {
        "label": element.label,
        "labels": dict(element.labels),
        "dataType": str(element.data_type),
        "isRequired": element.is_required,
        "isMultiValue": element.is_multi_value,
        "isRetired": element.is_retired,
        "position": element.position,
    }
    return fields | {
        f"values.{value.value_id}": {
            "label": value.label,
            "labels": dict(value.labels),
            "position": value.position,
            "isRetired": value.is_retired,
        }
        for value in element.values
    }
