import pytest

from ringbinder.access.limits import RequestType
from ringbinder.adapters.limits import Decision, Policy
from ringbinder.web.budgets import Budget, limit_header, network_of, policy_header

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_stands_for_its_subscriber(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_headers_are_lists_of_named_items() -> None:
    policy = Policy("reader-search", per_minute=1200, burst=301)
    budget = Budget("k", policy, RequestType.SEARCH)
    decision = Decision(
        allowed=True,
        remaining=7,
        more_after_seconds=0.02,
        reset_seconds=14,
        retry_after_seconds=0,
    )
    assert limit_header([(budget, decision)] * 2) == ", ".join(['"reader-search";r=7;t=1'] * 2)
    assert policy_header([budget]) == '"reader-search";q=301;w=16'
