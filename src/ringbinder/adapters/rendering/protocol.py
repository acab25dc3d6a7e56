"""What Ringbinder asks of whoever makes pictures of files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """A WebP of the first page, or of the picture itself; the longest side has so many pixels."""

    longest_side: int


@dataclass(frozen=True, slots=True)
class StampOrder:
    """The same PDF with these lines across each page."""

    lines: tuple[str, ...]


Order = PictureOrder | StampOrder


class Renderer(Protocol):
    """Makes files of files that may be hostile. Neither stalls nor ends the process that asks."""

    async def render(self, source: Path, target: Path, order: Order) -> None:
        """Write a new file, whole, at ``target``; where this raises there is nothing of worth.

        Raises:
            Unrenderable: the file does not let itself be rendered.
            RendererBusy: not now.
            RendererUnavailable: not here.

        """
        ...

    async def close(self) -> None:
        """End what is running; to be called once."""
        ...
