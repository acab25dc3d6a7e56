"""Keep bytes as long as something refers to them."""

from ringbinder.features.blobs.service.keeping import (
    adopt_blob,
    derived_key,
    find_blob,
    lock_blobs,
    reference_blob,
    release_blobs,
    store_object,
)
from ringbinder.features.blobs.service.sweeping import Sweeper

__all__ = [
    "Sweeper",
    "adopt_blob",
    "derived_key",
    "find_blob",
    "lock_blobs",
    "reference_blob",
    "release_blobs",
    "store_object",
]
