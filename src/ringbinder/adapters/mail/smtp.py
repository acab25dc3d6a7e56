"""Mail by SMTP, in a thread."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from ringbinder.adapters.mail.errors import LetterRefused, MailUnavailable
from ringbinder.adapters.mail.protocol import Letter
from ringbinder.adapters.mail.writing import message_of

TIMEOUT_SECONDS: Final = 20
_PERMANENT: Final = 500


class SmtpSecurity(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class SmtpMailer:
    """Hands letters to a mail server; each over a connection of its own."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        security: SmtpSecurity = SmtpSecurity.STARTTLS,
        user: str | None = None,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """Send by this server; where it is asked to encrypt and does not, nothing is sent."""
        self._host = host
        self._port = port
        self._sender = sender
        self._security = security
        self._user = user
        self._password = password
        self._tls = tls
        self._timeout = timeout_seconds

    async def send(self, letter: Letter) -> None:
        """See :meth:`Mailer.send`."""
        await asyncio.to_thread(self._send, letter)

    def _send(self, letter: Letter) -> None:
        message = message_of(letter, sender=self._sender)
        with _plainly(), self._connected() as server:
            server.send_message(message)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        tls = self._tls or ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=tls)
            if self._security is SmtpSecurity.TLS
            else smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        )
        with server:
            if self._security is SmtpSecurity.STARTTLS:
                server.starttls(context=tls)
            if self._user is not None:
                server.login(self._user, self._password or "")
            yield server


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in our words what went wrong; only what concerns the letter itself is final."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise (LetterRefused if code >= _PERMANENT else MailUnavailable) from error
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        code = error.smtp_code
        raise (LetterRefused if code >= _PERMANENT else MailUnavailable) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnavailable from error
