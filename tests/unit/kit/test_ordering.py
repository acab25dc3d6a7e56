import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit.ordering import date_key, date_of_key, number_key, number_of_key

pytestmark = pytest.mark.unit

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20)


@given(numbers, numbers)
def test_number_keys_sort_as_numbers(one: float, other: float) -> None:
    one, other = float(one), float(other)
    assert (number_key(one) < number_key(other)) is (one < other)
    assert (number_key(one) == number_key(other)) is (one == other)


@given(numbers)
def test_a_number_comes_back(number: float) -> None:
    key = number_key(number)
    assert len(key) == 16
    assert number_of_key(key) == float(number)


def test_zero_has_one_key() -> None:
    assert number_key(-0.0) == number_key(0.0) == number_key(0) == "8000000000000000"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**400])
def test_what_is_not_finite_has_no_key(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number_key(number)


@pytest.mark.parametrize("key", ["", "8", "g" * 16, "80000000 0000000", "A" * 16, "f" * 16])
def test_what_is_no_number_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        number_of_key(key)


@given(st.dates(), st.dates())
def test_date_keys_sort_as_days_and_come_back(one: date, other: date) -> None:
    assert (date_key(one) < date_key(other)) is (one < other)
    assert date_of_key(date_key(one)) == one


def test_early_years_have_four_digits() -> None:
    assert date_key(date(7, 1, 2)) == "0007-01-02"


@pytest.mark.parametrize("key", ["", "2024-1-15", "20240115", "2024-W03-1", "2024-02-30"])
def test_what_is_no_date_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        date_of_key(key)
