from dataclasses import replace
from typing import Any

import pytest

from ringbinder.features.metadata.errors import (
    MetadataElementReservedError,
    MetadataTypeConflictError,
)
from ringbinder.features.metadata.rules.defaults import default_elements
from ringbinder.features.metadata.rules.elements import (
    as_record,
    assert_changeable,
    assert_same_type,
    changed_element,
    element_id_of,
)
from ringbinder.features.metadata.types import (
    GLOBAL_KEYS,
    DataType,
    Element,
    ListedValue,
    Schema,
)
from ringbinder.kit.errors import FieldErrors

pytestmark = pytest.mark.unit

RESERVED = {element.metadata_element_id: element for element in default_elements("project")}
SCALE = Element(
    key=100,
    metadata_element_id="Skala",
    data_type=DataType.NUMBER,
    label="Skala",
    labels={"sv": "Skala", "en": "Scale"},
    is_required=False,
    is_multi_value=False,
    position=9,
)


@pytest.mark.parametrize("kind", ["project", "facility", "tender", "organisation", "unheard of"])
def test_every_kind_of_binder_begins_with_all_reserved_keys(kind: str) -> None:
    elements = default_elements(kind)
    assert [element.metadata_element_id for element in elements] == list(GLOBAL_KEYS)
    for element in elements:
        assert bool(element.values) == (element.data_type is DataType.ENUMERATED)
        ids = [value.value_id for value in element.values]
        assert len(ids) == len(set(ids))
        assert all(value_id.isascii() for value_id in ids)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Skala", "Skala_4"),
        ("Höjd", "Hojd"),
        ("日本", "element"),
        ("GLOBAL_Status", "Status"),
        ("GLOBAL_GLOBAL_Status", "Status"),
    ],
)
def test_an_id_is_made_of_the_label(label: str, expected: str) -> None:
    known = {
        "Skala_2": (101, DataType.TEXT),
        "Skala_3": (102, DataType.DATE),
        "Skala_4": (103, DataType.NUMBER),
        "Hojd": (104, DataType.NUMBER),
    }
    schema = Schema(1, {"Skala": SCALE})
    assert element_id_of(label, DataType.NUMBER, schema, known) == expected


def test_a_key_has_the_same_type_everywhere() -> None:
    known = {"Skala": (100, DataType.NUMBER)}
    assert_same_type("Skala", DataType.NUMBER, known)
    assert_same_type("Annan", DataType.TEXT, known)
    with pytest.raises(MetadataTypeConflictError, match="Number"):
        assert_same_type("Skala", DataType.TEXT, known)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("GLOBAL_Status", {"data_type": DataType.TEXT}),
        ("GLOBAL_Status", {"is_multi_value": True}),
        ("GLOBAL_Status", {"is_retired": True}),
        ("GLOBAL_Status", {"position": 0}),
        ("GLOBAL_CreatedBy", {"is_required": True}),
    ],
)
def test_reserved_keys_are_fixed(name: str, changes: Any) -> None:
    with pytest.raises(MetadataElementReservedError):
        assert_changeable(RESERVED[name], changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("GLOBAL_Status", {"label": "Skede", "labels": {}, "values": [], "is_required": True}),
        ("GLOBAL_Status", {"is_multi_value": False, "position": 7, "is_retired": False}),
        ("GLOBAL_CreatedBy", {"label": "Av", "is_required": False}),
        ("GLOBAL_Date", {"values": []}),
    ],
)
def test_the_rest_of_a_reserved_key_can_change(name: str, changes: Any) -> None:
    assert_changeable(RESERVED[name], changes)


def test_a_type_does_not_change_and_only_some_have_lists() -> None:
    with pytest.raises(MetadataTypeConflictError):
        assert_changeable(SCALE, {"data_type": DataType.TEXT})
    with pytest.raises(FieldErrors):
        assert_changeable(SCALE, {"values": [ListedValue("A")]})
    assert_changeable(SCALE, {"data_type": DataType.NUMBER, "is_multi_value": True})


def test_what_is_not_given_stays() -> None:
    assert changed_element(SCALE, {}, ()) == SCALE
    changed = changed_element(SCALE, {"label": "Ny", "is_required": True}, ())
    assert changed == replace(
        SCALE, label="Ny", labels={"sv": "Ny", "en": "Scale"}, is_required=True
    )


def test_the_record_has_a_field_for_each_value() -> None:
    record = as_record(RESERVED["GLOBAL_Status"])
    assert record["values.Bygghandling"]["label"] == "Bygghandling"
    assert record["dataType"] == "Enumerated"
