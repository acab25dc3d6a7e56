"""Pairs grouped by their first members."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

First = TypeVar("First")
Second = TypeVar("Second")

_first: Any = itemgetter(0)


def by_first(pairs: Iterable[tuple[First, Second]]) -> Iterator[tuple[First, list[Second]]]:
    """Give each first member once, with the second members that stand with it, in order.

    Databases are asked so: SQLite has no index for a list of pairs, and reads the whole table.
    """
    for first, group in groupby(sorted(set(pairs)), key=_first):
        yield first, [second for _, second in group]
