"""Orders as SQL: what documents are sorted by, and what lies behind a position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.expression import FromClause

from ringbinder.db.among import among
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import Counted
from ringbinder.features.metadata.types import (
    GLOBAL_CATEGORY,
    GLOBAL_DATE,
    GLOBAL_REVISION_DATE,
    GLOBAL_STATUS,
)
from ringbinder.features.search.repository.candidates import Candidates, entries_of
from ringbinder.features.search.repository.conditions import Manner, unindexed
from ringbinder.features.search.repository.engines import byte_ordered, table_of
from ringbinder.features.search.repository.sources import (
    BINDERS,
    ENTRIES,
    FOLDERS,
    LISTED,
    LISTED_FOR,
    USED,
)
from ringbinder.features.search.repository.steps import Steps
from ringbinder.features.search.types import (
    Creator,
    Direction,
    KeyKind,
    Position,
    SearchKey,
    SortKey,
)
from ringbinder.kit.collation import bounded_sort_key

# Reserved keys whose values stand in the document's own row as well.
_DATES: Final = {GLOBAL_DATE: "document_date", GLOBAL_REVISION_DATE: "revision_date"}
_LISTED: Final = {GLOBAL_CATEGORY: "category", GLOBAL_STATUS: "status"}
_FIRST_POSITION: Final = 10**9
_BEHIND_ALL_POSITIONS: Final = "9"


@dataclass(frozen=True, slots=True)
class Sorter:
    """What the order is to be written with."""

    order: Sequence[SortKey]
    creators: Sequence[Creator]
    manner: Manner
    steps: Steps

    @property
    def labels(self) -> list[str]:
        """The names of the sorting columns."""
        return [f"sort_{place}" for place in range(len(self.order) or 1)]

    @property
    def directions(self) -> list[Direction]:
        """Which way each sorting column goes; names go upwards."""
        return [sort.direction for sort in self.order] or [Direction.ASC]


def ranks_of(key: SearchKey, sorter: Sorter) -> FromClause:
    """Give binder, value and rank of every listed value or creator that documents have.

    Values are ranked by their place in the binder's list, then by label; creators by name. Whoever
    joins it with the index of values reads one range of the index for each of its rows.
    """
    used = USED
    is_used = [
        of_tenant(used),
        used.c.kind == int(Counted.VALUE_IN_BINDER),
        used.c.subject_key == key.element_key,
        used.c.count > 0,
    ]
    if sorter.manner.binders is not None:
        is_used.append(among(used.c.binder_key, sorter.manner.binders))
    by_name = key.kind is KeyKind.CREATOR
    source, rank = _ranked_by_name(used, sorter) if by_name else _ranked_by_list(used, key)
    columns = (used.c.binder_key, used.c.value, byte_ordered(rank).label("rank"))
    ranks = select(*columns).select_from(source).where(*is_used)
    return sorter.steps.add(f"ranks_{key.element_key}", ranks)


def _ranked_by_name(used: FromClause, sorter: Sorter) -> tuple[FromClause, ColumnElement[Any]]:
    names = {creator.id: bounded_sort_key(creator.name) for creator in sorter.creators}
    named = table_of(sorter.manner.dialect, names, "creators")
    return used.join(named, named.c.key == used.c.value), named.c.value


def _ranked_by_list(used: FromClause, key: SearchKey) -> tuple[FromClause, ColumnElement[Any]]:
    is_listed = _is_listed(LISTED, key, used.c.binder_key, used.c.value)
    return used.outerjoin(LISTED, is_listed), rank_of(LISTED, used.c.value)


def _is_listed(
    listed: FromClause,
    key: SearchKey,
    binder_key: ColumnElement[int],
    value: ColumnElement[Any],
) -> ColumnElement[bool]:
    return and_(
        of_tenant(listed),
        listed.c.binder_key == binder_key,
        listed.c.element_key == key.element_key,
        listed.c.value_id == value,
    )


def rank_of(listed: FromClause, value: ColumnElement[Any]) -> ColumnElement[str]:
    """Write place and label as one text that sorts as they do; unlisted values come last."""
    place = cast(_FIRST_POSITION + listed.c.position, Text)
    return func.coalesce(place + listed.c.label, literal(_BEHIND_ALL_POSITIONS) + value)


def sorted_candidates(found: Candidates, sorter: Sorter) -> FromClause:
    """Give key and sorting columns of all candidates."""
    assert found.row.documents is not None  # noqa: S101 - what is sorted has its documents at hand
    own = _OwnColumns(found.source, found.row.documents)
    columns = [own.add(sort.key) for sort in sorter.order] or [found.row.documents.c.sort_name]
    elsewhere = [place for place, column in enumerate(columns) if column is None]
    given = [
        (cast(null(), Text) if column is None else column).label(label)
        for column, label in zip(columns, sorter.labels, strict=True)
    ]
    rows = select(found.row.key.label("key"), *given).select_from(own.source)
    hits = sorter.steps.add("hits", rows.where(*found.conditions))
    return _with_values(hits, elsewhere, sorter) if elsewhere else hits


class _OwnColumns:
    """Sorting columns that a document's row, or a row that it points at, has."""

    def __init__(self, source: FromClause, documents: FromClause) -> None:
        self.source = source
        self._documents = documents
        self._joined: set[FromClause] = set()

    def add(self, key: SearchKey) -> ColumnElement[str] | None:
        """Give the column, joining what it needs; None where only the index of values has it."""
        name = key.metadata_element_id
        match key.kind:
            case KeyKind.BINDER:
                return self._of_place(BINDERS, self._documents.c.binder_key, "sort_name")
            case KeyKind.FOLDER:
                return self._of_place(FOLDERS, self._documents.c.folder_key, "sort_name")
            case KeyKind.FOLDER_TYPE:
                return byte_ordered(self._of_place(FOLDERS, self._documents.c.folder_key, "type"))
            case _ if name in _DATES:
                return byte_ordered(self._documents.c[_DATES[name]])
            case _ if name in _LISTED:
                return self._rank(key, self._documents.c[_LISTED[name]])
            case _:
                return None

    def _of_place(
        self, place: FromClause, key: ColumnElement[int], column: str
    ) -> ColumnElement[str]:
        if place not in self._joined:
            self.source = self.source.join(place, of_tenant(place) & (place.c.key == key))
            self._joined.add(place)
        return place.c[column]

    def _rank(self, key: SearchKey, value: ColumnElement[Any]) -> ColumnElement[str]:
        listed = LISTED_FOR[key.metadata_element_id]
        condition = _is_listed(listed, key, self._documents.c.binder_key, value)
        self.source = self.source.outerjoin(listed, condition)
        return byte_ordered(rank_of(listed, value))


def _with_values(hits: FromClause, elsewhere: Sequence[int], sorter: Sorter) -> FromClause:
    """Bring the values that only the index has to the documents, each read in one go.

    They are laid beneath the hits and folded into them: the index cannot be asked by document.
    """
    nothing = [cast(null(), Text).label(label) for label in sorter.labels]
    layers = [select(hits.c.key, *(hits.c[label] for label in sorter.labels))]
    layers += [_layer(hits, sorter, place, nothing) for place in elsewhere]
    layered = sorter.steps.add("layers", union_all(*layers))
    folded = [
        _extreme(byte_ordered(layered.c[label]), direction).label(label)
        for label, direction in zip(sorter.labels, sorter.directions, strict=True)
    ]
    rows = select(layered.c.key, *folded).group_by(layered.c.key)
    return sorter.steps.add("hits_with_values", rows)


def _extreme(values: ColumnElement[str], direction: Direction) -> ColumnElement[str]:
    return func.min(values) if direction is Direction.ASC else func.max(values)


def _layer(
    hits: FromClause, sorter: Sorter, place: int, nothing: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    source, value, conditions = values_in_order(sorter.order[place].key, sorter)
    values = (*nothing[:place], value.label(sorter.labels[place]), *nothing[place + 1 :])
    return (
        select(ENTRIES.c.document_key, *values)
        .select_from(source)
        .where(*conditions, unindexed(ENTRIES.c.document_key).in_(select(hits.c.key)))
    )


def values_in_order(
    key: SearchKey, sorter: Sorter
) -> tuple[FromClause, ColumnElement[str], tuple[ColumnElement[bool], ...]]:
    """Give what to read, the sorting value in it, and which entries of the index are meant."""
    conditions = entries_of(key.element_key, sorter.manner)
    if key.kind is KeyKind.PLAIN:
        return ENTRIES, ENTRIES.c.value, conditions
    ranks = ranks_of(key, sorter)
    same = and_(ENTRIES.c.value == ranks.c.value, ENTRIES.c.binder_key == ranks.c.binder_key)
    return ranks.join(ENTRIES, same), ranks.c.rank, conditions


def in_order(
    columns: Sequence[ColumnElement[Any]], key: ColumnElement[int], sorter: Sorter
) -> list[ColumnElement[Any]]:
    """Sort by columns, what is missing last, and by the key in the direction of the last column."""
    terms: list[ColumnElement[Any]] = []
    for column, direction in zip(columns, sorter.directions, strict=True):
        if sorter.order:  # Names are never missing.
            terms.append(column.is_(None))
        terms.append(_directed(column, direction))
    return [*terms, in_key_order(key, sorter)]


def _directed(column: ColumnElement[Any], direction: Direction) -> ColumnElement[Any]:
    return column.asc() if direction is Direction.ASC else column.desc()


def in_key_order(key: ColumnElement[int], sorter: Sorter) -> ColumnElement[Any]:
    """Sort what has no value by key alone."""
    return _directed(key, sorter.directions[-1])


def in_index_order(
    value: ColumnElement[str], key: ColumnElement[int], direction: Direction
) -> list[ColumnElement[Any]]:
    """Sort by a value that is always there, as its index stands."""
    return [_directed(value, direction), _directed(key, direction)]


def lies_behind(
    columns: Sequence[ColumnElement[Any]],
    key: ColumnElement[int],
    sorter: Sorter,
    position: Position,
) -> ColumnElement[bool]:
    """Say that a document comes after a position."""
    condition = _beyond(key, position.key, sorter.directions[-1])
    parts = list(zip(columns, position.values, sorter.directions, strict=True))
    for column, value, direction in reversed(parts):
        if value is None:
            condition = and_(column.is_(None), condition)
        else:
            later = or_(_beyond(column, value, direction), column.is_(None))
            condition = or_(later, and_(column == value, condition))
    return condition


def lies_behind_in_index(
    value: ColumnElement[str], key: ColumnElement[int], direction: Direction, position: Position
) -> ColumnElement[bool]:
    """Say the same of a value that is always there; its index can be entered in the middle."""
    return _beyond(tuple_(value, key), tuple_(position.values[0], position.key), direction)


def _beyond(column: Any, value: Any, direction: Direction) -> ColumnElement[bool]:  # noqa: ANN401 - columns or pairs of columns
    found: ColumnElement[bool] = column > value if direction is Direction.ASC else column < value
    return found
