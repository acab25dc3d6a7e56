"""Mail for an installation without a mail server: letters are put into a folder."""

import asyncio
import os
from pathlib import Path

from ringbinder.adapters.mail.errors import MailUnavailable
from ringbinder.adapters.mail.protocol import Letter
from ringbinder.adapters.mail.writing import message_of


class FolderMailer:
    """Writes each letter to a file ``<id>.eml``, which only the owner of the folder can read."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        """Write into a folder, which is made with the first letter."""
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """See :meth:`Mailer.send`."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> None:
        content = message_of(letter, sender=self._sender).as_bytes()
        path = self._folder / f"{letter.id}.eml"
        temporary = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            raise MailUnavailable from error
