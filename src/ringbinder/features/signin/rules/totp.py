"""Time-based one-time passwords (RFC 6238): six digits, thirty seconds, HMAC-SHA-1.

These are the only choices that every authenticator program understands.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""As long as the hash, as RFC 4226 advises."""

_STEPS_APART: Final = 1
"""How far the two clocks may be apart."""


def new_totp_secret() -> str:
    """Make a secret, in the letters that people can type (base32)."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(moment: datetime) -> int:
    """Give the number of the step that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """Give the code of a step (RFC 4226, section 5.3)."""
    key = base64.b32decode(secret)
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of_code(
    secret: str, code: str, *, now: datetime, last_step: int | None = None
) -> int | None:
    """Give the step that a code is of, or None where it is of none that is allowed now.

    A step that was used, and every step before it, is allowed no more (RFC 6238, section 5.2).
    """
    given = "".join(code.split())
    present = step_at(now)
    found = None
    for step in range(present - _STEPS_APART, present + _STEPS_APART + 1):
        is_right = hmac.compare_digest(code_at(secret, step).encode(), given.encode())
        if is_right and (last_step is None or step > last_step):
            found = step
    return found


def totp_address(secret: str, *, account: str, issuer: str) -> str:
    """Give the ``otpauth`` address that authenticator programs read from a QR code."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


def grouped(secret: str) -> str:
    """Write a secret in groups of four, for people who type it."""
    return " ".join(secret[begin : begin + 4] for begin in range(0, len(secret), 4))
