from dataclasses import replace
from typing import Any

import pytest

from ringbinder.features.metadata import rules
from ringbinder.features.metadata.rules.defaults import default_elements
from ringbinder.features.metadata.types import (
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


def _element(key: int, name: str, data_type: DataType, **facts: Any) -> Element:
    plain: dict[str, Any] = {"is_required": False, "is_multi_value": False, "position": key}
    return Element(key, name, data_type, label=name, labels={}, **(plain | facts))


def _allowed(value_id: str, label: str, *, is_retired: bool = False) -> AllowedValue:
    return AllowedValue(value_id, label, {}, 0, is_retired)


LISTED = _element(
    103,
    "Lista",
    DataType.ENUMERATED,
    is_multi_value=True,
    values=(
        _allowed("1", "A", is_retired=True),
        _allowed("2", "A"),
        _allowed("3", "B"),
        _allowed("4", "Gammal", is_retired=True),
        _allowed("B", "C"),
    ),
)
OWN = (
    _element(100, "Text", DataType.TEXT, is_multi_value=True),
    _element(101, "Antal", DataType.NUMBER),
    _element(102, "Klar", DataType.BOOLEAN),
    LISTED,
    _element(104, "Dag", DataType.DATE),
)
SCHEMA = Schema(
    1, {element.metadata_element_id: element for element in (*default_elements("project"), *OWN)}
)
DATA_TYPES = {name: (element.key, element.data_type) for name, element in SCHEMA.elements.items()}


def _give(name: str, value: Scalar | None = None, *, value_id: str | None = None) -> GivenValue:
    return GivenValue(name, value_id, value, path="metadata[0]")


def _values(*given: GivenValue, **options: Any) -> list[tuple[str, str | None, Scalar]]:
    checked = rules.check_values(SCHEMA, given, **options)
    return [(value.metadata_element_id, value.value_id, value.value) for value in checked]


def _errors(*given: GivenValue, schema: Schema = SCHEMA, **options: Any) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as raised:
        rules.check_values(schema, given, **options)
    return raised.value.errors


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("Text", " å ", " å "),
        ("Antal", 5, 5),
        ("Antal", "5.0", 5),
        ("Antal", 2.5, 2.5),
        ("Antal", 2**60, float(2**60)),
        ("Klar", "false", False),
        ("Klar", True, True),
        ("Dag", "2024-02-29", "2024-02-29"),
        ("GLOBAL_Date", "2024-02-29", "2024-02-29"),
    ],
)
def test_free_values_are_taken_as_value_or_as_value_id(
    name: str, given: Scalar, value: Scalar
) -> None:
    assert _values(_give(name, given)) == [(name, None, value)]
    if isinstance(given, str):
        assert _values(_give(name, value_id=given)) == [(name, None, value)]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Text", 5),
        ("Text", " "),
        ("Text", "x" * 4001),
        ("Antal", "fem"),
        ("Antal", "nan"),
        ("Antal", True),
        ("Antal", 10**400),
        ("Klar", "yes"),
        ("Klar", 1),
        ("Klar", 0.0),
        ("Dag", "2023-02-29"),
        ("Dag", "20240229"),
        ("Dag", 5),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(name: str, given: Scalar) -> None:
    assert list(_errors(_give(name, given))) == ["metadata[0].value"]


@pytest.mark.parametrize(
    ("value_id", "value", "expected"),
    [
        ("3", None, "3"),
        ("3", "whatever", "3"),
        (None, "C", "B"),
        (None, "A", "2"),
        (None, "B", "3"),
        (None, "3", "3"),
    ],
)
def test_a_listed_value_goes_by_id_then_by_label(
    value_id: str | None, value: str | None, expected: str
) -> None:
    ((_, found, _),) = _values(_give("Lista", value, value_id=value_id))
    assert found == expected


def test_a_retired_value_stays_but_is_given_to_nobody_else() -> None:
    given = _give("Lista", value_id="4")
    assert list(_errors(given)) == ["metadata[0].valueId"]
    current = (rules.make_value(LISTED, "Gammal", value_id="4"),)
    assert _values(given, current=current) == [("Lista", "4", "Gammal")]


def test_all_that_is_wrong_is_told_at_once() -> None:
    def at(index: int, name: str, *, value: Scalar) -> GivenValue:
        return GivenValue(name, None, value, path=f"m[{index}]")

    assert list(
        _errors(
            at(0, "Okänd", value=1),
            at(1, "GLOBAL_CreatedBy", value="jag"),
            at(2, "Antal", value="fem"),
            at(3, "Klar", value=True),
            at(4, "Klar", value=False),
            at(5, "Lista", value="okänd"),
            path="m",
        )
    ) == [
        "m[0].metadataElementId",
        "m[1].metadataElementId",
        "m[2].value",
        "m[4].metadataElementId",
        "m[5].value",
    ]


def test_given_keys_are_replaced_others_stay_and_null_removes() -> None:
    current = rules.check_values(
        SCHEMA,
        [_give("Text", "a"), _give("Text", "b"), _give("Antal", 1), _give("Klar", value=True)],
    )
    changed = _values(_give("Text", "c"), _give("Antal"), current=current)
    assert changed == [("Text", None, "c"), ("Klar", None, True)]


def test_values_stand_in_the_order_of_the_schema_each_once() -> None:
    given = [_give("Dag", "2024-01-01"), _give("Text", "b"), _give("Text", "a"), _give("Text", "b")]
    assert [value for _, _, value in _values(*given)] == ["b", "a", "2024-01-01"]


def test_current_values_are_called_as_the_schema_calls_them_now() -> None:
    current = (rules.make_value(LISTED, "gammalt namn", value_id="3"),)
    assert _values(current=current) == [("Lista", "3", "B")]


def test_a_value_of_a_key_that_the_binder_lost_stays_behind_the_others() -> None:
    lost = _element(200, "Borta", DataType.TEXT)
    current = (rules.make_value(lost, "x"),)
    assert _values(_give("Dag", "2024-01-01"), current=current) == [
        ("Dag", None, "2024-01-01"),
        ("Borta", None, "x"),
    ]


def test_a_required_key_is_asked_for_until_it_is_retired() -> None:
    wanted = replace(OWN[4], is_required=True)
    schema = Schema(1, dict(SCHEMA.elements) | {"Dag": wanted})
    assert _errors(schema=schema) == {"metadata": ["The Dag field is required."]}
    retired = Schema(1, dict(SCHEMA.elements) | {"Dag": replace(wanted, is_retired=True)})
    assert rules.check_values(retired, []) == ()


def test_a_document_has_so_many_values_at_most() -> None:
    many = [_give("Text", f"{number}") for number in range(201)]
    assert len(_values(*many[1:])) == 200
    assert list(_errors(*many)) == ["metadata"]


def test_what_is_written_is_read_back() -> None:
    checked = rules.check_values(
        SCHEMA,
        [
            _give("Text", 'a "b" \\ å'),
            _give("Antal", -2.5),
            _give("Klar", value=True),
            _give("Lista", value_id="3"),
            _give("Dag", "2024-01-01"),
        ],
        current=(rules.created_by("7", "Någon"),),
    )
    written = rules.to_json(checked)
    assert rules.from_json(written, DATA_TYPES) == checked
    assert rules.item_json("Lista", "3", "B") in written


@pytest.mark.parametrize(
    "ordered",
    [
        [("Antal", number) for number in (-1e9, -1, -0.5, 0, 1e-9, 2, 10, 1e9)],
        [("Dag", day) for day in ("0001-01-01", "1999-12-31", "2000-01-01", "9999-12-31")],
        [("Klar", truth) for truth in (False, True)],
        [("Text", text) for text in ("10", "apa", "Zebra", "Åsna", "älg", "Örn")],
    ],
)
def test_index_values_sort_as_the_values_do(ordered: list[tuple[str, Scalar]]) -> None:
    found: list[MetadataValue] = [
        rules.check_values(SCHEMA, [_give(name, value)])[0] for name, value in ordered
    ]
    keys = [value.index_value.encode() for value in found]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
