"""People who sign in, their sessions, and what comes of trying."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ringbinder.features.invitations.types import Link


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    """It is one of the commonest, or one of them with digits and signs around it."""
    PERSONAL = "personal"
    """It is the person's own name or address, or that of the organisation."""


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the installation, which may be a member of several organisations."""

    key: int
    id: UUID
    email: str
    name: str
    language: str | None
    password_hash: str | None
    password_changed_at: datetime | None
    totp_sealed: str | None
    totp_last_step: int | None
    recovery_json: str | None
    disabled_at: datetime | None

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a password alone does not let this person in."""
        return self.totp_sealed is not None


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in one organisation; an invited one has not said yes yet."""

    key: int
    id: UUID
    role: str
    is_active: bool
    organisation_key: int
    organisation_id: UUID
    organisation_name: str


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which a person is signed in."""

    key: int
    id: UUID
    person_key: int
    chosen_organisation_key: int | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a person sits: the network address, and what the browser calls itself."""

    address: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the secret is the cookie, and is told only now."""

    session: Session
    secret: str
    seconds: int
    """How long the browser keeps the cookie."""


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The password was right; the ticket is what the next step shows."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an opened ticket says: who has shown the password, and which one it was."""

    person_id: UUID
    account: str
    password_mark: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for an authenticator that was shown to a person and is not in force yet."""

    person_id: UUID
    secret: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that is offered, and is not in force before a code of it was shown."""

    ticket: str
    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """A provider by which people may sign in, as the operator has set it up."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: tuple[str, ...] = ()
    """Domains whose addresses it may vouch for; none means all of them."""


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What a provider tells about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    uses_basic: bool
    names_issuer: bool


@dataclass(frozen=True, slots=True)
class OidcRequest:
    """What this browser asked of a provider, and must find in the answer."""

    provider_id: str
    state: str
    nonce: str
    verifier: str
    next_path: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for; the address is one that it has verified."""

    issuer: str
    subject: str
    email: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """What a person sees of an account of their own."""

    person: Person
    sessions: Sequence[Session]
    recovery_codes_left: int
    issuers: Sequence[str]
    """Of the providers by which this person has signed in."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited to what, by a link that is valid."""

    link: Link
    person: Person
    membership: Membership

    @property
    def has_password(self) -> bool:
        """Tell whether this person has an account already, which the password opens."""
        return self.person.password_hash is not None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits in front of a browser that is signed in: in which session, and where to."""

    session: Session
    person: Person
    membership: Membership
    memberships: Sequence[Membership]
