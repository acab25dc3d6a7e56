"""What can go wrong with tokens."""

from ringbinder.kit.errors import UnauthorizedError


class InvalidTokenError(UnauthorizedError):
    """The access token is missing, not valid, expired or revoked, or its client is disabled."""

    code = "token.invalid"


class TokenRequestError(Exception):
    """A refused request at the token endpoint, in the words of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        """Refuse with an error code of the standard and a sentence for people."""
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


def invalid_client() -> TokenRequestError:
    """Refuse a client without saying what was wrong with it."""
    return TokenRequestError("invalid_client", "The client or its secret is not valid.", status=401)
