"""Signed, short-lived addresses to which an upload's bytes are sent without a token."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from ringbinder.features.documents.errors import AddressExpiredError, AddressInvalidError
from ringbinder.features.uploads.types import Upload, UploadAddress
from ringbinder.kit.clock import Clock
from ringbinder.kit.sealing import Sealer


class UploadAddresses:
    """Makes and checks the addresses of one installation."""

    def __init__(
        self, sealer: Sealer, clock: Clock, *, public_url: str, lifetime: timedelta
    ) -> None:
        """Make addresses below a public URL that work for a lifetime."""
        self._sealer = sealer
        self._clock = clock
        self._public_url = public_url
        self._lifetime = lifetime

    def make(self, *, organisation_key: int, upload: Upload) -> UploadAddress | None:
        """Make an address that ends no later than the upload; None where no bytes can come."""
        now = self._clock.now()
        if not upload.state_at(now).is_waiting:
            return None
        expires = int(min(now + self._lifetime, upload.expires_at).timestamp())
        signed = _signed_text(organisation_key, upload.id, expires)
        query = urlencode(
            {
                "organisation": organisation_key,
                "expires": expires,
                "signature": self._sealer.sign(signed),
            }
        )
        return UploadAddress(
            url=f"{self._public_url}/transfer/uploads/{upload.id}?{query}",
            expires_at=datetime.fromtimestamp(expires, tz=UTC),
        )

    def check(
        self, *, organisation_key: int, upload_id: UUID, expires: int, signature: str
    ) -> None:
        """Accept an address that this installation made and that still works.

        Raises:
            AddressInvalidError: it was not made here, or was changed.
            AddressExpiredError: its time is over; ask for a new one.

        """
        signed = _signed_text(organisation_key, upload_id, expires)
        if not self._sealer.is_signed(signed, signature):
            raise AddressInvalidError
        if datetime.fromtimestamp(expires, tz=UTC) <= self._clock.now():
            raise AddressExpiredError


def _signed_text(organisation_key: int, upload_id: UUID, expires: int) -> str:
    return f"PUT upload:{organisation_key}:{upload_id}:{expires}"
