"""Decisions about metadata: which values a schema allows, and how a schema changes."""

from ringbinder.features.metadata.rules.checking import Checker, Checkers
from ringbinder.features.metadata.rules.values import (
    MAXIMUM_TEXT_LENGTH,
    MAXIMUM_VALUES,
    check_values,
    created_by,
    from_json,
    global_value,
    index_value,
    item_json,
    make_value,
    read_value,
    to_json,
)

__all__ = [
    "MAXIMUM_TEXT_LENGTH",
    "MAXIMUM_VALUES",
    "Checker",
    "Checkers",
    "check_values",
    "created_by",
    "from_json",
    "global_value",
    "index_value",
    "item_json",
    "make_value",
    "read_value",
    "to_json",
]
