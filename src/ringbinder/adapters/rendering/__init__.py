"""Pictures and stamped copies of files that strangers sent."""

from ringbinder.adapters.rendering.errors import (
    RendererBusy,
    RendererUnavailable,
    RenderingError,
    Unrenderable,
)
from ringbinder.adapters.rendering.protocol import PictureOrder, Renderer, StampOrder

__all__ = [
    "PictureOrder",
    "Renderer",
    "RendererBusy",
    "RendererUnavailable",
    "RenderingError",
    "StampOrder",
    "Unrenderable",
]
