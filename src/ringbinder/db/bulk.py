"""Rows of one table as the drivers take them: many of them cost little more than their bytes.

SQLAlchemy builds a dictionary for each row of an insert and looks each value's type up again, which
takes longer than the database needs for the row. PostgreSQL gets all rows in one statement, with an
array for each column, or copies them where they are many. SQLite, in the same process, gets many in
each statement: between two calls the driver lets other threads have the interpreter, and may wait
for milliseconds to get it back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler

VALUES_AT_ONCE: Final = 30_000
"""How many values one statement of SQLite has at most; it takes 32,766 of them."""

COPIED_AT_LEAST: Final = 50
"""How many rows make COPY worth its way more to the server and back."""

_SHAPES: Final = 16
"""How many statements of a table PostgreSQL gets, by which columns have one value for all rows."""

Rows = Sequence[Sequence[Any]]
Processor = Callable[[Any], Any]
Statement = tuple[str, tuple[Any, ...]]
"""A text, and its values."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What happens to a row whose key exists: some columns are added to, some are replaced."""

    key: tuple[str, ...]
    add: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """What is told of each row, as it is then; texts and numbers, which need no translation."""


def bulk_error(table: Table, error: Exception, *, breaks_constraint: bool) -> DBAPIError:
    """Give what SQLAlchemy would raise for an error of a driver that took rows without it."""
    kind = IntegrityError if breaks_constraint else DBAPIError
    return kind(f"rows for {table.name}", None, error)


class BulkInserts:
    """The statements of one engine, made once for each table and choice of columns."""

    def __init__(self, dialect: Dialect) -> None:
        """Write for the driver of this dialect."""
        self._dialect = dialect
        self._known: dict[tuple[Table, tuple[str, ...], Meeting | None], _Plan] = {}

    def prepare(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Iterator[Statement]:
        """Give inserts of rows, each of the values of these columns, in their order."""
        plan = self._plan(table, columns, meeting)
        if len(rows) > 1 and self._dialect.name == "postgresql":
            yield plan.all_at_once(rows)
        else:
            yield from plan.some_at_once(rows)

    def prepare_copy(
        self, table: Table, columns: Sequence[str], rows: Rows
    ) -> tuple[Sequence[str], Iterator[tuple[Any, ...]]]:
        """Give rows as PostgreSQL's driver copies them, and the order of their columns."""
        plan = self._plan(table, columns, None)
        return plan.names, plan.placed(rows)

    def _plan(self, table: Table, columns: Sequence[str], meeting: Meeting | None) -> "_Plan":
        shape = (table, tuple(columns), meeting)
        plan = self._known.get(shape)
        if plan is None:
            plan = self._known[shape] = _Plan(self._dialect, *shape)
        return plan


class _Plan:
    def __init__(
        self, dialect: Dialect, table: Table, columns: Sequence[str], meeting: Meeting | None
    ) -> None:
        statement = insert(table) if meeting is None else _meeting(dialect, table, meeting)
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - every statement of Core is compiled by one
        self.names = names = compiled.positiontup or ()
        if set(names) != set(columns):
            message = f"{table.name} has columns that only a single insert fills"
            raise RuntimeError(message)
        self._head, _, rest = str(compiled).partition(" VALUES ")
        row, conflict, resolution = rest.partition(" ON CONFLICT ")
        self._tail = conflict + resolution
        self._types = [_type_name(dialect, table, name) for name in names]
        self._of_arrays: dict[tuple[bool, ...], str] = {}
        self._places = [columns.index(name) for name in names]
        self._processors = [_processor(dialect, table, name) for name in names]
        self._is_plain = not any(self._processors)
        self._row = row
        self._most = max(1, VALUES_AT_ONCE // len(names))
        self._of_several: dict[int, str] = {}

    def some_at_once(self, rows: Rows) -> Iterator[Statement]:
        """Give statements of as many rows as there are, or the next smaller power of two.

        The driver keeps each text that it has read, which takes as long as the rows and a hundred
        bytes for each value: there must not be one for every number of rows.
        """
        placed = list(self.placed(rows))
        begun = 0
        while begun < len(placed):
            size = _power_of_two(min(len(placed) - begun, self._most))
            some = placed[begun : begun + size]
            yield self._with_rows(size), tuple(chain.from_iterable(some))
            begun += size

    def _with_rows(self, number: int) -> str:
        if number not in self._of_several:
            rows = ", ".join([self._row] * number)
            self._of_several[number] = f"{self._head} VALUES {rows}{self._tail}"
        return self._of_several[number]

    def placed(self, rows: Rows) -> Iterator[tuple[Any, ...]]:
        """Give the rows' values in the order of the text, as the driver takes them."""
        if self._is_plain and len(self._places) > 1:
            return map(itemgetter(*self._places), rows)
        columns = [
            repeat(column, len(rows)) if is_same else column
            for is_same, column in self._by_column(rows)
        ]
        return zip(*columns, strict=True)

    def all_at_once(self, rows: Rows) -> Statement:
        """Give one statement, with an array for each column whose values are not all the same."""
        columns = self._by_column(rows)
        shape = tuple(is_same for is_same, _ in columns)
        if all(shape) or (shape not in self._of_arrays and len(self._of_arrays) >= _SHAPES):
            shape = (False,) * len(shape)
            columns = [
                (False, [value] * len(rows) if is_same else value) for is_same, value in columns
            ]
        if shape not in self._of_arrays:
            self._of_arrays[shape] = self._with_arrays(shape)
        return self._of_arrays[shape], tuple(values for _, values in columns)

    def _with_arrays(self, shape: Sequence[bool]) -> str:
        """Write the statement where some values are the same for all rows."""
        places = [f"${place}::{each}" for place, each in enumerate(self._types, start=1)]
        chosen = [
            place if is_same else f"u.c{number}"
            for number, (place, is_same) in enumerate(zip(places, shape, strict=True))
        ]
        arrays = [(number, place) for number, place in enumerate(places) if not shape[number]]
        names = ", ".join(f"c{number}" for number, _ in arrays)
        given = ", ".join(f"{place}[]" for _, place in arrays)
        source = f"SELECT {', '.join(chosen)} FROM unnest({given}) AS u ({names})"  # noqa: S608 - names of our own tables
        # Or else ON would be taken for the condition of a join.
        return f"{self._head} {source}{' WHERE true' if self._tail else ''}{self._tail}"

    def _by_column(self, rows: Rows) -> list[tuple[bool, Any]]:
        """Give columns in the order of the text, as the driver takes them.

        Each comes with whether its rows have one and the same value, which alone is given then.
        """
        given = list(zip(*rows, strict=True))
        return [
            _processed(given[place], process)
            for place, process in zip(self._places, self._processors, strict=True)
        ]


def _power_of_two(most: int) -> int:
    return 1 << most.bit_length() - 1


def _meeting(dialect: Dialect, table: Table, meeting: Meeting) -> postgresql.Insert | sqlite.Insert:
    made = postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
    key = list(meeting.key)
    change = {name: table.c[name] + made.excluded[name] for name in meeting.add}
    change |= {name: made.excluded[name] for name in meeting.replace}
    if change:
        made = made.on_conflict_do_update(index_elements=key, set_=change)
    else:
        made = made.on_conflict_do_nothing(index_elements=key)
    # Not returning(*()), which would return the key.
    told = [table.c[name] for name in meeting.columns]
    return made.returning(*told) if told else made  # type: ignore[return-value]  # still an insert


def _processed(values: Sequence[Any], process: Processor | None) -> tuple[bool, Any]:
    first = values[0]
    if len(values) > 1 and len(set(map(id, values))) == 1:  # such as the time of a lot
        return True, first if process is None else process(first)
    return False, values if process is None else list(map(process, values))


def _type_name(dialect: Dialect, table: Table, name: str) -> str:
    named: str = table.c[name].type.compile(dialect)
    return named.partition(" COLLATE ")[0]


def _processor(dialect: Dialect, table: Table, name: str) -> Processor | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
