"""Values in filters, as the index of values has them."""

import math
from datetime import date
from typing import Final

from ringbinder.features.metadata.types import DataType
from ringbinder.features.search.types import MAXIMUM_TEXT
from ringbinder.kit.collation import bounded_sort_key
from ringbinder.kit.ordering import date_key, number_key

_TRUTHS: Final = {True: "1", "true": "1", False: "0", "false": "0"}
_DATE_LENGTH: Final = len("2024-01-15")


def read_text(given: object) -> str:
    """Give the text.

    Raises:
        ValueError: it is none, empty, too long, or holds what no text can hold.

    """
    if not isinstance(given, str):
        raise ValueError("The value must be a text.")  # noqa: TRY004 - callers collect value errors
    if not given:
        raise ValueError("The value must not be empty; use the operator missing.")
    if len(given) > MAXIMUM_TEXT:
        raise ValueError(f"The value can have at most {MAXIMUM_TEXT:,} characters.")
    if "\x00" in given:
        raise ValueError("The value must not contain the character NUL.")
    return given


def index_value(data_type: DataType, given: object) -> str:
    """Give a value as the index has it: equal for equal values, and ordered as they are.

    Raises:
        ValueError: it is not of the type, with a sentence for people.

    """
    match data_type:
        case DataType.NUMBER:
            return number_key(_read_number(given))
        case DataType.DATE:
            return date_key(_read_date(given))
        case DataType.BOOLEAN:
            return _read_truth(given)
        case _:
            return bounded_sort_key(read_text(given))


def _read_number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError("The value must be a number.")  # noqa: TRY004 - see above
    try:
        number = float(given)
    except ValueError:
        raise ValueError("The value must be a number.") from None
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("The value must be a finite number.")
    return number


def _read_date(given: object) -> date:
    try:
        if isinstance(given, str) and len(given) == _DATE_LENGTH:
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise ValueError("The value must be a date, such as 2024-01-15.")


def _read_truth(given: object) -> str:
    if isinstance(given, bool | str) and given in _TRUTHS:
        return _TRUTHS[given]
    raise ValueError("The value must be true or false.")
