"""What can go wrong with bytes."""

from ringbinder.kit.errors import ConflictError


class BlobMissingError(ConflictError):
    """The bytes are not kept here any more; upload them again."""

    code = "upload.bytes_missing"
