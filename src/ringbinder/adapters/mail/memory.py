"""Mail that never leaves the process, for tests."""

from dataclasses import dataclass, field

from ringbinder.adapters.mail.errors import MailFailed
from ringbinder.adapters.mail.protocol import Letter
from ringbinder.adapters.mail.writing import message_of


@dataclass
class MemoryMailer:
    """Keeps what it was handed, oldest first; ``fails`` says with what it refuses instead."""

    letters: list[Letter] = field(default_factory=list)
    fails: type[MailFailed] | None = None

    async def send(self, letter: Letter) -> None:
        """See :meth:`Mailer.send`."""
        if self.fails is not None:
            raise self.fails
        message_of(letter, sender="ringbinder@localhost")
        self.letters.append(letter)

    def to(self, address: str) -> list[Letter]:
        """Give the letters to one address."""
        return [letter for letter in self.letters if letter.to == address]
