"""Why a letter was not taken, each with a word for logs."""

from typing import ClassVar


class MailFailed(Exception):
    """The letter was not taken."""

    word: ClassVar[str] = "failed"


class MailUnavailable(MailFailed):
    """Nobody takes letters now; try again later."""

    word: ClassVar[str] = "unavailable"


class LetterRefused(MailFailed):
    """This letter will never be taken: its address does not exist, or is not let through."""

    word: ClassVar[str] = "refused"
