"""A letter as mail programs know it."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from ringbinder.adapters.mail.errors import LetterRefused
from ringbinder.adapters.mail.protocol import Letter


def message_of(letter: Letter, *, sender: str) -> EmailMessage:
    """Write a letter as a message (RFC 5322), which says that no person has written it.

    Raises:
        LetterRefused: its address or subject cannot stand in a message.

    """
    if not all(letter.to.rpartition("@")[::2]):
        raise LetterRefused
    message = EmailMessage(policy=SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
    except (ValueError, IndexError) as error:
        raise LetterRefused from error
    message.set_content(letter.text)
    return message
