"""What a module of a page sends as JSON: bounded, and never trusted."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from ringbinder.kit.errors import FieldErrors
from ringbinder.web.bodies import UnsupportedMediaTypeError, read_bounded

Payload = TypeVar("Payload", bound=BaseModel)
JSON = "application/json"


def sent_json(model: type[Payload], *, limit_bytes: int) -> Callable[[Request], Awaitable[Payload]]:
    """Make a dependency that reads the body as a model.

    Only our own modules send these, so what is wrong with one is not told in detail.

    Raises:
        BodyTooLargeError, UnsupportedMediaTypeError, FieldErrors: it is none.

    """

    async def read(request: Request) -> Payload:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != JSON:
            raise UnsupportedMediaTypeError
        body = await read_bounded(request, limit_bytes)
        try:
            return model.model_validate_json(body)
        except ValidationError as error:
            raise FieldErrors({"$": ["The form cannot be read."]}) from error

    return read
