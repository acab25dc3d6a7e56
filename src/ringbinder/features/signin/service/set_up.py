"""A fresh installation, and its first owner."""

import hmac
from dataclasses import replace
from typing import Final

from ringbinder.access.actor import Source
from ringbinder.access.permissions import MemberRole
from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.db.sessions import Database
from ringbinder.features.evidence.types import Action
from ringbinder.features.members import service as members
from ringbinder.features.members.types import MemberState
from ringbinder.features.organisations import service as organisations
from ringbinder.features.signin.errors import PasswordRefusedError, SetUpError
from ringbinder.features.signin.repository import people
from ringbinder.features.signin.rules.passwords import fault_of, normalised
from ringbinder.features.signin.service.recording import record
from ringbinder.features.signin.service.sessions import Sessions
from ringbinder.features.signin.types import Browser, SignedIn
from ringbinder.kit.sealing import Sealer

_GROUPS: Final = 4
_GROUP: Final = 5


class SetUp:
    """Lets whoever knows the set-up code become the first owner, as long as there is nobody.

    The code follows from the installation's secret: all its processes know it, no file keeps it,
    and who can read it could read everything else too.
    """

    def __init__(
        self, database: Database, hasher: PasswordHasher, sealer: Sealer, sessions: Sessions
    ) -> None:
        """Set up this database."""
        self._database = database
        self._hasher = hasher
        self._sealer = sealer
        self._sessions = sessions
        self._is_over = False

    @property
    def code(self) -> str:
        """The set-up code, such as ``k3vd9-xqam2-tw7ya-bcd4e``."""
        letters = "".join(c for c in self._sealer.sign("set-up").lower() if c.isalnum())
        return "-".join(letters[n * _GROUP : (n + 1) * _GROUP] for n in range(_GROUPS))

    async def is_open(self) -> bool:
        """Tell whether there is nobody yet."""
        if not self._is_over:
            async with self._database.read(None) as session:
                self._is_over = await people.is_anybody_there(session)
        return not self._is_over

    async def check(self, code: str) -> None:
        """Refuse whoever does not know the code.

        Raises:
            SetUpError: it is another code, or there is somebody.

        """
        if not await self.is_open() or not hmac.compare_digest(_bare(code), _bare(self.code)):
            raise SetUpError

    async def create_first_owner(
        self,
        code: str,
        *,
        organisation_name: str,
        name: str,
        email: str,
        password: str,
        language: str | None,
        browser: Browser,
    ) -> SignedIn:
        """Make an organisation and its owner, who is then signed in; of several, the first one.

        Raises:
            SetUpError: see :meth:`check`.
            PasswordRefusedError: the password is not good enough.

        """
        await self.check(code)
        fault = fault_of(password, about=[organisation_name, name, email])
        if fault is not None:
            raise PasswordRefusedError(fault)
        hashed = await self._hasher.hash(normalised(password))
        async with self._database.write(None) as session:
            await people.let_nobody_else_in(session)
            if await people.is_anybody_there(session):
                raise SetUpError
            organisation = await organisations.add_organisation(
                session, name=organisation_name, api_clients_enabled=False
            )
            owner = await members.invite_member(
                session.act_for(organisation.key),
                replace(organisations.operator(organisation), source=Source.WEB),
                email=email,
                name=name,
                role=MemberRole.OWNER,
                language=language,
                state=MemberState.ACTIVE,
            )
            person = await people.get_by_key(session, owner.person_key)
            await people.set_password(session, person, hashed, changed_at=session.now)
            memberships = await people.list_memberships(session, person.key)
            for action in (Action.MEMBER_JOINED, Action.MEMBER_SIGNED_IN):
                record(session, person, memberships, action, address=browser.address)
            return await self._sessions.begin(session, person, browser)


def _bare(code: str) -> bytes:
    return "".join(character for character in code.casefold() if character.isalnum()).encode()
