"""The doors of OAuth 2.0: token, revocation, keys, discovery."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response

from ringbinder.access.actor import Actor
from ringbinder.features.tokens import rules
from ringbinder.features.tokens.errors import InvalidTokenError, TokenRequestError
from ringbinder.features.tokens.schemas import (
    DiscoveryAnswer,
    KeySetAnswer,
    OAuthError,
    RevocationAnswer,
    RevocationRequest,
    TokenAnswer,
    TokenRequest,
)
from ringbinder.features.tokens.service import KeyRing, TokenService
from ringbinder.kit.json_reading import JsonTooDeep, MalformedJson, read_json
from ringbinder.web.answers import encode, ok
from ringbinder.web.bodies import read_bounded
from ringbinder.web.dependencies import part
from ringbinder.web.limits import guarding_secrets
from ringbinder.web.state import address_of, public_url_of

FORM: Final = "application/x-www-form-urlencoded"
FORM_LIMIT_BYTES: Final = 16_384
_NO_STORE: Final = {"cache-control": "no-store", "pragma": "no-cache"}
_CHALLENGE: Final = {"www-authenticate": 'Basic realm="ringbinder"'}

router = APIRouter(tags=["Access"])

Tokens = Annotated[TokenService, Depends(part(TokenService))]
Keys = Annotated[KeyRing, Depends(part(KeyRing))]


def _form(model: type[Any]) -> dict[str, Any]:
    """Describe the form alone: generators stumble over one body in two media types."""
    content = {FORM: {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


_refusals: dict[int | str, dict[str, Any]] = {
    400: {"model": OAuthError, "description": "The request is not one that this server grants."},
    401: {"model": OAuthError, "description": "The client or its secret is not valid."},
    413: {"$ref": "#/components/responses/ContentTooLarge"},
}


@router.post(
    "/connect/token",
    operation_id="Access_issueToken",
    response_model=TokenAnswer,
    responses=_refusals,
    openapi_extra=_form(TokenRequest),
)
async def issue_token(request: Request, tokens: Tokens) -> Response:
    """Exchange a client's id and secret for an access token, by client credentials.

    The client authenticates in the body or by HTTP Basic, not in both. The same fields may come
    as JSON.
    """

    async def issue(fields: dict[str, str]) -> Response:
        rules.check_grant(fields)
        credentials = rules.credentials(fields, request.headers.get("authorization"))
        issued = await tokens.issue(credentials, address=address_of(request))
        answer = {
            "access_token": issued.access_token,
            "expires_in": issued.expires_in,
            "token_type": "Bearer",
            "scope": rules.SCOPE,
        }
        return ok(answer, headers=_NO_STORE)

    return await guarding_secrets(request, lambda: _answering_by_rfc_6749(request, issue))


@router.post(
    "/connect/revocation",
    operation_id="Access_revokeToken",
    response_model=RevocationAnswer,
    responses=_refusals,
    openapi_extra=_form(RevocationRequest),
)
async def revoke_token(request: Request, tokens: Tokens) -> Response:
    """Revoke a token of the client's own (RFC 7009); one that is not valid is no error.

    The client authenticates as at the token endpoint; the fields may come as JSON.
    """

    async def revoke(fields: dict[str, str]) -> Response:
        credentials = rules.credentials(fields, request.headers.get("authorization"))
        if not fields.get("token"):
            raise TokenRequestError("invalid_request", "token is required.")
        await tokens.revoke(credentials, fields["token"], address=address_of(request))
        return ok({}, headers=_NO_STORE)

    return await guarding_secrets(request, lambda: _answering_by_rfc_6749(request, revoke))


@router.get("/.well-known/jwks.json", operation_id="Access_getKeys", response_model=KeySetAnswer)
async def get_keys(keys: Keys) -> Response:
    """Give the public keys that verify tokens."""
    return ok({"keys": await keys.published()}, headers={"cache-control": "public, max-age=300"})


@router.get(
    "/.well-known/openid-configuration",
    operation_id="Access_getOpenIdConfiguration",
    response_model=DiscoveryAnswer,
)
@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="Access_getAuthorizationServer",
    response_model=DiscoveryAnswer,
)
async def get_discovery(request: Request) -> Response:
    """Tell where the token endpoint and the keys are (RFC 8414)."""
    base = public_url_of(request)
    methods = ["client_secret_basic", "client_secret_post"]
    answer = {
        "issuer": base,
        "token_endpoint": f"{base}/connect/token",
        "revocation_endpoint": f"{base}/connect/revocation",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [rules.SCOPE],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
    }
    return ok(answer, headers={"cache-control": "public, max-age=300"})


async def authenticate(request: Request) -> Actor:
    """Give the actor behind the request's bearer token (RFC 6750).

    Raises:
        InvalidTokenError: there is none, or it is not valid.

    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidTokenError(headers={"www-authenticate": 'Bearer realm="ringbinder"'})
    tokens = await part(TokenService)(request)
    try:
        return await tokens.verify(token.strip(), address=address_of(request))
    except InvalidTokenError as error:
        challenge = 'Bearer realm="ringbinder", error="invalid_token"'
        raise InvalidTokenError(headers={"www-authenticate": challenge}) from error


async def _answering_by_rfc_6749(
    request: Request, work: Callable[[dict[str, str]], Awaitable[Response]]
) -> Response:
    try:
        return await work(await _fields(request))
    except TokenRequestError as error:
        body = {"error": error.error, "error_description": error.description}
        challenge = _CHALLENGE if error.status == 401 else {}  # noqa: PLR2004 - the status that asks for a challenge
        return Response(
            encode(body),
            status_code=error.status,
            media_type="application/json",
            headers=_NO_STORE | challenge,
        )


async def _fields(request: Request) -> dict[str, str]:
    body = await read_bounded(request, FORM_LIMIT_BYTES)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == FORM:
        return _form_fields(body)
    if media_type == "application/json":
        return _json_fields(body)
    raise TokenRequestError("invalid_request", f"Send {FORM} or application/json.")


def _form_fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise TokenRequestError("invalid_request", "The form cannot be read.") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise TokenRequestError("invalid_request", "A parameter is there more than once.")
    return fields


def _json_fields(body: bytes) -> dict[str, str]:
    try:
        parsed = read_json(body)
    except (MalformedJson, JsonTooDeep) as error:
        raise TokenRequestError("invalid_request", str(error)) from error
    if not isinstance(parsed, dict):
        raise TokenRequestError("invalid_request", "Send a JSON object.")
    return {name: value for name, value in parsed.items() if isinstance(value, str)}
