"""Bytes as the rest of the program sees them, and what a sweep did."""

from dataclasses import dataclass

OBJECTS = "objects/"
"""Where the bytes of blobs are kept."""

DERIVED = "derived/"
"""Where pictures and stamped copies of blobs are kept, as long as their blob."""

STAGED = "staged/"
"""Where bytes wait until they are known to be whole."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One distinct content of an organisation, and the object that holds it."""

    sha256: str
    size_bytes: int
    storage_key: str


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each a sweep took away."""

    blobs: int = 0
    objects: int = 0
    orphans: int = 0
    incoming_files: int = 0
