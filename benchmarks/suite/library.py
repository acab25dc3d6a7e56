"""One organisation's documents, the same at every run: 200 binders, about 12 values a document.

Sizes of binders fall slowly: the largest has 7 % of the documents, the middle one 0.3 %. Documents
come in batches of a hundred for one binder, as imports bring them.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from ringbinder.features.metadata.types import COUNTED_TYPES, GLOBAL_KEYS, DataType
from ringbinder.kit.collation import bounded_sort_key, sort_key
from ringbinder.kit.names import comparison_key
from ringbinder.kit.ordering import number_key

SIZES: Final = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
BINDERS: Final = 200
TABS: Final = 10
FOLDERS_OF_TAB: Final = 4
"""The tab itself, and three folders below it."""

BATCH: Final = 100
CHUNK: Final = 10_000
BORN: Final = datetime(2024, 1, 15, 8, 30, tzinfo=UTC)
TYPES: Final = ("drawings", "documents", "contracts", "models", "photos")
COMMON: Final = "ritning"
MEDIUM: Final = "besiktning"
RARE: Final = "pumpstation"
_WORDS: Final = {
    "Planritning": 20, "Sektion": 12, "Detaljritning": 8, "Fasad": 10, "Rumsbeskrivning": 9,
    "Protokoll": 12, "Drift- och underhållsinstruktion": 9, "Avtal": 6, "Översikt": 8,
    "Mängdförteckning": 5.79, "Besiktning": 0.2, "Pumpstation": 0.0006,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A value as the index has it, as JSON has it, and how often it is used."""

    index: str
    json: str
    weight: float
    value_id: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A metadata element; ``share`` of all documents have it."""

    number: int
    id: str
    type: DataType
    values: Sequence[Value]
    share: float = 1.0
    is_counted: bool = False


def _json(key_id: str, value_id: str | None, value: object) -> str:
    item = {"metadataElementId": key_id, "valueId": value_id, "value": value}
    return msgspec.json.encode(item).decode()


def _key(number: int, key_id: str, kind: DataType, values: Sequence[Value], share: float) -> Key:
    return Key(number, key_id, kind, values, share, is_counted=kind in COUNTED_TYPES)


def _listed(number: int, key_id: str, labels: dict[str, float], share: float = 1.0) -> Key:
    values = [
        Value(f"{place:03}", _json(key_id, f"{place:03}", label), weight, f"{place:03}", label)
        for place, (label, weight) in enumerate(labels.items())
    ]
    return _key(number, key_id, DataType.ENUMERATED, values, share)


def _texts(number: int, key_id: str, texts: Sequence[str], share: float = 1.0) -> Key:
    values = [Value(bounded_sort_key(text), _json(key_id, None, text), 1) for text in texts]
    return _key(number, key_id, DataType.TEXT, values, share)


def _days(number: int, key_id: str, share: float = 1.0) -> Key:
    days = [str(date(2019, 1, 1) + timedelta(days=place)) for place in range(2000)]
    values = [Value(day, _json(key_id, None, day), 1) for day in days]
    return _key(number, key_id, DataType.DATE, values, share)


def _reserved(key_id: str) -> int:
    return GLOBAL_KEYS[key_id].key


CREATORS: Final = [
    (UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + place), f"Person {place:02}")
    for place in range(20)
]


def _created_by() -> Key:
    key_id = "GLOBAL_CreatedBy"
    values = [
        Value(str(guid), _json(key_id, str(guid), name), 1, str(guid), name)
        for guid, name in CREATORS
    ]
    return Key(_reserved(key_id), key_id, DataType.TEXT, values, 1.0, is_counted=True)


def _approved() -> Key:
    key_id = "Godkänd"
    values = [
        Value("0", _json(key_id, None, value=False), 1),
        Value("1", _json(key_id, None, value=True), 3),
    ]
    return _key(106, key_id, DataType.BOOLEAN, values, 0.5)


def _sheets() -> Key:
    values = [Value(number_key(n), _json("Blad", None, n), 1) for n in range(1, 201)]
    return _key(105, "Blad", DataType.NUMBER, values, 1.0)


KEYS: Final = (
    _listed(
        _reserved("GLOBAL_Category"),
        "GLOBAL_Category",
        {"Teknik": 50, "Ekonomi": 15, "Juridik": 5, "Drift": 20, "Foto": 7, "Övrigt": 3},
    ),
    _created_by(),
    _days(_reserved("GLOBAL_Date"), "GLOBAL_Date"),
    _days(_reserved("GLOBAL_RevisionDate"), "GLOBAL_RevisionDate", 0.7),
    _listed(
        _reserved("GLOBAL_Status"),
        "GLOBAL_Status",
        {
            "Preliminärhandling": 10, "Förfrågningsunderlag": 15,
            "Bygghandling": 45, "Relationshandling": 30,
        },
    ),
    _texts(_reserved("GLOBAL_Version"), "GLOBAL_Version", "ABCDEFGHIJK"),
    _listed(
        100,
        "Disciplin",
        {
            "A": 31, "K": 15, "V": 12, "E": 12, "VS": 10, "L": 6, "M": 5, "B": 4, "S": 3, "Å": 2,
        },
    ),
    _listed(101, "Delområde", {f"Del {place:02}": 1 for place in range(100)}),
    _listed(102, "Fas", {"Program": 1, "System": 1, "Bygg": 2, "Drift": 1, "Rivning": 1}, 0.5),
    _texts(103, "Objekt", [f"OBJ-{place:04}" for place in range(5000)]),
    _texts(104, "Utrymme", [f"Rum {place:05}" for place in range(50_000)], 0.6),
    _sheets(),
    _approved(),
    _days(107, "Kontrollerad", 0.5),
    _texts(108, "Arkivnummer", [f"ARK/{place:05}" for place in range(5000)], 0.01),
)  # fmt: skip
CUSTOM: Final = tuple(key for key in KEYS if key.number >= 100)
LISTED: Final = tuple(key for key in KEYS if key.type is DataType.ENUMERATED)
SETTABLE: Final = tuple(key for key in KEYS if key.id != "GLOBAL_CreatedBy")

Entry = tuple[str, int, int]
"""Value, binder and document: an entry of the index of one element."""


@dataclass
class Chunk:
    """Some documents with the rows that belong to them."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    entries: dict[int, list[Entry]] = field(
        default_factory=lambda: {key.number: [] for key in KEYS}
    )


class Library:
    """The documents of one size."""

    def __init__(self, size: int, *, largest_share: float | None = None) -> None:
        """Make so many documents; the first binder can be given a share of them all."""
        self.size = size
        self.counters: Counter[tuple[int, int, int, str]] = Counter()
        self._random = random.Random(size)  # noqa: S311 - the same at every run, not secret
        self._weights = [(place + 1) ** -0.68 for place in range(BINDERS)]
        if largest_share is not None:
            others = sum(self._weights[1:])
            self._weights[0] = others * largest_share / (1 - largest_share)

    def binder_id(self, key: int) -> str:
        """Give a binder's id."""
        letters = random.Random(f"binder {key}")  # noqa: S311 - see above
        return "".join(letters.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=9))

    def folder_id(self, key: int) -> UUID:
        """Give a folder's id."""
        return UUID(int=0x018D_0000_0000_7000_8000_0000_0000_0000 + key)

    def chunks(self) -> Iterator[Chunk]:
        """Make all documents, in the order of their keys."""
        for first in range(1, self.size + 1, CHUNK):
            yield self._chunk(range(first, min(first + CHUNK, self.size + 1)))

    def _chunk(self, keys: range) -> Chunk:
        chunk = Chunk()
        draw = self._random
        count = len(keys)
        batches = -(-count // BATCH)
        of_batch = draw.choices(range(1, BINDERS + 1), self._weights, k=batches)
        words = draw.choices(list(_WORDS), list(_WORDS.values()), k=count)
        folders = draw.choices(range(TABS * FOLDERS_OF_TAB), k=count)
        drawn = [_draw(draw, key, count) for key in KEYS]
        for place, document_key in enumerate(keys):
            binder_key = of_batch[place // BATCH]
            folder_key = (binder_key - 1) * TABS * FOLDERS_OF_TAB + folders[place] + 1
            values = {
                key.number: value
                for key, values in zip(KEYS, drawn, strict=True)
                if (value := values[place]) is not None
            }
            self._count(binder_key, folder_key, values)
            for number, value in values.items():
                chunk.entries[number].append((value.index, binder_key, document_key))
            name = f"{values[100].label}-{document_key % 97:02}.{place % 10}-{document_key:07} {words[place]} plan {place % 12}.pdf"  # noqa: E501 - one name
            chunk.documents.append(_document(document_key, binder_key, folder_key, name, values))
        return chunk

    def _count(self, binder_key: int, folder_key: int, values: dict[int, Value]) -> None:
        counters = self.counters
        counters[0, 0, 0, ""] += 1
        counters[1, binder_key, 0, ""] += 1
        counters[2, binder_key, folder_key, ""] += 1
        for number in _COUNTED:
            if number in values:
                counters[3, 0, number, values[number].index] += 1
                counters[4, binder_key, number, values[number].index] += 1


_COUNTED: Final = [key.number for key in KEYS if key.is_counted]


def _draw(draw: random.Random, key: Key, count: int) -> list[Value | None]:
    weights = [value.weight for value in key.values]
    drawn: list[Value | None] = list(draw.choices(key.values, weights, k=count))
    if key.share < 1:
        drawn = [value if draw.random() < key.share else None for value in drawn]
    return drawn


def document_id(document_key: int) -> UUID:
    """Give a document's id."""
    return UUID(int=0x018F_0000_0000_7000_8000_0000_0000_0000 + document_key)


def version_id(document_key: int) -> UUID:
    """Give the id of a document's only version."""
    return UUID(int=0x018E_0000_0000_7000_8000_0000_0000_0000 + document_key)


def _document(
    key: int, binder_key: int, folder_key: int, name: str, values: dict[int, Value]
) -> dict[str, Any]:
    creator, creator_name = CREATORS[int(values[5].index[-2:], 16)]
    moment = BORN + timedelta(seconds=key)
    revised = values.get(7)
    return {
        "key": key,
        "id": document_id(key),
        "binder_key": binder_key,
        "folder_key": folder_key,
        "file_name": name,
        "name_key": comparison_key(name),
        "sort_name": sort_key(name),
        "category": values[4].index,
        "status": values[8].index,
        "document_date": values[6].index,
        "revision_date": None if revised is None else revised.index,
        "version_label": values[9].index.upper(),
        "created_by_id": creator,
        "created_by_name": creator_name,
        "created_at": moment,
        "updated_at": moment,
        "latest_version_id": version_id(key),
        "latest_version_number": 1,
        "metadata_json": f"[{','.join(value.json for value in values.values())}]",
        "revision": 1,
        "deleted_at": None,
        "deleted_by_name": None,
    }
