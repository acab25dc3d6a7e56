"""Reading JSON bodies: bounded in size and depth, and never trusted."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fastapi import Request

from ringbinder.kit.errors import RingbinderError
from ringbinder.kit.json_reading import JsonTooDeep, MalformedJson, read_json

JSON_BODY_LIMIT_BYTES = 1_000_000
JSON_DEPTH_LIMIT = 32
_SHORT_BYTES: Final = 4096


class BodyTooLargeError(RingbinderError):
    """A JSON body is larger than one megabyte."""

    status = 413
    code = "request.body_too_large"


class UnsupportedMediaTypeError(RingbinderError):
    """A body came with another content type than JSON."""

    status = 415
    code = "request.unsupported_media_type"


@dataclass(frozen=True, slots=True)
class Malformed:
    """What is wrong with a body that is no JSON."""

    message: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a JSON body says; None where there was no body. Nobody changes it."""

    value: object


def read_plain(request: Request, body: bytes) -> Content | None:
    """Read a body about which there is nothing to say; None where there would be."""
    if not body:
        return Content(None)
    if not _is_json(request.headers.get("content-type", "")):
        return None
    return _content(body) if len(body) > _SHORT_BYTES else _remembered(body)


def _content(body: bytes) -> Content | None:
    parsed, problem = _parse(body)
    return Content(parsed) if problem is None else None


# Programs send the same few bodies again and again.
_remembered: Final = lru_cache(maxsize=1024)(_content)


async def load_json_body(request: Request) -> Malformed | None:
    """Read the body and leave it parsed on the request, where the framework looks for it.

    Returns what is wrong with it as JSON, or None.

    Raises:
        BodyTooLargeError: over one megabyte, by its own word or by count.
        UnsupportedMediaTypeError: there is a body and it is not declared as JSON.

    """
    body = await read_bounded(request, JSON_BODY_LIMIT_BYTES)
    if not body:
        return None
    if not _is_json(request.headers.get("content-type", "")):
        raise UnsupportedMediaTypeError(detail="Send the body as application/json.")
    parsed, problem = _parse(body)
    # An error fails every model of ours, so that all other errors are found in the same go.
    request._json = parsed if problem is None else ValueError(problem.message)  # noqa: SLF001 - the framework keeps the parsed body there
    return problem


async def read_bounded(request: Request, limit_bytes: int) -> bytes:
    """Read a body that may not be larger than the limit, and keep it on the request.

    Raises:
        BodyTooLargeError: as soon as it is known, without reading on.

    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise BodyTooLargeError(detail=_too_large(limit_bytes))
    pieces: list[bytes] = []
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > limit_bytes:
            raise BodyTooLargeError(detail=_too_large(limit_bytes))
        pieces.append(piece)
    body = b"".join(pieces)
    request._body = body  # noqa: SLF001 - the framework reads the body a second time from there
    return body


def _too_large(limit_bytes: int) -> str:
    return f"A JSON body may have at most {limit_bytes:,} bytes."


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json"


def _parse(body: bytes) -> tuple[object, Malformed | None]:
    try:
        return read_json(body, max_depth=JSON_DEPTH_LIMIT), None
    except (MalformedJson, JsonTooDeep) as error:
        return None, Malformed(str(error))
