"""One's own account."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from ringbinder.features.signin.errors import (
    CodeRefusedError,
    PasswordRefusedError,
    SignInRefusedError,
    TicketExpiredError,
)
from ringbinder.features.signin.pages.browsers import (
    FIRST_PAGE,
    SessionsPart,
    SignedInVisitor,
    ThisBrowser,
)
from ringbinder.features.signin.pages.forms import read_new_password, read_profile
from ringbinder.features.signin.pages.problems import (
    Problems,
    password_problem,
    sentences,
    wait_sentence,
)
from ringbinder.features.signin.rules.agents import browser_name
from ringbinder.features.signin.rules.qr import qr_svg
from ringbinder.features.signin.rules.totp import grouped
from ringbinder.features.signin.service import Accounts
from ringbinder.features.signin.service.signing import account_key
from ringbinder.features.signin.types import Enrolment, Visitor
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.dependencies import part
from ringbinder.web.limits import TooManyRequestsError, guarding_sign_in
from ringbinder.web.pages import Notice, NoticeKind, Page, PageRouter, Submitted, View
from ringbinder.web.pages.languages import LANGUAGES

router = PageRouter(area="account")

AccountsPart = Annotated[Accounts, Depends(part(Accounts))]


@router.page("GET", "/account", "page", permission=None)
async def show(page: View, accounts: AccountsPart, visitor: SignedInVisitor) -> Response:
    """Show name, language, password, second factor and sessions."""
    return await _account(page, accounts, visitor)


@router.page("POST", "/account", "change", permission=None)
async def change(
    page: View,
    form: Submitted,
    accounts: AccountsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
) -> Response:
    """Change name and language."""
    try:
        given = read_profile(form, LANGUAGES)
    except FieldErrors as error:
        return await _account(page, accounts, visitor, sentences(page, error))
    await accounts.change_person(
        visitor, name=given.name, language=given.language, address=browser.address
    )
    return _saved(page, page.gettext("Saved."))


@router.page("POST", "/account/organisation", "switch_organisation", permission=None)
async def switch_organisation(
    page: View, form: Submitted, sessions: SessionsPart, visitor: SignedInVisitor
) -> Response:
    """Look at another organisation."""
    # What is no id is treated as the id of an organisation that is not the person's.
    with suppress(ValueError):
        await sessions.choose_organisation(visitor, UUID(form.text("organisation")))
    return page.redirect(FIRST_PAGE)


@router.page("POST", "/account/password", "change_password", permission=None)
async def change_password(
    request: Request,
    page: View,
    form: Submitted,
    accounts: AccountsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
) -> Response:
    """Choose another password."""
    try:
        given = read_new_password(form, with_name=False)
        async with guarding_sign_in(request, _account_of(visitor)):
            await accounts.change_password(
                visitor,
                password=form.get("password", ""),
                new_password=given.password,
                address=browser.address,
            )
    except FieldErrors as error:
        return await _account(page, accounts, visitor, sentences(page, error))
    except PasswordRefusedError as error:
        return await _account(page, accounts, visitor, password_problem(page, error))
    except (SignInRefusedError, TooManyRequestsError) as error:
        return await _account(page, accounts, visitor, _not_right(page, error, "password"))
    return _saved(
        page, page.gettext("Your password has been changed, and every other session has ended.")
    )


@router.page("GET", "/account/second-factor", "second_factor", permission=None)
async def show_second_factor(
    page: View, accounts: AccountsPart, visitor: SignedInVisitor
) -> Response:
    """Offer a second factor."""
    if visitor.person.has_second_factor:
        return page.redirect("/account")
    return _enrolment(page, await accounts.offer_second_factor(visitor))


@router.page("POST", "/account/second-factor", "enable_second_factor", permission=None)
async def enable_second_factor(
    request: Request,
    page: View,
    form: Submitted,
    accounts: AccountsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
) -> Response:
    """Put the offered second factor in force, and show the recovery codes."""
    ticket = form.get("ticket", "")
    try:
        async with guarding_sign_in(request, _account_of(visitor)):
            codes = await accounts.enable_second_factor(
                visitor, ticket=ticket, code=form.text("code"), address=browser.address
            )
    except TicketExpiredError:
        notice = Notice(page.gettext("That took too long. Begin again."), NoticeKind.WARNING)
        return page.redirect("/account/second-factor", notice=notice)
    except (CodeRefusedError, TooManyRequestsError) as error:
        offered = await accounts.open_offer(visitor, ticket)
        return _enrolment(page, offered, _not_right(page, error, "code"))
    return page.render("signin/recovery_codes.html", codes=codes, is_new=True)


@router.page("POST", "/account/second-factor/disable", "disable_second_factor", permission=None)
async def disable_second_factor(
    request: Request,
    page: View,
    form: Submitted,
    accounts: AccountsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
) -> Response:
    """Let the password alone be enough again."""
    try:
        async with guarding_sign_in(request, _account_of(visitor)):
            await accounts.disable_second_factor(
                visitor, password=form.get("password", ""), address=browser.address
            )
    except (SignInRefusedError, TooManyRequestsError) as error:
        return await _account(page, accounts, visitor, _not_right(page, error, "factor_password"))
    return _saved(page, page.gettext("Your password alone is enough now."))


@router.page("POST", "/account/recovery-codes", "renew_recovery_codes", permission=None)
async def renew_recovery_codes(
    request: Request,
    page: View,
    form: Submitted,
    accounts: AccountsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
) -> Response:
    """Show new recovery codes, in place of the old ones."""
    try:
        async with guarding_sign_in(request, _account_of(visitor)):
            codes = await accounts.renew_recovery_codes(
                visitor, password=form.get("password", ""), address=browser.address
            )
    except (SignInRefusedError, CodeRefusedError, TooManyRequestsError) as error:
        return await _account(page, accounts, visitor, _not_right(page, error, "codes_password"))
    return page.render("signin/recovery_codes.html", codes=codes, is_new=False)


@router.page("POST", "/account/sessions/{session_id}/end", "end_session", permission=None)
async def end_session(
    page: View,
    sessions: SessionsPart,
    visitor: SignedInVisitor,
    browser: ThisBrowser,
    session_id: UUID,
) -> Response:
    """End one other session."""
    await sessions.end_one(visitor, session_id, address=browser.address)
    return _saved(page, page.gettext("The session has ended."))


@router.page("POST", "/account/sessions/end", "end_sessions", permission=None)
async def end_sessions(
    page: View, sessions: SessionsPart, visitor: SignedInVisitor, browser: ThisBrowser
) -> Response:
    """Sign out everywhere else."""
    number = await sessions.end_others(visitor, address=browser.address)
    text = page.ngettext("%(num)s session has ended.", "%(num)s sessions have ended.", number)
    return page.redirect("/account", notice=Notice(text))


async def _account(
    page: Page, accounts: Accounts, visitor: Visitor, errors: Problems | None = None
) -> Response:
    account = await accounts.show(visitor)
    return page.render(
        "signin/account.html",
        status=400 if errors else 200,
        account=account,
        sessions=[(one, browser_name(one.agent)) for one in account.sessions],
        visitor=visitor,
        errors=errors or {},
    )


def _enrolment(page: Page, enrolment: Enrolment, errors: Problems | None = None) -> Response:
    return page.render(
        "signin/second_factor.html",
        status=400 if errors else 200,
        enrolment=enrolment,
        drawing=qr_svg(enrolment.address),
        secret=grouped(enrolment.secret),
        errors=errors or {},
    )


def _not_right(page: Page, error: Exception, field: str) -> Problems:
    if isinstance(error, TooManyRequestsError):
        return {field: [wait_sentence(page, error)]}
    if field == "code":
        return {field: [page.gettext("The code is not right. Wait for the next one.")]}
    return {field: [page.gettext("The password is not right.")]}


def _account_of(visitor: Visitor) -> str:
    return account_key(visitor.person.email)


def _saved(page: Page, text: str) -> Response:
    return page.redirect("/account", notice=Notice(text))
