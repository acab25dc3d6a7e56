"""Say what rules say, in the reader's language.

The rules speak English, with values in their sentences. Here stands what they say as texts with
places for values; what a rule has said is recognised by its text, and said again in the language.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from ringbinder.web.pages.languages import N_

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
    N_("Another value of the list has this label."),
    N_("Another value of the list has this id."),
    N_("An element can have at most %(count)s values, retired ones that documents use among them."),
    N_("%(element)s has the data type %(type)s in this organisation."),
    N_("The value must not begin with %(prefix)s, as reserved keys do."),
    N_("The value should be %(values)s."),
    N_(
        "The value can be at most %(number)s, as for the role; "
        "the operator of the installation can allow more."
    ),
    N_("String should have at most %(number)s characters."),
    N_("String should have at least %(number)s characters."),
)
"""Everything that rules say of names, values, lists and registers."""

Values = Mapping[str, str]
Translate = Callable[..., str]

_PLACES: Final = re.compile(r"%\\\((\w+)\\\)s")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_PLACES.sub(r"(?P<\1>.+?)", re.escape(text)) + r"\Z", re.DOTALL)


_PATTERNS: Final = tuple((text, _pattern(text)) for text in SENTENCES)


def say(
    gettext: Translate, text: str, shown: Callable[[Values], Values] = lambda values: values
) -> str | None:
    """Say a rule's sentence; None where it is not known. ``shown`` makes values readable."""
    for known, pattern in _PATTERNS:
        if (match := pattern.match(text)) is not None:
            return gettext(known, **shown(match.groupdict()))
    return None
