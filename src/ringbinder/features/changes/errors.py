"""What can go wrong with the feed."""

from ringbinder.kit.errors import ConflictError


class CursorTooOldError(ConflictError):
    """The changes after this cursor are no longer kept; read everything again and start anew."""

    code = "changes.cursor_too_old"
