"""Say in the reader's language why something cannot be uploaded.

The rules speak English, with values in their sentences. Here stands what they say as texts with
places for values; what a rule has said is recognised by its text, and said again in the language.
"""

import re
from collections.abc import Mapping
from typing import Final

from ringbinder.features.metadata.types import Element
from ringbinder.kit.errors import FieldErrors, RingbinderError
from ringbinder.web.pages import N_, Page, sentence

SENTENCES: Final = (
    N_("The name must not be empty or blank."),
    N_("The name must not be longer than %(bytes)s bytes."),
    N_("The name must not contain a slash or a backslash."),
    N_("The name must not contain control characters or line breaks."),
    N_("The name must be valid Unicode."),
    N_("The name must not be . or .. alone."),
    N_("A file can have at most %(bytes)s bytes."),
    N_("The binder has no tab %(place)s."),
    N_("The register says different things about it in the lines %(lines)s."),
    N_("Line %(line)s: There is no such file."),
    N_("Line %(line)s: Several files have this name; give the path."),
    N_("Line %(line)s: The path names no file."),
    N_("The %(element)s field is required."),
    N_("%(element)s takes one value."),
    N_("%(element)s is set by the server."),
    N_("The binder has no metadata element %(element)s."),
    N_("The value %(value)s is retired and cannot be given any more."),
    N_("%(value)s is not one of the values of the list."),
    N_("%(value)s is not one of the values of %(element)s."),
    N_("The value must be a text."),
    N_("The value must not be empty; send null to remove it."),
    N_("The value can have at most %(number)s characters."),
    N_("The value must be a number."),
    N_("The value must be a finite number."),
    N_("The value must be a date, such as 2024-01-15."),
    N_("The value must be true or false."),
    N_("A document can have at most %(number)s metadata values."),
    N_("The register has two columns named %(column)s."),
    N_("The form cannot be read."),
)
"""Everything that the rules of names, values and registers can say about a file."""

_PLACES: Final = re.compile(r"%\\\((\w+)\\\)s")
_Pattern = re.Pattern[str]


def _pattern(text: str) -> _Pattern:
    return re.compile(_PLACES.sub(r"(?P<\1>.+?)", re.escape(text)) + r"\Z", re.DOTALL)


_PATTERNS: Final = tuple((text, _pattern(text)) for text in SENTENCES)


class Reasons:
    """Says why, in the language of a page, with the labels of a binder's schema."""

    def __init__(self, page: Page, schema: Mapping[str, Element]) -> None:
        """Speak to the reader of this page."""
        self._page = page
        self._schema = schema

    def say(self, text: str) -> str:
        """Say a rule's sentence; one that is not known stays as it is."""
        for known, pattern in _PATTERNS:
            if (match := pattern.match(text)) is not None:
                return self._page.gettext(known, **self._shown(match.groupdict()))
        return text

    def of(self, error: RingbinderError | None) -> str:
        """Say everything that an error says."""
        if isinstance(error, FieldErrors):
            found = [
                self.say(message) for messages in error.errors.values() for message in messages
            ]
            return " ".join(dict.fromkeys(found))
        assert error is not None  # noqa: S101 - who asks why has something that was refused
        return sentence(self._page, error)

    def _shown(self, values: Mapping[str, str]) -> dict[str, str]:
        element = self._schema.get(values.get("element", ""))
        shown = dict(values)
        if element is not None:
            shown["element"] = element.label_in(self._page.language)
        for name in ("bytes", "number"):
            if values.get(name, "").isdecimal():
                shown[name] = self._page.formats.number(int(values[name]))
        return shown
