"""What can go wrong when people sign in."""

from ringbinder.features.signin.types import PasswordFault
from ringbinder.kit.errors import ConflictError, ForbiddenError, NotFoundError


class SignInRefusedError(ForbiddenError):
    """The address or the password is not right."""

    code = "sign_in.refused"


class CodeRefusedError(ForbiddenError):
    """The code is not right, or was used before."""

    code = "sign_in.code_refused"


class TicketExpiredError(ForbiddenError):
    """This step took too long; begin again."""

    code = "sign_in.ticket_expired"


class PasswordRefusedError(ConflictError):
    """The new password is too short, too long, too common or too personal."""

    code = "sign_in.password_refused"

    def __init__(self, fault: PasswordFault) -> None:
        """Say why."""
        super().__init__()
        self.fault = fault


class SetUpError(ForbiddenError):
    """The set-up code is not right, or the installation has an owner already."""

    code = "sign_in.set_up_refused"


class NoSuchProviderError(NotFoundError):
    """There is no such identity provider."""

    code = "sign_in.provider_unknown"


class NotInvitedError(ForbiddenError):
    """Nobody with this address has been invited."""

    code = "sign_in.not_invited"


class ProviderAnswerError(ForbiddenError):
    """The identity provider's answer cannot be accepted."""

    code = "sign_in.provider_answer"

    def __init__(self, reason: str) -> None:
        """Refuse it; the reason is for the operator's log."""
        super().__init__()
        self.reason = reason
