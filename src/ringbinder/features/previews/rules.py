"""Names of what is made, and the words of the stamp."""

import hashlib
from collections.abc import Sequence
from typing import Final

from ringbinder.features.previews.types import PictureSize

VERSION: Final = 1
"""Counts changes to how things look; each lets everything be made anew, when it is asked for."""

REFUSED: Final = f"refused-{VERSION}"
"""Under this name stands why no picture can be made."""


def picture_name(size: PictureSize) -> str:
    """Name a picture."""
    return f"{size.name.lower()}-{VERSION}.webp"


def stamped_name(lines: Sequence[str]) -> str:
    """Name a stamped copy by what the stamp says."""
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    return f"stamped-{VERSION}-{digest}.pdf"
