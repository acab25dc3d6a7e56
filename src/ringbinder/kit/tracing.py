"""W3C Trace Context: one trace id for the answer, the log line and the audit event."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(
    r"^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$"
)
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a request stands in its trace."""

    trace_id: str
    span_id: str
    flags: str

    def __str__(self) -> str:
        """Give the form of the ``traceparent`` header, which is also the ``traceId`` of errors."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def start_trace(traceparent: str | None) -> Trace:
    """Continue a valid incoming ``traceparent`` with a span of our own, or begin a trace."""
    match = _TRACEPARENT.match(traceparent) if traceparent else None
    valid = match is not None and match[1] != _NO_TRACE and match[2] != _NO_SPAN
    drawn = secrets.token_hex(24)  # for both, since each question to the system takes its time
    trace_id, flags = (match[1], match[3]) if match and valid else (drawn[:32], "01")
    trace = Trace(trace_id=trace_id, span_id=drawn[32:], flags=flags)
    _current.set(trace)
    return trace


def current_trace_id() -> str | None:
    """Give the trace id of the request in hand, or None outside of requests."""
    trace = _current.get()
    return None if trace is None else str(trace)
