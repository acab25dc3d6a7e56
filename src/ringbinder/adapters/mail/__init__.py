"""Letters to people, by electronic mail."""

from ringbinder.adapters.mail.errors import LetterRefused, MailFailed, MailUnavailable
from ringbinder.adapters.mail.protocol import Letter, Mailer

__all__ = ["Letter", "LetterRefused", "MailFailed", "MailUnavailable", "Mailer"]
