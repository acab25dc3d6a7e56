import json
from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit.json_reading import (
    JsonTooDeep,
    MalformedJson,
    may_hold_nul,
    nul_paths,
    read_json,
)

pytestmark = pytest.mark.unit

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)

MALFORMED = [
    (b"", 0, "ends too early"),
    (b" ", 1, "ends too early"),
    (b'{"a":', 5, "ends too early"),
    (b'"abc', 4, "ends too early"),
    (b"NaN", 0, "invalid character"),
    (b"[Infinity]", 1, "invalid character"),
    (b"[-Infinity]", 2, "invalid character"),
    (b'\xef\xbb\xbf{"a":1}', 0, "invalid character"),
    (b"1 2", 2, "trailing characters"),
    (b"{} x", 3, "trailing characters"),
    (b'{"a":1,}', 7, "trailing comma"),
    (b"[1,]", 3, "trailing comma"),
    (b"[1 2]", 3, "expected"),
    (b"{a:1}", 1, "keys must be strings"),
    (b"'a'", 0, "invalid character"),
    (b"// c\n1", 0, "invalid character"),
    (b"01", 1, "invalid number"),
    (b"+1", 0, "invalid character"),
    (b".5", 0, "invalid character"),
    (b"1.", 2, "invalid number"),
    (b'"a\tb"', 2, "invalid character"),
    (b'"\x00"', 1, "invalid character"),
    (b'"\\x"', 2, "invalid escape"),
    (b'"\\u00G0"', 5, "unicode escape"),
    (b'"\\ud800"', 1, "surrogate"),
    (b'["\\\\\\ud800\\u0041"]', 4, "surrogate"),
    (b'"\\udc00\\ud800"', 1, "surrogate"),
    (b'{"\\ud800":1}', 2, "surrogate"),
    (b'"\\ud83d\\ude00 \\ud83d"', 14, "surrogate"),
    (b'["\xc3\x28"]', 2, "UTF-8"),
    (b'{"\xff":1}', 2, "UTF-8"),
    (b'"\xed\xa0\x80"', 1, "UTF-8"),
    (b'"\xc0\x80"', 1, "UTF-8"),
    (b'["1e999",1e999]', 9, "out of range"),
    (b"[1," + b"9" * 5000 + b"]", 3, "out of range"),
]


@pytest.mark.parametrize(("body", "position", "words"), MALFORMED)
def test_what_is_not_json_is_refused_with_its_place(body: bytes, position: int, words: str) -> None:
    with pytest.raises(MalformedJson, match=words) as caught:
        read_json(body)
    assert caught.value.position == position
    assert f"byte {position}:" in str(caught.value)


@given(json_values)
def test_json_is_read_as_the_standard_library_reads_it(value: object) -> None:
    body = json.dumps(value).encode()
    assert read_json(body, max_depth=100) == json.loads(body)
    assert read_json(json.dumps(value, ensure_ascii=False).encode(), max_depth=100) == value


@given(st.text(alphabet='[]{}",:\\u0d8 1e.-tn', max_size=12))
def test_whatever_is_accepted_is_json_for_the_standard_library_too(text: str) -> None:
    try:
        value = read_json(text.encode())
    except MalformedJson:
        return
    assert json.loads(text) == value


@given(st.binary(max_size=30))
def test_bytes_of_any_kind_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedJson, JsonTooDeep):
        read_json(body)


def test_whole_numbers_stay_exact() -> None:
    assert read_json(b"123456789012345678901234567890") == 123456789012345678901234567890


def test_the_last_of_equal_keys_wins() -> None:
    assert read_json(b'{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_the_bound_of_depth_is_exact(opening: bytes, closing: bytes) -> None:
    inner = b"[]" if opening == b"[" else b"{}"
    read_json(opening * 31 + inner + closing * 31)
    with pytest.raises(JsonTooDeep, match="32 levels"):
        read_json(opening * 32 + inner + closing * 32)


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[]," * 100 + b"1]",
        b'"' + b"[" * 100 + b'"',
        b'["\\"' + b"[{" * 100 + b'\\\\", 1]',
    ],
)
def test_breadth_and_brackets_in_texts_are_not_depth(body: bytes) -> None:
    read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b'"' + b'\\"' * 250_000 + b"[" * 40,
        b'"\\' * 250_000 + b"[" * 40,
        b"[]" * 250_000,
        b"]" * 500_000 + b"[" * 40,
        b"[" + b"1," * 250_000,
        b"[" + b"\\ud800" * 80_000,
        b"-" * 500_000,
        b"[1e999" + b",1" * 250_000,
    ],
)
def test_hostile_bodies_are_refused_quickly(body: bytes) -> None:
    started = perf_counter()
    with pytest.raises((MalformedJson, JsonTooDeep)):
        read_json(body)
    assert perf_counter() - started < 5


def test_more_depth_than_the_reader_can_take_is_too_deep() -> None:
    with pytest.raises(JsonTooDeep):
        read_json(b"[" * 100_000 + b"]" * 100_000, max_depth=200_000)


def test_nul_characters_are_found_by_path() -> None:
    value = read_json(b'{"a":[1,"x\\u0000",{"b":"\\u0000"}],"c\\u0000":null,"d":"fine"}')
    assert nul_paths(value) == [("a", 1), ("a", 2, "b"), ("c\x00",)]
    assert nul_paths("\x00") == [()]
    assert nul_paths({"a": ["b"]}) == []


@given(json_values)
def test_a_body_that_cannot_hold_nul_holds_none(value: object) -> None:
    body = json.dumps(value).encode()
    assert may_hold_nul(body) or nul_paths(read_json(body, max_depth=100)) == []
