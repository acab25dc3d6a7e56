"""Why there is no zip file."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class ZipTooLargeError(ConflictError):
    """That is more than one zip file may hold; choose fewer documents."""

    code = "zip.too_large"


class ZipEmptyError(NotFoundError):
    """There is nothing to put into a zip file."""

    code = "zip.empty"
