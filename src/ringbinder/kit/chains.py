"""A hash chain: each record is hashed together with the hash of the one before.

Every kind of hash begins with words of its own, so that none can be taken for another. The words
end in a version and are never used for anything else; see ``docs/mechanisms/audit-chain.md``.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from ringbinder.kit.canonical import canonical_json

HASH_BYTES: Final = 32
SALT_BYTES: Final = 32

GENESIS: Final = b"ringbinder audit genesis 1\n"
EVENT: Final = b"ringbinder audit event 1\n"
CONTENT: Final = b"ringbinder audit content 1\n"
PERSONAL: Final = b"ringbinder audit personal 1\n"


def genesis(owner_id: UUID) -> bytes:
    """Give what the first record of an owner's chain names as the hash before it."""
    return _digest(GENESIS, str(owner_id).encode())


def record_hash(record: Mapping[str, Any]) -> bytes:
    """Give the hash of a record, which names the hash before it among its members."""
    return _digest(EVENT, canonical_json(record))


def content_digest(canonical: bytes) -> bytes:
    """Give the digest that stands in a record for a larger JSON value, written canonically."""
    return _digest(CONTENT, canonical)


def commitment(salt: bytes, parts: Mapping[str, Any]) -> bytes:
    """Give what stands in a record for parts that may be erased later.

    With a random salt of 32 bytes that is erased together with them, it tells nothing of them.
    """
    return commitment_of(salt, canonical_json(parts))


def commitment_of(salt: bytes, canonical: bytes) -> bytes:
    """Give the :func:`commitment` for parts that are written canonically already."""
    return _digest(PERSONAL + salt, canonical)


def new_salt() -> bytes:
    """Make a salt for one commitment."""
    return secrets.token_bytes(SALT_BYTES)


def new_salts(number: int) -> Iterator[bytes]:
    """Make salts, each for one commitment, by one call of the system."""
    drawn = secrets.token_bytes(number * SALT_BYTES)
    return (drawn[begun : begun + SALT_BYTES] for begun in range(0, len(drawn), SALT_BYTES))


def _digest(words: bytes, content: bytes) -> bytes:
    return hashlib.sha256(words + content).digest()
