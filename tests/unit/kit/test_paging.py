import asyncio
import base64
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit.paging import (
    BadCursor,
    Cursor,
    CursorValue,
    PageRequest,
    query_shape,
    total_of,
)

pytestmark = pytest.mark.unit

TYPES = (str, int, float, str | None)
SHAPE = query_shape("documents", {"searchTerm": "plan"}, ["GLOBAL_Date", "desc"])
CURSOR = Cursor(("2024-01-15", 7, 0.5, None))
WRITTEN = CURSOR.encode(shape=SHAPE)


@pytest.mark.parametrize(("number", "size", "offset"), [(1, 50, 0), (2, 50, 50), (7, 1, 6)])
def test_the_offset_of_a_page(number: int, size: int, offset: int) -> None:
    assert PageRequest(number, size).offset == offset


@pytest.mark.parametrize(("number", "size"), [(0, 50), (1, 0), (-1, 1)])
def test_pages_count_from_one(number: int, size: int) -> None:
    with pytest.raises(ValueError, match="from 1"):
        PageRequest(number, size)


@pytest.mark.parametrize(
    ("found", "offset", "total"),
    [(0, 0, 0), (2, 0, 2), (3, 0, 90), (2, 3, 90), (0, 3, 90)],
)
async def test_only_what_one_page_does_not_hold_is_counted(
    found: int, offset: int, total: int
) -> None:
    async def count() -> int:
        await asyncio.sleep(0)
        return 90

    assert await total_of(range(found), count, offset=offset, limit=3) == total
    assert await total_of(range(found), count, behind=1, limit=3) == 90


def test_the_shape_of_a_query_depends_on_its_parts_only() -> None:
    assert query_shape("a", {"x": 1, "y": 2}) == query_shape("a", {"y": 2, "x": 1})
    assert query_shape("a", "b") != query_shape("ab")
    assert query_shape("a", 1) != query_shape("a", "1")
    assert query_shape("a", None) == "aebb0474c57695b8"


def test_a_cursor_is_safe_in_urls() -> None:
    assert set(WRITTEN) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
)
def test_the_values_come_back(text: str, whole: int, number: float, label: str | None) -> None:
    cursor = Cursor((text, whole, number, label))
    assert Cursor.decode(cursor.encode(shape=SHAPE), shape=SHAPE, types=TYPES) == cursor


def test_a_cursor_of_another_query_is_refused() -> None:
    with pytest.raises(BadCursor):
        Cursor.decode(WRITTEN, shape=query_shape("documents"), types=TYPES)


@given(st.text(max_size=80) | st.text(alphabet="WyIxab-_=", max_size=40))
def test_garbled_texts_are_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.decode(text, shape=SHAPE, types=TYPES)


@pytest.mark.parametrize("place", range(len(WRITTEN)))
def test_a_changed_character_is_noticed(place: int) -> None:
    other = "A" if WRITTEN[place] != "A" else "B"
    with pytest.raises(BadCursor):
        Cursor.decode(
            WRITTEN[:place] + other + WRITTEN[place + 1 :],
            shape=SHAPE,
            types=TYPES,
        )


@pytest.mark.parametrize("change", [WRITTEN + "=", WRITTEN + "\n", " " + WRITTEN, WRITTEN[:-1], ""])
def test_another_spelling_is_refused(change: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.decode(change, shape=SHAPE, types=TYPES)


@pytest.mark.parametrize(
    "values",
    [
        ("a", 1, 0.5),
        ("a", 1, 0.5, None, None),
        (1, 1, 0.5, None),
        ("a", "1", 0.5, None),
        ("a", 2**63, 0.5, None),
        ("a", 1.5, 0.5, None),
        ("a", None, 0.5, None),
        ("a\x00", 1, 0.5, None),
    ],
)
def test_values_of_other_types_are_refused(values: tuple[CursorValue, ...]) -> None:
    written = Cursor(values).encode(shape=SHAPE)
    with pytest.raises(BadCursor):
        Cursor.decode(written, shape=SHAPE, types=TYPES)


def test_a_whole_number_is_a_number_too() -> None:
    written = Cursor((3,)).encode(shape=SHAPE)
    assert Cursor.decode(written, shape=SHAPE, types=(float | None,)).values == (3,)


@pytest.mark.parametrize("payload", ["{}", "[]", "[true]", "1", "[[]]", "[" * 2000, '["\\ud800"]'])
def test_other_json_is_refused(payload: str) -> None:
    text = base64.urlsafe_b64encode(payload.encode()).rstrip(b"=").decode()
    with pytest.raises(BadCursor) as caught:
        Cursor.decode(text, shape=SHAPE, types=TYPES)
    assert list(caught.value.errors) == ["cursor"]


@given(st.floats(allow_nan=False, allow_infinity=False).filter(math.isfinite))
def test_floats_come_back_exactly(number: float) -> None:
    written = Cursor((number,)).encode(shape=SHAPE)
    (value,) = Cursor.decode(written, shape=SHAPE, types=(float,)).values
    assert value == number
