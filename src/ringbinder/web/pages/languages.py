"""The languages of the pages: their catalogues, and which of them a browser asks for.

A catalogue is several files, ``locale/<language>/<area>.po``, so that those who work on different
pages do not meet in one file. They are compiled when the program starts.
"""

import gettext
import io
from functools import cache
from pathlib import Path
from typing import Final

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final = ("sv", "en")
DEFAULT_LANGUAGE: Final = "en"
LOCALE: Final = Path(__file__).parent.parent / "locale"
_LONGEST_HEADER: Final = 500


def N_(message: str) -> str:  # noqa: N802 - the word by which gettext's tools find such texts
    """Mark a text for the catalogues that is translated later."""
    return message


@cache
def translations(language: str) -> gettext.GNUTranslations:
    """Give the texts of a language.

    Raises:
        FileNotFoundError: there is no such language.

    """
    files = sorted((LOCALE / language).glob("*.po"))
    if not files:
        raise FileNotFoundError(LOCALE / language)
    whole: gettext.GNUTranslations | None = None
    for file in files:
        part = _compiled(file, language)
        if whole is None:
            whole = part
        else:
            _join(whole, part)
    assert whole is not None  # noqa: S101 - there is at least one file
    return whole


def _compiled(file: Path, language: str) -> gettext.GNUTranslations:
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _join(whole: gettext.GNUTranslations, part: gettext.GNUTranslations) -> None:
    """Let one catalogue answer for another too; both have the plural rule of their language."""
    texts: dict[object, str] = vars(whole)["_catalog"]
    texts.update(vars(part)["_catalog"])


def language_of(accept_language: str, *chosen: str | None) -> str:
    """Give the first language that was chosen and that we have, or what the browser likes best."""
    for language in chosen:
        if language in LANGUAGES:
            return language
    wanted = _by_preference(accept_language[:_LONGEST_HEADER])
    return negotiate_locale(wanted, LANGUAGES, sep="-") or DEFAULT_LANGUAGE


def _by_preference(header: str) -> list[str]:
    weighted = []
    for place, item in enumerate(header.split(",")):
        name, _, quality = item.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if name and weight > 0:
            weighted.append((-weight, place, name))
    return [name for _, _, name in sorted(weighted)]
