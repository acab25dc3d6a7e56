"""The error answers of operations: their schemas, their codes, and an example of each code."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from ringbinder.kit.errors import RingbinderError, all_error_types
from ringbinder.web.answers import JSON
from ringbinder.web.patches import unchanged
from ringbinder.web.problems import PROBLEM_JSON, VALIDATION_TITLE, problem_type
from ringbinder.web.registry import Operation

Json = dict[str, Any]

TRACE_EXAMPLE: Final = "00-4b9b9c0e9c4b4a6b8c1d9e3f7a5b6c2d-1a2b3c4d5e6f7a8b-01"


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="The RFC section that defines the status.")
    title: str = Field(description="The reason phrase of the status.")
    status: int = Field(description="The same as the HTTP status code.")
    detail: str = unchanged(description="A sentence for people.")
    code: str = unchanged(description="A stable word for programs.")
    traceId: str = unchanged(description="Name it when you report a problem.")  # noqa: N815 - wire name


class ValidationProblem(BaseModel):
    """A request that is wrong, with everything that is wrong about it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="The RFC section that defines the status.")
    title: str = Field(description="Always the same sentence.")
    status: int = Field(description="The same as the HTTP status code.")
    errors: dict[str, list[str]] = Field(
        description="The path of each wrong field, as you sent it, with messages."
    )
    traceId: str = unchanged(description="Name it when you report a problem.")  # noqa: N815 - wire name


_MEANING: Final = {
    400: "The request is malformed or invalid; `errors` names every wrong field.",
    401: "The access token is missing, invalid, expired or revoked.",
    403: "The caller is known but may not do this.",
    404: "It does not exist, or not for this organisation.",
    409: "The request conflicts with the present state.",
    412: "The resource has changed since the ETag that you sent.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "Too many requests; wait as long as `Retry-After` says.",
    500: "An unexpected error on the server. A GET can safely be sent again.",
}
_SHARED: Final = {
    400: ("BadRequest", ()),
    401: ("Unauthorized", ("token.invalid",)),
    403: ("Forbidden", ("permission.missing", "tenant.mismatch")),
    413: ("ContentTooLarge", ("request.body_too_large",)),
    415: ("UnsupportedMediaType", ("request.unsupported_media_type",)),
    429: ("TooManyRequests", ("limit.exceeded",)),
    500: ("InternalServerError", ()),
}
_HEADERS: Final = {
    401: {"WWW-Authenticate": "Which scheme to use, and what was wrong with the token (RFC 6750)."},
    429: {"Retry-After": "Whole seconds to wait."},
}
_INVALID: Final = {"fileName": ["The name must not contain a slash or a backslash."]}


def problem_schemas() -> dict[str, Json]:
    """Give the schemas of errors, by name."""
    return {model.__name__: model.model_json_schema() for model in (Problem, ValidationProblem)}


def shared_responses() -> dict[str, Json]:
    """Give the answers that many operations have in common, by name."""
    errors = all_error_types()
    return {
        name: _response(status, [errors[code] for code in codes])
        for status, (name, codes) in _SHARED.items()
    }


def error_responses(operation: Operation) -> dict[str, Json]:
    """Give what an operation answers besides what it promises, by status."""
    named: dict[int, list[type[RingbinderError]]] = {}
    for error in operation.errors:
        named.setdefault(error.status, []).append(error)
    always = {400, 429, 500} | ({401, 403} if operation.permission else set())
    if operation.method in {"POST", "PUT", "PATCH"}:
        always |= {413, 415}
    return {
        str(status): _response(status, named[status]) if status in named else shared(status)
        for status in sorted(always | set(named))
    }


def shared(status: int) -> Json:
    """Refer to an answer that many operations have in common."""
    return {"$ref": f"#/components/responses/{_SHARED[status][0]}"}


def _response(status: int, named: Iterable[type[RingbinderError]]) -> Json:
    errors = sorted(named, key=lambda error: error.code)
    codes = ", ".join(f"`{error.code}`" for error in errors)
    response: Json = {"description": _meaning(status) + (f" Codes: {codes}." if codes else "")}
    if status in _HEADERS:
        response["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS[status].items()
        }
    names = [error.code for error in errors] or [_plain_name(status)]
    examples = {name: {"$ref": f"#/components/examples/{name}"} for name in names}
    content = {"schema": _schema(status, codes), "examples": examples}
    response["content"] = {JSON: content, PROBLEM_JSON: content}
    return response


def problem_examples(operations: Iterable[Operation]) -> dict[str, Json]:
    """Give an example of each error, by its code, or by its status where it has none."""
    errors = {error.code: error for operation in operations for error in operation.errors}
    for _, codes in _SHARED.values():
        errors |= {code: all_error_types()[code] for code in codes}
    examples = {
        code: _example(error.status, {"detail": error().detail, "code": code})
        for code, error in sorted(errors.items())
    }
    for status, (_, codes) in _SHARED.items():
        if not codes:
            examples[_plain_name(status)] = _example(status, {})
    invalid = _example(HTTPStatus.BAD_REQUEST, {"errors": _INVALID})
    examples[_plain_name(400)] = invalid | {"title": VALIDATION_TITLE}
    return {name: {"value": example} for name, example in examples.items()}


def _plain_name(status: int) -> str:
    return HTTPStatus(status).name.lower()


def _meaning(status: int) -> str:
    return _MEANING.get(status, f"{HTTPStatus(status).phrase}.")


def _schema(status: int, codes: str) -> Json:
    problem = {"$ref": "#/components/schemas/Problem"}
    if status != HTTPStatus.BAD_REQUEST:
        return problem
    validation = {"$ref": "#/components/schemas/ValidationProblem"}
    return {"anyOf": [validation, problem]} if codes else validation


def _example(status: int, more: Json) -> Json:
    title = HTTPStatus(status).phrase
    head = {"type": problem_type(status), "title": title, "status": status}
    return head | more | {"traceId": TRACE_EXAMPLE}
