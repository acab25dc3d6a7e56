"""What can go wrong with groups."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class GroupNotFoundError(NotFoundError):
    """The organisation has no group with this id."""

    code = "group.not_found"


class GroupNameTakenError(ConflictError):
    """Another group of the organisation has this name."""

    code = "group.name_taken"
