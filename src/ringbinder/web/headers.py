"""Headers that an answer carries whatever becomes of the request, errors included."""

from typing import Final

from fastapi import Request
from starlette.types import Scope

_PLACE: Final = "ringbinder.headers"


def prepare_answer_headers(scope: Scope) -> dict[str, str]:
    """Make the place where the headers of a request's answer are collected."""
    headers: dict[str, str] = {}
    scope[_PLACE] = headers
    return headers


def add_answer_header(request: Request, name: str, value: str) -> None:
    """Let the answer carry a header, be it the one that is hoped for or an error."""
    request.scope[_PLACE][name] = value
