"""Signatures by Standard Webhooks 1.0 (https://www.standardwebhooks.com), symmetric."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_webhook_secret() -> str:
    """Make a secret of 32 random bytes, as receivers' libraries read it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(
    message_id: UUID, body: bytes, *, at: datetime, with_secrets: Sequence[str]
) -> dict[str, str]:
    """Give the three headers of an attempt at a time: id, time, and a signature by each secret."""
    timestamp = str(int(at.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = (_signature(secret, content) for secret in with_secrets)
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
