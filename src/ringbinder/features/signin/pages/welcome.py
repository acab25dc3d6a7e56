"""The first page of a fresh installation."""

from fastapi import Request, Response

from ringbinder.features.signin.errors import PasswordRefusedError, SetUpError
from ringbinder.features.signin.pages.browsers import FIRST_PAGE, ThisBrowser, let_in
from ringbinder.features.signin.pages.forms import read_welcome
from ringbinder.features.signin.pages.problems import (
    Problems,
    password_problem,
    sentences,
    wait_sentence,
)
from ringbinder.features.signin.pages.signing import SetUpPart
from ringbinder.features.signin.service import SetUp
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.limits import TooManyRequestsError, guarding_sign_in
from ringbinder.web.pages import Form, Page, PageRouter, Submitted, View

router = PageRouter(area="welcome")


@router.page("GET", "/welcome", "page", permission=None, is_public=True)
async def show(page: View, set_up: SetUpPart) -> Response:
    """Ask for the first owner, as long as there is nobody."""
    if not await set_up.is_open():
        return page.redirect(FIRST_PAGE if page.caller else "/sign-in")
    return page.render("signin/welcome.html", values={}, errors={})


@router.page("POST", "/welcome", "create", permission=None, is_public=True)
async def create(
    request: Request, page: View, form: Submitted, set_up: SetUpPart, browser: ThisBrowser
) -> Response:
    """Make the first organisation and its owner."""
    if not await set_up.is_open():
        return page.redirect("/sign-in")
    try:
        given = read_welcome(form)
        async with guarding_sign_in(request):
            signed_in = await set_up.create_first_owner(
                given.code,
                organisation_name=given.organisation,
                name=given.name,
                email=given.email,
                password=given.password,
                language=page.language,
                browser=browser,
            )
    except FieldErrors as error:
        return _again(page, form, sentences(page, error))
    except PasswordRefusedError as error:
        return _again(page, form, password_problem(page, error))
    except SetUpError:
        return await _refused(page, form, set_up)
    except TooManyRequestsError as error:
        return _again(page, form, {"code": [wait_sentence(page, error)]}, status=429)
    return await let_in(request, page, signed_in, to=FIRST_PAGE)


async def _refused(page: Page, form: Form, set_up: SetUp) -> Response:
    """Say that the code is wrong, unless somebody was quicker."""
    if not await set_up.is_open():
        return page.redirect("/sign-in")
    return _again(page, form, {"code": [page.gettext("The code is not right.")]})


def _again(page: Page, form: Form, errors: Problems, *, status: int = 400) -> Response:
    return page.render("signin/welcome.html", status=status, values=form, errors=errors)
