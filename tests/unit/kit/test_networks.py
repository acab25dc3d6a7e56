"""Which addresses may be called."""

from ipaddress import ip_address

import pytest

from ringbinder.kit.networks import NetworkPolicy, read_address, read_networks

pytestmark = pytest.mark.unit

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1
192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:10.0.0.1
::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:100.64.0.1 ::ffff:0.0.0.0 64:ff9b::10.0.0.1
64:ff9b::169.254.169.254 64:ff9b:1::1 100::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::
2001:0:7f00:1:: fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 2001:2::1 3fff::1 5f00::1
""".split()  # noqa: SIM905 - a list of quotes and commas would hide the addresses

ALLOWED = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0
223.255.255.254 2606:4700::1111 2a00:1450:400f::200e ::ffff:8.8.8.8 64:ff9b::8.8.8.8
""".split()  # noqa: SIM905 - a list of quotes and commas would hide the addresses


@pytest.mark.parametrize("text", REFUSED)
def test_addresses_that_are_not_public_are_refused(text: str) -> None:
    assert not NetworkPolicy().may_call(ip_address(text))


@pytest.mark.parametrize("text", ALLOWED)
def test_public_addresses_may_be_called(text: str) -> None:
    assert NetworkPolicy().may_call(ip_address(text))


@pytest.mark.parametrize("text", ["10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "127.0.0.1"])
def test_what_the_operator_allows_may_be_called(text: str) -> None:
    policy = NetworkPolicy(read_networks(["10.1.0.0/16", " fd12::/16", "", "127.0.0.1"]))
    assert policy.may_call(ip_address(text))
    assert policy.is_allowed_private(ip_address(text))


@pytest.mark.parametrize("text", ["10.2.0.1", "::ffff:10.2.0.1", "127.0.0.2", "2002:a02:1::"])
def test_allowing_one_network_allows_no_other(text: str) -> None:
    policy = NetworkPolicy(read_networks(["10.1.0.0/16", "127.0.0.1"]))
    assert not policy.may_call(ip_address(text))


def test_a_name_is_no_address() -> None:
    assert read_address("example.com") is None
    assert read_address("[::1]") == ip_address("::1")


def test_a_network_must_be_one() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        read_networks(["intranet"])
