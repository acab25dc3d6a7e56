"""Sessions: begun at sign-in, found by their cookie, ended by their owner or by time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.access.permissions import MemberRole
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.features.evidence.types import Action
from ringbinder.features.members import service as members
from ringbinder.features.members.types import Seat
from ringbinder.features.signin.repository import people, sessions
from ringbinder.features.signin.repository.visits import find_visit
from ringbinder.features.signin.rules.sessions import LONGEST_AGENT, Lifetimes, is_news
from ringbinder.features.signin.service.recording import record
from ringbinder.features.signin.types import (
    Browser,
    Membership,
    Person,
    Session,
    SignedIn,
    Visitor,
)
from ringbinder.kit.ids import new_guid, new_secret, sha256_hex
from ringbinder.kit.sealing import Sealer


class Sessions:
    """The installation's sessions. A cookie's secret is stored nowhere but in the browser."""

    def __init__(self, database: Database, sealer: Sealer, *, lifetimes: Lifetimes) -> None:
        """Let sessions end after these lifetimes."""
        self._database = database
        self._sealer = sealer
        self._lifetimes = lifetimes

    async def find(self, secret: str, *, address: str | None) -> Visitor | None:
        """Give who is signed in with a cookie.

        None where the session has ended, or where the person is disabled or a member of nothing
        any more; this holds from the moment of the change on.
        """
        async with self._database.read(None) as session:
            visit = await find_visit(session, sha256_hex(secret))
            now = session.now
        if visit is None or self._is_over(visit[0], now):
            return None
        visitor = _visitor(*visit)
        if visitor is not None and is_news(visitor.session.last_seen_at, now):
            await self._note_use(visitor, address)
        return visitor

    async def actor_of(self, visitor: Visitor, *, address: str | None) -> Actor:
        """Give a visitor as the caller in the organisation that it looks at, with what it sees."""
        membership = visitor.membership
        seat = Seat(
            key=membership.key,
            id=membership.id,
            name=visitor.person.name,
            role=MemberRole(membership.role),
        )
        async with self._database.read(membership.organisation_key) as session:
            return await members.load_actor(
                session, seat, organisation_id=membership.organisation_id, address=address
            )

    async def begin(
        self,
        session: WriteSession,
        person: Person,
        browser: Browser,
        *,
        organisation_key: int | None = None,
    ) -> SignedIn:
        """Begin a session, under a secret that nobody has seen before."""
        secret = new_secret()
        made = await sessions.add_session(
            session,
            id=new_guid(),
            person_key=person.key,
            chosen_organisation_key=organisation_key,
            secret_sha256=sha256_hex(secret),
            expires_at=session.now + self._lifetimes.absolute,
            address=browser.address,
            agent=(browser.agent or "")[:LONGEST_AGENT] or None,
        )
        seconds = int(self._lifetimes.absolute.total_seconds())
        return SignedIn(session=made, secret=secret, seconds=seconds)

    def csrf_token(self, session: Session) -> str:
        """Give the secret that the forms of a session carry."""
        return self._sealer.sign(f"csrf:{session.id}")

    async def sign_out(self, visitor: Visitor, *, address: str | None) -> None:
        """End this session."""
        async with self._database.write(None) as session:
            if await sessions.end_session(session, visitor.session.key):
                _record(session, visitor, Action.MEMBER_SIGNED_OUT, address)

    async def replace(self, secret: str | None) -> None:
        """End the session that a browser had before it signed in anew, whoever's it was."""
        if secret is None:
            return
        async with self._database.write(None) as session:
            found = await sessions.find_session(session, sha256_hex(secret))
            if found is not None:
                await sessions.end_session(session, found.key)

    async def end_one(self, visitor: Visitor, session_id: UUID, *, address: str | None) -> None:
        """End another session of one's own; where there is none of this id, nothing happens."""
        async with self._database.write(None) as session:
            own = visitor.session.key
            number = await sessions.end_sessions(
                session, visitor.person.key, besides=own, only=session_id
            )
            if number:
                _record(session, visitor, Action.MEMBER_SESSIONS_ENDED, address, number)

    async def end_others(self, visitor: Visitor, *, address: str | None) -> int:
        """Sign out everywhere else; gives the number of sessions that ended."""
        async with self._database.write(None) as session:
            number = await sessions.end_sessions(
                session, visitor.person.key, besides=visitor.session.key
            )
            if number:
                _record(session, visitor, Action.MEMBER_SESSIONS_ENDED, address, number)
        return number

    async def choose_organisation(self, visitor: Visitor, organisation_id: UUID) -> bool:
        """Look at another organisation; tells whether the person is a member of it."""
        for membership in _active(visitor.memberships):
            if membership.organisation_id == organisation_id:
                await self.choose_organisation_key(visitor, membership.organisation_key)
                return True
        return False

    async def choose_organisation_key(self, visitor: Visitor, organisation_key: int) -> None:
        """Look at the organisation of a key; where one is not a member, nothing is seen of it."""
        async with self._database.write(None) as session:
            await sessions.choose_organisation(session, visitor.session.key, organisation_key)

    def seen_after(self, now: datetime) -> datetime:
        """Give since when a session must have been used in order to be one still."""
        return now - self._lifetimes.idle

    async def forget_ended(self) -> int:
        """Drop sessions that have ended; gives their number."""
        async with self._database.write(None) as session:
            return await sessions.forget_sessions(session, seen_before=self.seen_after(session.now))

    def _is_over(self, found: Session, now: datetime) -> bool:
        return self._lifetimes.is_over(
            last_seen_at=found.last_seen_at, expires_at=found.expires_at, now=now
        )

    async def _note_use(self, visitor: Visitor, address: str | None) -> None:
        async with self._database.write(None) as session:
            await sessions.note_use(session, visitor.session.key, address)
            await people.note_seen(session, visitor.membership)


def _visitor(found: Session, person: Person, memberships: Sequence[Membership]) -> Visitor | None:
    active = _active(memberships)
    if person.disabled_at is not None or not active:
        return None
    chosen = next(
        (one for one in active if one.organisation_key == found.chosen_organisation_key), active[0]
    )
    return Visitor(session=found, person=person, membership=chosen, memberships=tuple(memberships))


def _active(memberships: Sequence[Membership]) -> list[Membership]:
    return [one for one in memberships if one.is_active]


def _record(
    session: WriteSession,
    visitor: Visitor,
    action: Action,
    address: str | None,
    number: int | None = None,
) -> None:
    after = None if number is None else {"sessions": number}
    record(
        session,
        visitor.person,
        _active(visitor.memberships),
        action,
        address=address,
        after=after,
    )
