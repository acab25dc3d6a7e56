"""Decisions about tokens and keys, without input or output."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote_plus
from uuid import UUID

from ringbinder.features.tokens.errors import TokenRequestError, invalid_client
from ringbinder.features.tokens.types import Credentials, SigningKey

SCOPE: Final = "ibinder_public"
SIGNING_PERIOD: Final = timedelta(days=30)
PUBLISHED_BEFORE: Final = timedelta(days=2)
VERIFIES_AFTER: Final = timedelta(days=2)


def parse_client_id(text: str) -> UUID:
    """Read a client id; what is no GUID is no client of ours."""
    try:
        return UUID(text)
    except ValueError:
        raise invalid_client() from None


def credentials(fields: dict[str, str], authorization: str | None) -> Credentials:
    """Find the credentials, in the body or in HTTP Basic but not in both (RFC 6749, 2.3)."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        if "client_secret" in fields:
            raise TokenRequestError(
                "invalid_request", "Send the secret once: in the body or by HTTP Basic."
            )
        return _basic_credentials(encoded)
    if not fields.get("client_id") or not fields.get("client_secret"):
        raise invalid_client()
    return Credentials(fields["client_id"], fields["client_secret"])


def _basic_credentials(encoded: str) -> Credentials:
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise invalid_client() from None
    client_id, _, secret = decoded.partition(":")
    return Credentials(unquote_plus(client_id), unquote_plus(secret))


def check_grant(fields: dict[str, str]) -> None:
    """Refuse everything but client credentials for the one scope."""
    grant = fields.get("grant_type")
    if not grant:
        raise TokenRequestError("invalid_request", "grant_type is required.")
    if grant != "client_credentials":
        raise TokenRequestError(
            "unsupported_grant_type", "The only grant type is client_credentials."
        )
    if set(fields.get("scope", SCOPE).split()) - {SCOPE}:
        raise TokenRequestError("invalid_scope", f"The only scope is {SCOPE}.")


def key_that_signs(keys: Sequence[SigningKey], now: datetime) -> SigningKey | None:
    """Choose the newest key whose time to sign has come."""
    able = [key for key in keys if key.signs_from <= now < key.signs_until]
    return max(able, key=lambda key: key.signs_from, default=None)


def next_key_signs_from(keys: Sequence[SigningKey], now: datetime) -> datetime | None:
    """Tell when the next key must begin to sign, or None while there is no need for one.

    A key is published days before it signs, so that those who keep our key set have it in time.
    """
    last = max((key.signs_until for key in keys), default=None)
    if last is None or last <= now:
        return now
    return last if last - now < PUBLISHED_BEFORE else None
