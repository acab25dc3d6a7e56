"""What values a schema allows, and how they are written and ordered."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import msgspec

from ringbinder.features.metadata.types import (
    GLOBAL_CREATED_BY,
    GLOBAL_KEYS,
    AllowedValue,
    DataType,
    Element,
    GivenValue,
    MetadataValue,
    Scalar,
    Schema,
)
from ringbinder.kit.collation import bounded_sort_key
from ringbinder.kit.errors import FieldProblems
from ringbinder.kit.ordering import date_key, number_key

MAXIMUM_VALUES: Final = 200
"""How many metadata values one document can have."""

MAXIMUM_TEXT_LENGTH: Final = 4000
"""How many characters a text value can have."""


def check_values(
    schema: Schema,
    given: Sequence[GivenValue],
    *,
    current: Sequence[MetadataValue] = (),
    path: str = "metadata",
) -> tuple[MetadataValue, ...]:
    """Apply given values to the current ones: keys that are given are replaced, all None removes.

    The result is in the order of the schema, reserved keys first.

    Raises:
        FieldErrors: with every unknown or read-only key, wrong type, value outside the list, second
            value of a key that takes one, and missing required key.

    """
    problems = FieldProblems()
    checked: dict[str, list[MetadataValue]] = {}
    for item in given:
        element = schema.elements.get(item.metadata_element_id)
        removes = item.value_id is None and item.value is None
        if removes and _is_left_over(item, element, current):
            checked[item.metadata_element_id] = []
            continue
        if element is None or not element.is_settable:
            problems.add(f"{item.path}.metadataElementId", _cannot_be_set(item, element))
            continue
        values = checked.setdefault(element.metadata_element_id, [])
        if removes:
            continue
        _add_value(values, element, item, current, problems)
    merged = _merge(schema, checked, current)
    _check_required(schema, merged, path, problems)
    if len(merged) > MAXIMUM_VALUES:
        problems.add(path, f"A document can have at most {MAXIMUM_VALUES} metadata values.")
    problems.raise_if_any()
    return merged


def _is_left_over(
    item: GivenValue, element: Element | None, current: Sequence[MetadataValue]
) -> bool:
    """Recognise a key that the document brought along and that its binder does not know."""
    return element is None and any(
        value.metadata_element_id == item.metadata_element_id for value in current
    )


def _cannot_be_set(item: GivenValue, element: Element | None) -> str:
    if element is None:
        return f"The binder has no metadata element {item.metadata_element_id}."
    return f"{element.metadata_element_id} is set by the server."


def _add_value(
    values: list[MetadataValue],
    element: Element,
    item: GivenValue,
    current: Sequence[MetadataValue],
    problems: FieldProblems,
) -> None:
    try:
        value = read_value(element, item.value_id, item.value, kept=_values_of(current, element))
    except ValueError as error:
        field = "valueId" if item.value is None else "value"
        problems.add(f"{item.path}.{field}", str(error))
        return
    if values and not element.is_multi_value:
        problems.add(
            f"{item.path}.metadataElementId", f"{element.metadata_element_id} takes one value."
        )
    elif value not in values:
        values.append(value)


def _values_of(values: Iterable[MetadataValue], element: Element) -> frozenset[str | None]:
    return frozenset(v.value_id for v in values if v.element_key == element.key)


def _merge(
    schema: Schema, checked: Mapping[str, list[MetadataValue]], current: Sequence[MetadataValue]
) -> tuple[MetadataValue, ...]:
    by_key: dict[str, list[MetadataValue]] = {}
    for value in current:
        if value.metadata_element_id not in checked:
            relabelled = _as_labelled(schema, value)
            by_key.setdefault(value.metadata_element_id, []).append(relabelled)
    by_key.update(checked)
    ordered = [value for key in schema.elements for value in by_key.pop(key, ())]
    # What a document has of a key that its binder does not know (any more) stays behind the others.
    return (*ordered, *(value for values in by_key.values() for value in values))


def _as_labelled(schema: Schema, value: MetadataValue) -> MetadataValue:
    """Give a value the label that this schema has for it; another binder may have another."""
    element = schema.elements.get(value.metadata_element_id)
    for allowed in element.values if element and value.value_id else ():
        if allowed.value_id == value.value_id:
            return replace(value, value=allowed.label)
    return value


def _check_required(
    schema: Schema, values: Sequence[MetadataValue], path: str, problems: FieldProblems
) -> None:
    present = {value.metadata_element_id for value in values}
    for element in schema.elements.values():
        wanted = element.is_required and element.is_settable and not element.is_retired
        if wanted and element.metadata_element_id not in present:
            problems.add(path, f"The {element.metadata_element_id} field is required.")


def read_value(
    element: Element,
    value_id: str | None,
    value: Scalar | None,
    *,
    kept: frozenset[str | None] = frozenset(),
) -> MetadataValue:
    """Check one value against its element.

    A retired value is allowed where the document has it already (``kept``).

    Raises:
        ValueError: with a sentence that says what is wrong.

    """
    if element.data_type is DataType.ENUMERATED:
        allowed = _allowed_value(element, value_id, value)
        if allowed.is_retired and allowed.value_id not in kept:
            raise ValueError(f"The value {allowed.label} is retired and cannot be given any more.")
        return make_value(element, allowed.label, value_id=allowed.value_id)
    given = value if value is not None else value_id
    return make_value(element, _read_scalar(element.data_type, given))


def _allowed_value(element: Element, value_id: str | None, value: Scalar | None) -> AllowedValue:
    if value_id is not None:
        matches = [allowed for allowed in element.values if allowed.value_id == value_id]
    else:
        # A label may come back after a value of that name was retired, or may look like an id.
        labelled = [allowed for allowed in element.values if allowed.label == value]
        named = [allowed for allowed in element.values if allowed.value_id == value]
        matches = sorted(labelled, key=lambda allowed: allowed.is_retired) + named
    if not matches:
        wrong = value_id if value_id is not None else value
        raise ValueError(f"{wrong} is not one of the values of {element.metadata_element_id}.")
    return matches[0]


def _read_scalar(data_type: DataType, value: Scalar | None) -> Scalar:
    match data_type:
        case DataType.NUMBER:
            return _read_number(value)
        case DataType.DATE:
            return _read_date(value)
        case DataType.BOOLEAN:
            return _read_boolean(value)
        case _:
            return _read_text(value)


def _read_text(value: Scalar | None) -> str:
    if not isinstance(value, str):
        raise ValueError("The value must be a text.")  # noqa: TRY004 - callers collect value errors
    if not value.strip():
        raise ValueError("The value must not be empty; send null to remove it.")
    if len(value) > MAXIMUM_TEXT_LENGTH:
        raise ValueError(f"The value can have at most {MAXIMUM_TEXT_LENGTH} characters.")
    return value


def _read_number(value: Scalar | None) -> float | int:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ValueError("The value must be a number.") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("The value must be a number.")  # noqa: TRY004 - see above
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("The value must be a finite number.")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _read_date(value: Scalar | None) -> str:
    try:
        if isinstance(value, str) and len(value) == len("2024-01-15"):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise ValueError("The value must be a date, such as 2024-01-15.")


_TRUTH: Final[Mapping[Scalar | None, bool]] = {
    True: True,
    False: False,
    "true": True,
    "false": False,
}


def _read_boolean(value: Scalar | None) -> bool:
    if (isinstance(value, bool | str)) and value in _TRUTH:
        return _TRUTH[value]
    raise ValueError("The value must be true or false.")


def make_value(element: Element, value: Scalar, *, value_id: str | None = None) -> MetadataValue:
    """Put a value that is known to be right into the form that documents keep."""
    return MetadataValue(
        element_key=element.key,
        metadata_element_id=element.metadata_element_id,
        value_id=value_id,
        value=value,
        index_value=index_value(element.data_type, value_id, value),
    )


def index_value(data_type: DataType, value_id: str | None, value: Scalar) -> str:
    """Give the text that stands in the index: equal for equal values, byte order = value order."""
    if value_id is not None:
        return value_id
    match data_type:
        case DataType.NUMBER:
            return number_key(float(value))
        case DataType.DATE:
            return date_key(date.fromisoformat(str(value)))
        case DataType.BOOLEAN:
            return "1" if value else "0"
        case _:
            return bounded_sort_key(str(value))


def global_value(
    metadata_element_id: str, value: Scalar, *, value_id: str | None = None
) -> MetadataValue:
    """Make a value of a reserved key that the server sets."""
    reserved = GLOBAL_KEYS[metadata_element_id]
    return MetadataValue(
        element_key=reserved.key,
        metadata_element_id=metadata_element_id,
        value_id=value_id,
        value=value,
        index_value=index_value(reserved.data_type, value_id, value),
    )


def to_json(values: Iterable[MetadataValue]) -> str:
    """Write the metadata array as the API answers it."""
    items = [_item(v.metadata_element_id, v.value_id, v.value) for v in values]
    return msgspec.json.encode(items).decode()


def item_json(metadata_element_id: str, value_id: str, label: str) -> str:
    """Write one value of a list exactly as it stands in what :func:`to_json` writes."""
    return msgspec.json.encode(_item(metadata_element_id, value_id, label)).decode()


def _item(metadata_element_id: str, value_id: str | None, value: Scalar) -> dict[str, Any]:
    return {"metadataElementId": metadata_element_id, "valueId": value_id, "value": value}


def from_json(
    text: str, data_types: Mapping[str, tuple[int, DataType]]
) -> tuple[MetadataValue, ...]:
    """Read back what :func:`to_json` wrote; ``data_types`` gives number and type of each key."""
    return tuple(_from_item(item, data_types) for item in msgspec.json.decode(text))


def _from_item(
    item: Mapping[str, Any], data_types: Mapping[str, tuple[int, DataType]]
) -> MetadataValue:
    key, data_type = data_types[item["metadataElementId"]]
    return MetadataValue(
        element_key=key,
        metadata_element_id=item["metadataElementId"],
        value_id=item["valueId"],
        value=item["value"],
        index_value=index_value(data_type, item["valueId"], item["value"]),
    )


def created_by(actor_id: str, name: str) -> MetadataValue:
    """Say who first created a document."""
    return global_value(GLOBAL_CREATED_BY, name, value_id=actor_id)
