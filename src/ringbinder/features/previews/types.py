"""The sizes of pictures, and what was made."""

from dataclasses import dataclass
from enum import IntEnum


class PictureSize(IntEnum):
    """The longest side of a picture in pixels."""

    THUMBNAIL = 320
    PREVIEW = 1600


@dataclass(frozen=True, slots=True)
class Original:
    """The stored bytes of which something is made."""

    storage_key: str
    size_bytes: int
