"""Say in the reader's language why something cannot be uploaded."""

from collections.abc import Mapping

from ringbinder.features.metadata.types import Element
from ringbinder.kit.errors import FieldErrors, RingbinderError
from ringbinder.web.pages import Page, say, sentence


class Reasons:
    """Says why, in the language of a page, with the labels of a binder's schema."""

    def __init__(self, page: Page, schema: Mapping[str, Element]) -> None:
        """Speak to the reader of this page."""
        self._page = page
        self._schema = schema

    def say(self, text: str) -> str:
        """Say a rule's sentence; one that is not known stays as it is."""
        return say(self._page.gettext, text, self._shown) or text

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
