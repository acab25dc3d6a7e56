"""Field types that many schemas share; each refuses with a sentence for people."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ringbinder.kit.clock import parse_rfc3339
from ringbinder.kit.names import name_problems

MAXIMUM_TEXT: Final = 4000
MAXIMUM_SEARCH_TERM: Final = 200


class Described:
    """Says in the schema, in its own words, what a validator of ours checks."""

    def __init__(self, **facts: Any) -> None:  # noqa: ANN401 - any keyword of JSON Schema
        """Take the keywords."""
        self._facts = facts

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core_schema) | self._facts


_WITHOUT_NUL: Final = Described(pattern=r"^[^\x00]*$")


def _without_nul(text: str) -> str:
    if "\x00" in text:
        message = "The value must not contain the character NUL."
        raise ValueError(message)
    return text


def _proper_name(text: str) -> str:
    problems = name_problems(text)
    if problems:
        raise ValueError(" ".join(problems))
    return text


def _strict_date(value: Any) -> Any:  # noqa: ANN401 - a validator sees whatever was sent
    if not isinstance(value, str | date):
        message = "The value must be a date, such as 2024-01-15."
        raise ValueError(message)  # noqa: TRY004 - the validator collects value errors
    return value


def _moment(value: Any) -> datetime:  # noqa: ANN401 - see above
    try:
        return parse_rfc3339(value)
    except (TypeError, ValueError):
        message = "The value must be a time with its zone, such as 2024-01-15T08:30:00Z."
        raise ValueError(message) from None


def _no_text(value: Any) -> Any:  # noqa: ANN401 - see above
    if isinstance(value, bool | str):
        message = "The value must be a whole number."
        raise ValueError(message)  # noqa: TRY004 - the validator collects value errors
    return value


NOT_A_TEXT: Final = BeforeValidator(_no_text)
"""Makes an ``int`` a whole number as JSON has it: ``5.0`` is one too, ``"5"`` is none."""

CleanText = Annotated[str, AfterValidator(_without_nul), _WITHOUT_NUL]
"""Any text without NUL."""

Text = Annotated[
    str, StringConstraints(max_length=MAXIMUM_TEXT), AfterValidator(_without_nul), _WITHOUT_NUL
]
"""A text of at most 4,000 characters."""

ShortText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_without_nul),
    _WITHOUT_NUL,
]
"""A text of 1 to 200 characters."""

Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(_without_nul),
    _WITHOUT_NUL,
]
"""A text of 1 to 100 characters."""

FileName = Annotated[
    str,
    AfterValidator(_proper_name),
    # Not blank, neither . nor .., and no character that is refused.
    Described(
        minLength=1,
        maxLength=255,
        pattern=r"^(?!\s*$)(?!\.{1,2}$)[^/\\\x00-\x1f\x7f-\x9f\u2028\u2029]+$",
    ),
    Field(examples=["A-40.1-1001 Plan 1.pdf"]),
]
"""A file or folder name: at most 255 bytes in UTF-8, no slash, backslash or control character."""

SearchTerm = Annotated[
    str,
    StringConstraints(max_length=MAXIMUM_SEARCH_TERM),
    AfterValidator(_without_nul),
    _WITHOUT_NUL,
]
"""What is searched for, at most 200 characters."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True)]
"""A SHA-256 digest in hexadecimal."""

BinderId = Annotated[str, Field(pattern=r"^[A-Z0-9]{9}$", examples=["MNWI5YR89"])]
"""A binder's NanoId: nine characters from A-Z and 0-9."""

Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    Field(examples=["2024-01-15T08:30:00Z"]),
]
"""A time with its zone by RFC 3339."""

Day = Annotated[date, BeforeValidator(_strict_date), Field(examples=["2024-01-15"])]
"""A date by ISO 8601."""
