"""Which URLs a webhook may have."""

import re
from typing import Final

from ringbinder.kit.networks import NetworkPolicy, read_address

MAXIMUM_URL: Final = 2000

_URL: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<user>[^/?#@]*@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!$&'()*+,;=:@/?A-Za-z0-9._~%-]*)?\Z"
)
_PORTS: Final = range(1, 65536)
_LOOKS_LIKE_A_NUMBER: Final = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)\Z")


def url_problems(url: str, policy: NetworkPolicy) -> list[str]:
    """Say what is wrong with a URL; nothing where it may be called as far as one can see.

    Names are not looked up here: whoever may make webhooks would learn which names there are in
    the operator's network. Every call checks what they stand for.
    """
    if len(url) > MAXIMUM_URL:
        return [f"The value must have at most {MAXIMUM_URL:,} characters."]
    match = _URL.match(url)
    if match is None or not _is_port(match["port"]) or not _is_host(match["host"]):
        return ["The value must be a URL of http or https in ASCII, without a fragment."]
    if match["user"] is not None:
        return ["The value must not contain a user name or password."]
    return _network_problems(match["scheme"], match["host"], policy)


def _network_problems(scheme: str, host: str, policy: NetworkPolicy) -> list[str]:
    address = read_address(host)
    if address is not None and not policy.may_call(address):
        return ["The value must not lead to a private, local or reserved address."]
    may_be_plain = policy.is_allowed_private(address) if address else bool(policy.allowed)
    if scheme == "http" and not may_be_plain:
        return ["The value must begin with https."]
    return []


def _is_port(port: str | None) -> bool:
    return port is None or int(port) in _PORTS


def _is_host(host: str) -> bool:
    """Refuse what a resolver reads as an address, but we as a name: 127.1, 0x7f000001."""
    is_address = read_address(host) is not None
    last = host.rstrip(".").rpartition(".")[2]
    is_name = bool(last) and not host.startswith("[") and not _LOOKS_LIKE_A_NUMBER.match(last)
    return is_address or is_name
