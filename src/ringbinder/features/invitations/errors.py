"""What can go wrong with links."""

from ringbinder.kit.errors import NotFoundError


class LinkInvalidError(NotFoundError):
    """The link is not valid any more; ask for a new one."""

    code = "link.invalid"
