"""Calls to servers of others, whose addresses strangers chose."""

from ringbinder.adapters.http.errors import (
    AddressRefused,
    CallFailed,
    CallTimedOut,
    ConnectionFailed,
    NameNotFound,
    NotHttp,
    TlsFailed,
)
from ringbinder.adapters.http.protocol import KEPT_BYTES, HttpAnswer, HttpCaller

__all__ = [
    "KEPT_BYTES",
    "AddressRefused",
    "CallFailed",
    "CallTimedOut",
    "ConnectionFailed",
    "HttpAnswer",
    "HttpCaller",
    "NameNotFound",
    "NotHttp",
    "TlsFailed",
]
