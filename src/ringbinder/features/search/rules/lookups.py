"""Which words of a query have to be looked up before it can be answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from ringbinder.features.metadata.types import DataType
from ringbinder.features.search.types import Filter, KeyKind, Operator, SearchQuery

_OF_PARTS = frozenset({Operator.CONTAINS, Operator.STARTS_WITH})


@dataclass(frozen=True, slots=True)
class Lookups:
    """Ids, labels (by element), parts of texts and creators: whatever a query names."""

    binder_ids: frozenset[str]
    folder_ids: frozenset[UUID]
    labels: frozenset[tuple[int, str]]
    parts: tuple[Filter, ...]
    creators: bool

    @property
    def outlast_documents(self) -> bool:
        """Tell whether what is found for them stays so while only documents change."""
        return not (self.parts or self.creators)


def lookups_of(query: SearchQuery) -> Lookups:
    """Collect what a query names."""
    filters = [*query.filters, *chain.from_iterable(query.groups)]
    sorts_by_creator = any(sort.key.kind is KeyKind.CREATOR for sort in query.order)
    return Lookups(
        binder_ids=frozenset(_values(filters, KeyKind.BINDER)),
        folder_ids=frozenset(filter(None, map(folder_id_of, _values(filters, KeyKind.FOLDER)))),
        labels=frozenset(_labels(filters)),
        parts=tuple(dict.fromkeys(one for one in filters if _asks_for_part(one))),
        creators=sorts_by_creator or any(_values(filters, KeyKind.CREATOR)),
    )


def folder_id_of(text: str) -> UUID | None:
    """Read a folder's id; what is no GUID is no folder's."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _values(filters: Iterable[Filter], kind: KeyKind) -> Iterator[str]:
    return (value for one in filters if one.key.kind is kind for value in one.values)


def _labels(filters: Iterable[Filter]) -> Iterator[tuple[int, str]]:
    for one in filters:
        if one.key.kind is KeyKind.LISTED and not one.by_id:
            yield from ((one.key.element_key, value) for value in one.values)


def _asks_for_part(one: Filter) -> bool:
    is_text = one.key.kind is KeyKind.PLAIN and one.key.data_type is DataType.TEXT
    return is_text and one.operator in _OF_PARTS
