"""Metadata elements, their values, and the reserved keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol, TypedDict

LANGUAGES: Final = ("sv", "en")
"""The languages that labels come in."""

RESERVED_PREFIX: Final = "GLOBAL_"
MAXIMUM_ID_LENGTH: Final = 100
MAXIMUM_ELEMENTS: Final = 200
"""How many elements of its own, besides the reserved ones, a binder can have."""

MAXIMUM_VALUES_OF_ELEMENT: Final = 5000
"""How many values the list of one element can have, retired ones among them."""


class DataType(StrEnum):
    """What kind of value an element takes."""

    TEXT = "Text"
    NUMBER = "Number"
    DATE = "Date"
    BOOLEAN = "Boolean"
    ENUMERATED = "Enumerated"


@dataclass(frozen=True, slots=True)
class AllowedValue:
    """One value of a list; a retired one stays on documents but is not given to others."""

    value_id: str
    label: str
    labels: Mapping[str, str]
    position: int
    is_retired: bool = False

    def label_in(self, language: str) -> str:
        """Give the label that readers of a language see."""
        return self.labels.get(language) or self.label


@dataclass(frozen=True, slots=True)
class Element:
    """One key of a binder's schema.

    ``key`` is the small number that stands in the index of values; the same
    ``metadata_element_id`` has the same number and data type in every binder of an organisation.
    ``ambiguous_in`` are the languages in which another key of the binder has the same label.
    """

    key: int
    metadata_element_id: str
    data_type: DataType
    label: str
    labels: Mapping[str, str]
    is_required: bool
    is_multi_value: bool
    position: int
    is_retired: bool = False
    values: tuple[AllowedValue, ...] = ()
    ambiguous_in: frozenset[str] = field(default=frozenset(), compare=False)

    def label_in(self, language: str) -> str:
        """Give the label that readers of a language see; with the id where others have the same."""
        label = self._label(language)
        return f"{label} ({self.metadata_element_id})" if language in self.ambiguous_in else label

    def _label(self, language: str) -> str:
        return self.labels.get(language) or self.label

    def sounds_in(self, language: str) -> str:
        """Give what is equal for labels that readers of a language take for the same."""
        return self._label(language).strip().casefold()

    def value_in(self, language: str, value_id: str | None) -> str | None:
        """Give the label of a listed value in a language; None where it is not listed."""
        for value in self.values:
            if value.value_id == value_id:
                return value.label_in(language)
        return None

    @property
    def is_global(self) -> bool:
        """Tell whether the key is one of the reserved ones."""
        return self.metadata_element_id in GLOBAL_KEYS

    @property
    def is_settable(self) -> bool:
        """Tell whether clients may write values, or the server alone does."""
        reserved = GLOBAL_KEYS.get(self.metadata_element_id)
        return reserved is None or reserved.is_settable


@dataclass(frozen=True, slots=True)
class Schema:
    """All elements of one binder by their id, reserved keys first, then by position."""

    binder_key: int
    elements: Mapping[str, Element] = field(default_factory=dict)


class SchemaOwner(Protocol):
    """A binder, as far as its schema must know it: binders build on metadata, not vice versa."""

    @property
    def key(self) -> int:
        """The number inside the database."""

    @property
    def id(self) -> str:
        """The id that clients use."""

    @property
    def type(self) -> str:
        """What it is about."""


@dataclass(frozen=True, slots=True)
class ListedValue:
    """A value as somebody lists it; without an id, the present one of that label, or a new one."""

    label: str
    value_id: str | None = None
    labels: Mapping[str, str] | None = None
    is_retired: bool = False


class ElementChanges(TypedDict, total=False):
    """What can be changed of an element; what is not there stays. ``values`` is the whole list."""

    label: str
    labels: Mapping[str, str]
    data_type: DataType
    is_required: bool
    is_multi_value: bool
    is_retired: bool
    position: int
    values: Sequence[ListedValue]


@dataclass(frozen=True, slots=True)
class Usage:
    """How many documents of a binder, not in the trash, have values of an element.

    ``several`` of them have more than one.
    """

    documents: int
    having: int
    several: int
    by_value: Mapping[str, int]


Scalar = str | float | int | bool


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """One checked value of a document: as clients see it and as the index has it.

    ``value_id`` is set for enumerated keys (and GLOBAL_CreatedBy), ``value`` is the label or the
    value itself: text, number, ISO date, or truth value. ``index_value`` orders byte-wise as the
    value orders and is equal exactly for equal values.
    """

    element_key: int
    metadata_element_id: str
    value_id: str | None
    value: Scalar
    index_value: str


@dataclass(frozen=True, slots=True)
class GivenValue:
    """One value as a client gave it, and the path where it stood. All None removes the key."""

    metadata_element_id: str
    value_id: str | None
    value: Scalar | None
    path: str


@dataclass(frozen=True, slots=True)
class GlobalKey:
    """A reserved key: its fixed number, its type, and who sets it."""

    key: int
    data_type: DataType
    label: str
    label_sv: str
    is_settable: bool


GLOBAL_BINDER_ID: Final = "GLOBAL_BinderId"
GLOBAL_TAB_ID: Final = "GLOBAL_TabId"
GLOBAL_TAB_TYPE: Final = "GLOBAL_TabType"
GLOBAL_CATEGORY: Final = "GLOBAL_Category"
GLOBAL_CREATED_BY: Final = "GLOBAL_CreatedBy"
GLOBAL_DATE: Final = "GLOBAL_Date"
GLOBAL_REVISION_DATE: Final = "GLOBAL_RevisionDate"
GLOBAL_STATUS: Final = "GLOBAL_Status"
GLOBAL_VERSION: Final = "GLOBAL_Version"

GLOBAL_KEYS: Final[Mapping[str, GlobalKey]] = {
    GLOBAL_BINDER_ID: GlobalKey(1, DataType.TEXT, "Binder", "Pärm", is_settable=False),
    GLOBAL_TAB_ID: GlobalKey(2, DataType.TEXT, "Tab", "Flik", is_settable=False),
    GLOBAL_TAB_TYPE: GlobalKey(3, DataType.TEXT, "Kind of tab", "Fliktyp", is_settable=False),
    GLOBAL_CATEGORY: GlobalKey(4, DataType.ENUMERATED, "Category", "Kategori", is_settable=True),
    GLOBAL_CREATED_BY: GlobalKey(5, DataType.TEXT, "Created by", "Skapad av", is_settable=False),
    GLOBAL_DATE: GlobalKey(6, DataType.DATE, "Date", "Datum", is_settable=True),
    GLOBAL_REVISION_DATE: GlobalKey(
        7, DataType.DATE, "Revision date", "Revideringsdatum", is_settable=True
    ),
    GLOBAL_STATUS: GlobalKey(8, DataType.ENUMERATED, "Status", "Status", is_settable=True),
    GLOBAL_VERSION: GlobalKey(9, DataType.TEXT, "Version", "Version", is_settable=True),
}

FIRST_CUSTOM_KEY: Final = 100
COUNTED_TYPES: Final = frozenset({DataType.ENUMERATED, DataType.BOOLEAN})
"""Values of these types have exact counters; there are few of each."""

_PLAIN: Final = str.maketrans("åäö", "aao")
_TONES: Final = {
    "bygghandling": "ok",
    "relationshandling": "info",
    "godkand": "ok",
    "gallande": "ok",
    "forfragningsunderlag": "warn",
    "granskningshandling": "warn",
    "preliminar": "warn",
    "preliminarhandling": "warn",
    "systemhandling": "warn",
    "utgar": "bad",
    "utgatt": "bad",
    "makulerad": "bad",
    "upphavd": "bad",
}


def tone_of_status(value_id: str | None) -> str:
    """Give the colour of a status: what builds is green, what is under way amber."""
    return _TONES.get((value_id or "").casefold().translate(_PLAIN), "quiet")
