"""What can go wrong with participants."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class ParticipantNotFoundError(NotFoundError):
    """The binder has no participant with this id."""

    code = "participant.not_found"


class ParticipantExistsError(ConflictError):
    """The member or group takes part in the binder already."""

    code = "participant.exists"
