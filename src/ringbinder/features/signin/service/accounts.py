"""What people do with their own account."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.signin.errors import (
    CodeRefusedError,
    PasswordRefusedError,
    SignInRefusedError,
    TicketExpiredError,
)
from ringbinder.features.signin.repository import identities, people, sessions
from ringbinder.features.signin.rules import recovery, tickets, totp
from ringbinder.features.signin.rules.passwords import fault_of, normalised
from ringbinder.features.signin.service.recording import record
from ringbinder.features.signin.service.sessions import Sessions
from ringbinder.features.signin.service.signing import SignIn, recovery_signature
from ringbinder.features.signin.types import (
    Account,
    Enrolment,
    Membership,
    Offer,
    Person,
    Visitor,
)
from ringbinder.kit.sealing import Sealer

ISSUER = "Ringbinder"
_PURPOSE = "new second factor"


class Accounts:
    """The account of a person, whoever its organisations are."""

    def __init__(
        self,
        database: Database,
        hasher: PasswordHasher,
        sealer: Sealer,
        *,
        sign_in: SignIn,
        sessions: Sessions,
        invitations: Invitations,
    ) -> None:
        """Work on the people of this database."""
        self._database = database
        self._hasher = hasher
        self._sealer = sealer
        self._sign_in = sign_in
        self._sessions = sessions
        self._invitations = invitations

    async def show(self, visitor: Visitor) -> Account:
        """Give a person's account."""
        async with self._database.read(None) as session:
            seen_after = self._sessions.seen_after(session.now)
            found = await sessions.list_sessions(session, visitor.person.key, seen_after=seen_after)
            issuers = await identities.list_issuers(session, visitor.person.key)
        return Account(
            person=visitor.person,
            sessions=found,
            recovery_codes_left=len(recovery.read(visitor.person.recovery_json)),
            issuers=issuers,
        )

    async def change_person(
        self, visitor: Visitor, *, name: str, language: str | None, address: str | None
    ) -> None:
        """Change the name that others see, and the language of pages and letters."""
        person = visitor.person
        before, after = _changed(
            {"name": person.name, "language": person.language},
            {"name": name, "language": language},
        )
        if not after:
            return
        async with self._database.write(None) as session:
            await people.change_person(session, person.key, **after)
            record(
                session,
                person,
                _active(visitor.memberships),
                Action.MEMBER_ACCOUNT_CHANGED,
                address=address,
                before=before,
                after=after,
            )

    async def change_password(
        self, visitor: Visitor, *, password: str, new_password: str, address: str | None
    ) -> None:
        """Choose another password; every other session ends, and a letter tells of it.

        Raises:
            SignInRefusedError: the present password is not right.
            PasswordRefusedError: the new one is not good enough.

        """
        person = visitor.person
        await self._require_password(person, password)
        hashed = await new_hash(self._hasher, person, visitor.memberships, new_password)
        async with self._database.write(None) as session:
            await put_password(
                session, person, hashed, invitations=self._invitations, now=session.now
            )
            ended = await sessions.end_sessions(session, person.key, besides=visitor.session.key)
            record(
                session,
                person,
                _active(visitor.memberships),
                Action.MEMBER_PASSWORD_CHANGED,
                address=address,
                after={"sessionsEnded": ended},
            )

    async def hash(self, password: str) -> str:
        """Hash a password for :meth:`give_password`, which is inside a transaction."""
        return await self._hasher.hash(normalised(password))

    async def give_password(
        self,
        session: WriteSession,
        actor: Actor,
        *,
        person_key: int,
        member_id: UUID,
        password_hash: str,
    ) -> None:
        """Give a member of the session's organisation a password, by the operator."""
        person = await people.get_by_key(session, person_key)
        await people.set_password(session, person, password_hash, changed_at=session.now)
        await sessions.end_sessions(session, person_key)
        subject = Subject(type="member", id=str(member_id), name=person.name, names_person=True)
        evidence.record(session, actor, Action.MEMBER_PASSWORD_RESET, subject)

    async def offer_second_factor(self, visitor: Visitor) -> Enrolment:
        """Offer a new secret for an authenticator; nothing changes before a code was shown."""
        async with self._database.read(None) as session:
            offer = Offer(visitor.person.id, totp.new_totp_secret(), session.now)
        ticket = tickets.seal(self._sealer, offer, purpose=_PURPOSE)
        return self._enrolment(visitor, ticket, offer)

    async def open_offer(self, visitor: Visitor, ticket: str) -> Enrolment:
        """Give an offer again, for another try.

        Raises:
            TicketExpiredError: it was made too long ago, or for somebody else.

        """
        return self._enrolment(visitor, ticket, await self._offer(visitor, ticket))

    async def enable_second_factor(
        self, visitor: Visitor, *, ticket: str, code: str, address: str | None
    ) -> Sequence[str]:
        """Put the offered secret in force, and give recovery codes, which are shown only now.

        Raises:
            TicketExpiredError: see :meth:`open_offer`; or another one is in force meanwhile.
            CodeRefusedError: the code is not of the offered secret.

        """
        offer = await self._offer(visitor, ticket)
        person = visitor.person
        async with self._database.write(None) as session:
            step = totp.step_of_code(offer.secret, code, now=session.now)
            if step is None:
                raise CodeRefusedError
            sealed = self._sealer.seal(offer.secret)
            if not await people.set_second_factor(session, person, sealed=sealed, step=step):
                raise TicketExpiredError
            codes = await self._new_codes(session, person)
            ended = await sessions.end_sessions(session, person.key, besides=visitor.session.key)
            record(
                session,
                person,
                _active(visitor.memberships),
                Action.MEMBER_SECOND_FACTOR_ENABLED,
                address=address,
                after={"sessionsEnded": ended},
            )
        return codes

    async def disable_second_factor(
        self, visitor: Visitor, *, password: str, address: str | None
    ) -> None:
        """Let the password alone be enough again; the recovery codes are good for nothing then.

        Raises:
            SignInRefusedError: the password is not right.

        """
        await self._require_password(visitor.person, password)
        async with self._database.write(None) as session:
            if await people.set_second_factor(session, visitor.person, sealed=None, step=None):
                await people.replace_recovery_codes(session, visitor.person, None)
                self._record(
                    session, visitor, Action.MEMBER_SECOND_FACTOR_DISABLED, address=address
                )

    async def renew_recovery_codes(
        self, visitor: Visitor, *, password: str, address: str | None
    ) -> Sequence[str]:
        """Give new recovery codes, which are shown only now; the old ones are good for nothing.

        Raises:
            SignInRefusedError: the password is not right.
            CodeRefusedError: there is no second factor that they could replace.

        """
        await self._require_password(visitor.person, password)
        if not visitor.person.has_second_factor:
            raise CodeRefusedError
        async with self._database.write(None) as session:
            codes = await self._new_codes(session, visitor.person)
            self._record(session, visitor, Action.MEMBER_RECOVERY_CODES_MADE, address=address)
        return codes

    async def _require_password(self, person: Person, password: str) -> None:
        if not await self._sign_in.is_password(person, password):
            raise SignInRefusedError

    async def _offer(self, visitor: Visitor, ticket: str) -> Offer:
        offer = tickets.unseal(self._sealer, ticket, Offer, purpose=_PURPOSE)
        async with self._database.read(None) as session:
            tickets.check_age(offer.begun_at, session.now)
        if offer.person_id != visitor.person.id or visitor.person.has_second_factor:
            raise TicketExpiredError
        return offer

    def _enrolment(self, visitor: Visitor, ticket: str, offer: Offer) -> Enrolment:
        address = totp.totp_address(offer.secret, account=visitor.person.email, issuer=ISSUER)
        return Enrolment(ticket, offer.secret, address)

    async def _new_codes(self, session: WriteSession, person: Person) -> Sequence[str]:
        codes = recovery.new_recovery_codes()
        kept = [recovery_signature(self._sealer, person, code) for code in codes]
        if not await people.replace_recovery_codes(session, person, recovery.write(kept)):
            raise TicketExpiredError
        return codes

    def _record(
        self, session: WriteSession, visitor: Visitor, action: Action, *, address: str | None
    ) -> None:
        record(session, visitor.person, _active(visitor.memberships), action, address=address)


async def new_hash(
    hasher: PasswordHasher, person: Person, memberships: Sequence[Membership], password: str
) -> str:
    """Hash a new password of a person.

    Raises:
        PasswordRefusedError: it is not good enough.

    """
    about = [person.email, person.name, *(one.organisation_name for one in memberships)]
    fault = fault_of(password, about=about)
    if fault is not None:
        raise PasswordRefusedError(fault)
    return await hasher.hash(normalised(password))


async def put_password(
    session: WriteSession,
    person: Person,
    password_hash: str,
    *,
    invitations: Invitations,
    now: datetime,
) -> None:
    """Put a new password in place, let older links be good for nothing, and write a letter.

    Raises:
        TicketExpiredError: another one was put in place meanwhile.

    """
    if not await people.set_password(session, person, password_hash, changed_at=now):
        raise TicketExpiredError
    await invitations.end_resets(session, person.key)
    if person.password_hash is not None:
        await invitations.tell_of_new_password(
            session, email=person.email, name=person.name, language=person.language
        )


def _changed(
    before: dict[str, str | None], after: dict[str, str | None]
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _active(memberships: Sequence[Membership]) -> list[Membership]:
    return [one for one in memberships if one.is_active]
