import pytest

from ringbinder.access.limits import (
    CLIENT_TYPE_OF,
    DEFAULT_RATES,
    OVERRIDABLE,
    ClientType,
    Rate,
    RequestType,
    policy_name,
    rates_with,
    read_own_rates,
    write_own_rates,
)
from ringbinder.access.permissions import MemberRole, Role

pytestmark = pytest.mark.unit


def test_every_role_has_a_rate_for_every_type_of_request() -> None:
    assert set(CLIENT_TYPE_OF) == {*Role, *MemberRole}
    for client in CLIENT_TYPE_OF.values():
        assert all((client, request) in DEFAULT_RATES for request in OVERRIDABLE)


def test_names_are_unique() -> None:
    assert len({policy_name(pair) for pair in DEFAULT_RATES}) == len(DEFAULT_RATES)


@pytest.mark.parametrize("text", ["600/100", "1/1", "999999999/1"])
def test_a_rate_is_written_as_it_was_read(text: str) -> None:
    assert str(Rate.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "600", "600/", "/100", "0/1", "1/0", "-1/1", "1.5/1", "1/1/1", "1e3/1", "٣/1"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="600/100"):
        Rate.parse(text)


def test_only_what_is_named_changes() -> None:
    pair = (ClientType.READER, RequestType.SEARCH)
    rates = rates_with({"reader-search": "60/5"})
    assert rates == dict(DEFAULT_RATES) | {pair: Rate(60, 5)}


def test_an_unknown_name_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"reader-serch; .*reader-search"):
        rates_with({"reader-serch": "60/5"})


def test_own_rates_are_read_as_they_were_written() -> None:
    rates = {RequestType.SEARCH: Rate(60, 5)}
    assert read_own_rates(write_own_rates(rates)) == rates
    assert write_own_rates({}) is None
    assert read_own_rates(None) == {}
