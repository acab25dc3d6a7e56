"""Make metadata of a register's cells."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ringbinder.features.imports.errors import SchemaLacksError
from ringbinder.features.imports.rules.registers import normal_name
from ringbinder.features.imports.types import RegisterRow, SchemaNeeds
from ringbinder.features.metadata.types import (
    GLOBAL_CATEGORY,
    GLOBAL_DATE,
    GLOBAL_REVISION_DATE,
    GLOBAL_STATUS,
    GLOBAL_VERSION,
    AllowedValue,
    DataType,
    Element,
    GivenValue,
    Schema,
)

MAXIMUM_LABEL: Final = 200
"""How many characters the label of an element or of a list's value can have."""

KNOWN_COLUMNS: Final[Mapping[str, str]] = {
    "category": GLOBAL_CATEGORY,
    "kategori": GLOBAL_CATEGORY,
    "status": GLOBAL_STATUS,
    "revision": GLOBAL_VERSION,
    "rev": GLOBAL_VERSION,
    "revidering": GLOBAL_VERSION,
    "revision_date": GLOBAL_REVISION_DATE,
    "revideringsdatum": GLOBAL_REVISION_DATE,
    "document_date": GLOBAL_DATE,
    "dokumentdatum": GLOBAL_DATE,
    "date": GLOBAL_DATE,
    "datum": GLOBAL_DATE,
}
"""The columns whose meaning is known; all others are looked for in the binder's schema."""

REMEMBERED_CELLS: Final = 10_000
"""Of how many different cells it is remembered what they say."""

_SEVERAL: Final = re.compile(r"[;|]")
_TRUTH: Final = {
    "true": True,
    "ja": True,
    "yes": True,
    "x": True,
    "1": True,
    "false": False,
    "nej": False,
    "no": False,
    "0": False,
}


class Translator:
    """Reads rows by the schema of one binder; remembers what each column means."""

    def __init__(self, schema: Schema) -> None:
        """Read by this schema."""
        self._schema = schema
        self._elements: dict[str, Element | None] = {}
        self._lists: dict[str, _List] = {}
        self._read: dict[tuple[str, str], tuple[GivenValue, ...] | None] = {}

    def given(self, row: RegisterRow) -> tuple[GivenValue, ...]:
        """Give a row's cells as metadata; empty cells say nothing.

        Raises:
            SchemaLacksError: with all elements and list values that the schema lacks for the row.

        """
        found: list[GivenValue] = []
        for cell in row.cells.items():
            # The cells of a register repeat each other, so that most have been read already.
            values = self._read[cell] if cell in self._read else self._remembered(row, cell)
            if values is None:
                raise SchemaLacksError(self._sentence_of(self.needs([row])))
            found += values
        return tuple(found)

    def _remembered(self, row: RegisterRow, cell: tuple[str, str]) -> tuple[GivenValue, ...] | None:
        """Read a cell, and keep what it says for the rows that say the same; None if it lacks."""
        if len(self._read) >= REMEMBERED_CELLS:
            self._read.clear()
        column, _ = cell
        values, missing = self.given_in(row, column)
        is_known = self._element(column) is not None and not missing
        self._read[cell] = values if is_known else None
        return self._read[cell]

    def needs(self, rows: Iterable[RegisterRow]) -> SchemaNeeds:
        """Tell which elements and list values the rows need and the schema lacks."""
        elements: dict[str, None] = {}
        values: dict[str, dict[str, str]] = {}
        # Cells repeat each other; each is looked at where it comes first.
        for column, cell in {cell: None for row in rows for cell in row.cells.items()}:
            element = self._element(column)
            if element is None:
                elements[column] = None
                continue
            for part in self._missing(element, cell):
                labels = values.setdefault(element.metadata_element_id, {})
                labels.setdefault(part.casefold(), part)
        return SchemaNeeds(
            elements=tuple(elements),
            values={key: tuple(labels.values()) for key, labels in values.items()},
        )

    def element_of(self, column: str) -> Element | None:
        """Give the element that a column means, or None where the schema has none for it."""
        return self._element(column)

    def given_in(self, row: RegisterRow, column: str) -> tuple[tuple[GivenValue, ...], list[str]]:
        """Give one cell as metadata, and those of its values that their list lacks."""
        element = self._element(column)
        missing = [] if element is None else self._missing(element, row.cells[column])
        return (() if missing else tuple(self._given(row, column))), missing

    def _element(self, column: str) -> Element | None:
        if column not in self._elements:
            self._elements[column] = find_element(self._schema, column)
        return self._elements[column]

    def _list(self, element: Element) -> "_List":
        if element.metadata_element_id not in self._lists:
            self._lists[element.metadata_element_id] = _List(element.values)
        return self._lists[element.metadata_element_id]

    def _missing(self, element: Element, cell: str) -> list[str]:
        if element.data_type is not DataType.ENUMERATED:
            return []
        allowed = self._list(element)
        return [part for part in _parts(element, cell) if allowed.find(part) is None]

    def _given(self, row: RegisterRow, column: str) -> Iterator[GivenValue]:
        element = self._element(column)
        if element is None:
            return
        key = element.metadata_element_id
        for part in _parts(element, row.cells[column]):
            allowed = self._list(element).find(part)
            if allowed is not None:
                yield GivenValue(key, allowed.value_id, None, column)
            else:
                yield GivenValue(key, None, _scalar(element, part), column)

    def _sentence_of(self, lacks: SchemaNeeds) -> str:
        elements = [f"no metadata element {name}" for name in lacks.elements]
        values = [
            f"no value {label} of {self._schema.elements[key].label}"
            for key, labels in lacks.values.items()
            for label in labels
        ]
        return f"The binder has {', '.join(elements + values)}."


class _List:
    """The active values of an element by their names, exact letters before any case."""

    def __init__(self, values: Iterable[AllowedValue]) -> None:
        self._exact: dict[str, AllowedValue] = {}
        self._folded: dict[str, AllowedValue] = {}
        for value in values:
            for name in (value.label, value.value_id, *value.labels.values()):
                if not value.is_retired:
                    self._exact.setdefault(name, value)
                    self._folded.setdefault(name.casefold(), value)

    def find(self, text: str) -> AllowedValue | None:
        return self._exact.get(text) or self._folded.get(text.casefold())


def can_be_created(needs: SchemaNeeds) -> SchemaNeeds:
    """Give those of the needs that can be the label of an element or value: one line, not long."""
    values = {key: tuple(filter(_can_be_label, labels)) for key, labels in needs.values.items()}
    return SchemaNeeds(
        elements=tuple(filter(_can_be_label, needs.elements)),
        values={key: labels for key, labels in values.items() if labels},
    )


def find_element(schema: Schema, column: str) -> Element | None:
    """Give the element that a column means: a known one, or one of this id or label."""
    known = KNOWN_COLUMNS.get(normal_name(column))
    if known is not None:
        return schema.elements[known]
    wanted = column.strip().casefold()
    by_id = (e for e in schema.elements.values() if e.metadata_element_id.casefold() == wanted)
    by_label = (e for e in schema.elements.values() if wanted in _names(e) and not e.is_retired)
    return next(by_id, None) or next(by_label, None)


def _names(element: Element) -> set[str]:
    return {label.casefold() for label in (element.label, *element.labels.values())}


def _parts(element: Element, cell: str) -> list[str]:
    """Give the values of a cell; only an element that takes several has more than one."""
    pieces = _SEVERAL.split(cell) if element.is_multi_value else [cell]
    return [piece.strip() for piece in pieces if piece.strip()]


def _scalar(element: Element, text: str) -> str | bool:
    """Give what the schema's own check shall read, as people write it in Sweden and elsewhere."""
    if element.data_type is DataType.NUMBER:
        bare = "".join(text.split())
        return bare.replace(",", ".") if "." not in bare else bare
    if element.data_type is DataType.BOOLEAN:
        return _TRUTH.get(text.casefold(), text)
    return text


def _can_be_label(text: str) -> bool:
    return len(text) <= MAXIMUM_LABEL and text.isprintable()
