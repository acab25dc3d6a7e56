"""Codes of authenticators and recovery codes."""

from datetime import UTC, datetime, timedelta

import pytest

from ringbinder.features.signin.rules.recovery import (
    bare,
    looks_like_recovery_code,
    new_recovery_codes,
)
from ringbinder.features.signin.rules.totp import (
    code_at,
    grouped,
    new_totp_secret,
    step_at,
    step_of_code,
    totp_address,
)

pytestmark = pytest.mark.unit

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, of which six digits are kept."""
    assert code_at(RFC_SECRET, step_at(datetime.fromtimestamp(seconds, tz=UTC))) == code


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_be_a_step_apart(steps: int, is_right: bool) -> None:  # noqa: FBT001 - a case
    secret = new_totp_secret()
    present = step_at(NOW)
    found = step_of_code(secret, code_at(secret, present + steps), now=NOW)
    assert found == (present + steps if is_right else None)


def test_a_step_is_used_once_and_none_before_it() -> None:
    secret = new_totp_secret()
    present = step_at(NOW)
    code = code_at(secret, present)
    assert step_of_code(secret, f"{code[:3]} {code[3:]}", now=NOW) == present
    assert step_of_code(secret, code, now=NOW, last_step=present) is None
    earlier = code_at(secret, present - 1)
    assert step_of_code(secret, earlier, now=NOW, last_step=present) is None
    later = NOW + timedelta(seconds=30)
    fresh = code_at(secret, present + 1)
    assert step_of_code(secret, fresh, now=later, last_step=present) == present + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\uff11" * 6])
def test_what_is_no_code(code: str) -> None:
    assert step_of_code(RFC_SECRET, code, now=NOW) is None


def test_the_address_names_account_and_issuer() -> None:
    address = totp_address(RFC_SECRET, account="anna@a.example", issuer="Ringbinder å")
    assert address == (
        "otpauth://totp/Ringbinder%20%C3%A5:anna@a.example"
        f"?secret={RFC_SECRET}&issuer=Ringbinder%20%C3%A5"
    )
    assert grouped("ABCDEFGH") == "ABCD EFGH"


def test_recovery_codes_are_unlike_and_read_in_any_writing() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert looks_like_recovery_code(code)
        assert bare(f" {code.upper()} ") == bare(code) == code.replace("-", "")
    assert not looks_like_recovery_code("123456")
