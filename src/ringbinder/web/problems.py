"""Errors as the contract shows them: every handler of the application ends here."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from ringbinder.kit.errors import FieldErrors, RingbinderError, field_path
from ringbinder.kit.tracing import current_trace_id
from ringbinder.web.answers import JSON, encode

PROBLEM_JSON = "application/problem+json"
VALIDATION_TITLE: Final = "One or more validation errors occurred."

_RFC_9110: Final = {
    400: "15.5.1",
    401: "15.5.2",
    403: "15.5.4",
    404: "15.5.5",
    405: "15.5.6",
    406: "15.5.7",
    408: "15.5.9",
    409: "15.5.10",
    411: "15.5.12",
    412: "15.5.13",
    413: "15.5.14",
    414: "15.5.15",
    415: "15.5.16",
    416: "15.5.17",
    500: "15.6.1",
}
_logger = logging.getLogger("ringbinder.errors")


def problem_type(status: int) -> str:
    """Give the address of the RFC section that defines a status."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "https://tools.ietf.org/html/rfc6585#section-4"
    return f"https://tools.ietf.org/html/rfc9110#section-{_RFC_9110.get(status, '15')}"


def problem(
    request: Request,
    status: int,
    *,
    detail: str | None = None,
    code: str | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """Build the answer for an error; the media type is what the client accepts (RFC 9457)."""
    body: dict[str, Any] = {
        "type": problem_type(status),
        "title": VALIDATION_TITLE if errors else HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        body["detail"] = detail
    if code:
        body["code"] = code
    if errors:
        body["errors"] = errors
    body |= members or {}
    body["traceId"] = current_trace_id()
    wants_problem = PROBLEM_JSON in request.headers.get("accept", "")
    return Response(
        encode(body),
        status_code=status,
        media_type=PROBLEM_JSON if wants_problem else JSON,
        headers=dict(headers or {}),
    )


def install_error_handlers(app: FastAPI) -> None:
    """Render every error of the application in the contract's shape."""
    app.add_exception_handler(RingbinderError, _on_named_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unexpected_error)


async def _on_named_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RingbinderError)  # noqa: S101 - registered for this type
    return problem_of(request, error)


def problem_of(request: Request, error: RingbinderError) -> Response:
    """Build the answer for a named error."""
    if isinstance(error, FieldErrors):
        return problem(request, error.status, errors=error.errors)
    return problem(
        request,
        error.status,
        detail=error.detail,
        code=error.code,
        headers=error.headers,
        members=error.members,
    )


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    return problem(request, HTTPStatus.BAD_REQUEST, errors=messages_by_path(error.errors()))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"allow": ", ".join(_methods_of(request))}
    return problem(request, error.status_code, headers=headers)


def _methods_of(request: Request) -> list[str]:
    """Give the methods of all routes of a path; the framework knows those of the first."""
    routes = [(r.path, r.methods or ()) for r in iter_route_contexts(request.app.routes) if r.path]
    here = request.scope["path"]
    first = next((path for path, _ in routes if compile_path(path)[0].match(here)), None)
    return sorted({method for path, methods in routes if path == first for method in methods})


async def _on_unexpected_error(request: Request, error: Exception) -> Response:
    return problem_of_unexpected(request, error)


def problem_of_unexpected(request: Request, error: Exception) -> Response:
    """Build the answer for an error that nobody has foreseen; the log says more than the client."""
    _logger.error("unexpected error", exc_info=error, extra={"trace_id": current_trace_id()})
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def messages_by_path(errors: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Turn the validator's findings into ``errors``: sentences by the client's field path."""
    found: dict[str, list[str]] = {}
    for error in errors:
        path = _client_path(error["loc"])
        message = _sentence(error, path)
        messages = found.setdefault(path, [])
        if message not in messages:
            messages.append(message)
    return found


def _client_path(location: Sequence[str | int]) -> str:
    # The first word says where it was found: body, query, path or header. The client knows that.
    inner = [part for part in location[1:] if not _names_a_union_branch(part)]
    return field_path(inner) if inner else "$"


def _names_a_union_branch(part: str | int) -> bool:
    """Recognise what the validator adds for its own unions; no client sent such a name."""
    return isinstance(part, str) and (part.endswith("]") or part in _BRANCHES)


_BRANCHES: Final = frozenset(
    {"str", "int", "float", "bool", "number", "list", "none", "constrained-str"}
)

_SENTENCES: Final = {
    "string_type": "The value must be a text.",
    "int_type": "The value must be a whole number.",
    "int_parsing": "The value must be a whole number.",
    "int_from_float": "The value must be a whole number.",
    "int_parsing_size": "The value is out of range.",
    "float_type": "The value must be a number.",
    "float_parsing": "The value must be a number.",
    "finite_number": "The value must be a finite number.",
    "bool_type": "The value must be true or false.",
    "bool_parsing": "The value must be true or false.",
    "list_type": "The value must be a list.",
    "dict_type": "The value must be an object.",
    "model_type": "The value must be an object.",
    "model_attributes_type": "The value must be an object.",
    "uuid_type": "The value must be a GUID.",
    "uuid_parsing": "The value must be a GUID.",
    "date_type": "The value must be a date, such as 2024-01-15.",
    "date_parsing": "The value must be a date, such as 2024-01-15.",
    "date_from_datetime_parsing": "The value must be a date, such as 2024-01-15.",
    "datetime_type": "The value must be a time, such as 2024-01-15T08:30:00Z.",
    "datetime_parsing": "The value must be a time, such as 2024-01-15T08:30:00Z.",
    "datetime_from_date_parsing": "The value must be a time, such as 2024-01-15T08:30:00Z.",
    "timezone_aware": "The value must be a time with its zone, such as 2024-01-15T08:30:00Z.",
    "string_pattern_mismatch": "The value has the wrong form.",
}


def _sentence(error: Mapping[str, Any], path: str) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return (
            "A JSON body is required."
            if path == "$"
            else f"The {path.rpartition('.')[2]} field is required."
        )
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    message = (
        str(error["msg"]).removeprefix("Value error, ").replace("Input should", "The value should")
    )
    return message if message.endswith(".") else f"{message}."
