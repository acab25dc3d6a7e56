import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit import canonical
from ringbinder.kit.canonical import canonical_json

pytestmark = pytest.mark.unit

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        # Appendix B of RFC 8785.
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (1.0000000000000001e23, "1.0000000000000001e+23"),
        (999999999999999700000.0, "999999999999999700000"),
        (999999999999999900000.0, "999999999999999900000"),
        (1e21, "1e+21"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (333333333.33333325, "333333333.33333325"),
        (1424953923781206.2, "1424953923781206.2"),
        (4.5, "4.5"),
        (-1.5e-9, "-1.5e-9"),
        (2**63, "9223372036854775808"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(number: float, written: str) -> None:
    assert canonical_json(number) == written.encode()


def test_the_example_of_the_rfc() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "€$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_json(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_members_are_sorted_by_utf_16() -> None:
    order = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    written = canonical_json(dict.fromkeys(reversed(order), 0))
    assert list(json.loads(written)) == order


@given(values)
def test_what_was_read_back_is_written_the_same(value: object) -> None:
    written = canonical_json(value)
    assert canonical_json(json.loads(written)) == written


@given(values)
def test_the_quick_way_writes_the_same(value: object) -> None:
    assert canonical_json(value) == canonical._written(value).encode()  # noqa: SLF001 - the slow way


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back(number: float) -> None:
    assert float(json.loads(canonical_json(number))) == number


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "\ud800", {"\ud800": 1}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        canonical_json(value)


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="no set"):
        canonical_json({1})
