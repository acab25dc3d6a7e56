"""The search as one would write it over dicts: slow, plain, and the judge of the real one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any
from uuid import UUID

from ringbinder.features.metadata.types import DataType
from ringbinder.kit.collation import bounded_sort_key, sort_key
from ringbinder.kit.names import comparison_key
from tests.factories.library import CREATED_BY, SETTABLE, Library, Sheet, Stored

TYPES = {key.id: key.type for key in SETTABLE}
Json = dict[str, Any]


@dataclass(frozen=True)
class Model:
    """Answers searches over a stored library."""

    stored: Stored

    @property
    def library(self) -> Library:
        return self.stored.library

    def search(
        self, body: Json, term: str | None = None, visible: frozenset[int] | None = None
    ) -> list[UUID]:
        """Give the ids of all documents that are found, in order."""
        found = [
            place
            for place, sheet in enumerate(self.library.sheets)
            if not sheet.is_trashed
            and (visible is None or self.stored.folder_keys[sheet.folder] in visible)
            and (not term or comparison_key(term) in comparison_key(sheet.name))
            and all(self.meets(sheet, one) for one in body.get("MetadataFilters", ()))
            and all(any(self.meets(sheet, one) for one in group) for group in body.get("AnyOf", ()))
        ]
        order: dict[str, str] = {}
        for sort in body.get("SortBy", ()):
            order.setdefault(sort["metadataElementId"], sort["direction"])
        return [self.stored.sheet_ids[place] for place in self.sorted(found, list(order.items()))]

    def meets(self, sheet: Sheet, one: Json) -> bool:
        key, operator = one["metadataElementId"], one.get("operator", "eq")
        by_id = one.get("valueIds") or ([one["valueId"]] if "valueId" in one else [])
        wanted = by_id or one.get("values") or [one.get("value")]
        has = any(
            self.matches(key, operator, value, each, by_id=bool(by_id))
            for value in self.values(sheet, key)
            for each in wanted
        )
        return not has if operator in ("ne", "missing") else has

    def values(self, sheet: Sheet, key: str) -> list[Any]:
        folder = self.library.folders[sheet.folder]
        match key:
            case "GLOBAL_BinderId":
                return [self.stored.binder_ids[folder.binder]]
            case "GLOBAL_TabId":
                return [str(self.stored.folder_ids[place]) for place in self.above(sheet.folder)]
            case "GLOBAL_TabType":
                return [folder.type]
            case "GLOBAL_CreatedBy":
                return [self.library.people[sheet.creator]]
            case _:
                return list(sheet.values.get(key, ()))

    def above(self, folder: int | None) -> Iterator[int]:
        while folder is not None:
            yield folder
            folder = self.library.folders[folder].parent

    def matches(self, key: str, operator: str, value: Any, wanted: Any, *, by_id: bool) -> bool:
        if operator in ("exists", "missing"):
            return True
        if key == CREATED_BY.id:
            named = self.compares(DataType.TEXT, operator, value.name, wanted)
            return named or (operator in ("eq", "ne", "in") and str(value.id) == wanted)
        if key not in TYPES:
            return bool(value == wanted)
        if TYPES[key] is DataType.ENUMERATED:
            return wanted == value or (not by_id and self.is_label(key, wanted, value))
        return self.compares(TYPES[key], operator, value, wanted)

    def is_label(self, key: str, label: str, value: str) -> bool:
        """Tell whether some binder's list calls the value by this label."""
        return any((value, label) in list(binder.lists[key]) for binder in self.library.binders)

    def compares(self, kind: DataType, operator: str, value: Any, wanted: Any) -> bool:
        if operator in ("contains", "startsWith"):
            text, part = comparison_key(value), comparison_key(wanted)
            return part in text if operator == "contains" else text.startswith(part)
        mine, theirs = comparable(kind, value), comparable(kind, wanted)
        holds: bool = {
            "lt": mine < theirs,
            "lte": mine <= theirs,
            "gt": mine > theirs,
            "gte": mine >= theirs,
        }.get(operator, mine == theirs)
        return holds

    def sorted(self, found: list[int], order: list[tuple[str, str]]) -> list[int]:
        if not order:
            return sorted(
                found, key=lambda place: (sort_key(self.library.sheets[place].name), place)
            )

        def compare(one: int, other: int) -> int:
            for key, direction in order:
                outcome = self.compare_by(key, direction, one, other)
                if outcome:
                    return outcome
            last = 1 if order[-1][1] == "asc" else -1
            return last * (one - other)

        return sorted(found, key=cmp_to_key(compare))

    def compare_by(self, key: str, direction: str, one: int, other: int) -> int:
        mine, theirs = self.ranks(key, one), self.ranks(key, other)
        if not mine or not theirs:
            return (not mine) - (not theirs)
        if direction == "asc":
            return int(min(mine) > min(theirs)) - int(min(mine) < min(theirs))
        return int(max(mine) < max(theirs)) - int(max(mine) > max(theirs))

    def ranks(self, key: str, place: int) -> list[Any]:
        sheet = self.library.sheets[place]
        folder = self.library.folders[sheet.folder]
        binder = self.library.binders[folder.binder]
        match key:
            case "GLOBAL_BinderId":
                return [sort_key(binder.name)]
            case "GLOBAL_TabId":
                return [sort_key(folder.name)]
            case "GLOBAL_TabType":
                return [folder.type]
            case "GLOBAL_CreatedBy":
                return [bounded_sort_key(self.library.people[sheet.creator].name)]
            case _ if TYPES[key] is DataType.ENUMERATED:
                entries = list(binder.lists[key])
                ids = [value_id for value_id, _ in entries]
                values = [ids.index(str(value)) for value in sheet.values.get(key, ())]
                return [(position, entries[position][1]) for position in values]
            case _:
                return [comparable(TYPES[key], value) for value in sheet.values.get(key, ())]


def comparable(kind: DataType, value: Any) -> Any:
    match kind:
        case DataType.TEXT:
            return bounded_sort_key(value)
        case DataType.NUMBER:
            return float(value)
        case _:
            return value
