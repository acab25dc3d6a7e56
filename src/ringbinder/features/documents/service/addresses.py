"""Signed, short-lived addresses from which a version's bytes are fetched without a token."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from ringbinder.features.documents.errors import AddressExpiredError, AddressInvalidError
from ringbinder.kit.clock import Clock
from ringbinder.kit.sealing import Sealer


@dataclass(frozen=True, slots=True)
class DownloadAddress:
    """An address and when it stops working."""

    url: str
    expires_at: datetime


class DownloadAddresses:
    """Makes and checks the addresses of one installation."""

    def __init__(
        self, sealer: Sealer, clock: Clock, *, public_url: str, lifetime: timedelta
    ) -> None:
        """Make addresses below a public URL that work for a lifetime."""
        self._sealer = sealer
        self._clock = clock
        self._public_url = public_url
        self._lifetime = lifetime

    def make(self, *, organisation_key: int, version_id: UUID) -> DownloadAddress:
        """Make an address; whoever has it can fetch these bytes until it expires."""
        expires_at = (self._clock.now() + self._lifetime).replace(microsecond=0)
        expires = int(expires_at.timestamp())
        query = urlencode(
            {
                "organisation": organisation_key,
                "expires": expires,
                "signature": self._sealer.sign(_signed_text(organisation_key, version_id, expires)),
            }
        )
        url = f"{self._public_url}/transfer/downloads/{version_id}?{query}"
        return DownloadAddress(url=url, expires_at=expires_at)

    def check(
        self, *, organisation_key: int, version_id: UUID, expires: int, signature: str
    ) -> None:
        """Accept an address that this installation made and that still works.

        Raises:
            AddressInvalidError: it was not made here, or was changed.
            AddressExpiredError: its time is over; ask for a new one.

        """
        text = _signed_text(organisation_key, version_id, expires)
        if not self._sealer.is_signed(text, signature):
            raise AddressInvalidError
        if datetime.fromtimestamp(expires, tz=UTC) <= self._clock.now():
            raise AddressExpiredError


def _signed_text(organisation_key: int, version_id: UUID, expires: int) -> str:
    return f"download:{organisation_key}:{version_id}:{expires}"
