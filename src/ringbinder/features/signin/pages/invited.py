"""Links from letters: an invitation, a new password."""

from typing import Annotated

from fastapi import Depends, Request, Response

from ringbinder.access.limits import RequestType
from ringbinder.features.invitations.errors import LinkInvalidError
from ringbinder.features.signin.errors import PasswordRefusedError, SignInRefusedError
from ringbinder.features.signin.pages.browsers import (
    FIRST_PAGE,
    ThisBrowser,
    find_visitor,
    let_in,
    let_out,
)
from ringbinder.features.signin.pages.forms import read_new_password
from ringbinder.features.signin.pages.problems import (
    Problems,
    password_problem,
    sentences,
    wait_sentence,
)
from ringbinder.features.signin.service import Links
from ringbinder.features.signin.service.signing import account_key
from ringbinder.features.signin.types import Invited, Person
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import part
from ringbinder.web.limits import TooManyRequestsError, charge_address, guarding_sign_in
from ringbinder.web.pages import Form, Notice, Page, PageRouter, Submitted, View

router = PageRouter(area="links")

LinksPart = Annotated[Links, Depends(part(Links))]


@router.page("GET", "/invitation/{token}", "invitation", permission=None, is_public=True)
async def show_invitation(request: Request, page: View, links: LinksPart, token: str) -> Response:
    """Show who is invited to what."""
    try:
        async with guarding_sign_in(request):
            invited = await links.get_invitation(token)
    except LinkInvalidError:
        return _invalid(page)
    return _invitation(request, page, invited)


@router.page("POST", "/invitation/{token}", "accept", permission=None, is_public=True)
async def accept(
    request: Request,
    page: View,
    form: Submitted,
    links: LinksPart,
    token: str,
    browser: ThisBrowser,
) -> Response:
    """Say yes: with a first password, with the one that one has, or being signed in."""
    try:
        async with guarding_sign_in(request):
            invited = await links.get_invitation(token)
        if _is_own(request, invited):
            return await _accept_signed_in(request, page, links, token, browser)
        if invited.has_password:
            return await _accept_with_password(request, page, form, links, invited, token, browser)
        return await _accept_as_new(request, page, form, links, invited, token, browser)
    except LinkInvalidError:
        return _invalid(page)


@router.page("GET", "/reset", "ask", permission=None, is_public=True)
async def show_ask(page: View) -> Response:
    """Ask for the address that gets the letter."""
    return page.render("signin/ask_reset.html", was_sent=False, problem=None, email="")


@router.page("POST", "/reset", "send", permission=None, is_public=True)
async def send(
    request: Request, page: View, form: Submitted, links: LinksPart, browser: ThisBrowser
) -> Response:
    """Send the letter, if somebody has this address."""
    email = form.text("email")
    try:
        await charge_address(request, RequestType.LETTER)
    except TooManyRequestsError as error:
        problem = wait_sentence(page, error)
        return page.render(
            "signin/ask_reset.html", status=429, was_sent=False, problem=problem, email=email
        )
    await links.ask_for_reset(email, browser)
    return page.render("signin/ask_reset.html", was_sent=True, problem=None, email=email)


@router.page("GET", "/reset/{token}", "reset", permission=None, is_public=True)
async def show_reset(request: Request, page: View, links: LinksPart, token: str) -> Response:
    """Ask for the new password."""
    try:
        async with guarding_sign_in(request):
            person = await links.get_reset(token)
    except LinkInvalidError:
        return _invalid(page)
    return page.render("signin/reset.html", email=person.email, errors={})


@router.page("POST", "/reset/{token}", "choose", permission=None, is_public=True)
async def choose(
    request: Request,
    page: View,
    form: Submitted,
    links: LinksPart,
    token: str,
    browser: ThisBrowser,
) -> Response:
    """Put the new password in place; every session ends, this browser's among them."""
    try:
        async with guarding_sign_in(request):
            person = await links.get_reset(token)
    except LinkInvalidError:
        return _invalid(page)
    try:
        given = read_new_password(form, with_name=False)
        await links.reset_password(token, given.password, browser)
    except LinkInvalidError:
        return _invalid(page)
    except FieldErrors as error:
        return _reset(page, person, sentences(page, error))
    except PasswordRefusedError as error:
        return _reset(page, person, password_problem(page, error))
    notice = Notice(page.gettext("Your password has been changed. Sign in with it."))
    return let_out(request, page.redirect("/sign-in", notice=notice))


def _reset(page: Page, person: Person, errors: Problems) -> Response:
    return page.render("signin/reset.html", status=400, email=person.email, errors=errors)


async def _accept_signed_in(
    request: Request, page: Page, links: Links, token: str, browser: ThisBrowser
) -> Response:
    visitor = find_visitor(request)
    assert visitor is not None  # noqa: S101 - looked at before
    await links.accept_as(visitor, token, browser)
    return page.redirect(FIRST_PAGE, notice=_joined(page))


async def _accept_with_password(
    request: Request,
    page: Page,
    form: Form,
    links: Links,
    invited: Invited,
    token: str,
    browser: ThisBrowser,
) -> Response:
    try:
        async with guarding_sign_in(request, account_key(invited.person.email)):
            await links.accept_with_password(token, form.get("password", ""), browser)
    except SignInRefusedError:
        problem = page.gettext("The password is not right.")
        return _invitation(request, page, invited, {"password": [problem]}, status=403)
    except TooManyRequestsError as error:
        problems = {"password": [wait_sentence(page, error)]}
        return _invitation(request, page, invited, problems, status=429)
    return page.redirect("/sign-in", notice=_joined(page))


async def _accept_as_new(
    request: Request,
    page: Page,
    form: Form,
    links: Links,
    invited: Invited,
    token: str,
    browser: ThisBrowser,
) -> Response:
    try:
        given = read_new_password(form, with_name=True)
        signed_in = await links.accept_as_new(
            token,
            name=given.name,
            password=given.password,
            language=page.language,
            browser=browser,
        )
    except FieldErrors as error:
        return _invitation(request, page, invited, sentences(page, error), form=form, status=400)
    except PasswordRefusedError as error:
        problems = password_problem(page, error)
        return _invitation(request, page, invited, problems, form=form, status=400)
    return await let_in(request, page, signed_in, to=FIRST_PAGE)


def _invitation(
    request: Request,
    page: Page,
    invited: Invited,
    errors: Problems | None = None,
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    return page.render(
        "signin/invitation.html",
        status=status,
        invited=invited,
        is_own=_is_own(request, invited),
        name=invited.person.name if form is None else form.text("name"),
        errors=errors or {},
    )


def _is_own(request: Request, invited: Invited) -> bool:
    visitor = find_visitor(request)
    return visitor is not None and visitor.person.key == invited.person.key


def _invalid(page: Page) -> Response:
    return page.render("signin/invalid_link.html", status=404)


def _joined(page: Page) -> Notice:
    return Notice(page.gettext("You have joined."))
