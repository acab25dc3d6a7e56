"""The header by which an answer tells that it is a repetition."""

from collections.abc import Iterable
from typing import Any, Final

from ringbinder.web.registry import Operation

Json = dict[str, Any]

_NAME: Final = "Idempotency-Replayed"


def replay_header() -> dict[str, Json]:
    """Describe the header, by name."""
    text = "`true` where this is the first answer again and nothing was done this time."
    return {_NAME: {"description": text, "schema": {"type": "string", "examples": ["true"]}}}


def promise_replay_header(spec: Json, operations: Iterable[Operation]) -> None:
    """Say of every success of what changes something that it may have the header."""
    for operation in operations:
        if operation.changes_something:
            described = spec["paths"][operation.path][operation.method.lower()]
            for status, answer in described["responses"].items():
                if status.startswith("2"):
                    reference = {"$ref": f"#/components/headers/{_NAME}"}
                    answer.setdefault("headers", {})[_NAME] = reference
