"""Sign in, second factor, sign out."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request, Response

from ringbinder.features.signin.errors import (
    CodeRefusedError,
    SignInRefusedError,
    TicketExpiredError,
)
from ringbinder.features.signin.pages.browsers import (
    FIRST_PAGE,
    SessionsPart,
    SignedInVisitor,
    ThisBrowser,
    drop,
    keep,
    kept,
    let_in,
    let_out,
)
from ringbinder.features.signin.pages.problems import wait_sentence
from ringbinder.features.signin.service import ProviderSignIn, SetUp, SignIn
from ringbinder.features.signin.service.signing import account_key
from ringbinder.features.signin.types import SecondFactorNeeded
from ringbinder.web.dependencies import part
from ringbinder.web.limits import TooManyRequestsError, guarding_sign_in
from ringbinder.web.pages import (
    N_,
    Form,
    Notice,
    NoticeKind,
    Page,
    PageRouter,
    Submitted,
    View,
    local_path,
)

router = PageRouter(area="sign_in")

TICKET: Final = "step"
NEXT: Final = "next"
_WRONG: Final = N_("The address or the password is not right.")
_WRONG_CODE: Final = N_("The code is not right, or it was used before.")
_EXPIRED: Final = N_("That took too long. Sign in again.")

SignInPart = Annotated[SignIn, Depends(part(SignIn))]
Providers = Annotated[ProviderSignIn, Depends(part(ProviderSignIn))]
SetUpPart = Annotated[SetUp, Depends(part(SetUp))]


@router.page("GET", "/sign-in", "page", permission=None, is_public=True)
async def show(
    page: View,
    providers: Providers,
    set_up: SetUpPart,
    next: str | None = None,  # noqa: A002 - the name in the address
) -> Response:
    """Show the form; who is signed in needs none, and a fresh installation has nobody."""
    if page.caller is not None:
        return page.redirect(_target(next))
    if await set_up.is_open():
        return page.redirect("/welcome")
    return _form(page, providers, next_path=next)


@router.page("POST", "/sign-in", "sign_in", permission=None, is_public=True)
async def sign_in(
    request: Request,
    page: View,
    form: Submitted,
    service: SignInPart,
    providers: Providers,
    browser: ThisBrowser,
) -> Response:
    """Sign in by password, or go on to the second factor."""
    email, password = form.text("email"), form.get("password", "")
    try:
        async with guarding_sign_in(request, account_key(email)):
            found = await service.sign_in(email, password, browser)
    except SignInRefusedError:
        return _again(page, providers, form, page.gettext(_WRONG), 403)
    except TooManyRequestsError as error:
        answer = _again(page, providers, form, wait_sentence(page, error), 429)
        answer.headers.update(error.headers)
        return answer
    if isinstance(found, SecondFactorNeeded):
        answer = page.redirect(f"/sign-in/code{_query(form.optional(NEXT))}")
        keep(request, page, answer, TICKET, found.ticket)
        return answer
    return await let_in(request, page, found, to=_target(form.optional(NEXT)))


@router.page("GET", "/sign-in/code", "code", permission=None, is_public=True)
async def show_code(request: Request, page: View, next: str | None = None) -> Response:  # noqa: A002 - see above
    """Ask for the second factor."""
    if kept(request, TICKET) is None:
        return page.redirect(f"/sign-in{_query(next)}")
    return page.render("signin/code.html", next=next, problem=None)


@router.page("POST", "/sign-in/code", "finish", permission=None, is_public=True)
async def finish(
    request: Request, page: View, form: Submitted, service: SignInPart, browser: ThisBrowser
) -> Response:
    """Sign in by the second factor."""
    ticket, next_path = kept(request, TICKET), form.optional(NEXT)
    try:
        async with guarding_sign_in(request, service.account_of(ticket)):
            found = await service.finish(ticket, form.text("code"), browser)
    except TicketExpiredError:
        return _back(request, page, next_path)
    except CodeRefusedError:
        return _code_again(page, next_path, page.gettext(_WRONG_CODE), 403)
    except TooManyRequestsError as error:
        answer = _code_again(page, next_path, wait_sentence(page, error), 429)
        answer.headers.update(error.headers)
        return answer
    answer = await let_in(request, page, found, to=_target(next_path))
    drop(request, answer, TICKET)
    return answer


@router.page("POST", "/sign-out", "sign_out", permission=None)
async def sign_out(
    request: Request,
    page: View,
    sessions: SessionsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
) -> Response:
    """End this session."""
    await sessions.sign_out(visitor, address=browser.address)
    notice = Notice(page.gettext("You have signed out."))
    return let_out(request, page.redirect("/sign-in", notice=notice))


def _form(
    page: Page,
    providers: ProviderSignIn,
    *,
    next_path: str | None,
    email: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    return page.render(
        "signin/sign_in.html",
        status=status,
        next=next_path,
        email=email,
        problem=problem,
        providers=providers.providers,
        query=_query(next_path),
    )


def _again(
    page: Page, providers: ProviderSignIn, form: Form, problem: str, status: int
) -> Response:
    return _form(
        page,
        providers,
        next_path=form.optional(NEXT),
        email=form.text("email"),
        problem=problem,
        status=status,
    )


def _code_again(page: Page, next_path: str | None, problem: str, status: int) -> Response:
    return page.render("signin/code.html", status=status, next=next_path, problem=problem)


def _back(request: Request, page: Page, next_path: str | None) -> Response:
    notice = Notice(page.gettext(_EXPIRED), NoticeKind.WARNING)
    answer = page.redirect(f"/sign-in{_query(next_path)}", notice=notice)
    drop(request, answer, TICKET)
    return answer


def _target(next_path: str | None) -> str:
    return local_path(next_path, default=FIRST_PAGE)


def _query(next_path: str | None) -> str:
    target = local_path(next_path)
    return "" if target == "/" else f"?next={quote(target, safe='/')}"
