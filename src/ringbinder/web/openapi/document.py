"""The whole OpenAPI document of an application."""

import re
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI

from ringbinder.web.conditional import PreconditionFailedError
from ringbinder.web.openapi import tidying
from ringbinder.web.openapi.examples import example_of
from ringbinder.web.openapi.limits import limit_headers, promise_limit_headers
from ringbinder.web.openapi.problems import (
    error_responses,
    problem_examples,
    problem_schemas,
    shared,
    shared_responses,
)
from ringbinder.web.openapi.retries import promise_replay_header, replay_header
from ringbinder.web.registry import Operation, operations_of
from ringbinder.web.tenant import TENANT_HEADER

SECURITY_SCHEME: Final = "RingbinderOAuth2"
SCOPE: Final = "ibinder_public"

Json = dict[str, Any]

_SHARED_PARAMETERS: Final = {
    TENANT_HEADER: "TenantId",
    "pageSize": "PageSize",
    "pageNumber": "PageNumber",
    "searchTerm": "SearchTerm",
    "cursor": "Cursor",
    "If-Match": "IfMatch",
    "Idempotency-Key": "IdempotencyKey",
    "If-None-Match": "IfNoneMatch",
}
_ETAG_EXAMPLE: Final = '"MNWI5YR89-3"'


def document(app: FastAPI, *, token_url: str, server_url: str) -> Json:
    """Give the OpenAPI 3.1 document of an application."""
    spec = _of_the_framework(app, server_url)
    tidying.drop_framework_validation_errors(spec)
    tidying.name_inline_bodies(spec)
    tidying.simplify_parameters(spec)
    tidying.simplify_bodies(spec)
    operations = list(operations_of(app))
    for operation in operations:
        _complete(spec["paths"][operation.path][operation.method.lower()], operation)
    components = spec["components"]
    components["schemas"] |= problem_schemas()
    tidying.share_parameters(spec, _SHARED_PARAMETERS)
    tidying.drop_titles([spec["paths"], components])
    tidying.rename_schemas(spec)
    for described in tidying.operations_in(spec):
        _finish(described, components["schemas"])
    components["responses"] = shared_responses()
    components["examples"] = problem_examples(operations)
    components["securitySchemes"] = {SECURITY_SCHEME: _security_scheme(token_url)}
    components["headers"] = limit_headers() | replay_header()
    promise_limit_headers(spec, operations)
    promise_replay_header(spec, operations)
    return spec


def _of_the_framework(app: FastAPI, server_url: str) -> Json:
    from fastapi.openapi.utils import get_openapi  # noqa: PLC0415 - loaded when the document is first asked for

    return get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=app.description,
        routes=app.routes,
        servers=[{"url": server_url, "description": "This installation."}],
        tags=app.openapi_tags,
        license_info=app.license_info,
    )


def _complete(described: Json, operation: Operation) -> None:
    """Add what an operation's declaration says and the framework does not know."""
    described["responses"] |= error_responses(operation)
    if operation.permission is not None:
        described["security"] = [{SECURITY_SCHEME: [SCOPE]}]
    parameters = described.setdefault("parameters", [])
    if operation.media_types:
        described["responses"]["200"]["content"] = {
            media_type: {"schema": {"type": "string"}} for media_type in operation.media_types
        }
    if operation.etag:
        _promise_etag(described)
    if operation.etag and operation.method == "GET":
        parameters.append(_if_none_match())
        described["responses"]["304"] = {"description": "It is still the one that you know."}
    if PreconditionFailedError in operation.errors:
        parameters.append(_if_match())


def _promise_etag(described: Json) -> None:
    for status, response in described["responses"].items():
        if status.startswith("2"):
            response["headers"] = {
                "ETag": {
                    "description": "Which state this is; for `If-Match` and `If-None-Match`.",
                    "required": True,
                    "schema": {"type": "string", "examples": [_ETAG_EXAMPLE]},
                }
            }


def _if_none_match() -> Json:
    return _header("If-None-Match", "The ETag that you know; if it still holds, the answer is 304.")


def _if_match() -> Json:
    return _header("If-Match", "Change it only if this is its ETag; if not, the answer is 412.")


def _header(name: str, description: str) -> Json:
    schema = {"type": "string", "examples": [_ETAG_EXAMPLE]}
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": schema,
    }


def _finish(described: Json, schemas: Mapping[str, Json]) -> None:
    """Give an operation a summary, the answers that any has, and examples where it has none."""
    described["summary"] = _in_words(described["operationId"])
    responses = described["responses"]
    for status in (429, 500):
        responses.setdefault(str(status), shared(status))
    described["responses"] = dict(sorted(responses.items()))
    for parameter in described.get("parameters", ()):
        if parameter.get("required") and "example" not in parameter:
            parameter["example"] = example_of(parameter["schema"], schemas)
    bodies = [described.get("requestBody", {}), *described["responses"].values()]
    for body in bodies:
        for content in body.get("content", {}).values():
            if "example" not in content and "examples" not in content:
                content["example"] = example_of(content["schema"], schemas)


def _in_words(operation_id: str) -> str:
    """Make ``List metadata elements`` of ``Binders_listMetadataElements``."""
    verb = operation_id.partition("_")[2]
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", verb).capitalize()


def _security_scheme(token_url: str) -> Json:
    return {
        "type": "oauth2",
        "description": "OAuth 2.0 client credentials; send the token as `Authorization: Bearer …`.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": token_url,
                "scopes": {SCOPE: "Everything that the client's role allows."},
            }
        },
    }
