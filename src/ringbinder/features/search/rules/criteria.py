"""Turn a query into conditions on documents."""

from collections.abc import Callable, Iterable, Mapping
from operator import ge, gt, le, lt
from typing import Final, cast

from ringbinder.features.metadata.types import COUNTED_TYPES
from ringbinder.features.search.rules.lookups import folder_id_of
from ringbinder.features.search.rules.texts import matches_text
from ringbinder.features.search.types import (
    Anything,
    Between,
    Condition,
    Creator,
    Criteria,
    Filter,
    HasValue,
    InBinders,
    InFolders,
    InFolderTypes,
    KeyKind,
    Names,
    Negated,
    OneOf,
    Operator,
    SearchQuery,
    TextPart,
)
from ringbinder.features.search.types.criteria import Positive, ValueTest
from ringbinder.kit.collation import bounded_sort_key
from ringbinder.kit.names import comparison_key

_BOUNDS: Final = {Operator.LT: lt, Operator.LTE: le, Operator.GT: gt, Operator.GTE: ge}
_PARTS: Final = frozenset({Operator.CONTAINS, Operator.STARTS_WITH})
_IN_PLACES: Final = frozenset({KeyKind.BINDER, KeyKind.FOLDER, KeyKind.FOLDER_TYPE})


def criteria_of(query: SearchQuery, names: Names) -> Criteria | None:
    """Give what documents must meet, or None where it is clear that none does."""
    required, groups = _sorted_out(query, names)
    if False in required:
        return None
    conditions = [one for one in required if not isinstance(one, bool)]
    inside = [one for one in conditions if isinstance(one, InFolders)]
    seen = [] if query.visible_folders is None else [query.visible_folders]
    folders = _common([*seen, *(one.keys for one in inside)])
    named = [one.keys for one in conditions if isinstance(one, InBinders)]
    shown = [] if query.visible_binders is None else [query.visible_binders]
    binders = _common([*shown, *named, *(one.binders for one in inside)])
    if binders == frozenset() or folders == frozenset():
        return None
    rest = tuple(one for one in conditions if not isinstance(one, InBinders | InFolders))
    return Criteria(binders, folders, tuple(dict.fromkeys(rest)), groups, query.term)


def _sorted_out(
    query: SearchQuery, names: Names
) -> tuple[list[Condition | bool], tuple[tuple[Condition, ...], ...]]:
    """Give what holds by itself, and the groups that leave a choice."""
    required = [_condition(one, names) for one in query.filters]
    groups = []
    for group in query.groups:
        alternatives = [_condition(one, names) for one in group]
        choices = tuple(one for one in alternatives if not isinstance(one, bool))
        if True in alternatives:
            continue
        if len(choices) > 1:
            groups.append(choices)
        else:
            required.append(choices[0] if choices else False)
    return required, tuple(groups)


def _common(sets: Iterable[frozenset[int]]) -> frozenset[int] | None:
    several = list(sets)
    return frozenset.intersection(*several) if several else None


def _condition(one: Filter, names: Names) -> Condition | bool:
    """Give the condition of a filter, or its outcome where that is the same for every document."""
    found = _positive(one, names)
    if one.operator not in (Operator.NE, Operator.MISSING):
        return found
    return not found if isinstance(found, bool) else Negated(found)


def _positive(one: Filter, names: Names) -> Positive | bool:
    if one.operator in (Operator.EXISTS, Operator.MISSING):
        return True if one.key.kind in _IN_PLACES else _has_value(one, Anything())
    return _READERS[one.key.kind](one, names)


def _in_binders(one: Filter, names: Names) -> InBinders | bool:
    keys = frozenset(names.binders[text] for text in one.values if text in names.binders)
    return InBinders(keys) if keys else False


def _in_folders(one: Filter, names: Names) -> InFolders | bool:
    ids = filter(None, map(folder_id_of, one.values))
    trees = [names.folders[folder_id] for folder_id in ids if folder_id in names.folders]
    keys = frozenset[int]().union(*(tree.keys for tree in trees))
    return InFolders(keys, frozenset(tree.binder_key for tree in trees)) if trees else False


def _in_folder_types(one: Filter, _names: Names) -> InFolderTypes:
    return InFolderTypes(frozenset(one.values))


def _is_created_by(one: Filter, names: Names) -> HasValue | bool:
    return _one_of(one, (each.id for each in names.creators if _is_meant(one, each)))


def _is_listed(one: Filter, names: Names) -> HasValue | bool:
    labelled = (names.labels.get((one.key.element_key, value), ()) for value in one.values)
    return _one_of(one, frozenset(one.values).union(*labelled))


def _is_plain(one: Filter, names: Names) -> HasValue:
    return _has_value(one, _plain_test(one, names))


_READERS: Final[Mapping[KeyKind, Callable[[Filter, Names], Positive | bool]]] = {
    KeyKind.BINDER: _in_binders,
    KeyKind.FOLDER: _in_folders,
    KeyKind.FOLDER_TYPE: _in_folder_types,
    KeyKind.CREATOR: _is_created_by,
    KeyKind.LISTED: _is_listed,
    KeyKind.PLAIN: _is_plain,
}


def _one_of(one: Filter, values: Iterable[str]) -> HasValue | bool:
    found = tuple(sorted(set(values)))
    return _has_value(one, OneOf(found)) if found else False


def _has_value(one: Filter, test: ValueTest) -> HasValue:
    is_counted = one.key.kind is KeyKind.CREATOR or one.key.data_type in COUNTED_TYPES
    return HasValue(one.key.element_key, test, is_counted)


def _plain_test(one: Filter, names: Names) -> ValueTest:
    match one.operator:
        case Operator.CONTAINS | Operator.STARTS_WITH as operator:
            return TextPart(operator, one.values[0], names.long_texts.get(one, ()))
        case Operator.LT | Operator.LTE | Operator.GT | Operator.GTE as operator:
            return Between(operator, one.values[0])
        case _:
            return OneOf(tuple(sorted(one.values)))


def _is_meant(one: Filter, creator: Creator) -> bool:
    """Tell whether a creator, by id or by name, is one that the filter asks for."""
    if one.operator in _PARTS:
        return matches_text(one.operator, one.values[0], creator.name)
    if one.operator in _BOUNDS:
        precedes = cast(Callable[[str, str], bool], _BOUNDS[one.operator])
        return precedes(bounded_sort_key(creator.name), bounded_sort_key(one.values[0]))
    wanted = {comparison_key(value) for value in one.values}
    return creator.id in one.values or comparison_key(creator.name) in wanted
