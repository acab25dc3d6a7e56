"""The outermost layer: trace, access log, safe headers, and no error that escapes."""

import logging
import re
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringbinder.kit.tracing import Trace, start_trace
from ringbinder.web.headers import prepare_answer_headers
from ringbinder.web.tally import CLIENT, Tally

_SAFE_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
_LINK: Final = re.compile(r"^(/(?:invitation|reset)/).+")
"""Paths that end in a secret by which one can sign in."""

_NO_ANSWER: Final = 500

_access = logging.getLogger("ringbinder.access")
_errors = logging.getLogger("ringbinder.errors")


class RequestMiddleware:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, tally: Tally | None = None) -> None:
        """Wrap an application; the tally counts what API clients call."""
        self._app = app
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and write one line about it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = _Record(scope, send)
        try:
            await self._app(scope, receive, record.send)
        except Exception:
            # The framework has answered 500 and passes the error on; it has been logged there.
            if record.status is None:
                _errors.exception("a request ended without an answer")
                raise
        finally:
            record.write_line()
            if self._tally is not None and CLIENT in scope:
                organisation_key, client_id = scope[CLIENT]
                self._tally.count(organisation_key, client_id, record.status or _NO_ANSWER)


class _Record:
    def __init__(self, scope: Scope, send: Send) -> None:
        headers = Headers(scope=scope)
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self._trace: Trace = start_trace(headers.get("traceparent"))
        self._answer_headers = prepare_answer_headers(scope)
        self._sent_bytes = 0
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        elif message["type"] == "http.response.body":
            self._sent_bytes += len(message.get("body", b""))
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers["traceparent"] = headers["traceresponse"] = str(self._trace)
        headers.update(self._answer_headers)
        for name, value in _SAFE_HEADERS.items():
            headers.setdefault(name, value)

    def write_line(self) -> None:
        client = self._scope.get("client")
        # The query is left out: it may hold a search for somebody's name or a signed address.
        _access.info(
            "request",
            extra={
                "method": self._scope["method"],
                "path": _LINK.sub(r"\1…", self._scope["path"]),
                "status": self.status,
                "ms": round((time.perf_counter() - self._started) * 1000, 1),
                "bytes": self._sent_bytes,
                "address": client[0] if client else None,
                "trace_id": str(self._trace),
            },
        )
