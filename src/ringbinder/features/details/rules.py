"""Decisions about a document's page, without input or output."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ringbinder.features.details.types import Fact, Line
from ringbinder.features.metadata.types import (
    GLOBAL_BINDER_ID,
    GLOBAL_TAB_ID,
    GLOBAL_TAB_TYPE,
    DataType,
    Element,
    GivenValue,
    Scalar,
    Schema,
)
from ringbinder.kit.errors import FieldProblems

FIELD = "m."
"""What the names of fields for metadata begin with."""

_TOLD_ELSEWHERE = frozenset({GLOBAL_BINDER_ID, GLOBAL_TAB_ID, GLOBAL_TAB_TYPE})
_TRUTHS = {"true": True, "false": False}


def facts_of(metadata_json: str, schema: Schema) -> tuple[Fact, ...]:
    """Give what is known of a version, in the order of the schema; what it has no key for, last."""
    found: dict[str, list[tuple[str | None, Scalar]]] = {}
    for item in msgspec.json.decode(metadata_json):
        found.setdefault(item["metadataElementId"], []).append((item["valueId"], item["value"]))
    keys = [*(key for key in schema.elements if key in found), *(found.keys() - schema.elements)]
    return tuple(
        Fact(schema.elements.get(key), key, tuple(found[key]))
        for key in keys
        if key not in _TOLD_ELSEWHERE
    )


def lines_of(older: Sequence[Fact], newer: Sequence[Fact]) -> tuple[Line, ...]:
    """Put the facts of two versions beside each other; a key that only one has is empty there."""
    before, after = ({fact.key: fact for fact in facts} for facts in (older, newer))
    known = after | before
    keys = [*(fact.key for fact in newer), *(key for key in before if key not in after)]
    missing = {key: Fact(known[key].element, key, ()) for key in keys}
    return tuple(Line(before.get(key, missing[key]), after.get(key, missing[key])) for key in keys)


def changed_values(
    schema: Schema, facts: Sequence[Fact], sent: Mapping[str, Sequence[str]]
) -> tuple[GivenValue, ...]:
    """Give those values of a form that are others than the document has.

    ``sent`` holds the fields by their names; a key that was not sent stays as it is.

    Raises:
        FieldErrors: a number that is none.

    """
    present = {fact.key: fact for fact in facts}
    problems = FieldProblems()
    given: list[GivenValue] = []
    for key, element in schema.elements.items():
        name = f"{FIELD}{key}"
        if name not in sent or not element.is_settable:
            continue
        texts = [text.strip() for text in sent[name] if text.strip()]
        if sorted(texts) == sorted(_as_sent(element, present.get(key))):
            continue
        if not texts:
            given.append(GivenValue(key, None, None, path=name))
        given.extend(_given(element, text, name, problems) for text in texts)
    problems.raise_if_any()
    return tuple(given)


def _as_sent(element: Element, fact: Fact | None) -> list[str]:
    return [] if fact is None else [written(element, *value) for value in fact.values]


def written(element: Element, value_id: str | None, value: Scalar) -> str:
    """Write a value as a form holds it."""
    if element.data_type is DataType.ENUMERATED:
        return value_id or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _given(element: Element, text: str, name: str, problems: FieldProblems) -> GivenValue:
    key = element.metadata_element_id
    if element.data_type is DataType.ENUMERATED:
        return GivenValue(key, text, None, path=name)
    value: Any = text
    if element.data_type is DataType.BOOLEAN:
        value = _TRUTHS.get(text, text)
    elif element.data_type is DataType.NUMBER:
        value = _number(text)
        if value is None:
            problems.add(name, "The value must be a number.")
    return GivenValue(key, None, value, path=name)


def _number(text: str) -> int | float | None:
    try:
        number = float(text.replace("\xa0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number
