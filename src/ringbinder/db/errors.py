"""What can go wrong between us and the database."""

from ringbinder.kit.errors import ConflictError


class ConcurrentChangeError(ConflictError):
    """Somebody else changed the same thing at the same moment; try again."""

    code = "change.concurrent"
