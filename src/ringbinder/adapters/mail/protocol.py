"""What Ringbinder asks of that which sends mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of plain text to one person.

    ``id`` stands in its ``Message-ID``: a letter that is sent twice can be recognised.
    """

    id: UUID
    to: str
    subject: str
    text: str
    written_at: datetime


class Mailer(Protocol):
    """Hands letters to somebody who delivers them."""

    async def send(self, letter: Letter) -> None:
        """Hand over a letter; when this returns, somebody else is responsible for it.

        Raises:
            MailUnavailable: not now.
            LetterRefused: never.

        """
        ...
