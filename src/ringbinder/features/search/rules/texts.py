"""How parts of texts are found in sort keys, which are what the indexes hold.

A sort key is the text's first level, followed, where that does not tell everything, by a separator
and the comparison key itself. So each sort key that was not cut contains the comparison key: behind
the separator, or where there is none, letter by letter.
"""

import re
from dataclasses import dataclass
from typing import Final

from ringbinder.features.search.types import Operator
from ringbinder.kit.collation import bounded_sort_key, sort_key
from ringbinder.kit.names import comparison_key

SEPARATOR: Final = "\x01"
"""Stands between the two levels of a sort key."""

SHORTEST_PART: Final = 3
"""So many characters must a part have, for the index of parts to know it."""

MOST_PARTS: Final = 12
"""So many parts of a term are counted."""

_PREFIX_CHARACTERS: Final = 60
_WILD: Final = re.compile("[/%_]")
_PLAIN_BEGINNING: Final = re.compile("[ -~åäö]*")


@dataclass(frozen=True, slots=True)
class TermForms:
    """A term as it stands behind the separator, and, if it can, in a key without one.

    ``phrase`` is what SQLite's index of the parts of names is asked for: the term or a part of it.
    ``term`` is the term itself, of which templates make ``compared`` a pattern.
    """

    compared: str
    sorted: str | None
    phrase: str
    term: str


def term_forms(term: str, part: str | None = None) -> TermForms:
    """Give the forms of a term, which is a comparison key; the index is asked for a part of it."""
    key = sort_key(term)
    return TermForms(term, None if SEPARATOR in key else key, phrase_of(part or term), term)


def phrase_of(part: str) -> str:
    """Give what SQLite's index of the parts of names is asked for."""
    return '"' + part.replace('"', '""') + '"'


def parts_of(term: str) -> tuple[str, ...]:
    """Give parts of a term as the index has them, each once; of a long term some all over it."""
    places = range(len(term) - SHORTEST_PART + 1)
    step = -(-len(places) // MOST_PARTS)
    parts = (term[place : place + SHORTEST_PART] for place in places[::step])
    return tuple(dict.fromkeys(parts))


def part_pattern(part: str, operator: Operator) -> str:
    """Give the pattern of LIKE, with the escape character ``/``, for a part or a beginning."""
    escaped = _WILD.sub(r"/\g<0>", part)
    return f"{'' if operator is Operator.STARTS_WITH else '%'}{escaped}%"


def prefix_of(term: str) -> str:
    """Give a beginning that every sort key has, cut or not, whose text begins with the term.

    It may be shorter than could be, since the letters around its end could change each other.
    """
    match = _PLAIN_BEGINNING.match(term)
    beginning = match[0][:_PREFIX_CHARACTERS] if match else ""
    return sort_key(beginning[:-1]).partition(SEPARATOR)[0]


def matches_text(operator: Operator, term: str, text: str) -> bool:
    """Tell whether a whole text contains or begins with a term, which is a comparison key."""
    compared = comparison_key(text)
    return term in compared if operator is Operator.CONTAINS else compared.startswith(term)


def is_key_of(index_value: str, text: object) -> bool:
    """Tell whether an index value is that of a text."""
    return isinstance(text, str) and bounded_sort_key(text) == index_value
