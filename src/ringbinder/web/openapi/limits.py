"""The headers by which answers tell what is left of a budget."""

from collections.abc import Iterable
from typing import Any, Final

from ringbinder.web.registry import Operation

Json = dict[str, Any]

DRAFT: Final = "draft-ietf-httpapi-ratelimit-headers-11"
_HEADERS: Final = {
    "RateLimit": (
        f"What is left of your budget ({DRAFT}): `r` requests now, and one more after `t` seconds.",
        '"reader-search";r=299;t=1',
    ),
    "RateLimit-Policy": (
        f"Your budget ({DRAFT}): `q` requests at once, which are all back after `w` seconds.",
        '"reader-search";q=300;w=15',
    ),
}


def limit_headers() -> dict[str, Json]:
    """Describe the headers, by name."""
    return {
        name: {"description": text, "schema": {"type": "string", "examples": [example]}}
        for name, (text, example) in _HEADERS.items()
    }


def promise_limit_headers(spec: Json, operations: Iterable[Operation]) -> None:
    """Say of every answer of the operations that it may have them."""
    answers = [*spec["components"]["responses"].values()]
    for operation in operations:
        described = spec["paths"][operation.path][operation.method.lower()]
        answers += described["responses"].values()
    for answer in answers:
        if "$ref" not in answer:
            answer.setdefault("headers", {}).update(_references())


def _references() -> dict[str, Json]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
