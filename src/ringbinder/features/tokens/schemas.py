"""The wire format of the token endpoint and of discovery."""

from typing import Final, Literal

from pydantic import BaseModel, Field

EXAMPLE_TOKEN: Final = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIwMTkyIn0.MEUCIQ"  # noqa: S105 - an example
EXAMPLE_BASE: Final = "https://ringbinder.example"
EXAMPLE_METHODS: Final = ["client_secret_basic", "client_secret_post"]


class TokenRequest(BaseModel):
    """A request for a token; the client may authenticate by HTTP Basic instead of in the body."""

    grant_type: Literal["client_credentials"]
    client_id: str | None = Field(
        default=None,
        description="The client's id (GUID).",
        examples=["0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"],
    )
    client_secret: str | None = Field(
        default=None, description="The client's secret.", examples=["rb_3nq8Zt0vYw1xK2mPs7Lc"]
    )
    scope: Literal["ibinder_public"] | None = Field(default=None, description="The only scope.")


class RevocationRequest(BaseModel):
    """A token to revoke (RFC 7009)."""

    token: str = Field(description="The access token.", examples=[EXAMPLE_TOKEN])
    token_type_hint: str | None = Field(
        default=None, description="Not needed.", examples=["access_token"]
    )
    client_id: str | None = Field(
        default=None,
        description="The client's id (GUID).",
        examples=["0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"],
    )
    client_secret: str | None = Field(
        default=None, description="The client's secret.", examples=["rb_3nq8Zt0vYw1xK2mPs7Lc"]
    )


class RevocationAnswer(BaseModel):
    """Nothing: the token is not valid any more."""


class TokenAnswer(BaseModel):
    """An access token."""

    access_token: str = Field(
        description="Send it as `Authorization: Bearer …`.", examples=[EXAMPLE_TOKEN]
    )
    expires_in: int = Field(description="Seconds until it expires.", examples=[3600])
    token_type: Literal["Bearer"]
    scope: Literal["ibinder_public"]


class OAuthError(BaseModel):
    """A refusal as RFC 6749, section 5.2, has it."""

    error: str = Field(examples=["invalid_client"])
    error_description: str = Field(examples=["The client or its secret is not valid."])


class KeySetAnswer(BaseModel):
    """The public keys that verify tokens (RFC 7517)."""

    keys: list[dict[str, str]] = Field(
        examples=[
            [
                {
                    "kty": "EC",
                    "crv": "P-256",
                    "alg": "ES256",
                    "use": "sig",
                    "kid": "2024-01-15",
                    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                }
            ]
        ]
    )


class DiscoveryAnswer(BaseModel):
    """Where things are and what is supported (RFC 8414)."""

    issuer: str = Field(examples=[EXAMPLE_BASE])
    token_endpoint: str = Field(examples=[f"{EXAMPLE_BASE}/connect/token"])
    revocation_endpoint: str = Field(examples=[f"{EXAMPLE_BASE}/connect/revocation"])
    jwks_uri: str = Field(examples=[f"{EXAMPLE_BASE}/.well-known/jwks.json"])
    grant_types_supported: list[str] = Field(examples=[["client_credentials"]])
    response_types_supported: list[str] = Field(examples=[[]])
    scopes_supported: list[str] = Field(examples=[["ibinder_public"]])
    token_endpoint_auth_methods_supported: list[str] = Field(examples=[EXAMPLE_METHODS])
    revocation_endpoint_auth_methods_supported: list[str] = Field(examples=[EXAMPLE_METHODS])
    id_token_signing_alg_values_supported: list[str] = Field(examples=[["ES256"]])
    subject_types_supported: list[str] = Field(examples=[["public"]])
