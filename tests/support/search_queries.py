"""Random searches of a library that is known: what they ask for is there more often than not."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from ringbinder.features.metadata.types import DataType
from tests.factories.library import SETTABLE, Key, Stored
from tests.support.search_model import Json

ALWAYS = ("eq", "ne", "in", "exists", "missing")
BOUNDS = ("lt", "lte", "gt", "gte")
PARTS = ("contains", "startsWith")
OPERATORS = {
    DataType.TEXT: (*ALWAYS, *BOUNDS, *PARTS),
    DataType.NUMBER: (*ALWAYS, *BOUNDS),
    DataType.DATE: (*ALWAYS, *BOUNDS),
    DataType.BOOLEAN: ALWAYS,
    DataType.ENUMERATED: ALWAYS,
}
PLACES = ("GLOBAL_BinderId", "GLOBAL_TabId", "GLOBAL_TabType")
SORTABLE = (*(key.id for key in SETTABLE), *PLACES, "GLOBAL_CreatedBy")
TYPES = ("documents", "drawings", "contracts")

LETTERS = "aAbBzåÅäÄöÖéüøß%_/\\'{|}~ 1\u0308\u0301\u200dﬁ가\x01"
short_texts = st.text(LETTERS, min_size=1, max_size=4).filter(str.strip)
words = st.sampled_from(["Plan", "plan", "PLÅN", "Åkeri", "Äpple", "Översikt", "Zon", "a", "å"])
# Beyond what the index holds of a text, and alike until far behind its end.
long_texts = st.builds(
    lambda head, letter, tail: head + letter * 230 + tail,
    short_texts,
    st.sampled_from("aÅé"),
    short_texts,
)
texts = st.one_of(words, short_texts, st.builds(lambda a, b: f"{a} {b}", words, words), long_texts)
numbers = st.one_of(
    st.integers(-3, 3), st.sampled_from([0.5, -0.5, 1e300, -1e300, 2**53]), st.floats(-10, 10)
)
dates = st.dates(date(2023, 12, 30), date(2024, 1, 3)).map(date.isoformat)
VALUE_IDS = ("a", "b", "c")


def values_of(key: Key) -> st.SearchStrategy[Any]:
    match key.type:
        case DataType.TEXT:
            return texts
        case DataType.NUMBER:
            return numbers
        case DataType.DATE:
            return dates
        case DataType.BOOLEAN:
            return st.booleans()
        case DataType.ENUMERATED:
            return st.sampled_from(VALUE_IDS)


@st.composite
def filters(draw: st.DrawFn, stored: Stored) -> Json:
    name = draw(st.sampled_from(SORTABLE))
    key = next((key for key in SETTABLE if key.id == name), None)
    if name == "GLOBAL_CreatedBy":
        kind, values = DataType.TEXT, people(stored)
    elif key is None:
        kind, values = DataType.ENUMERATED, places(stored, name)
    else:
        kind, values = key.type, given_values(stored, key)
    operator = draw(st.sampled_from(OPERATORS[kind]))
    made = {"metadataElementId": name, "operator": operator}
    if operator in ("exists", "missing"):
        return made
    field = (
        "valueId"
        if key is None or (draw(st.booleans()) and kind is DataType.ENUMERATED)
        else "value"
    )
    if operator == "in":
        return made | {f"{field}s": draw(st.lists(values, min_size=1, max_size=3))}
    value = draw(values)
    if operator in PARTS:
        value = draw(parts(value))
    return made | {field: value}


def people(stored: Stored) -> st.SearchStrategy[str]:
    known = stored.library.people
    ids = [str(person.id) for person in known]
    return st.sampled_from([*ids, *(person.name for person in known), "Ingen"])


def places(stored: Stored, name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        {
            "GLOBAL_BinderId": [*stored.binder_ids, "ABCDEFGHI", "å"],
            "GLOBAL_TabId": [*map(str, stored.folder_ids), str(UUID(int=7)), "no guid"],
            "GLOBAL_TabType": [*TYPES, "photos"],
        }[name]
    )


def given_values(stored: Stored, key: Key) -> st.SearchStrategy[Any]:
    """Values that documents have, more often than others; of lists, ids or labels."""
    had = [value for sheet in stored.library.sheets for value in sheet.values.get(key.id, ())]
    if key.type is DataType.ENUMERATED:
        return st.sampled_from([*VALUE_IDS, "Första", "Åter", "d", *map(str, had)])
    others = values_of(key)
    if key.type is DataType.TEXT and had:
        return st.sampled_from(had).flatmap(lambda text: st.sampled_from([text, str(text).upper()]))
    return st.sampled_from(had) | others if had else others


@st.composite
def parts(draw: st.DrawFn, text: str) -> str:
    """A part of a text, in some case."""
    begin = draw(st.integers(0, 3) | st.integers(0, max(0, len(text) - 1)))
    end = draw(st.integers(1, 5) | st.integers(1, 300))
    part = text[begin : begin + end] or "x"
    return draw(st.sampled_from([part, part.upper(), part.lower()]))


@st.composite
def searches(draw: st.DrawFn, stored: Stored) -> tuple[Json, str | None, frozenset[int] | None]:
    sort = st.fixed_dictionaries(
        {
            "metadataElementId": st.sampled_from(SORTABLE),
            "direction": st.sampled_from(["asc", "desc"]),
        }
    )
    groups = st.lists(filters(stored), min_size=1, max_size=3)
    body = {
        "MetadataFilters": draw(st.lists(filters(stored), max_size=3)),
        "AnyOf": draw(
            st.lists(groups, max_size=2) if draw(st.integers(0, 3)) == 0 else st.just([])
        ),
        "SortBy": draw(st.lists(sort, max_size=draw(st.sampled_from([0, 1, 1, 3])))),
    }
    names = [sheet.name for sheet in stored.library.sheets] or ["Plan"]
    term = draw(st.none() | st.none() | st.sampled_from(names).flatmap(parts))
    seen = st.none() | st.none() | st.frozensets(st.sampled_from(stored.folder_keys))
    return body, term, draw(seen)
