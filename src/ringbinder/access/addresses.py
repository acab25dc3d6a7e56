"""Signed, short-lived addresses: whoever has one may do what it says, without a token."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from ringbinder.kit.clock import Clock
from ringbinder.kit.errors import ForbiddenError
from ringbinder.kit.sealing import Sealer


class AddressInvalidError(ForbiddenError):
    """The address was not made by this server, or has been changed."""

    code = "address.invalid"


class AddressExpiredError(ForbiddenError):
    """The address has expired; ask for a new one."""

    code = "address.expired"


@dataclass(frozen=True, slots=True)
class SignedAddress:
    """An address and when it stops working."""

    url: str
    expires_at: datetime


class SignedAddresses:
    """Makes and checks the addresses of one kind of an installation.

    A kind has a ``path`` below the public URL, and a ``purpose`` that is signed, so that an address
    of one kind is none of another.
    """

    path: ClassVar[str]
    purpose: ClassVar[str]

    def __init__(
        self, sealer: Sealer, clock: Clock, *, public_url: str, lifetime: timedelta
    ) -> None:
        """Make addresses below a public URL that work for a lifetime."""
        self._sealer = sealer
        self._clock = clock
        self._public_url = public_url
        self._lifetime = lifetime

    def sign(
        self, *, organisation_key: int, subject: UUID, until: datetime | None = None
    ) -> SignedAddress:
        """Make an address for something of an organisation, which ends no later than ``until``."""
        ends = self._clock.now() + self._lifetime
        expires = int((ends if until is None else min(ends, until)).timestamp())
        query = urlencode(
            {
                "organisation": organisation_key,
                "expires": expires,
                "signature": self._sealer.sign(self._text(organisation_key, subject, expires)),
            }
        )
        url = f"{self._public_url}{self.path}/{subject}?{query}"
        return SignedAddress(url, datetime.fromtimestamp(expires, tz=UTC))

    def check(self, *, organisation_key: int, subject: UUID, expires: int, signature: str) -> None:
        """Accept an address that this installation made and that still works.

        Raises:
            AddressInvalidError: it was not made here, or was changed.
            AddressExpiredError: its time is over; ask for a new one.

        """
        if not self._sealer.is_signed(self._text(organisation_key, subject, expires), signature):
            raise AddressInvalidError
        if datetime.fromtimestamp(expires, tz=UTC) <= self._clock.now():
            raise AddressExpiredError

    def _text(self, organisation_key: int, subject: UUID, expires: int) -> str:
        return f"{self.purpose}:{organisation_key}:{subject}:{expires}"
