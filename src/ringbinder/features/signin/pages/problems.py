"""What went wrong, in sentences of the reader's language."""

from collections.abc import Mapping

from ringbinder.features.signin.errors import PasswordRefusedError
from ringbinder.features.signin.pages.forms import FAULTS
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.limits import TooManyRequestsError
from ringbinder.web.pages import Page

Problems = Mapping[str, list[str]]
_A_MINUTE = 60


def sentences(page: Page, error: FieldErrors) -> dict[str, list[str]]:
    """Translate what is wrong with the fields of a form."""
    return {
        name: [page.gettext(message) for message in messages]
        for name, messages in error.errors.items()
    }


def password_problem(page: Page, error: PasswordRefusedError) -> dict[str, list[str]]:
    """Say why a new password is refused."""
    return {"new_password": [page.gettext(FAULTS[error.fault])]}


def wait_sentence(page: Page, error: TooManyRequestsError) -> str:
    """Say how long to wait."""
    seconds = int(error.headers.get("retry-after", "60"))
    minutes = -(-seconds // _A_MINUTE)
    return page.ngettext(
        "Too many tries. Wait %(num)s minute.", "Too many tries. Wait %(num)s minutes.", minutes
    )
