"""What Ringbinder asks of that which calls other servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

KEPT_BYTES: Final = 1024
"""How much of an answer's body is read and kept."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer: its status, the beginning of its body, its headers with names in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpCaller(Protocol):
    """Calls addresses that strangers chose, and only those that may be called.

    The name is resolved once for each call; if any of its addresses may not be called, none is.
    The connection then goes to an address that was checked, never to the name again. Plain http
    goes to networks that the operator has allowed, and nowhere else. Redirections are answers
    like others: nobody follows them. No connection is kept for another call.
    """

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Send a body, and give the answer, whatever its status.

        Raises:
            CallFailed: there was no answer; its kinds say why.

        """
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...
