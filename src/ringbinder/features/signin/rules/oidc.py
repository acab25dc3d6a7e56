"""OpenID Connect Core 1.0, the part of the client, with PKCE (RFC 7636)."""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from ringbinder.features.signin.errors import ProviderAnswerError
from ringbinder.features.signin.types import Identity, OidcProvider, OidcRequest, ProviderFacts

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures with a key of the provider's own; never ``none``, and none with a shared secret."""

_LEEWAY_SECONDS: Final = 60
_LONGEST: Final = 4096
_MEMBER: Final = re.compile(r"[A-Za-z0-9._-]{1,40}\Z")


def discovery_address(issuer: str) -> str:
    """Give where a provider tells about itself (Discovery 1.0, section 4)."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def read_facts(document: Mapping[str, Any], *, issuer: str) -> ProviderFacts:
    """Read what a provider tells about itself.

    Raises:
        ProviderAnswerError: it is another issuer than the one that was asked, or something is
            missing.

    """
    if document.get("issuer") != issuer:
        raise ProviderAnswerError("it is another issuer")
    addresses = [
        document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    ]
    is_plain = issuer.startswith("http://")
    for address in addresses:
        if not isinstance(address, str) or not address.startswith(
            ("https://", "http://") if is_plain else "https://"
        ):
            raise ProviderAnswerError("an endpoint is missing or not safe")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    authorization, token, keys = map(str, addresses)
    return ProviderFacts(
        issuer=issuer,
        authorization_endpoint=authorization,
        token_endpoint=token,
        jwks_uri=keys,
        uses_basic="client_secret_basic" in methods,
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def challenge_of(verifier: str) -> str:
    """Give the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorization_address(
    facts: ProviderFacts, provider: OidcProvider, request: OidcRequest, *, redirect_uri: str
) -> str:
    """Give where the browser is sent."""
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": challenge_of(request.verifier),
        "code_challenge_method": "S256",
    }
    separator = "&" if "?" in facts.authorization_endpoint else "?"
    return f"{facts.authorization_endpoint}{separator}{urlencode(query)}"


def code_of_answer(query: Mapping[str, str], request: OidcRequest, facts: ProviderFacts) -> str:
    """Give the code that the browser brought back.

    Raises:
        ProviderAnswerError: it belongs to no request of this browser, comes from another provider
            (RFC 9207), or is a refusal.

    """
    if query.get("state") != request.state:
        raise ProviderAnswerError("the state is not the one that was sent")
    issuer = query.get("iss")
    if issuer != facts.issuer and (issuer is not None or facts.names_issuer):
        raise ProviderAnswerError("the answer is of another issuer")
    if "error" in query:
        raise ProviderAnswerError(_word(query["error"]))
    code = query.get("code", "")
    if not 0 < len(code) <= _LONGEST:
        raise ProviderAnswerError("there is no code")
    return code


def _word(error: str) -> str:
    return error if _MEMBER.match(error) else "an error"


def read_identity(
    token: str,
    keys: Mapping[str, Any],
    *,
    provider: OidcProvider,
    nonce: str,
    now: datetime,
) -> Identity:
    """Verify an ID token (Core, section 3.1.3.7) and say whom it names.

    Raises:
        ProviderAnswerError: signature, issuer, audience, time or nonce is not right, or the address
            is missing or not verified.

    """
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(_usable(keys)), algorithms=ALGORITHMS)
        claims = decoded.claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderAnswerError(f"the ID token is not valid: {type(error).__name__}") from error
    _check_authorised_party(claims, provider)
    email, subject = claims.get("email"), claims["sub"]
    if not isinstance(email, str) or not email or claims.get("email_verified") is not True:
        raise ProviderAnswerError("the address is missing or not verified")
    name = claims.get("name")
    return Identity(
        issuer=provider.issuer,
        subject=str(subject),
        email=email,
        name=name if isinstance(name, str) else None,
    )


def check_domain(identity: Identity, provider: OidcProvider) -> None:
    """Refuse an address of a domain that the provider may not vouch for.

    Raises:
        ProviderAnswerError: it is one.

    """
    domain = identity.email.rpartition("@")[2].casefold()
    if provider.domains and domain not in {one.casefold() for one in provider.domains}:
        raise ProviderAnswerError("it may not vouch for this domain")


def is_signed_by_known(token: str, keys: Mapping[str, Any]) -> bool:
    """Tell whether the key that a token names is among those that are known.

    A provider that has begun to use a new key is asked for its keys again.
    """
    try:
        key_id = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return True  # it is no token, which newer keys would not change
    known = {key.get("kid") for key in keys.get("keys", []) if isinstance(key, dict)}
    return key_id is None or key_id in known


def _check_authorised_party(claims: Mapping[str, Any], provider: OidcProvider) -> None:
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp")
    if party not in ({provider.client_id} if several else {provider.client_id, None}):
        raise ProviderAnswerError("the ID token was made for another party")


def _usable(keys: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a key set as joserfc takes it
    """Keep keys that sign; a provider may publish others, of kinds that we do not know."""
    listed = keys.get("keys")
    if not isinstance(listed, list):
        raise ProviderAnswerError("there are no keys")
    kinds = {"RSA", "EC", "OKP"}
    return {
        "keys": [
            key
            for key in listed
            if isinstance(key, dict) and key.get("kty") in kinds and key.get("use", "sig") == "sig"
        ]
    }
