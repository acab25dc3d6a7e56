"""Both languages of the pages are complete, and hold nothing that no page says."""

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import ringbinder.app  # noqa: F401 - imports all that can go wrong
from ringbinder.kit.errors import all_error_types
from ringbinder.web.pages.languages import LANGUAGES, LOCALE, translations
from ringbinder.web.pages.sentences import SENTENCES

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "docs" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_what_the_code_asks_for(language: str) -> None:
    files = {file.name: file.read_bytes() for file in (LOCALE / language).glob("*.po")}
    assert files == TOOL.written(language), "run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_without_translation(language: str) -> None:
    assert TOOL.untranslated(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_takes_the_same_values_as_the_text(language: str) -> None:
    for catalogue in TOOL.catalogues(language).values():
        for message in catalogue:
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            answers = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = {name for text in texts for name in PLACEHOLDER.findall(text)}
            found = {name for text in answers for name in PLACEHOLDER.findall(text)}
            assert not message.id or found == wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_the_files_is_what_a_page_says(language: str) -> None:
    loaded = translations(language)
    for catalogue in TOOL.catalogues(language).values():
        for message in catalogue:
            if message.id and isinstance(message.id, str):
                assert loaded.gettext(message.id) == message.string


def test_sentences_are_about_errors_that_there_are() -> None:
    assert SENTENCES.keys() - all_error_types().keys() == set()
