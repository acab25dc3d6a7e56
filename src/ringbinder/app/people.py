"""What people need to sign in, put together."""

from dataclasses import dataclass
from typing import Any

from ringbinder.adapters.identity import ProviderCaller
from ringbinder.adapters.mail import Mailer
from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.app.adapters import make_provider_caller
from ringbinder.app.foundation import Foundation
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.invitations.types import LinkLifetimes
from ringbinder.features.mail.service import Postman
from ringbinder.features.signin.rules.sessions import Lifetimes
from ringbinder.features.signin.service import (
    Accounts,
    Links,
    ProviderSignIn,
    Sessions,
    SetUp,
    SignIn,
)
from ringbinder.features.signin.types import OidcProvider
from ringbinder.settings import Settings


@dataclass(frozen=True, slots=True)
class PeopleParts:
    """What people need to sign in."""

    hasher: PasswordHasher
    provider_caller: ProviderCaller
    postman: Postman
    invitations: Invitations
    sessions: Sessions
    sign_in: SignIn
    accounts: Accounts
    links: Links
    providers: ProviderSignIn
    set_up: SetUp

    async def close(self) -> None:
        """Give back threads and connections."""
        await self.hasher.close()
        await self.provider_caller.close()

    def by_type(self) -> dict[type[Any], Any]:
        """Give what pages ask for."""
        asked_for = (
            self.invitations,
            self.sessions,
            self.sign_in,
            self.accounts,
            self.links,
            self.providers,
            self.set_up,
        )
        return {type(one): one for one in asked_for}


def people_parts(base: Foundation, *, mailer: Mailer, hasher: PasswordHasher) -> PeopleParts:
    """Put together what people need to sign in."""
    database, sealer = base.database, base.sealer
    postman = Postman(database, sealer, mailer)
    invitations = _invitations(base.settings, postman)
    sessions = Sessions(database, sealer, lifetimes=_lifetimes(base.settings))
    signing = SignIn(database, hasher, sealer, sessions)
    caller = make_provider_caller()
    return PeopleParts(
        hasher=hasher,
        provider_caller=caller,
        postman=postman,
        invitations=invitations,
        sessions=sessions,
        sign_in=signing,
        accounts=Accounts(
            database,
            hasher,
            sealer,
            invitations=invitations,
            sign_in=signing,
            sessions=sessions,
        ),
        links=Links(database, hasher, invitations=invitations, sign_in=signing, sessions=sessions),
        providers=_provider_sign_in(base, caller, sessions),
        set_up=SetUp(database, hasher, sealer, sessions),
    )


def _invitations(settings: Settings, postman: Postman) -> Invitations:
    return Invitations(
        postman,
        public_url=settings.effective_public_url,
        lifetimes=LinkLifetimes(settings.invitation_lifetime, settings.reset_lifetime),
    )


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(idle=settings.session_idle, absolute=settings.session_lifetime)


def _provider_sign_in(
    base: Foundation, caller: ProviderCaller, sessions: Sessions
) -> ProviderSignIn:
    return ProviderSignIn(
        base.database,
        caller,
        base.sealer,
        base.clock,
        providers=_providers(base.settings),
        sessions=sessions,
        public_url=base.settings.effective_public_url,
    )


def _providers(settings: Settings) -> list[OidcProvider]:
    return [
        OidcProvider(
            id=one.id,
            name=one.name,
            issuer=one.issuer,
            client_id=one.client_id,
            client_secret=one.client_secret.get_secret_value(),
            domains=one.domains,
        )
        for one in settings.oidc_providers
    ]
