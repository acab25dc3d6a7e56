"""Letters go into the outbox with the change that they tell of, and out of the house after it."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ringbinder.adapters.mail import Letter, LetterRefused, Mailer, MailUnavailable
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.features.mail import repository, rules
from ringbinder.features.mail.types import Waiting
from ringbinder.kit.ids import new_guid
from ringbinder.kit.sealing import BrokenSealError, Sealer

_logger = logging.getLogger("ringbinder.mail")

LOOKS_EVERY: Final = timedelta(seconds=5)
"""How often letters of other processes, and those that were not taken, are looked for."""

AT_ONCE: Final = 50


class _Content(msgspec.Struct):
    to: str
    subject: str
    text: str


class Postman:
    """Keeps the outbox; any number of processes may empty it.

    A letter is handed over at least once, each time under the same ``Message-ID``.
    """

    def __init__(self, database: Database, sealer: Sealer, mailer: Mailer) -> None:
        """Send by this mailer; letters are sealed while they wait."""
        self._database = database
        self._sealer = sealer
        self._mailer = mailer
        self._posted = asyncio.Event()

    async def post(
        self, session: WriteSession, *, to: str, subject: str, text: str, expires_at: datetime
    ) -> None:
        """Let a letter be sent if, and as soon as, the session is committed.

        It is tried until it is taken, refused for good, or ``expires_at`` has passed.
        """
        content = msgspec.json.encode(_Content(to, subject, text)).decode()
        await repository.add_letter(
            session,
            letter_id=new_guid(),
            sealed=self._sealer.seal(content),
            expires_at=expires_at,
        )
        session.after_commit(self._wake)

    async def deliver_due(self) -> int:
        """Try each letter whose time has come; gives their number."""
        async with self._database.read(None) as session:
            due = await repository.list_due(session, AT_ONCE)
        for waiting in due:
            await self._deliver(waiting)
        return len(due)

    async def run(self) -> None:
        """Send letters until cancelled."""
        while True:
            self._posted.clear()
            try:
                found = await self.deliver_due()
            except Exception:
                _logger.exception("letters cannot be looked for")
                found = 0
            if found < AT_ONCE:
                await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOKS_EVERY.total_seconds()):
                await self._posted.wait()
        except TimeoutError:
            pass

    async def _wake(self) -> None:
        self._posted.set()

    async def _deliver(self, waiting: Waiting) -> None:
        # Counted before it is sent: a process that dies meanwhile is no reason to send at once.
        async with self._database.write(None) as session:
            is_late = rules.is_too_late(waiting, session.now)
            again_at = rules.next_attempt_at(waiting, session.now)
            if not await repository.claim(session, waiting, again_at):
                return
        if is_late:
            _logger.warning("a letter was too late", extra={"letter": str(waiting.id)})
        elif not await self._is_done(waiting):
            return
        async with self._database.write(None) as session:
            await repository.remove(session, waiting)

    async def _is_done(self, waiting: Waiting) -> bool:
        """Hand a letter over; tells whether there is nothing left to do."""
        try:
            await self._mailer.send(self._opened(waiting))
        except MailUnavailable:
            _logger.warning("a letter was not taken yet", extra={"letter": str(waiting.id)})
            return False
        except (LetterRefused, BrokenSealError) as error:
            _log_refusal(waiting, type(error).__name__)
        return True

    def _opened(self, waiting: Waiting) -> Letter:
        content = msgspec.json.decode(self._sealer.unseal(waiting.sealed), type=_Content)
        return Letter(
            id=waiting.id,
            to=content.to,
            subject=content.subject,
            text=content.text,
            written_at=waiting.created_at,
        )


def _log_refusal(waiting: Waiting, why: str) -> None:
    _logger.error("a letter will not be sent", extra={"letter": str(waiting.id), "why": why})
