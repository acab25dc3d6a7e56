"""Nobody else's page can send a form in a person's name."""

import hmac
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from ringbinder.kit.errors import ForbiddenError
from ringbinder.web.callers import PageCaller
from ringbinder.web.pages.forms import CSRF_FIELD, FORM, read_form
from ringbinder.web.state import public_url_of, state_of

CSRF_HEADER: Final = "x-csrf-token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_OUR_SITES: Final = frozenset({"same-origin", "none"})


class ForgedRequestError(ForbiddenError):
    """The form does not come from a page of this session; load the page again."""

    code = "page.forged"


async def find_caller(request: Request) -> PageCaller | None:
    """Give who has signed in, or None."""
    authenticate = state_of(request).page_authenticator
    return None if authenticate is None else await authenticate(request)


async def assert_own(request: Request, caller: PageCaller | None) -> None:
    """Let a request pass that changes nothing, or that one of our own pages has sent.

    Where somebody has signed in, it must carry the session's token: in the header ``x-csrf-token``
    or, in a form, in the field ``csrf_token``.

    Raises:
        ForgedRequestError: another site sent it, or the token is missing or another one.

    """
    if request.method in SAFE_METHODS:
        return
    if not _comes_from_us(request):
        raise ForgedRequestError
    if caller is not None and not await _has_token(request, caller.csrf_token):
        raise ForgedRequestError


def _comes_from_us(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in _OUR_SITES:
        return False
    origin = request.headers.get("origin")
    return origin is None or _is_our_origin(request, origin)


def _is_our_origin(request: Request, origin: str) -> bool:
    public = urlsplit(public_url_of(request))
    sent = urlsplit(origin)
    is_public = (sent.scheme, sent.netloc) == (public.scheme, public.netloc)
    return is_public or sent.netloc == request.headers.get("host")


async def _has_token(request: Request, token: str) -> bool:
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and request.headers.get("content-type", "").startswith(FORM):
        sent = (await read_form(request)).get(CSRF_FIELD)
    return sent is not None and hmac.compare_digest(sent.encode(), token.encode())
