"""Tokens: issued for a secret, verified on every request, revoked before their time."""

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from ringbinder.access.actor import Actor, ActorKind, Source
from ringbinder.db.sessions import Database
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.tokens import repository, rules
from ringbinder.features.tokens.errors import InvalidTokenError, invalid_client
from ringbinder.features.tokens.service.keys import KeyRing
from ringbinder.features.tokens.types import AuthorisedClient, Claims, Credentials, IssuedToken
from ringbinder.kit.clock import Clock
from ringbinder.kit.ids import new_guid, sha256_hex

_REMEMBERED: Final = 10_000
_TRUSTED_FOR: Final = timedelta(seconds=2)
_LONGEST_TOKEN: Final = 4096


@dataclass(slots=True)
class _Remembered:
    """A token whose signature was verified, and when its client was last seen able to act."""

    claims: Claims
    client: AuthorisedClient
    checked_at: datetime
    actor: Actor

    def actor_at(self, address: str | None) -> Actor:
        """Give who acts from an address; most clients have only one."""
        if self.actor.address != address:
            self.actor = _actor(self.client, address)
        return self.actor


class TokenService:
    """The installation's token issuer and verifier."""

    def __init__(
        self, database: Database, keys: KeyRing, clock: Clock, *, issuer: str, lifetime: timedelta
    ) -> None:
        """Issue tokens under a name (the installation's public address) for a lifetime."""
        self._database = database
        self._keys = keys
        self._clock = clock
        self._issuer = issuer
        self._lifetime = lifetime
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()

    async def issue(self, credentials: Credentials, *, address: str | None) -> IssuedToken:
        """Give a token to a client that shows its secret.

        Raises:
            TokenRequestError: ``invalid_client``; the refusal is in the audit trail of the client's
                organisation, if there is such a client.

        """
        client = await self._authenticate(credentials, address=address)
        token_id = new_guid()
        token = await self._sign(client, token_id)
        async with self._database.write(client.organisation_key) as session:
            await repository.note_token_issued(session, client.key)
            subject = Subject(type="token", id=str(token_id))
            evidence.record(session, _actor(client, address), Action.TOKEN_ISSUED, subject)
        return IssuedToken(access_token=token, expires_in=int(self._lifetime.total_seconds()))

    async def verify(self, token: str, *, address: str | None) -> Actor:
        """Give the actor behind a token.

        A signature is verified once; whether the token was revoked or its client disabled is asked
        again after two seconds.

        Raises:
            InvalidTokenError: it is not, or no longer, valid.

        """
        if len(token) > _LONGEST_TOKEN:
            raise InvalidTokenError
        digest = sha256_hex(token)
        now = self._clock.now()
        known = self._remembered.get(digest)
        if known is None or now - known.checked_at > _TRUSTED_FOR:
            claims = known.claims if known else await self._verified_claims(token)
            known = await self._check(digest, claims, now)
        if known.claims.expires_at <= now:
            raise InvalidTokenError
        self._remembered.move_to_end(digest)
        return known.actor_at(address)

    async def revoke(self, credentials: Credentials, token: str, *, address: str | None) -> None:
        """Revoke a token of the client's own; any other text changes nothing (RFC 7009, 2.2)."""
        client = await self._authenticate(credentials, address=address)
        try:
            claims = await self._verified_claims(token)
        except InvalidTokenError:
            return
        if claims.client_id != client.id:
            return
        async with self._database.write(client.organisation_key) as session:
            await repository.revoke(session, claims.token_id, claims.expires_at)
            subject = Subject(type="token", id=str(claims.token_id))
            evidence.record(session, _actor(client, address), Action.TOKEN_REVOKED, subject)
        self._remembered.pop(sha256_hex(token), None)

    async def forget_expired_revocations(self) -> int:
        """Drop revocations that no longer matter; gives their number."""
        async with self._database.write(None) as session:
            return await repository.forget_expired_revocations(session)

    async def _authenticate(
        self, credentials: Credentials, *, address: str | None
    ) -> AuthorisedClient:
        client_id = rules.parse_client_id(credentials.client_id)
        presented = sha256_hex(credentials.client_secret)
        async with self._database.read(None) as session:
            client = await repository.find_authorised_client(session, client_id)
            hashes = await repository.list_secret_hashes(session, client.key) if client else ()
        if client is None or not any(hmac.compare_digest(presented, known) for known in hashes):
            await self._record_refusal(client_id, address)
            raise invalid_client()
        return client

    async def _record_refusal(self, client_id: UUID, address: str | None) -> None:
        async with self._database.read(None) as session:
            client = await repository.find_organisation_of(session, client_id)
        if client is None:
            return
        async with self._database.write(client.organisation_key) as session:
            subject = Subject(type="client", id=str(client_id), name=client.name, names_person=True)
            evidence.record(session, _actor(client, address), Action.TOKEN_REFUSED, subject)

    async def _sign(self, client: AuthorisedClient, token_id: UUID) -> str:
        key_id, key = await self._keys.signing_key()
        issued_at = int(self._clock.now().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": str(client.id),
            "client_id": str(client.id),
            "organisation_id": str(client.organisation_id),
            "scope": rules.SCOPE,
            "jti": str(token_id),
            "iat": issued_at,
            "exp": issued_at + int(self._lifetime.total_seconds()),
        }
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key_id}, claims, key)

    async def _verified_claims(self, token: str) -> Claims:
        try:
            key_id = str(extract_compact(token.encode()).headers().get("kid"))
            keys = await self._keys.verifying_keys(key_id)
            decoded = jwt.decode(token, keys, algorithms=["ES256"])
            registry = jwt.JWTClaimsRegistry(
                now=int(self._clock.now().timestamp()),
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._issuer},
                exp={"essential": True},
            )
            registry.validate(decoded.claims)
            return Claims(
                token_id=UUID(decoded.claims["jti"]),
                client_id=UUID(decoded.claims["sub"]),
                organisation_id=UUID(decoded.claims["organisation_id"]),
                expires_at=datetime.fromtimestamp(decoded.claims["exp"], tz=UTC),
            )
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidTokenError from error

    async def _check(self, digest: str, claims: Claims, now: datetime) -> _Remembered:
        async with self._database.read(None) as session:
            client = await repository.find_authorised_client(session, claims.client_id)
            revoked = await repository.is_revoked(session, claims.token_id)
        if client is None or revoked or client.organisation_id != claims.organisation_id:
            self._remembered.pop(digest, None)
            raise InvalidTokenError
        known = _Remembered(claims, client, checked_at=now, actor=_actor(client, None))
        self._remembered[digest] = known
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return known


def _actor(client: AuthorisedClient, address: str | None) -> Actor:
    return Actor(
        kind=ActorKind.CLIENT,
        source=Source.API,
        id=client.id,
        name=client.name,
        role=client.role,
        organisation_key=client.organisation_key,
        organisation_id=client.organisation_id,
        address=address,
        own_limits=client.own_limits,
    )
