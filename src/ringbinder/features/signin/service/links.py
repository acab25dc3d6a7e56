"""What people do with the links that they were mailed."""

from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.db.sessions import Database, ReadSession, WriteSession
from ringbinder.features.evidence.types import Action
from ringbinder.features.invitations.errors import LinkInvalidError
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.invitations.types import Link, LinkKind
from ringbinder.features.signin.errors import SignInRefusedError, TicketExpiredError
from ringbinder.features.signin.repository import people, sessions
from ringbinder.features.signin.service.accounts import new_hash, put_password
from ringbinder.features.signin.service.recording import record
from ringbinder.features.signin.service.sessions import Sessions
from ringbinder.features.signin.service.signing import SignIn
from ringbinder.features.signin.types import (
    Browser,
    Invited,
    Membership,
    Person,
    SignedIn,
    Visitor,
)
from ringbinder.kit.names import comparison_key


class Links:
    """Invitations that are accepted, and passwords that are chosen anew."""

    def __init__(
        self,
        database: Database,
        hasher: PasswordHasher,
        *,
        invitations: Invitations,
        sign_in: SignIn,
        sessions: Sessions,
    ) -> None:
        """Work on the people of this database."""
        self._database = database
        self._hasher = hasher
        self._invitations = invitations
        self._sign_in = sign_in
        self._sessions = sessions

    async def get_invitation(self, token: str) -> Invited:
        """Give who is invited to what.

        Raises:
            LinkInvalidError: the invitation is not valid any more.

        """
        async with self._database.read(None) as session:
            return await self._invited(session, token)

    async def accept_as_new(
        self, token: str, *, name: str, password: str, language: str | None, browser: Browser
    ) -> SignedIn:
        """Become a member, with a first password, and sign in.

        Raises:
            LinkInvalidError: the invitation is not valid any more, or the person has a password.
            PasswordRefusedError: the password is not good enough.

        """
        invited = await self.get_invitation(token)
        if invited.has_password:
            raise LinkInvalidError
        hashed = await new_hash(self._hasher, invited.person, [invited.membership], password)
        async with self._database.write(None) as session:
            invited = await self._invited(session, token)
            person = invited.person
            await self._use(session, invited.link)
            await put_password(
                session, person, hashed, invitations=self._invitations, now=session.now
            )
            columns = {"name": name} | ({} if person.language else {"language": language})
            await people.change_person(session, person.key, **columns)
            await join(session, invited.person, invited.membership, browser)
            record(
                session,
                person,
                [invited.membership],
                Action.MEMBER_SIGNED_IN,
                address=browser.address,
                after={"by": "invitation"},
            )
            return await self._sessions.begin(
                session,
                person,
                browser,
                organisation_key=invited.membership.organisation_key,
            )

    async def accept_with_password(self, token: str, password: str, browser: Browser) -> None:
        """Become a member of one more organisation, by the password that one has; then sign in.

        Raises:
            LinkInvalidError: the invitation is not valid any more.
            SignInRefusedError: the password is not right.

        """
        invited = await self.get_invitation(token)
        if not await self._sign_in.is_password(invited.person, password):
            raise SignInRefusedError
        await self._accept(token, browser)

    async def accept_as(self, visitor: Visitor, token: str, browser: Browser) -> None:
        """Become a member of one more organisation, being signed in.

        Raises:
            LinkInvalidError: the invitation is not valid any more, or somebody else's.

        """
        invited = await self.get_invitation(token)
        if invited.person.key != visitor.person.key:
            raise LinkInvalidError
        await self._accept(token, browser)
        await self._sessions.choose_organisation_key(visitor, invited.membership.organisation_key)

    async def ask_for_reset(self, email: str, browser: Browser) -> None:
        """Send a link to whoever has this address; what came of it is told to nobody."""
        async with self._database.read(None) as session:
            person = await people.find_by_email(session, comparison_key(email.strip()))
            key = -1 if person is None else person.key
            memberships = await people.list_memberships(session, key)
        active = [one for one in memberships if one.is_active]
        async with self._database.write(None) as session:
            await people.change_nobody(session)
            if person is None or person.disabled_at is not None or not active:
                return
            was_sent = await self._invitations.send_reset(
                session,
                person_key=person.key,
                email=person.email,
                name=person.name,
                language=person.language,
            )
            if was_sent:
                record(session, person, active, Action.MEMBER_RESET_ASKED, address=browser.address)

    async def get_reset(self, token: str) -> Person:
        """Give who may choose a new password by a link.

        Raises:
            LinkInvalidError: it is not valid any more.

        """
        async with self._database.read(None) as session:
            return await self._of_reset(session, token)

    async def reset_password(self, token: str, password: str, browser: Browser) -> None:
        """Choose a new password by a link; every session ends. A second factor stays in force.

        Raises:
            LinkInvalidError: the link is not valid any more.
            PasswordRefusedError: the password is not good enough.

        """
        person = await self.get_reset(token)
        async with self._database.read(None) as session:
            memberships = await people.list_memberships(session, person.key)
        hashed = await new_hash(self._hasher, person, memberships, password)
        async with self._database.write(None) as session:
            person = await self._of_reset(session, token)
            await self._use(session, await self._reset_link(session, token))
            try:
                await put_password(
                    session, person, hashed, invitations=self._invitations, now=session.now
                )
            except TicketExpiredError as error:
                raise LinkInvalidError from error
            ended = await sessions.end_sessions(session, person.key)
            record(
                session,
                person,
                [one for one in memberships if one.is_active],
                Action.MEMBER_PASSWORD_RESET,
                address=browser.address,
                after={"sessionsEnded": ended},
            )

    async def _accept(self, token: str, browser: Browser) -> None:
        async with self._database.write(None) as session:
            invited = await self._invited(session, token)
            await self._use(session, invited.link)
            await join(session, invited.person, invited.membership, browser)

    async def _invited(self, session: ReadSession, token: str) -> Invited:
        link = await self._invitations.get_link(session, LinkKind.INVITATION, token)
        person = await people.find_by_key(session, link.person_key)
        memberships = await people.list_memberships(session, link.person_key)
        membership = next((one for one in memberships if one.key == link.member_key), None)
        if person is None or person.disabled_at is not None or membership is None:
            raise LinkInvalidError
        return Invited(link=link, person=person, membership=membership)

    async def _of_reset(self, session: ReadSession, token: str) -> Person:
        link = await self._reset_link(session, token)
        person = await people.find_by_key(session, link.person_key)
        if person is None or person.disabled_at is not None:
            raise LinkInvalidError
        return person

    async def _reset_link(self, session: ReadSession, token: str) -> Link:
        return await self._invitations.get_link(session, LinkKind.RESET, token)

    async def _use(self, session: WriteSession, link: Link) -> None:
        await self._invitations.use_link(session, link)


async def join(
    session: WriteSession, person: Person, membership: Membership, browser: Browser
) -> None:
    """Make an invited person a member, and leave word of it; a member stays one."""
    if await people.join(session, membership):
        record(session, person, [membership], Action.MEMBER_JOINED, address=browser.address)
