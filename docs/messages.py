"""Bring the catalogues of the pages in step with the code: ``make messages``.

A text that is new goes into the file of its area, in Swedish without a translation; one that is
gone is taken out. English is the language of the code, so its catalogue is complete by itself.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from ringbinder.web.pages.languages import LANGUAGES, LOCALE

SOURCE = Path(__file__).parent.parent / "src" / "ringbinder"
METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("web/pages/**.py", "python"),
    ("features/*/pages.py", "python"),
    ("features/*/pages/**.py", "python"),
]
OPTIONS = {"web/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
TEXT = str | tuple[str, ...]


@dataclass
class Text:
    """A text of the code, and the areas where it stands, the first of them by alphabet."""

    id: TEXT
    areas: set[str] = field(default_factory=set)

    @property
    def area(self) -> str:
        return min(self.areas)


def texts_of_code() -> dict[TEXT, Text]:
    """Give every text that a page can show."""
    found: dict[TEXT, Text] = {}
    extracted = extract_from_dir(SOURCE, METHODS, OPTIONS, keywords=KEYWORDS)
    for path, _line, message, _comments, _context in extracted:
        key = message if isinstance(message, str) else tuple(message)
        found.setdefault(key, Text(key)).areas.add(area_of(path))
    return found


def area_of(path: str) -> str:
    """Tell into which file the texts of a source go: that of its feature or folder of templates."""
    parts = Path(path).parts
    if parts[0] == "features":
        return parts[1]
    is_in_folder = parts[:2] == ("web", "templates") and len(parts) > 3
    return parts[2] if is_in_folder and parts[2] not in ("components", "errors") else "shell"


def catalogues(language: str) -> dict[str, Catalog]:
    """Read the files of a language, by area."""
    return {
        file.stem: read_po(BytesIO(file.read_bytes()), locale=language)
        for file in sorted((LOCALE / language).glob("*.po"))
    }


def written(language: str) -> dict[str, bytes]:
    """Give the files of a language as they must be, by name."""
    texts, known = texts_of_code(), {}
    homes: dict[TEXT, str] = {}
    for area, catalogue in catalogues(language).items():
        for message in _messages(catalogue):
            known[message.id], homes[message.id] = message.string, area
    files: dict[str, Catalog] = {}
    for key, text in sorted(texts.items(), key=lambda item: str(item[0])):
        area = homes.get(key, text.area)
        if area not in text.areas:
            area = text.area
        catalogue = files.setdefault(area, Catalog(locale=language, fuzzy=False))
        catalogue.add(key, _translation(language, key, known.get(key)))
    return {f"{area}.po": _bytes(catalogue) for area, catalogue in files.items()}


def _messages(catalogue: Catalog) -> Iterable[Message]:
    return (message for message in catalogue if message.id)


def _translation(language: str, key: TEXT, known: object) -> object:
    if language == "en":
        return key
    empty = "" if isinstance(key, str) else ("", "")
    return known or empty


def _bytes(catalogue: Catalog) -> bytes:
    target = BytesIO()
    write_po(target, catalogue, width=100, omit_header=True)
    body = target.getvalue().decode()
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return (header + body.strip() + "\n").encode()


def untranslated(language: str) -> list[str]:
    """List what has no translation yet."""
    return [
        f"{area}: {message.id}"
        for area, catalogue in catalogues(language).items()
        for message in _messages(catalogue)
        if not message.string or (isinstance(message.string, tuple) and not all(message.string))
    ]


def main() -> int:
    """Write every file, and say what is left to do."""
    for language in LANGUAGES:
        folder = LOCALE / language
        folder.mkdir(parents=True, exist_ok=True)
        files = written(language)
        for file in folder.glob("*.po"):
            if file.name not in files:
                file.unlink()
        for name, body in files.items():
            (folder / name).write_bytes(body)
    missing = untranslated("sv")
    for line in missing:
        print(f"without Swedish: {line}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
