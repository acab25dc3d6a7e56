"""What is accepted from an identity provider."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from ringbinder.features.signin.errors import ProviderAnswerError
from ringbinder.features.signin.rules.oidc import (
    authorization_address,
    challenge_of,
    code_of_answer,
    discovery_address,
    read_facts,
    read_identity,
)
from ringbinder.features.signin.types import OidcProvider, OidcRequest, ProviderFacts

pytestmark = pytest.mark.unit

NOW = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)
ISSUER = "https://id.example/realm"
PROVIDER = OidcProvider("entra", "Entra", ISSUER, "client-1", "hush")
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://id.example/authorize",
    "token_endpoint": "https://id.example/token",
    "jwks_uri": "https://id.example/keys",
}
FACTS = ProviderFacts(
    ISSUER,
    "https://id.example/authorize",
    "https://id.example/token",
    "https://id.example/keys",
    uses_basic=True,
    names_issuer=False,
)
REQUEST = OidcRequest("entra", "state-1", "nonce-1", "verifier-1", "/", NOW)
KEY = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})
CURVE_KEY = ECKey.generate_key("P-256", parameters={"kid": "2"})
KEYS = {
    "keys": [
        {"kty": "AKP", "kid": "3"},
        KEY.as_dict(private=False),
        CURVE_KEY.as_dict(private=False),
    ]
}
CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": "client-1",
    "sub": "subject-1",
    "exp": int(NOW.timestamp()) + 300,
    "iat": int(NOW.timestamp()),
    "nonce": "nonce-1",
    "email": "anna@a.example",
    "email_verified": True,
    "name": "Anna",
}


def token(key: Any = KEY, algorithm: str = "RS256", kid: str = "1", **changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": kid}, claims, key, algorithms=[algorithm])


def read(text: str) -> Any:
    return read_identity(text, KEYS, provider=PROVIDER, nonce="nonce-1", now=NOW)


def test_a_right_token_names_a_person() -> None:
    for found in (read(token()), read(token(CURVE_KEY, "ES256", "2"))):
        assert (found.issuer, found.subject) == (ISSUER, "subject-1")
        assert (found.email, found.name) == ("anna@a.example", "Anna")
    several = token(aud=["client-1", "client-2"], azp="client-1")
    assert read(several).subject == "subject-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "client-2"},
        {"aud": ["client-1", "client-2"]},
        {"aud": ["client-1", "client-2"], "azp": "client-2"},
        {"azp": "client-2"},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nonce": "nonce-2"},
        {"nonce": None},
        {"email": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderAnswerError):
        read(token(**changes))


def test_a_wrong_signature_is_refused() -> None:
    unsigned = "eyJhbGciOiJub25lIn0." + token().split(".")[1] + "."
    secret = OctKey.import_key("hush" * 10)
    by_secret = token(secret, "HS256", "1")
    for text in (token(OTHER_KEY), unsigned, by_secret, token()[:-3] + "AAA", "", "a.b.c"):
        with pytest.raises(ProviderAnswerError):
            read(text)


def test_discovery_is_checked() -> None:
    assert discovery_address(ISSUER + "/") == ISSUER + "/.well-known/openid-configuration"
    assert read_facts(DOCUMENT, issuer=ISSUER) == FACTS
    posting = DOCUMENT | {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert not read_facts(posting, issuer=ISSUER).uses_basic


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": None},
        {"token_endpoint": "http://id.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=str,
)
def test_bad_discovery_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderAnswerError):
        read_facts(DOCUMENT | changes, issuer=ISSUER)


def test_the_browser_is_sent_with_all_that_binds_the_answer() -> None:
    address = authorization_address(
        FACTS, PROVIDER, REQUEST, redirect_uri="https://a.example/sign-in/oidc"
    )
    query = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert query == {
        "response_type": "code",
        "client_id": "client-1",
        "redirect_uri": "https://a.example/sign-in/oidc",
        "scope": "openid email profile",
        "state": "state-1",
        "nonce": "nonce-1",
        "code_challenge": challenge_of("verifier-1"),
        "code_challenge_method": "S256",
    }
    rfc_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(rfc_verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_an_answer_belongs_to_the_request() -> None:
    right = {"state": "state-1", "code": "abc"}
    assert code_of_answer(right, REQUEST, FACTS) == "abc"
    assert code_of_answer(right | {"iss": ISSUER}, REQUEST, FACTS) == "abc"
    for wrong in (
        {"code": "abc"},
        {"state": "state-2", "code": "abc"},
        right | {"iss": "https://other.example"},
        {"state": "state-1"},
        {"state": "state-1", "error": "access_denied"},
        right | {"code": "a" * 5000},
    ):
        with pytest.raises(ProviderAnswerError):
            code_of_answer(wrong, REQUEST, FACTS)
