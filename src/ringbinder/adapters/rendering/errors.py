"""Why there is no picture, each with a word that is kept and shown."""

from enum import StrEnum


class Reason(StrEnum):
    """What it is about a file that lets no picture be made of it, now and at every other time."""

    UNKNOWN_KIND = "unknown-kind"
    """It is neither a PDF nor a picture of a kind that we read."""
    ENCRYPTED = "encrypted"
    """It asks for a password."""
    BROKEN = "broken"
    """It ends too early, or is not what it begins as."""
    TOO_LARGE = "too-large"
    """It wants more memory than one file is given."""
    TOO_SLOW = "too-slow"
    """It wants more of the processor's time than one file is given."""


class RenderingError(Exception):
    """There is no result."""


class Unrenderable(RenderingError):
    """The file itself is the cause: asking again gives the same."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"No picture can be made: {reason}.")
        self.reason = reason


class RendererBusy(RenderingError):
    """Too many wait already, or it took too long beside others; ask again later."""


class RendererUnavailable(RenderingError):
    """The workers cannot be started."""
