"""How a page says what it is: id, permission and errors, in one declaration.

Every page is declared through :class:`PageRouter`, which keeps the order of checks the same
everywhere: who has signed in (else to the page for it), budget, forged forms, permission, then what
was sent, then the verb.
"""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from ringbinder.access.errors import MissingPermissionError
from ringbinder.access.limits import RequestType
from ringbinder.access.permissions import Permission
from ringbinder.kit.errors import RingbinderError
from ringbinder.web.limits import charge_address, charge_caller, settle
from ringbinder.web.pages.errors import error_page, page_of_http_error, page_of_validation_error
from ringbinder.web.pages.guarding import SAFE_METHODS, assert_own, find_caller
from ringbinder.web.pages.registry import DECLARATION, PageDeclaration
from ringbinder.web.pages.rendering import page_for
from ringbinder.web.state import remember_caller

SIGN_IN: Final = "/sign-in"
Endpoint = Callable[..., Coroutine[Any, Any, Response]]


class PageRouter(APIRouter):
    """A router whose routes are pages."""

    def __init__(self, *, area: str, prefix: str = "") -> None:
        """Group pages of an area, with whose name their ids begin."""
        super().__init__(prefix=prefix, route_class=PageRoute, include_in_schema=False)
        self._area = area

    def page(
        self,
        method: str,
        path: str,
        name: str,
        *,
        permission: Permission | None,
        is_public: bool = False,
        request_type: RequestType | None = None,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a page; its id is ``<area>.<name>``.

        Without a permission it is for everybody who has signed in; a public one, which has none,
        for everybody.
        """
        declaration = PageDeclaration(
            id=f"{self._area}.{name}",
            method=method,
            path=f"{self.prefix}{path}",
            permission=permission,
            is_public=is_public,
            request_type=request_type or _request_type(method),
        )

        def declare(endpoint: Endpoint) -> Endpoint:
            setattr(endpoint, DECLARATION, declaration)
            self.add_api_route(
                path,
                endpoint,
                methods=[method],
                name=declaration.id,
                response_model=None,
                include_in_schema=False,
            )
            return endpoint

        return declare


class PageRoute(APIRoute):
    """A route that checks who looks before it looks at anything that was sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the framework's handler."""
        page: PageDeclaration = getattr(self.endpoint, DECLARATION)
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await _admit(request, page) or await _answer(request, inner)
            except RingbinderError as error:
                return error_page(request, error)
            except RequestValidationError as error:
                return page_of_validation_error(request, error)
            except HTTPException as error:
                return page_of_http_error(request, error)

        return handle


async def _answer(
    request: Request, inner: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    answer = await inner(request)
    await settle(request, answer)
    return answer


def _request_type(method: str) -> RequestType:
    return RequestType.READ if method in SAFE_METHODS else RequestType.WRITE


async def _admit(request: Request, page: PageDeclaration) -> Response | None:
    """Let a request in, or give the way to sign in."""
    caller = await find_caller(request)
    request.state.page = page_for(request, caller)
    if caller is None and not page.is_public:
        await charge_address(request, RequestType.UNAUTHENTICATED)
        return _to_sign_in(request)
    if caller is not None:
        remember_caller(request, caller.actor, page.permission)
        await charge_caller(request, caller.actor, page.request_type)
    else:
        await charge_address(request, RequestType.UNAUTHENTICATED)
    await assert_own(request, caller)
    if page.permission is not None and not (caller and caller.actor.may(page.permission)):
        raise MissingPermissionError
    return None


def _to_sign_in(request: Request) -> Response:
    page = request.state.page
    is_whole_page = request.method in SAFE_METHODS and not page.is_fragment
    back = page.address if is_whole_page else "/"
    answer: Response = page.redirect(f"{SIGN_IN}?next={quote(back, safe='/')}")
    if answer.status_code == HTTPStatus.NO_CONTENT:
        answer.status_code = HTTPStatus.OK  # htmx looks at the headers of an answer with a body
    return answer
