"""Read a search body; everything that is wrong with it is found at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from ringbinder.features.search.rules.keys import operators_of
from ringbinder.features.search.rules.values import index_value, read_text
from ringbinder.features.search.types import (
    MAXIMUM_FILTERS,
    MAXIMUM_SORT_KEYS,
    MAXIMUM_VALUES,
    Direction,
    Filter,
    KeyKind,
    Operator,
    SearchKey,
    SearchQuery,
    SortKey,
)
from ringbinder.kit.errors import FieldProblems
from ringbinder.kit.names import comparison_key

Json = Mapping[str, Any]
Word = TypeVar("Word", Operator, Direction)

_FILTERS: Final = "MetadataFilters"
_GROUPS: Final = "AnyOf"
_ORDER: Final = "SortBy"
_SHOWN_CHARACTERS: Final = 100
_WITHOUT_VALUE: Final = frozenset({Operator.EXISTS, Operator.MISSING})
_PARTS: Final = frozenset({Operator.CONTAINS, Operator.STARTS_WITH})


def named_elements(body: object) -> set[str]:
    """Give all that a body names as metadata elements, known or not."""
    return {
        name for item in _objects(body) if isinstance(name := item.get("metadataElementId"), str)
    }


def _objects(body: object) -> Iterator[Json]:
    """Give every object in the lists of a body, however deep."""
    waiting = list(body.values()) if isinstance(body, Mapping) else []
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield item
        elif isinstance(item, list):
            waiting.extend(item)


def read_query(body: object, keys: Mapping[str, SearchKey]) -> SearchQuery:
    """Read what a client sent, with the keys that its organisation has.

    Raises:
        FieldErrors: with everything that is wrong, by the names and indices that the client sent.

    """
    reader = _Reader(keys)
    query = reader.read(body)
    reader.problems.raise_if_any()
    return query


class _Reader:
    def __init__(self, keys: Mapping[str, SearchKey]) -> None:
        self.problems = FieldProblems()
        self._keys = keys
        self._filters_seen = 0

    def read(self, body: object) -> SearchQuery:
        sent = self._object({} if body is None else body, "$")
        filters, filters_path = self._list(sent, _FILTERS)
        groups, groups_path = self._list(sent, _GROUPS)
        order, order_path = self._list(sent, _ORDER)
        return SearchQuery(
            filters=self._filters(filters, filters_path),
            groups=self._groups(groups, groups_path),
            order=self._order(order, order_path),
        )

    def _object(self, item: object, path: str) -> Json:
        if isinstance(item, Mapping):
            return item
        self.problems.add(path, "The value must be an object.")
        return {}

    def _list(self, sent: Json, name: str) -> tuple[Sequence[object], str]:
        """Find a list under its name or the camelCase form, and tell which of them was sent."""
        camel_case = name[0].lower() + name[1:]
        both = sent.get(name) is not None and sent.get(camel_case) is not None
        if both:
            self.problems.add(camel_case, f"The list has been given as {name} already.")
        path = name if sent.get(name) is not None else camel_case
        given = sent.get(path)
        if given is None:
            return (), name
        if not isinstance(given, list):
            self.problems.add(path, "The value must be a list.")
            return (), path
        return given, path

    def _groups(self, groups: Sequence[object], path: str) -> tuple[tuple[Filter, ...], ...]:
        if self._is_too_long(groups, MAXIMUM_FILTERS, path, "groups"):
            return ()
        return tuple(self._group(group, f"{path}[{place}]") for place, group in enumerate(groups))

    def _group(self, group: object, path: str) -> tuple[Filter, ...]:
        if not isinstance(group, list):
            self.problems.add(path, "The value must be a list.")
            return ()
        if not group:
            self.problems.add(path, "The group must have at least one filter.")
        return self._filters(group, path)

    def _filters(self, items: Sequence[object], path: str) -> tuple[Filter, ...]:
        self._filters_seen += len(items)
        if self._filters_seen > MAXIMUM_FILTERS:
            self.problems.add(path, f"A search can have at most {MAXIMUM_FILTERS} filters in all.")
            return ()
        read = (self._filter(item, f"{path}[{place}]") for place, item in enumerate(items))
        return tuple(one for one in read if one is not None)

    def _filter(self, item: object, path: str) -> Filter | None:
        sent = self._object(item, path)
        key = self._key(sent, path) if isinstance(item, Mapping) else None
        operator = self._word(Operator, sent.get("operator"), f"{path}.operator", Operator.EQ)
        if key is None or operator is None:
            return None
        if operator not in operators_of(key):
            self._refuse_operator(key, operator, path)
            return None
        if operator in _WITHOUT_VALUE:
            return Filter(key, operator)
        values, by_id = self._values(sent, path, key, operator)
        return Filter(key, operator, values, by_id)

    def _key(self, sent: Json, path: str) -> SearchKey | None:
        path, name = f"{path}.metadataElementId", sent.get("metadataElementId")
        if name is None:
            self.problems.add(path, "The metadataElementId field is required.")
        elif not isinstance(name, str):
            self.problems.add(path, "The value must be a text.")
        elif name not in self._keys:
            shown = f" {name}" if len(name) <= _SHOWN_CHARACTERS else " of this id"
            self.problems.add(path, f"There is no metadata element{shown}.")
        else:
            return self._keys[name]
        return None

    def _word(self, kind: type[Word], given: object, path: str, default: Word) -> Word | None:
        if given is None:
            return default
        if isinstance(given, str) and given in set(kind):
            return kind(given)
        self.problems.add(path, f"The value must be one of {', '.join(kind)}.")
        return None

    def _refuse_operator(self, key: SearchKey, operator: Operator, path: str) -> None:
        fitting = ", ".join(operators_of(key))
        message = f"The operator {operator} does not fit {key.metadata_element_id}; use {fitting}."
        self.problems.add(f"{path}.operator", message)

    def _values(
        self, sent: Json, path: str, key: SearchKey, operator: Operator
    ) -> tuple[tuple[str, ...], bool]:
        plural = operator is Operator.IN
        name, given = self._given(sent, path, key, suffix="s" if plural else "")
        path = f"{path}.{name}"
        if given is None:
            return (), False
        if plural:
            items = self._several(given, path)
            read = [self._value(key, operator, item, at, name) for at, item in items]
        else:
            read = [self._value(key, operator, given, path, name)]
        return tuple(dict.fromkeys(value for value in read if value is not None)), "Id" in name

    def _given(self, sent: Json, path: str, key: SearchKey, suffix: str) -> tuple[str, Any]:
        """Find the value, where the key has both, in the field that fits it better."""
        names = [f"valueId{suffix}", f"value{suffix}"]
        if key.kind is KeyKind.PLAIN:
            names.reverse()
        for name in names:
            if sent.get(name) is not None:
                return name, sent[name]
        self.problems.add(f"{path}.{names[0]}", f"The {names[0]} field is required.")
        return names[0], None

    def _several(self, given: object, path: str) -> list[tuple[str, object]]:
        if not isinstance(given, list):
            self.problems.add(path, "The value must be a list.")
            return []
        if not given:
            self.problems.add(path, "The list must not be empty.")
        if self._is_too_long(given, MAXIMUM_VALUES, path, "values"):
            return []
        return [(f"{path}[{place}]", item) for place, item in enumerate(given)]

    def _value(
        self, key: SearchKey, operator: Operator, given: object, path: str, name: str
    ) -> str | None:
        try:
            if "Id" in name or key.kind is not KeyKind.PLAIN or operator in _PARTS:
                given = read_text(given)
            if operator in _PARTS:
                return comparison_key(str(given))
            return (
                str(given) if key.kind is not KeyKind.PLAIN else index_value(key.data_type, given)
            )
        except ValueError as error:
            self.problems.add(path, str(error))
            return None

    def _order(self, items: Sequence[object], path: str) -> tuple[SortKey, ...]:
        if self._is_too_long(items, MAXIMUM_SORT_KEYS, path, "keys"):
            return ()
        read = [self._sort_key(item, f"{path}[{place}]") for place, item in enumerate(items)]
        # What is named a second time cannot change the order any more.
        first: dict[SearchKey, SortKey] = {}
        for one in read:
            if one is not None:
                first.setdefault(one.key, one)
        return tuple(first.values())

    def _sort_key(self, item: object, path: str) -> SortKey | None:
        sent = self._object(item, path)
        key = self._key(sent, path) if isinstance(item, Mapping) else None
        direction = self._word(Direction, sent.get("direction"), f"{path}.direction", Direction.ASC)
        return None if key is None or direction is None else SortKey(key, direction)

    def _is_too_long(self, items: Sequence[object], limit: int, path: str, noun: str) -> bool:
        if len(items) > limit:
            self.problems.add(path, f"The list can have at most {limit} {noun}.")
        return len(items) > limit
