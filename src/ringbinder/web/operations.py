"""How a route says what it is: operation id, permission, answer and errors, in one declaration.

Every route of the API is declared through :class:`OperationRouter`, which keeps the order of checks
the same everywhere: token (401), budget (429), tenant and role (403), then all of query, headers
and body at once (400), then the verb.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from ringbinder.access.actor import Actor
from ringbinder.access.errors import MissingPermissionError
from ringbinder.access.limits import RequestType
from ringbinder.access.permissions import READING, Permission
from ringbinder.kit.errors import ForbiddenError, RingbinderError
from ringbinder.web.bodies import Malformed, load_json_body
from ringbinder.web.deprecation import Deprecation
from ringbinder.web.keeping import RETRY_ERRORS
from ringbinder.web.limits import authenticate, charge_address, charge_caller, settle
from ringbinder.web.registry import DECLARATION, Operation
from ringbinder.web.retries import require_proper_key, safe_to_retry
from ringbinder.web.state import remember_caller
from ringbinder.web.tenant import TENANT_HEADER, require_tenant_header

_DONE: Final = {200: "Done.", 201: "Made."}
Endpoint = Callable[..., Coroutine[Any, Any, Response]]


class WrongTenantError(ForbiddenError):
    """The tenant header names another organisation than the token's."""

    code = "tenant.mismatch"


class OperationRouter(APIRouter):
    """A router whose routes are operations."""

    def __init__(self, *, tag: str, prefix: str = "") -> None:
        """Group operations under a tag, which also begins their ids."""
        super().__init__(prefix=prefix, tags=[tag], route_class=OperationRoute)
        self._tag = tag

    def operation(
        self,
        method: str,
        path: str,
        name: str,
        *,
        permission: Permission | None,
        answer: Any,  # noqa: ANN401 - any type that the schema generator understands
        status: int = 200,
        request_type: RequestType | None = None,
        errors: Sequence[type[RingbinderError]] = (),
        etag: bool = False,
        deprecation: Deprecation | None = None,
        media_types: tuple[str, ...] = (),
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare an operation; its id is ``<Tag>_<name>`` and never changes.

        ``etag`` promises that every answer has that header; ``media_types`` are those of an answer
        that is no JSON.
        """
        request_type = request_type or _request_type(method, permission)
        is_unsafe = request_type is RequestType.WRITE
        operation = Operation(
            id=f"{self._tag}_{name}",
            method=method,
            path=f"{self.prefix}{path}",
            permission=permission,
            request_type=request_type,
            errors=(*errors, *(RETRY_ERRORS if is_unsafe else ())),
            etag=etag,
            deprecation=deprecation,
            media_types=media_types,
        )
        dependencies = [Depends(require_tenant_header)] if permission else []
        dependencies += [Depends(require_proper_key)] if is_unsafe else []

        def declare(endpoint: Endpoint) -> Endpoint:
            setattr(endpoint, DECLARATION, operation)
            self.add_api_route(
                path,
                safe_to_retry(endpoint, operation) if is_unsafe else endpoint,
                methods=[method],
                operation_id=operation.id,
                name=operation.id,
                status_code=status,
                response_model=answer,
                response_description=_DONE[status],
                dependencies=dependencies,
                deprecated=True if deprecation else None,
            )
            return endpoint

        return declare


class OperationRoute(APIRoute):
    """A route that checks the caller before it looks at anything that the caller sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the framework's handler."""
        operation: Operation = getattr(self.endpoint, DECLARATION)
        validated = super().get_route_handler()
        takes_body = self.body_field is not None

        async def handle(request: Request) -> Response:
            if operation.deprecation is not None:
                operation.deprecation.announce(request)
            await admit(request, operation)
            malformed = await load_json_body(request) if takes_body else None
            try:
                answer = await validated(request)
            except RequestValidationError as error:
                raise _with_malformed(error, malformed) from error
            await settle(request, answer)
            return answer

        return handle


def _request_type(method: str, permission: Permission | None) -> RequestType:
    if method == "GET":
        return RequestType.READ
    return RequestType.SEARCH if permission in READING else RequestType.WRITE


async def admit(request: Request, operation: Operation) -> None:
    """Let a request in, before anything that it sent is looked at; its caller is known from now on.

    Raises:
        UnauthorizedError: no token, or not one of ours, or no longer valid.
        TooManyRequestsError: there is nothing left of the caller's budget, or of the address's.
        WrongTenantError, MissingPermissionError: the caller is known but may not.

    """
    if operation.permission is None:
        await charge_address(request, RequestType.UNAUTHENTICATED)
        return
    actor = await authenticate(request)
    await charge_caller(request, actor, operation.request_type)
    assert_allowed(request, actor, operation.permission)
    remember_caller(request, actor, operation.permission)


def assert_allowed(request: Request, actor: Actor, permission: Permission) -> None:
    """Let a caller pass who may do this, in the organisation that the request names.

    Raises:
        WrongTenantError, MissingPermissionError: the caller may not.

    """
    named = _guid_or_none(request.headers.get(TENANT_HEADER))
    if named is not None and named != actor.organisation_id:
        raise WrongTenantError
    if not actor.may(permission):
        raise MissingPermissionError


def _guid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _with_malformed(
    error: RequestValidationError, malformed: Malformed | None
) -> RequestValidationError:
    """Say what is wrong with the JSON in place of what the model thought of the stand-in."""
    if malformed is None:
        return error
    others = [found for found in error.errors() if found["loc"][0] != "body"]
    position = {"type": "value_error", "loc": ("body",), "msg": malformed.message}
    return RequestValidationError([position, *others])
