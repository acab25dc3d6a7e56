"""Kinds of texts that the API takes for names, labels and ids."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from ringbinder.features.metadata.types import MAXIMUM_ID_LENGTH, RESERVED_PREFIX
from ringbinder.web.types import Described

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _one_line(text: str) -> str:
    if text.isspace():
        message = "The value must not be blank."
        raise ValueError(message)
    if _CONTROL.search(text):
        message = "The value must not contain control characters or line breaks."
        raise ValueError(message)
    return text


def _own_id(text: str) -> str:
    if text.startswith(RESERVED_PREFIX):
        message = f"The value must not begin with {RESERVED_PREFIX}, as reserved keys do."
        raise ValueError(message)
    return text


_ONE_LINE: Final = Described(pattern=r"^(?!\s*$)[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$")

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_one_line),
    _ONE_LINE,
]
"""A text of 1 to 200 characters on one line."""

Identifier = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAXIMUM_ID_LENGTH),
    AfterValidator(_one_line),
    _ONE_LINE,
]
"""An id of 1 to 100 characters that the client has chosen."""

OwnElementId = Annotated[
    Identifier,
    AfterValidator(_own_id),
    Described(**{"not": {"pattern": f"^{RESERVED_PREFIX}"}}),
]
"""An id of an element that is none of the reserved ones."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
"""A colour as ``#rrggbb``."""
