"""Signing in by an identity provider (OpenID Connect, authorization code with PKCE)."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ringbinder.adapters.identity import ProviderCaller, ProviderUnavailable
from ringbinder.db.sessions import Database, WriteSession
from ringbinder.features.evidence.types import Action
from ringbinder.features.signin.errors import (
    NoSuchProviderError,
    NotInvitedError,
    ProviderAnswerError,
)
from ringbinder.features.signin.repository import identities, people
from ringbinder.features.signin.rules import oidc, tickets
from ringbinder.features.signin.service.links import join
from ringbinder.features.signin.service.recording import record
from ringbinder.features.signin.service.sessions import Sessions
from ringbinder.features.signin.types import (
    Browser,
    Identity,
    Membership,
    OidcProvider,
    OidcRequest,
    Person,
    ProviderFacts,
    SignedIn,
)
from ringbinder.kit.clock import Clock
from ringbinder.kit.ids import new_secret
from ringbinder.kit.names import comparison_key
from ringbinder.kit.sealing import Sealer

_logger = logging.getLogger("ringbinder.signin")
_PURPOSE: Final = "identity provider"
_FRESH_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a provider told, and when."""

    facts: ProviderFacts
    keys: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom a provider means, whether this person may enter, and the name that is new for it."""

    person: Person
    is_welcome: bool
    new_subject: str | None = None


class ProviderSignIn:
    """Sends browsers to providers, and believes what they bring back if all of it is right."""

    def __init__(
        self,
        database: Database,
        caller: ProviderCaller,
        sealer: Sealer,
        clock: Clock,
        *,
        providers: Sequence[OidcProvider],
        sessions: Sessions,
        public_url: str,
    ) -> None:
        """Let people in whom one of these providers vouches for."""
        self._database = database
        self._caller = caller
        self._sealer = sealer
        self._clock = clock
        self._sessions = sessions
        self._public_url = public_url
        self._known: dict[str, _Known] = {}
        self._asking = asyncio.Lock()
        self.providers = tuple(providers)

    async def begin(self, provider_id: str, *, next_path: str) -> tuple[str, str]:
        """Give where the browser goes, and the cookie without which it need not come back.

        Raises:
            NoSuchProviderError: there is no provider with this id.
            ProviderAnswerError: it does not say where browsers should go.

        """
        provider = self._provider(provider_id)
        known = await self._ask(provider)
        request = OidcRequest(
            provider_id=provider_id,
            state=new_secret(),
            nonce=new_secret(),
            verifier=new_secret(48),
            next_path=next_path,
            begun_at=self._clock.now(),
        )
        cookie = tickets.seal(self._sealer, request, purpose=_PURPOSE)
        redirect_uri = self._redirect_uri(provider)
        address = oidc.authorization_address(
            known.facts, provider, request, redirect_uri=redirect_uri
        )
        return address, cookie

    async def finish(
        self, provider_id: str, query: Mapping[str, str], cookie: str | None, browser: Browser
    ) -> tuple[SignedIn, str]:
        """Begin a session of the person whom the provider names, and say where to go on.

        Raises:
            NoSuchProviderError: there is no provider with this id.
            TicketExpiredError: the browser did not begin here, or too long ago.
            ProviderAnswerError: something in the answer is not right.
            NotInvitedError: nobody with the address is a member or invited.

        """
        provider = self._provider(provider_id)
        request = tickets.unseal(self._sealer, cookie, OidcRequest, purpose=_PURPOSE)
        tickets.check_age(request.begun_at, self._clock.now())
        try:
            identity = await self._identity(provider, query, request)
            oidc.check_domain(identity, provider)
        except ProviderAnswerError as error:
            _logger.warning(
                "an identity provider's answer was refused",
                extra={"provider": provider_id, "why": error.reason},
            )
            raise
        return await self._enter(provider, identity, browser), request.next_path

    async def _identity(
        self, provider: OidcProvider, query: Mapping[str, str], request: OidcRequest
    ) -> Identity:
        if request.provider_id != provider.id:
            raise ProviderAnswerError("another provider was asked")
        known = await self._ask(provider)
        code = oidc.code_of_answer(query, request, known.facts)
        token = await self._exchange(provider, known.facts, code, request)
        keys = known.keys
        if not oidc.is_signed_by_known(token, keys):
            keys = (await self._ask(provider, afresh=True)).keys
        return oidc.read_identity(
            token, keys, provider=provider, nonce=request.nonce, now=self._clock.now()
        )

    async def _exchange(
        self, provider: OidcProvider, facts: ProviderFacts, code: str, request: OidcRequest
    ) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri(provider),
            "code_verifier": request.verifier,
        }
        secret = {"client_id": provider.client_id, "client_secret": provider.client_secret}
        try:
            answer = (
                await self._caller.post(
                    facts.token_endpoint,
                    form,
                    user=provider.client_id,
                    password=provider.client_secret,
                )
                if facts.uses_basic
                else await self._caller.post(facts.token_endpoint, form | secret)
            )
        except ProviderUnavailable as error:
            raise ProviderAnswerError(f"no token: {error}") from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderAnswerError("there is no ID token")
        return token

    async def _ask(self, provider: OidcProvider, *, afresh: bool = False) -> _Known:
        """Give what a provider tells about itself; asked again after ten minutes."""
        async with self._asking:
            known = self._known.get(provider.id)
            now = self._clock.now()
            if known is None or afresh or now - known.at > _FRESH_FOR:
                known = await self._asked(provider, now)
                self._known[provider.id] = known
            return known

    async def _asked(self, provider: OidcProvider, now: datetime) -> _Known:
        try:
            document = await self._caller.get(oidc.discovery_address(provider.issuer))
            facts = oidc.read_facts(document, issuer=provider.issuer)
            return _Known(facts, await self._caller.get(facts.jwks_uri), now)
        except ProviderUnavailable as error:
            raise ProviderAnswerError(f"it does not answer: {error}") from error

    async def _enter(
        self, provider: OidcProvider, identity: Identity, browser: Browser
    ) -> SignedIn:
        async with self._database.write(None) as session:
            found = await self._known_person(session, identity)
            memberships = [] if found is None else await self._memberships(session, found.person)
            if found is None or not found.is_welcome or not memberships:
                self._record_refusal(session, found, memberships, provider, browser)
                signed_in = None
            else:
                signed_in = await self._let_in(session, found, memberships, provider, browser)
        if signed_in is None:
            raise NotInvitedError
        return signed_in

    async def _let_in(
        self,
        session: WriteSession,
        found: _Found,
        memberships: Sequence[Membership],
        provider: OidcProvider,
        browser: Browser,
    ) -> SignedIn:
        person, address = found.person, browser.address
        if found.new_subject is not None:
            await identities.add_identity(
                session, person_key=person.key, issuer=provider.issuer, subject=found.new_subject
            )
            after = {"issuer": provider.issuer}
            action = Action.MEMBER_IDENTITY_LINKED
            record(session, person, memberships, action, address=address, after=after)
        for membership in memberships:
            await join(session, person, membership, browser)
        after = {"by": provider.id}
        record(session, person, memberships, Action.MEMBER_SIGNED_IN, address=address, after=after)
        return await self._sessions.begin(session, person, browser)

    def _record_refusal(
        self,
        session: WriteSession,
        found: _Found | None,
        memberships: Sequence[Membership],
        provider: OidcProvider,
        browser: Browser,
    ) -> None:
        if found is not None:
            record(
                session,
                found.person,
                memberships,
                Action.MEMBER_SIGN_IN_FAILED,
                address=browser.address,
                after={"by": provider.id},
            )

    async def _memberships(self, session: WriteSession, person: Person) -> Sequence[Membership]:
        return await people.list_memberships(session, person.key)

    async def _known_person(self, session: WriteSession, identity: Identity) -> _Found | None:
        """Find whom a provider means: by its own name for the person, at first by the address."""
        key = await identities.find_person_key(session, identity.issuer, identity.subject)
        if key is not None:
            person = await people.get_by_key(session, key)
            return _Found(person, is_welcome=person.disabled_at is None)
        by_address = await people.find_by_email(session, comparison_key(identity.email))
        if by_address is None:
            return None
        # The address may belong to another account of the provider than it once did.
        is_another = identity.issuer in await identities.list_issuers(session, by_address.key)
        is_welcome = by_address.disabled_at is None and not is_another
        return _Found(by_address, is_welcome=is_welcome, new_subject=identity.subject)

    def _provider(self, provider_id: str) -> OidcProvider:
        for provider in self.providers:
            if provider.id == provider_id:
                return provider
        raise NoSuchProviderError

    def _redirect_uri(self, provider: OidcProvider) -> str:
        return f"{self._public_url}/sign-in/providers/{provider.id}/answer"
