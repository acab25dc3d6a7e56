"""Answers as ready bytes: encoded once, never validated again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from fastapi import Response

from ringbinder.kit.clock import rfc3339

JSON = "application/json"


def _encode_special(value: Any) -> Any:  # noqa: ANN401 - a hook of msgspec, called with whatever it does not know
    if isinstance(value, frozenset | set):
        return sorted(value)
    message = f"cannot be written as JSON: {type(value)}"
    raise TypeError(message)


_encoder = msgspec.json.Encoder(enc_hook=_encode_special)


def encode(value: object) -> bytes:
    """Write JSON; times must have been made texts by :func:`timestamp` before."""
    return _encoder.encode(value)


def timestamp(moment: datetime) -> str:
    """Write a time as the contract wants it: RFC 3339, UTC, ending in Z."""
    return rfc3339(moment)


def day(value: date) -> str:
    """Write a date as ISO 8601."""
    return value.isoformat()


def ok(value: object, *, headers: Mapping[str, str] | None = None) -> Response:
    """Answer 200."""
    return Response(encode(value), media_type=JSON, headers=dict(headers or {}))


def created(value: object, *, headers: Mapping[str, str] | None = None) -> Response:
    """Answer 201."""
    return Response(encode(value), status_code=201, media_type=JSON, headers=dict(headers or {}))


def raw(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer JSON that has been encoded already."""
    return Response(body, status_code=status, media_type=JSON, headers=dict(headers or {}))
