"""Values that were found right once are not read again, and nothing else differs."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ringbinder.features.metadata import rules
from ringbinder.features.metadata.rules.defaults import default_elements
from ringbinder.features.metadata.types import (
    GLOBAL_CREATED_BY,
    GLOBAL_DATE,
    GLOBAL_STATUS,
    GLOBAL_VERSION,
    AllowedValue,
    DataType,
    Element,
    GivenValue,
    MetadataValue,
    Scalar,
    Schema,
)
from ringbinder.kit.errors import FieldErrors

pytestmark = pytest.mark.unit


def _element(key: int, name: str, data_type: DataType, *, required: bool = False) -> Element:
    values = (
        (AllowedValue("1", "A", {}, 0), AllowedValue("2", "B", {}, 1, is_retired=True))
        if data_type is DataType.ENUMERATED
        else ()
    )
    is_multi_value = data_type is DataType.TEXT
    return Element(key, name, data_type, name, {}, required, is_multi_value, key, values=values)


ELEMENTS = (
    *default_elements("project"),
    _element(100, "Text", DataType.TEXT, required=True),
    _element(101, "Antal", DataType.NUMBER),
    _element(102, "Klar", DataType.BOOLEAN),
    _element(103, "Lista", DataType.ENUMERATED),
)
SCHEMA = Schema(1, {element.metadata_element_id: element for element in ELEMENTS})
NAMES = ("Text", "Antal", "Klar", "Lista", GLOBAL_DATE, GLOBAL_STATUS, GLOBAL_VERSION)
FORBIDDEN = (GLOBAL_CREATED_BY, "Okänd")
VALUES: tuple[Scalar | None, ...] = (
    *("1", "A", "true", "2024-01-15", "Bygghandling", "", " ", "x" * 5000),
    *(1, 0, True, False, 1.0, 2.5, float("inf"), None),
)
CREATOR = rules.created_by("7", "Kim")
CURRENT: tuple[tuple[MetadataValue, ...], ...] = (
    (),
    (CREATOR,),
    (CREATOR, rules.read_value(SCHEMA.elements["Text"], None, "gammal")),
    (CREATOR, rules.read_value(SCHEMA.elements["Lista"], "1", None)),
    (CREATOR, rules.global_value(GLOBAL_VERSION, "B")),
)


def _given(chance: random.Random) -> list[GivenValue]:
    names = chance.choices(NAMES, k=chance.randrange(5)) + chance.choices(
        FORBIDDEN, k=chance.random() < 0.1
    )
    if chance.random() < 0.8:
        names.insert(0, "Text")
    return [
        GivenValue(name, chance.choice((None, None, "1", "2")), chance.choice(VALUES), f"m[{n}]")
        for n, name in enumerate(names)
    ]


def _outcome(
    check: rules.Checker | None, given: Sequence[GivenValue], current: Sequence[MetadataValue]
) -> object:
    try:
        if check is None:
            return _typed(rules.check_values(SCHEMA, given, current=current))
        return _typed(check.check(given, current=current))
    except FieldErrors as error:
        return error.errors


def _typed(values: Sequence[MetadataValue]) -> list[tuple[MetadataValue, type]]:
    """Tell True from 1, which are equal."""
    return [(value, type(value.value)) for value in values]


def test_a_checker_gives_what_the_check_itself_gives() -> None:
    chance = random.Random(1)  # noqa: S311 - it only chooses cases
    checker = rules.Checker(SCHEMA)
    fine = 0
    for _ in range(20_000):
        given, current = _given(chance), chance.choice(CURRENT)
        expected = _outcome(None, given, current)
        assert _outcome(checker, given, current) == expected
        fine += isinstance(expected, list)
    assert fine > 1_000


def test_what_was_right_once_is_not_read_again() -> None:
    checker = rules.Checker(SCHEMA)
    first, second = (
        checker.check([GivenValue("Text", None, "Plan", path)], current=(CREATOR,))
        for path in ("a", "b")
    )
    assert first == second
    assert first[-1] is second[-1]


def test_what_was_right_is_remembered_as_long_as_the_schema_stays() -> None:
    checkers = rules.Checkers()
    checker = checkers.of(SCHEMA)
    assert checkers.of(replace(SCHEMA, elements=dict(SCHEMA.elements))) is checker
    fewer = {name: element for name, element in SCHEMA.elements.items() if name != "Text"}
    given = [GivenValue("Text", None, "Plan", "a")]
    assert checker.check(given, current=(CREATOR,))
    with pytest.raises(FieldErrors):
        checkers.of(replace(SCHEMA, elements=fewer)).check(given, current=(CREATOR,))
    assert checkers.of(SCHEMA) is not checker
