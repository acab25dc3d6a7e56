"""Why a call got no answer, each with a word for logs."""

from typing import ClassVar


class CallFailed(Exception):
    """There was no answer."""

    word: ClassVar[str] = "failed"


class AddressRefused(CallFailed):
    """The server has an address that may not be called, or that asks for https."""

    word = "address_refused"


class NameNotFound(CallFailed):
    """The name of the server has no address."""

    word = "name_not_found"


class ConnectionFailed(CallFailed):
    """Nobody answered at the address, or the connection broke."""

    word = "connection_failed"


class TlsFailed(CallFailed):
    """The server could not prove that it is the one of that name."""

    word = "tls_failed"


class CallTimedOut(CallFailed):
    """It took too long."""

    word = "timed_out"


class NotHttp(CallFailed):
    """What came back is no HTTP."""

    word = "not_http"
