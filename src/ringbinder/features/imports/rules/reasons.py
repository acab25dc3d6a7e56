"""Say in a sentence why a file was refused."""

from typing import Final

from ringbinder.kit.errors import FieldErrors, RingbinderError

_CHANGED: Final = frozenset({"upload.wrong_size", "upload.incomplete", "upload.digest_mismatch"})
_PARTS_OF_PATHS: Final = (".metadataElementId", ".valueId", ".value")


def reason_of(error: RingbinderError | OSError) -> str:
    """Give the sentence; where several things are wrong, all of them."""
    if isinstance(error, OSError):
        return f"It cannot be read: {error.strerror or error}."
    if isinstance(error, FieldErrors):
        return " ".join(
            f"{_column(path)}: {message}"
            for path, messages in error.errors.items()
            for message in messages
        )
    if error.code in _CHANGED:
        return "It changed while it was being read; import it again."
    return error.detail


def _column(path: str) -> str:
    """Give the column of a register that a field's path begins with."""
    for part in _PARTS_OF_PATHS:
        path = path.removesuffix(part)
    return path
