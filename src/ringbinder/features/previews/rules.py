"""Names of what is made, and the words of the stamp."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from ringbinder.features.documents.types import Version
from ringbinder.features.previews.types import PictureSize

VERSION: Final = 1
"""Counts changes to how things look; each lets everything be made anew, when it is asked for."""

_ACTIVE: Final = re.compile(r"html|xml|svg|script|flash|multipart|^$")

REFUSED: Final = f"refused-{VERSION}"
"""Under this name stands why no picture can be made."""


def picture_name(size: PictureSize) -> str:
    """Name a picture."""
    return f"{size.name.lower()}-{VERSION}.webp"


def stamped_name(lines: Sequence[str]) -> str:
    """Name a stamped copy by what the stamp says."""
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    return f"stamped-{VERSION}-{digest}.pdf"


def has_pages(file_name: str) -> bool:
    """Tell whether a file may have several pages, by its name."""
    return file_name.strip().lower().endswith(".pdf")


def called(version: Version) -> str:
    """Give what people call a version: its label, or its number."""
    return version.label or str(version.number)


def harmless_type(content_type: str) -> str:
    """Give the media type of a file, or of any bytes where a browser could run what is in it."""
    known = content_type.partition(";")[0].strip().lower()
    return "application/octet-stream" if _ACTIVE.search(known) else known
