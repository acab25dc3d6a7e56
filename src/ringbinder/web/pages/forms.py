"""What a form sent: texts by name, bounded, and never trusted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from ringbinder.kit.errors import FieldErrors
from ringbinder.web.bodies import UnsupportedMediaTypeError, read_bounded
from ringbinder.web.problems import messages_by_path

CSRF_FIELD: Final = "csrf_token"
FORM: Final = "application/x-www-form-urlencoded"
_LIMIT_BYTES: Final = 1_000_000
_MOST_FIELDS: Final = 5000
Model = TypeVar("Model", bound=BaseModel)
_PLACE: Final = "ringbinder.form"


class Form(Mapping[str, str]):
    """The fields of a form; of several with the same name the last one counts."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Take names and values as they were sent."""
        self._pairs = pairs
        self._last = dict(pairs)

    def __getitem__(self, name: str) -> str:
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def text(self, name: str) -> str:
        """Give a field without blanks around it, an empty text where it was not sent."""
        return self._last.get(name, "").strip()

    def optional(self, name: str) -> str | None:
        """Give a field without blanks around it, None where it is empty or was not sent."""
        return self.text(name) or None

    def is_set(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return name in self._last

    def several(self, name: str) -> list[str]:
        """Give all values of a field, such as ticked rows, in their order and each once."""
        return list(dict.fromkeys(value for key, value in self._pairs if key == name))

    def guids(self, name: str) -> tuple[UUID, ...]:
        """Give all values of a field as ids, each once.

        Raises:
            FieldErrors: one of them is no GUID.

        """
        try:
            return tuple(dict.fromkeys(UUID(text) for text in self.several(name)))
        except ValueError:
            raise FieldErrors({name: ["The value must be a GUID."]}) from None

    def read(self, model: type[Model]) -> Model:
        """Read the fields as a model; what is empty was not given.

        Raises:
            FieldErrors: with everything that is wrong, by the names of the fields.

        """
        given = {name: self.text(name) for name in self._last if self.text(name)}
        try:
            return model.model_validate(given)
        except ValidationError as error:
            found = [{**one, "loc": ("form", *one["loc"])} for one in error.errors()]
            raise FieldErrors(messages_by_path(found)) from error


async def read_form(request: Request) -> Form:
    """Read the form of a request; a second call gives it again.

    Raises:
        BodyTooLargeError: it is larger than one megabyte.
        UnsupportedMediaTypeError: the body is no form.
        FieldErrors: it is not in UTF-8, holds NUL, or has too many fields.

    """
    known: Form | None = request.scope.get(_PLACE)
    if known is None:
        known = request.scope[_PLACE] = Form(_pairs(request, await _body(request)))
    return known


async def _body(request: Request) -> bytes:
    return await read_bounded(request, _LIMIT_BYTES)


def _pairs(request: Request, body: bytes) -> list[tuple[str, str]]:
    if not body:
        return []
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise UnsupportedMediaTypeError(detail=f"Send the form as {FORM}.")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise FieldErrors({"$": ["The form cannot be read."]}) from None
    if any("\x00" in value or "\x00" in name for name, value in pairs):
        raise FieldErrors({"$": ["The value must not contain the character NUL."]})
    return pairs


Submitted = Annotated[Form, Depends(read_form)]
"""What a route asks for to get the form."""
