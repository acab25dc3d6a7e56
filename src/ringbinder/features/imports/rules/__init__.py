"""Decisions of an import: what a register says, about which file, and where a file goes."""

from ringbinder.features.imports.rules.matching import Matches, match_rows
from ringbinder.features.imports.rules.naming import assign_names, may_be_unchanged
from ringbinder.features.imports.rules.reasons import reason_of
from ringbinder.features.imports.rules.registers import read_register
from ringbinder.features.imports.rules.values import Translator, can_be_created

__all__ = [
    "Matches",
    "Translator",
    "assign_names",
    "can_be_created",
    "match_rows",
    "may_be_unchanged",
    "read_register",
    "reason_of",
]
