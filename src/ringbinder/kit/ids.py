"""Identifiers and secrets."""

import hashlib
import os
import secrets
import string
import threading
import time
from typing import Final
from uuid import UUID

_CODE_ALPHABET: Final = string.ascii_uppercase + string.digits
_CODE_LENGTH: Final = 9

_RANDOM_BITS: Final = 74  # rand_a and rand_b of UUIDv7
_STEP_BITS: Final = 48  # still leaves room for 67 million steps within one millisecond
_LOW_BITS: Final = 62
_DRAWN_BYTES: Final = 10
_POOL_BYTES: Final = 100 * _DRAWN_BYTES
_VERSION_7: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62


class _Guids:
    """The timestamp and the random part as one 122-bit number that only grows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._pool = b""
        # A forked process must not go on with the same bits.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._pool = b""

    def next(self) -> UUID:
        now = time.time_ns() // 1_000_000
        with self._lock:
            self._last = self._after(now)
            payload = self._last
        high, low = payload >> _LOW_BITS, payload & ((1 << _LOW_BITS) - 1)
        stamp, rand_a = high >> 12, high & 0xFFF
        return UUID(int=stamp << 80 | _VERSION_7 | rand_a << 64 | _VARIANT | low)

    def _after(self, now: int) -> int:
        # An overflowing random part carries into the timestamp, which RFC 9562 (6.2) allows;
        # the same covers a wall clock that was set back.
        if now <= self._last >> _RANDOM_BITS:
            return self._last + 1 + self._random_bits(_STEP_BITS)
        return now << _RANDOM_BITS | self._random_bits(_RANDOM_BITS)

    def _random_bits(self, number: int) -> int:
        # Fetched for many ids at once: each call of the system gives other threads their turn.
        if not self._pool:
            self._pool = os.urandom(_POOL_BYTES)
        drawn, self._pool = self._pool[:_DRAWN_BYTES], self._pool[_DRAWN_BYTES:]
        return int.from_bytes(drawn) >> (8 * _DRAWN_BYTES - number)


_guids: Final = _Guids()


def new_guid() -> UUID:
    """Make a UUIDv7 (RFC 9562), larger than every one that this process made before.

    Safe to call from several threads. Ids of different processes sort by their millisecond.
    """
    return _guids.next()


def new_binder_code() -> str:
    """Make nine characters of A-Z and 0-9 from a cryptographic source.

    They hold 46 bits, so whoever stores one checks that it is free.
    """
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))


def new_secret(size_bytes: int = 32) -> str:
    """Make a URL-safe secret that holds this many random bytes."""
    return secrets.token_urlsafe(size_bytes)


def sha256_hex(data: bytes | str) -> str:
    """Give the SHA-256 of bytes, or of a text's UTF-8, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
