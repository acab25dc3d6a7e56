"""Signing in by password, with a second factor where there is one."""

import hmac
from collections.abc import Sequence
from typing import Final

from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.features.evidence.types import Action
from ringbinder.features.signin.errors import (
    CodeRefusedError,
    SignInRefusedError,
    TicketExpiredError,
)
from ringbinder.features.signin.repository import people
from ringbinder.features.signin.rules import recovery, tickets, totp
from ringbinder.features.signin.rules.passwords import normalised
from ringbinder.features.signin.service.recording import record
from ringbinder.features.signin.service.sessions import Sessions
from ringbinder.features.signin.types import (
    Browser,
    Membership,
    Person,
    SecondFactorNeeded,
    SignedIn,
    Ticket,
)
from ringbinder.kit.ids import sha256_hex
from ringbinder.kit.names import comparison_key
from ringbinder.kit.sealing import Sealer

LONGEST_PASSWORD: Final = 1024
_PURPOSE: Final = "second factor"
_BY_PASSWORD, _BY_CODE, _BY_RECOVERY_CODE = "password", "code", "recovery code"


class SignIn:
    """Knows who has shown a password, and a second factor."""

    def __init__(
        self, database: Database, hasher: PasswordHasher, sealer: Sealer, sessions: Sessions
    ) -> None:
        """Begin sessions for people of this database."""
        self._database = database
        self._hasher = hasher
        self._sealer = sealer
        self._sessions = sessions

    async def sign_in(
        self, email: str, password: str, browser: Browser
    ) -> SignedIn | SecondFactorNeeded:
        """Begin a session, or say that a second factor is needed.

        An address that nobody has costs the same work as a wrong password.

        Raises:
            SignInRefusedError: address or password is not right, or the person is disabled or a
                member of nothing; which of them is told to nobody, but stands in the audit trail
                of the person's organisations.

        """
        text = normalised(password)[:LONGEST_PASSWORD]
        person, memberships = await self._look_up(email)
        known = None if person is None else person.password_hash
        is_right = await self._hasher.is_right(text, known)
        if person is None or not (is_right and _may_enter(person, memberships)):
            await self._refuse(person, memberships, browser, _BY_PASSWORD)
            raise SignInRefusedError
        if person.has_second_factor:
            return SecondFactorNeeded(await self._ticket(person, email))
        better_hash = await self._better_hash(person, text)
        return await self._enter(person, browser, _BY_PASSWORD, better_hash)

    async def finish(self, ticket: str | None, code: str, browser: Browser) -> SignedIn:
        """Begin a session with the code of an authenticator, or with a recovery code.

        Raises:
            TicketExpiredError: the password was shown too long ago, or is another one now.
            CodeRefusedError: the code is not right, or was used before.

        """
        opened = self._opened(ticket)
        async with self._database.read(None) as session:
            tickets.check_age(opened.begun_at, session.now)
            person = await people.find_by_id(session, opened.person_id)
        if person is None or _mark(person) != opened.password_mark:
            raise TicketExpiredError
        how = _BY_RECOVERY_CODE if recovery.looks_like_recovery_code(code) else _BY_CODE
        async with self._database.write(None) as session:
            memberships = await people.list_memberships(session, person.key)
            if _may_enter(person, memberships) and await self.take_code(session, person, code):
                return await self._begin(session, person, memberships, browser, how)
        await self._refuse(person, memberships, browser, how)
        raise CodeRefusedError

    async def take_code(self, session: WriteSession, person: Person, code: str) -> bool:
        """Use a code of a person up; tells whether it was right."""
        if recovery.looks_like_recovery_code(code):
            return await self._take_recovery_code(session, person, code)
        if person.totp_sealed is None:
            return False
        secret = self._sealer.unseal(person.totp_sealed)
        step = totp.step_of_code(secret, code, now=session.now, last_step=person.totp_last_step)
        return step is not None and await people.take_step(session, person, step)

    async def is_password(self, person: Person, password: str) -> bool:
        """Tell whether a password is a person's."""
        text = normalised(password)[:LONGEST_PASSWORD]
        return await self._hasher.is_right(text, person.password_hash)

    def account_of(self, ticket: str | None) -> str:
        """Give the account whose guesses a ticket's next step counts for.

        Raises:
            TicketExpiredError: it is no ticket of ours.

        """
        return self._opened(ticket).account

    async def _look_up(self, email: str) -> tuple[Person | None, Sequence[Membership]]:
        async with self._database.read(None) as session:
            person = await people.find_by_email(session, comparison_key(email.strip()))
            key = -1 if person is None else person.key
            return person, await people.list_memberships(session, key)

    async def _refuse(
        self, person: Person | None, memberships: Sequence[Membership], browser: Browser, how: str
    ) -> None:
        async with self._database.write(None) as session:
            await people.change_nobody(session)
            if person is not None:
                record(
                    session,
                    person,
                    memberships,
                    Action.MEMBER_SIGN_IN_FAILED,
                    address=browser.address,
                    after={"by": how},
                )

    async def _enter(
        self, person: Person, browser: Browser, how: str, better_hash: str | None
    ) -> SignedIn:
        async with self._database.write(None) as session:
            present = await people.find_by_key(session, person.key)
            memberships = await people.list_memberships(session, person.key)
            # What was true before the password was checked may have changed meanwhile.
            if present is None or _mark(present) != _mark(person):
                raise SignInRefusedError
            if not _may_enter(present, memberships):
                raise SignInRefusedError
            if better_hash is not None:
                await people.set_password(session, present, better_hash, changed_at=None)
            return await self._begin(session, present, memberships, browser, how)

    async def _begin(
        self,
        session: WriteSession,
        person: Person,
        memberships: Sequence[Membership],
        browser: Browser,
        how: str,
    ) -> SignedIn:
        record(
            session,
            person,
            [one for one in memberships if one.is_active],
            Action.MEMBER_SIGNED_IN,
            address=browser.address,
            after={"by": how},
        )
        return await self._sessions.begin(session, person, browser)

    async def _better_hash(self, person: Person, password: str) -> str | None:
        if person.password_hash is None or not self._hasher.is_outdated(person.password_hash):
            return None
        return await self._hasher.hash(password)

    async def _take_recovery_code(self, session: WriteSession, person: Person, code: str) -> bool:
        signed = recovery_signature(self._sealer, person, code)
        left = recovery.read(person.recovery_json)
        found = next((one for one in left if hmac.compare_digest(one, signed)), None)
        if found is None or not person.has_second_factor:
            return False
        kept = recovery.write([one for one in left if one != found])
        return await people.replace_recovery_codes(session, person, kept)

    async def _ticket(self, person: Person, email: str) -> str:
        async with self._database.read(None) as session:
            now = session.now
        content = Ticket(person.id, account_key(email), _mark(person), now)
        return tickets.seal(self._sealer, content, purpose=_PURPOSE)

    def _opened(self, ticket: str | None) -> Ticket:
        return tickets.unseal(self._sealer, ticket, Ticket, purpose=_PURPOSE)


def account_key(email: str) -> str:
    """Give what stands for an address where guesses are counted."""
    return sha256_hex(comparison_key(email.strip()))


def recovery_signature(sealer: Sealer, person: Person, code: str) -> str:
    """Give what is kept of a recovery code."""
    return sealer.sign(f"recovery:{person.id}:{recovery.bare(code)}")


def _mark(person: Person) -> str:
    """Give what is another when the password is."""
    return sha256_hex(person.password_hash or "")


def _may_enter(person: Person, memberships: Sequence[Membership]) -> bool:
    return person.disabled_at is None and any(one.is_active for one in memberships)
