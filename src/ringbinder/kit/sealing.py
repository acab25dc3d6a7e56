"""Secrets derived from the installation's one secret: sealing what is stored, signing addresses."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MINIMUM_SECRET_BYTES = 32


class BrokenSealError(Exception):
    """What was sealed cannot be opened: another secret, or it was tampered with."""


class Sealer:
    """Seals texts (authenticated encryption) and signs them, a key for each purpose (RFC 5869)."""

    def __init__(self, secret: str) -> None:
        """Derive keys from a secret of at least 32 bytes."""
        material = secret.encode()
        if len(material) < MINIMUM_SECRET_BYTES:
            message = f"the installation's secret must have at least {MINIMUM_SECRET_BYTES} bytes"
            raise ValueError(message)
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(material, b"seal")))
        self._signing_key = _derive(material, b"sign")

    def seal(self, text: str) -> str:
        """Encrypt a text so that only this installation opens it."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Open what :meth:`seal` gave.

        Raises:
            BrokenSealError: it was sealed with another secret or tampered with.

        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise BrokenSealError from error

    def sign(self, text: str) -> str:
        """Give an unforgeable signature of a text (HMAC-SHA-256, base64url)."""
        digest = hmac.new(self._signing_key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def is_signed(self, text: str, signature: str) -> bool:
        """Tell, in constant time, whether the signature is of this text."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())


def _derive(material: bytes, purpose: bytes) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ringbinder:" + purpose)
    return kdf.derive(material)
