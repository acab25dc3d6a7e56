"""The tests speak to this machine only."""

import ipaddress
import socket
import sys


def refuse_foreign_addresses() -> None:
    """From now on, a connection of this process to anything but loopback is an error.

    This sees what Python's own sockets do, asyncio's included; libraries with sockets of their
    own (uvloop, Granian, libpq) are out of its reach.
    """
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[object, ...]) -> None:
    # An audit hook hears everything that Python does: it must leave at once.
    if event != "socket.connect":
        return
    connection, address = arguments
    if (
        isinstance(connection, socket.socket)
        and connection.family in (socket.AF_INET, socket.AF_INET6)
        and isinstance(address, tuple)
        and not _is_loopback(address[0])
    ):
        message = f"a test tried to reach {address[0]}: tests speak to this machine only"
        raise RuntimeError(message)  # no OSError: the code under test might catch that


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
