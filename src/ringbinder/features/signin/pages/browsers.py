"""What is known of a browser: its cookie, and who is signed in with it."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from ringbinder.features.signin.rules.sessions import cookie_name, is_secure
from ringbinder.features.signin.service import Sessions
from ringbinder.features.signin.types import Browser, SignedIn, Visitor
from ringbinder.kit.errors import UnauthorizedError
from ringbinder.web.callers import OrganisationChoice, PageCaller
from ringbinder.web.dependencies import part
from ringbinder.web.pages import Page
from ringbinder.web.state import address_of, public_url_of

FIRST_PAGE: Final = "/"
"""Where to go where nothing else was asked for."""

_PLACE: Final = "ringbinder.visitor"
_LONGEST_COOKIE: Final = 200
SessionsPart = Annotated[Sessions, Depends(part(Sessions))]


class NotSignedInError(UnauthorizedError):
    """Nobody has signed in with this browser."""

    code = "sign_in.needed"


async def authenticate(request: Request) -> PageCaller | None:
    """Give who is signed in, by the session's cookie."""
    secret = session_cookie(request)
    if secret is None:
        return None
    sessions: Sessions = await part(Sessions)(request)
    visitor = await sessions.find(secret, address=address_of(request))
    if visitor is None:
        return None
    actor = await sessions.actor_of(visitor, address=address_of(request))
    request.scope[_PLACE] = visitor
    return PageCaller(
        actor=actor,
        csrf_token=sessions.csrf_token(visitor.session),
        person_name=visitor.person.name,
        organisation_name=visitor.membership.organisation_name,
        language=visitor.person.language,
        organisations=tuple(
            OrganisationChoice(one.organisation_id, one.organisation_name)
            for one in visitor.memberships
            if one.is_active
        ),
    )


def session_cookie(request: Request) -> str | None:
    """Give the secret of the session's cookie."""
    found = request.cookies.get(cookie_name(public_url_of(request)))
    return found if found and len(found) <= _LONGEST_COOKIE else None


def find_visitor(request: Request) -> Visitor | None:
    """Give the person and the session in this browser, where somebody is signed in."""
    found: Visitor | None = request.scope.get(_PLACE)
    return found


async def _visitor(request: Request) -> Visitor:
    found = find_visitor(request)
    if found is None:
        raise NotSignedInError
    return found


async def _browser(request: Request) -> Browser:
    return Browser(address=address_of(request), agent=request.headers.get("user-agent"))


SignedInVisitor = Annotated[Visitor, Depends(_visitor)]
"""What a page for people with an account asks for."""

ThisBrowser = Annotated[Browser, Depends(_browser)]


async def let_in(request: Request, page: Page, signed_in: SignedIn, *, to: str) -> Response:
    """Give the browser its new session, in place of the one that it had."""
    sessions: Sessions = await part(Sessions)(request)
    await sessions.replace(session_cookie(request))
    answer = page.redirect(to)
    name = cookie_name(public_url_of(request))
    page.set_cookie(answer, name, signed_in.secret, seconds=signed_in.seconds)
    return answer


def let_out(request: Request, answer: Response) -> Response:
    """Take the session's cookie from the browser."""
    forget(request, answer, cookie_name(public_url_of(request)))
    return answer


def keep(request: Request, page: Page, answer: Response, name: str, value: str) -> None:
    """Let the browser keep what the next step needs, for as long as a step may take."""
    page.set_cookie(answer, _step_cookie(request, name), value, seconds=600)


def kept(request: Request, name: str) -> str | None:
    """Give what :func:`keep` kept."""
    return request.cookies.get(_step_cookie(request, name))


def drop(request: Request, answer: Response, name: str) -> None:
    """Let the browser forget it."""
    forget(request, answer, _step_cookie(request, name))


def forget(request: Request, answer: Response, name: str) -> None:
    """Delete a cookie, with all that belongs to its name."""
    secure = is_secure(public_url_of(request))
    answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _step_cookie(request: Request, name: str) -> str:
    return cookie_name(public_url_of(request), f"ringbinder_{name}")
