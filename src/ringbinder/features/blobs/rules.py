"""Names of stored objects."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from ringbinder.features.blobs.types import DERIVED, OBJECTS, STAGED

_BITS_BELOW_TIME: Final = 80  # UUIDv7, RFC 9562, section 5.7


def object_key(sha256: str, put_id: UUID, *, beside: str | None = None) -> str:
    """Name the object of a content, ``beside`` that of another; each put gives another name.

    A name that was once given up for deletion is thereby never the name of newer bytes. What lies
    beside each other becomes durable by one fsync of their folder; nobody else minds the folder.
    """
    return f"{OBJECTS}{(beside or sha256)[:2]}/{sha256}-{put_id.hex}"


def derived_key(storage_key: str, name: str) -> str:
    """Name what was made of an object: the name says what it is and which version makes it."""
    return f"{DERIVED}{storage_key.removeprefix(OBJECTS)}/{name}"


def derived_prefix(storage_key: str) -> str:
    """Give what the keys of all that was made of an object begin with."""
    return f"{DERIVED}{storage_key.removeprefix(OBJECTS)}/"


def origin_of(derived: str) -> str:
    """Give the object that something was made of."""
    return f"{OBJECTS}{derived.removeprefix(DERIVED).rpartition('/')[0]}"


def staged_key(upload_id: UUID, put_id: UUID) -> str:
    """Name what is on its way in, so that two at once for one upload do not meet."""
    return f"{STAGED}{upload_id.hex}-{put_id.hex}"


def put_at(key: str) -> datetime | None:
    """Give when an object was put, which its name tells; None if we did not name it."""
    try:
        put_id = UUID(key.rpartition("-")[2])
    except ValueError:
        return None
    milliseconds = put_id.int >> _BITS_BELOW_TIME
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def upload_of(staged: str) -> UUID | None:
    """Give the upload that a staged object was sent for, or None if we did not name it."""
    try:
        return UUID(staged.removeprefix(STAGED).partition("-")[0])
    except ValueError:
        return None
