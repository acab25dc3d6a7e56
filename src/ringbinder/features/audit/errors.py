"""What can be wrong with an audit trail."""

from ringbinder.kit.errors import ConflictError, NotFoundError, RingbinderError


class ChainBrokenError(RingbinderError):
    """The audit trail in the database was tampered with or damaged; nothing more is signed."""

    status = 500
    code = "audit.chain_broken"

    def __init__(self, sequence: int | None = None) -> None:
        """Name the first event that is not there or does not follow from the one before."""
        named = f"Audit event {sequence} is missing or does not follow from the one before."
        super().__init__(named if sequence else "")
        self.sequence = sequence


class NothingToEraseError(ConflictError):
    """The audit trail says nothing of this person, or nothing any more."""

    code = "audit.nothing_to_erase"


class CheckpointNotFoundError(NotFoundError):
    """No checkpoint ends with this event."""

    code = "audit.checkpoint_not_found"
