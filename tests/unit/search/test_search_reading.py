"""Search bodies: what they mean, and everything that can be wrong with them."""

from typing import Any

import pytest

from ringbinder.features.metadata.types import DataType
from ringbinder.features.search.rules import known_keys, named_elements, read_query, search_keys
from ringbinder.features.search.types import Direction, Filter, Operator, SearchQuery, SortKey
from ringbinder.kit.errors import FieldErrors
from ringbinder.kit.ordering import number_key

pytestmark = pytest.mark.unit

KEYS = search_keys(
    {
        "Rum": (100, DataType.TEXT),
        "Kostnad": (101, DataType.NUMBER),
        "Besiktad": (102, DataType.DATE),
        "Godkänd": (103, DataType.BOOLEAN),
        "Hus": (104, DataType.ENUMERATED),
    }
)
Json = dict[str, Any]


def read(body: object) -> SearchQuery:
    return read_query(body, KEYS)


def errors(body: object) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as raised:
        read(body)
    return raised.value.errors


def one(**fields: Any) -> Json:
    return {"MetadataFilters": [fields]}


def read_one(name: str, **fields: Any) -> Filter:
    (only,) = read(one(metadataElementId=name, **fields)).filters
    return only


@pytest.mark.parametrize(
    "body", [None, {}, {"MetadataFilters": None}, {"AnyOf": [], "SortBy": []}, {"more": 1}]
)
def test_nothing_is_asked_for(body: object) -> None:
    assert read(body) == SearchQuery()


@pytest.mark.parametrize(
    ("name", "fields", "operator", "values"),
    [
        ("GLOBAL_Status", {"valueId": "Bygghandling"}, "eq", ("Bygghandling",)),
        ("GLOBAL_Status", {"value": "Bygghandling"}, "eq", ("Bygghandling",)),
        ("GLOBAL_Status", {"valueIds": ["a", "b", "a"], "operator": "in"}, "in", ("a", "b")),
        ("GLOBAL_Status", {"operator": "missing", "valueId": 5}, "missing", ()),
        ("GLOBAL_BinderId", {"valueId": "MNWI5YR89"}, "eq", ("MNWI5YR89",)),
        ("GLOBAL_TabId", {"valueId": "no guid"}, "eq", ("no guid",)),
        ("GLOBAL_CreatedBy", {"value": "An", "operator": "startsWith"}, "startsWith", ("an",)),
        ("Rum", {"value": "A 1"}, "eq", ("a 1",)),
        ("Rum", {"valueId": "A 1"}, "eq", ("a 1",)),
        ("Rum", {"value": "a", "valueId": "b"}, "eq", ("a",)),
        ("Rum", {"value": "ÅÄ", "operator": "contains"}, "contains", ("åä",)),
        ("Rum", {"value": "ÅÄ", "operator": "lt"}, "lt", ("{|",)),
        ("Kostnad", {"value": 1}, "eq", (number_key(1),)),
        ("Kostnad", {"value": "1.5", "operator": "gte"}, "gte", (number_key(1.5),)),
        ("Besiktad", {"value": "2024-01-15", "operator": "lt"}, "lt", ("2024-01-15",)),
        ("Godkänd", {"value": True}, "eq", ("1",)),
        ("Godkänd", {"value": "false"}, "eq", ("0",)),
        ("Hus", {"values": ["Hus A"], "operator": "in"}, "in", ("Hus A",)),
    ],
)
def test_filters(name: str, fields: Json, operator: str, values: tuple[str, ...]) -> None:
    by_id = "valueId" in fields and "value" not in fields and operator != "missing"
    by_id = by_id or "valueIds" in fields
    assert read_one(name, **fields) == Filter(KEYS[name], Operator(operator), values, by_id)


def test_sort_keys() -> None:
    body = {
        "SortBy": [
            {"metadataElementId": "Rum", "direction": "desc"},
            {"metadataElementId": "GLOBAL_Date"},
            {"metadataElementId": "Rum", "direction": "asc"},
        ]
    }
    assert read(body).order == (
        SortKey(KEYS["Rum"], Direction.DESC),
        SortKey(KEYS["GLOBAL_Date"], Direction.ASC),
    )


def test_groups_and_names_in_camel_case() -> None:
    rum = {"metadataElementId": "Rum", "value": "a"}
    pascal = read({"MetadataFilters": [rum], "AnyOf": [[rum, rum]], "SortBy": [rum]})
    camel = read({"metadataFilters": [rum], "anyOf": [[rum, rum]], "sortBy": [rum]})
    assert pascal == camel
    assert len(pascal.groups[0]) == 2


def test_a_part_of_the_name_is_compared_without_case() -> None:
    assert SearchQuery().about("ÅR 1").term == "år 1"
    assert SearchQuery().about(None).term is None


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ([], "$", "The value must be an object."),
        ({"MetadataFilters": {}}, "MetadataFilters", "The value must be a list."),
        ({"sortBy": 5}, "sortBy", "The value must be a list."),
        ({"MetadataFilters": ["a"]}, "MetadataFilters[0]", "The value must be an object."),
        ({"AnyOf": [{}]}, "AnyOf[0]", "The value must be a list."),
        ({"AnyOf": [[]]}, "AnyOf[0]", "The group must have at least one filter."),
        ({"AnyOf": [[1]]}, "AnyOf[0][0]", "The value must be an object."),
        (
            {"MetadataFilters": [], "metadataFilters": []},
            "metadataFilters",
            "The list has been given as MetadataFilters already.",
        ),
        (
            {"metadataFilters": [{}]},
            "metadataFilters[0].metadataElementId",
            "The metadataElementId field is required.",
        ),
        (
            {"SortBy": [{}]},
            "SortBy[0].metadataElementId",
            "The metadataElementId field is required.",
        ),
        (
            {"SortBy": [{"metadataElementId": "Rum", "direction": "up"}]},
            "SortBy[0].direction",
            "The value must be one of asc, desc.",
        ),
        (
            {"SortBy": [{"metadataElementId": "Nej"}]},
            "SortBy[0].metadataElementId",
            NO := "There is no metadata element Nej.",
        ),
        (one(metadataElementId="Nej", valueId=5), "MetadataFilters[0].metadataElementId", NO),
        (
            one(metadataElementId="x" * 101),
            "MetadataFilters[0].metadataElementId",
            "There is no metadata element of this id.",
        ),
        (
            one(metadataElementId=1),
            "MetadataFilters[0].metadataElementId",
            "The value must be a text.",
        ),
        (
            one(metadataElementId="Rum", operator="like", value="a"),
            "MetadataFilters[0].operator",
            (
                "The value must be one of eq, ne, in, exists, missing, contains, startsWith, "
                "lt, lte, gt, gte."
            ),
        ),
        (
            one(metadataElementId="Besiktad", operator="contains", value="a"),
            "MetadataFilters[0].operator",
            (
                "The operator contains does not fit Besiktad; "
                "use eq, ne, in, exists, missing, lt, lte, gt, gte."
            ),
        ),
        (
            one(metadataElementId="GLOBAL_BinderId", operator="lt", valueId="a"),
            "MetadataFilters[0].operator",
            "The operator lt does not fit GLOBAL_BinderId; use eq, ne, in, exists, missing.",
        ),
    ],
)
def test_wrong_forms(body: object, path: str, message: str) -> None:
    assert errors(body) == {path: [message]}


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"metadataElementId": "Rum"}, "value", "The value field is required."),
        ({"metadataElementId": "Hus"}, "valueId", "The valueId field is required."),
        (
            {"metadataElementId": "Hus", "valueId": None},
            "valueId",
            "The valueId field is required.",
        ),
        (
            {"metadataElementId": "Hus", "operator": "in", "valueId": "a"},
            "valueIds",
            "The valueIds field is required.",
        ),
        (
            {"metadataElementId": "Rum", "operator": "in", "values": "a"},
            "values",
            "The value must be a list.",
        ),
        (
            {"metadataElementId": "Rum", "operator": "in", "values": []},
            "values",
            "The list must not be empty.",
        ),
        (
            {"metadataElementId": "Rum", "operator": "in", "values": ["a"] * 201},
            "values",
            "The list can have at most 200 values.",
        ),
        (
            {"metadataElementId": "Rum", "operator": "in", "values": ["a", 5]},
            "values[1]",
            "The value must be a text.",
        ),
        ({"metadataElementId": "Hus", "valueId": 5}, "valueId", "The value must be a text."),
        ({"metadataElementId": "Rum", "valueId": 5}, "valueId", "The value must be a text."),
        (
            {"metadataElementId": "Rum", "value": ""},
            "value",
            "The value must not be empty; use the operator missing.",
        ),
        (
            {"metadataElementId": "Rum", "value": "a\x00"},
            "value",
            "The value must not contain the character NUL.",
        ),
        (
            {"metadataElementId": "Rum", "value": "a" * 4001},
            "value",
            "The value can have at most 4,000 characters.",
        ),
        ({"metadataElementId": "Kostnad", "value": "a"}, "value", "The value must be a number."),
        ({"metadataElementId": "Kostnad", "value": True}, "value", "The value must be a number."),
        ({"metadataElementId": "Kostnad", "value": []}, "value", "The value must be a number."),
        (
            {"metadataElementId": "Kostnad", "value": 10**400},
            "value",
            "The value must be a finite number.",
        ),
        (
            {"metadataElementId": "Kostnad", "value": "nan"},
            "value",
            "The value must be a finite number.",
        ),
        (
            {"metadataElementId": "GLOBAL_Date", "value": "2024-02-30"},
            "value",
            "The value must be a date, such as 2024-01-15.",
        ),
        (
            {"metadataElementId": "GLOBAL_Date", "value": 20240115},
            "value",
            "The value must be a date, such as 2024-01-15.",
        ),
        ({"metadataElementId": "Godkänd", "value": 1}, "value", "The value must be true or false."),
        (
            {"metadataElementId": "Godkänd", "value": {}},
            "value",
            "The value must be true or false.",
        ),
    ],
)
def test_wrong_values(fields: Json, field: str, message: str) -> None:
    assert errors(one(**fields)) == {f"MetadataFilters[0].{field}": [message]}


def test_everything_wrong_is_found_at_once() -> None:
    body = {
        "MetadataFilters": [
            {"valueId": "a"},
            {"metadataElementId": "Nej", "operator": "like"},
            {"metadataElementId": "Kostnad", "operator": "in", "values": ["a", 1, None]},
        ],
        "anyOf": [[{"metadataElementId": "Hus"}]],
        "SortBy": [{"metadataElementId": "Nej", "direction": 5}],
    }
    assert set(errors(body)) == {
        "MetadataFilters[0].metadataElementId",
        "MetadataFilters[1].metadataElementId",
        "MetadataFilters[1].operator",
        "MetadataFilters[2].values[0]",
        "MetadataFilters[2].values[2]",
        "anyOf[0][0].valueId",
        "SortBy[0].metadataElementId",
        "SortBy[0].direction",
    }


RUM = {"metadataElementId": "Rum", "value": "a"}


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        (
            {"MetadataFilters": [RUM] * 51},
            "MetadataFilters",
            "A search can have at most 50 filters in all.",
        ),
        (
            {"MetadataFilters": [RUM] * 20, "AnyOf": [[RUM] * 30, [RUM]]},
            "AnyOf[1]",
            "A search can have at most 50 filters in all.",
        ),
        ({"AnyOf": [[RUM]] * 51}, "AnyOf", "The list can have at most 50 groups."),
        ({"SortBy": [RUM] * 9}, "SortBy", "The list can have at most 8 keys."),
    ],
)
def test_there_are_limits(body: Json, path: str, message: str) -> None:
    assert errors(body) == {path: [message]}


def test_the_limits_themselves_are_fine() -> None:
    query = read({"MetadataFilters": [RUM] * 20, "AnyOf": [[RUM] * 30], "SortBy": [RUM] * 8})
    assert len(query.filters) + len(query.groups[0]) == 50


def test_named_elements_are_found_however_wrong_the_rest_is() -> None:
    body = {"a": [{"metadataElementId": "A"}, [[{"metadataElementId": "B"}]]], "b": 5, "c": ["d"]}
    assert named_elements(body) == {"A", "B"}
    assert named_elements([{"metadataElementId": "A"}]) == set()


def test_reserved_keys_cannot_be_shadowed() -> None:
    assert search_keys({"GLOBAL_Date": (100, DataType.TEXT)}) == known_keys()
