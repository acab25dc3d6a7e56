"""What the forms of sign-in send, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ringbinder.features.signin.types import PasswordFault
from ringbinder.kit.errors import FieldErrors
from ringbinder.web.pages import N_, Form

LONGEST_LINE: Final = 200
LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(
    r"[^@\s,;<>\"()\[\]\\]{1,64}@[^@\s,;<>\"()\[\]\\.]+(\.[^@\s,;<>\"()\[\]\\.]+)*\Z"
)

FAULTS: Final[Mapping[PasswordFault, str]] = {
    PasswordFault.TOO_SHORT: N_("The password must have at least 10 characters."),
    PasswordFault.TOO_LONG: N_("The password must have at most 256 characters."),
    PasswordFault.COMMON: N_(
        "This password is one of those that are guessed first. Choose several unrelated words."
    ),
    PasswordFault.PERSONAL: N_("The password must not be made of your name or your organisation."),
}
UNEQUAL: Final = N_("The two passwords are not the same.")
_EMPTY: Final = N_("Fill in this field.")
_NO_LINE: Final = N_("This must be one line of at most 200 characters.")
_NO_EMAIL: Final = N_("This is no e-mail address.")


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that was typed twice."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class FirstOwner:
    """Who sets up an installation."""

    code: str
    organisation: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person may change of itself."""

    name: str
    language: str | None


def read_welcome(form: Form) -> FirstOwner:
    """Read the form of the first page.

    Raises:
        FieldErrors: with everything that is wrong.

    """
    problems = _Problems()
    found = FirstOwner(
        code=problems.line(form, "code"),
        organisation=problems.line(form, "organisation"),
        name=problems.line(form, "name"),
        email=problems.email(form, "email"),
        password=problems.twice(form),
    )
    problems.tell()
    return found


def read_new_password(form: Form, *, with_name: bool) -> NewPassword:
    """Read a new password, and the name of its owner where that is asked for.

    Raises:
        FieldErrors: with everything that is wrong.

    """
    problems = _Problems()
    name = problems.line(form, "name") if with_name else ""
    found = NewPassword(name=name, password=problems.twice(form))
    problems.tell()
    return found


def read_profile(form: Form, languages: tuple[str, ...]) -> Profile:
    """Read name and language; no language leaves it to the browser.

    Raises:
        FieldErrors: with everything that is wrong.

    """
    problems = _Problems()
    language = form.optional("language")
    found = Profile(
        name=problems.line(form, "name"), language=language if language in languages else None
    )
    problems.tell()
    return found


def is_email(text: str) -> bool:
    """Tell whether a text can be the address of a mailbox."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.match(text) is not None and _is_line(text)


class _Problems:
    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def line(self, form: Form, name: str) -> str:
        text = " ".join(form.text(name).split())
        if not text:
            self._found[name] = [_EMPTY]
        elif len(text) > LONGEST_LINE or not _is_line(text):
            self._found[name] = [_NO_LINE]
        return text

    def email(self, form: Form, name: str) -> str:
        text = form.text(name)
        if not is_email(text):
            self._found[name] = [_NO_EMAIL]
        return text

    def twice(self, form: Form) -> str:
        password = form.get("new_password", "")
        if not password:
            self._found["new_password"] = [_EMPTY]
        elif password != form.get("repeated", ""):
            self._found["repeated"] = [UNEQUAL]
        return password

    def tell(self) -> None:
        if self._found:
            raise FieldErrors(self._found)


def _is_line(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
