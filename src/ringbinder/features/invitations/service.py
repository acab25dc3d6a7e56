"""Send people links, and recognise them again."""

from datetime import timedelta
from typing import Final

from ringbinder.db.sessions import ReadSession, WriteSession
from ringbinder.features.invitations import repository, rules
from ringbinder.features.invitations.errors import LinkInvalidError
from ringbinder.features.invitations.types import Link, LinkKind, LinkLifetimes, Text
from ringbinder.features.mail.service import Postman
from ringbinder.kit.ids import new_secret, sha256_hex

RESET_EVERY: Final = timedelta(minutes=2)
"""A person gets no more letters than one in this time, whoever asks for them."""

_KEPT_FOR: Final = timedelta(days=30)
_NOTICE_FOR: Final = timedelta(days=2)


class Invitations:
    """Makes links and writes the letters that they stand in; the letter leaves with the commit.

    Sessions are the system's own, or one of an organisation: links belong to people, not to it.
    """

    def __init__(self, postman: Postman, *, public_url: str, lifetimes: LinkLifetimes) -> None:
        """Make links that lead to this address."""
        self._postman = postman
        self._public_url = public_url
        self._lifetimes = lifetimes

    async def send_invitation(
        self,
        session: WriteSession,
        *,
        person_key: int,
        member_key: int,
        email: str,
        name: str,
        language: str | None,
        organisation_name: str,
        invited_by: str,
    ) -> None:
        """Invite a person to become a member; an invitation sent before is good for no more."""
        lifetime = self._lifetimes.invitation
        address = await self._new_link(session, LinkKind.INVITATION, person_key, member_key)
        text = rules.invitation_text(
            language,
            name=name,
            organisation=organisation_name,
            invited_by=invited_by,
            address=address,
            lifetime=lifetime,
        )
        await self._post(session, email, text, lifetime)

    async def new_invitation_link(
        self, session: WriteSession, *, person_key: int, member_key: int
    ) -> str:
        """Give the address of an invitation, for an operator who hands it over by other ways."""
        return await self._new_link(session, LinkKind.INVITATION, person_key, member_key)

    async def send_reset(
        self,
        session: WriteSession,
        *,
        person_key: int,
        email: str,
        name: str,
        language: str | None,
    ) -> bool:
        """Send a link by which a person can choose a new password.

        Whoever was sent one within the last two minutes is sent no other; tells whether one was.
        """
        since = session.now - RESET_EVERY
        if await repository.has_link_since(session, LinkKind.RESET, person_key, since):
            return False
        lifetime = self._lifetimes.reset
        address = await self._new_link(session, LinkKind.RESET, person_key, None)
        text = rules.reset_text(language, name=name, address=address, lifetime=lifetime)
        await self._post(session, email, text, lifetime)
        return True

    async def tell_of_new_password(
        self, session: WriteSession, *, email: str, name: str, language: str | None
    ) -> None:
        """Tell a person that the password was changed, in case it was somebody else."""
        address = f"{self._public_url}/reset"
        text = rules.password_changed_text(language, name=name, address=address)
        await self._post(session, email, text, _NOTICE_FOR)

    async def get_link(self, session: ReadSession, kind: LinkKind, secret: str) -> Link:
        """Give the link that a person has opened; looking does not use it up.

        Raises:
            LinkInvalidError: it was used, replaced or has expired, or there was none.

        """
        link = await repository.find_link(session, kind, sha256_hex(secret))
        if link is None:
            raise LinkInvalidError
        return link

    async def use_link(self, session: WriteSession, link: Link) -> None:
        """Use a link up, together with what it was good for.

        Raises:
            LinkInvalidError: somebody was quicker.

        """
        if not await repository.use_link(session, link):
            raise LinkInvalidError

    async def end_resets(self, session: WriteSession, person_key: int) -> None:
        """Let links by which a password could be chosen be good for nothing."""
        await repository.end_links(session, LinkKind.RESET, person_key=person_key, member_key=None)

    async def forget_old_links(self, session: WriteSession) -> int:
        """Drop links that ended long ago; gives their number."""
        return await repository.forget_links(session, session.now - _KEPT_FOR)

    async def _new_link(
        self, session: WriteSession, kind: LinkKind, person_key: int, member_key: int | None
    ) -> str:
        await repository.end_links(session, kind, person_key=person_key, member_key=member_key)
        secret = new_secret()
        await repository.add_link(
            session,
            kind=kind,
            secret_sha256=sha256_hex(secret),
            person_key=person_key,
            member_key=member_key,
            expires_at=session.now + self._lifetimes.of(kind),
        )
        return f"{self._public_url}/{kind}/{secret}"

    async def _post(
        self, session: WriteSession, email: str, text: Text, lifetime: timedelta
    ) -> None:
        await self._postman.post(
            session,
            to=email,
            subject=text.subject,
            text=text.text,
            expires_at=session.now + lifetime,
        )
