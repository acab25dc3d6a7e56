"""Which network addresses this program may call on behalf of somebody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # behind a carrier's NAT; also where one cloud keeps its metadata
        "168.63.129.16/32",  # a cloud's own host, though its address is a public one
        "192.0.0.0/24",  # special purposes, one cloud's metadata among them
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # special purposes, Teredo among them
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local, of old
    )
)
_NAT64: Final = ip_network("64:ff9b::/96")
_V4_COMPATIBLE: Final = ip_network("::/96")
_LOW_32: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """Public addresses may be called, and besides these only what the operator has allowed."""

    allowed: tuple[Network, ...] = ()

    def may_call(self, address: Address) -> bool:
        """Tell whether an address may be called.

        An IPv6 address that carries an IPv4 address (mapped, 6to4, Teredo, NAT64) may be called
        only where that one may too.
        """
        return self.is_allowed_private(address) or (
            _is_public(address) and all(map(self.may_call, _carried(address)))
        )

    def is_allowed_private(self, address: Address) -> bool:
        """Tell whether the operator has allowed an address that is not public, or any other."""
        # One that is mapped is reached by IPv4, so a network of IPv4 allows it.
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self.allowed)


def read_address(text: str) -> Address | None:
    """Read an address as a resolver or a URL gives it; None where it is a name."""
    try:
        return ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks such as ``10.0.0.0/8``.

    Raises:
        ValueError: one of them is none.

    """
    return tuple(ip_network(text.strip()) for text in texts if text.strip())


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return _is_public(address.ipv4_mapped)
    is_unusual = address.is_multicast or address.is_unspecified or address.is_reserved
    is_nat64 = address in _NAT64
    return (
        (address.is_global or is_nat64)
        and (not is_unusual or is_nat64)
        and not any(address in network for network in _REFUSED)
    )


def _carried(address: Address) -> Iterable[IPv4Address]:
    if not isinstance(address, IPv6Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64 or address in _V4_COMPATIBLE:
        yield IPv4Address(int(address) & _LOW_32)
