"""Where the bytes of documents are kept."""

from ringbinder.adapters.storage.errors import (
    ObjectNotFound,
    StorageError,
    StorageFull,
    StorageUnavailable,
    TooManyBytes,
)
from ringbinder.adapters.storage.protocol import ObjectStore, StoredBytes, StoredObject

__all__ = [
    "ObjectNotFound",
    "ObjectStore",
    "StorageError",
    "StorageFull",
    "StorageUnavailable",
    "StoredBytes",
    "StoredObject",
    "TooManyBytes",
]
