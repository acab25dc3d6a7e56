"""Check the values of many documents by one schema: what was found right once is not read again."""

from collections.abc import Sequence
from typing import Final

from ringbinder.features.metadata.rules.values import MAXIMUM_VALUES, check_values, read_value
from ringbinder.features.metadata.types import GivenValue, MetadataValue, Schema

REMEMBERED_VALUES: Final = 10_000
"""How many different values are remembered."""

REMEMBERED_SCHEMAS: Final = 4
"""Of how many binders the values are remembered that were found right."""

_Given = tuple[str, str | None, object]


class Checker:
    """Gives what :func:`check_values` gives, sooner for new documents that are like each other."""

    def __init__(self, schema: Schema) -> None:
        """Check by this schema."""
        self.schema = schema
        self._places = {key: place for place, key in enumerate(schema.elements)}
        self._required = {
            key
            for key, element in schema.elements.items()
            if element.is_required and element.is_settable and not element.is_retired
        }
        self._known: dict[_Given, MetadataValue] = {}

    def check(
        self, given: Sequence[GivenValue], *, current: Sequence[MetadataValue] = ()
    ) -> tuple[MetadataValue, ...]:
        """Apply given values to the current ones as :func:`check_values` does.

        Raises:
            FieldErrors: what is wrong.

        """
        plain = self._plain(given, current)
        return check_values(self.schema, given, current=current) if plain is None else plain

    def _plain(
        self, given: Sequence[GivenValue], current: Sequence[MetadataValue]
    ) -> tuple[MetadataValue, ...] | None:
        """Give the values where there is one text of each key, all right; None leaves the case."""
        values = self._unlisted(current)
        if values is None:
            return None
        for item in given:
            key = item.metadata_element_id
            value = self._known.get((key, item.value_id, item.value)) or self._learn(item)
            if value is None or key in values:
                return None
            values[key] = value
        if len(values) > MAXIMUM_VALUES or not self._required <= values.keys():
            return None
        return tuple(values[key] for key in sorted(values, key=self._places.__getitem__))

    def _unlisted(self, current: Sequence[MetadataValue]) -> dict[str, MetadataValue] | None:
        """Give current values by key, if they stay as they are, such as who created a document."""
        values = {}
        for value in current:
            element = self.schema.elements.get(value.metadata_element_id)
            if element is None or element.values or element.is_settable:
                return None
            values[value.metadata_element_id] = value
        return values if len(values) == len(current) else None

    def _learn(self, item: GivenValue) -> MetadataValue | None:
        element = self.schema.elements.get(item.metadata_element_id)
        if element is None or not element.is_settable or not _is_text(item):
            return None
        try:
            value = read_value(element, item.value_id, item.value)
        except ValueError:
            return None
        if len(self._known) >= REMEMBERED_VALUES:
            self._known.clear()
        self._known[item.metadata_element_id, item.value_id, item.value] = value
        return value


class Checkers:
    """Remembers what was found right from one unit of work to the next, while a schema stays."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: dict[int, Checker] = {}

    def of(self, schema: Schema) -> Checker:
        """Give what checks by a schema, as it is now."""
        known = self._known.get(schema.binder_key)
        if known is not None and known.schema == schema:
            return known
        if len(self._known) >= REMEMBERED_SCHEMAS:
            self._known.clear()
        made = self._known[schema.binder_key] = Checker(schema)
        return made


def _is_text(item: GivenValue) -> bool:
    """Tell whether a text or an id is given; True and 1 would be the same to a dictionary."""
    return isinstance(item.value, str) or (item.value is None and item.value_id is not None)
