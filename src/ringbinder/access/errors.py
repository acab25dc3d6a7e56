"""What can go wrong when somebody wants to do something."""

from ringbinder.kit.errors import ForbiddenError


class MissingPermissionError(ForbiddenError):
    """The caller's role does not include what the operation asks for."""

    code = "permission.missing"
