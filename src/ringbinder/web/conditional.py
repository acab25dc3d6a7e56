"""Conditional requests (RFC 9110, section 13): answer 304, or refuse what has changed meanwhile."""

from fastapi import Request, Response

from ringbinder.kit.errors import RingbinderError
from ringbinder.kit.headers import if_match, if_none_match


class PreconditionFailedError(RingbinderError):
    """The resource is no longer the one whose ETag was sent in If-Match."""

    status = 412
    code = "request.precondition_failed"


def conditional_get(request: Request, etag: str) -> Response | None:
    """Give the 304 answer where ``If-None-Match`` names the present ETag, else None."""
    header = _joined(request, "if-none-match")
    if header is None or if_none_match(header, etag):
        return None
    return Response(status_code=304, headers={"etag": etag})


def require_match(request: Request, etag: str) -> None:
    """Let a change pass where there is no ``If-Match``, or it names the present ETag.

    Raises:
        PreconditionFailedError: it names another one.

    """
    header = _joined(request, "if-match")
    if header is not None and not if_match(header, etag):
        raise PreconditionFailedError


def _joined(request: Request, name: str) -> str | None:
    # A list may be spread over several lines of the same name (RFC 9110, section 5.3).
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None
