"""Where a URL leads, and whether one may go there."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ringbinder.adapters.http.errors import AddressRefused, NameNotFound
from ringbinder.kit.networks import Address, NetworkPolicy, read_address

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a name, for a port; none where there are none."""

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and what is asked of it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the header ``Host`` says."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def target_of(url: str) -> Target:
    """Read a URL of http or https.

    Raises:
        AddressRefused: it is none.

    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme not in _PORTS or not parts.hostname:
        raise AddressRefused
    name = f"[{parts.hostname}]" if host.startswith("[") else parts.hostname
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, name, parts.port or _PORTS[parts.scheme], path)


async def checked_addresses(
    target: Target, *, resolve: Resolver, policy: NetworkPolicy
) -> list[Address]:
    """Resolve a server's name once and give its addresses, all of which may be called.

    Raises:
        NameNotFound: it has none.
        AddressRefused: one of them may not be called, or not without TLS.

    """
    literal = read_address(target.host)
    texts = [str(literal)] if literal else await resolve(target.host, target.port)
    addresses = [read_address(text) for text in texts]
    if not addresses:
        raise NameNotFound
    checked = [address for address in addresses if address and _may_call(target, address, policy)]
    if len(checked) != len(addresses):
        raise AddressRefused
    return checked


def _may_call(target: Target, address: Address, policy: NetworkPolicy) -> bool:
    return policy.may_call(address) and (
        target.scheme == "https" or policy.is_allowed_private(address)
    )
