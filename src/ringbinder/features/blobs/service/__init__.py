"""Keep bytes as long as something refers to them."""

from ringbinder.features.blobs.service.keeping import (
    Adoption,
    adopt_blob,
    begin_to_adopt,
    derived_key,
    find_blob,
    lock_blobs,
    reference_blob,
    reference_blobs,
    release_blobs,
    store_object,
    store_whole,
)
from ringbinder.features.blobs.service.sweeping import Sweeper

__all__ = [
    "Adoption",
    "Sweeper",
    "adopt_blob",
    "begin_to_adopt",
    "derived_key",
    "find_blob",
    "lock_blobs",
    "reference_blob",
    "reference_blobs",
    "release_blobs",
    "store_object",
    "store_whole",
]
