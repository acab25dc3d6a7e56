"""Which metadata keys there are to search by, and what each of them allows."""

from collections.abc import Mapping
from typing import Final

from ringbinder.features.metadata.types import (
    GLOBAL_BINDER_ID,
    GLOBAL_CREATED_BY,
    GLOBAL_KEYS,
    GLOBAL_TAB_ID,
    GLOBAL_TAB_TYPE,
    DataType,
)
from ringbinder.features.search.types import KeyKind, Operator, SearchKey

_KINDS: Final = {
    GLOBAL_BINDER_ID: KeyKind.BINDER,
    GLOBAL_TAB_ID: KeyKind.FOLDER,
    GLOBAL_TAB_TYPE: KeyKind.FOLDER_TYPE,
    GLOBAL_CREATED_BY: KeyKind.CREATOR,
}
_ALWAYS: Final = (Operator.EQ, Operator.NE, Operator.IN, Operator.EXISTS, Operator.MISSING)
_BOUNDS: Final = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
_PARTS: Final = (Operator.CONTAINS, Operator.STARTS_WITH)
_OPERATORS: Final = {
    DataType.TEXT: (*_ALWAYS, *_PARTS, *_BOUNDS),
    DataType.NUMBER: (*_ALWAYS, *_BOUNDS),
    DataType.DATE: (*_ALWAYS, *_BOUNDS),
    DataType.BOOLEAN: _ALWAYS,
    DataType.ENUMERATED: _ALWAYS,
}
_IN_ORDER_OF_TEXT: Final = frozenset({KeyKind.PLAIN, KeyKind.CREATOR})


def search_keys(known: Mapping[str, tuple[int, DataType]]) -> dict[str, SearchKey]:
    """Give the keys of an organisation by their ids, the reserved ones among them."""
    return {
        name: _search_key(name, number, data_type) for name, (number, data_type) in known.items()
    } | known_keys()


def known_keys() -> dict[str, SearchKey]:
    """Give the reserved keys by their ids; every organisation has them."""
    return {
        name: _search_key(name, reserved.key, reserved.data_type)
        for name, reserved in GLOBAL_KEYS.items()
    }


def _search_key(name: str, element_key: int, data_type: DataType) -> SearchKey:
    usual = KeyKind.LISTED if data_type is DataType.ENUMERATED else KeyKind.PLAIN
    return SearchKey(name, element_key, data_type, _KINDS.get(name, usual))


def operators_of(key: SearchKey) -> tuple[Operator, ...]:
    """Give the operators that fit a key; what stands for an object has no order and no parts."""
    return _OPERATORS[key.data_type] if key.kind in _IN_ORDER_OF_TEXT else _ALWAYS
