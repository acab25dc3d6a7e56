"""Rows of one table as the drivers take them: many of them cost little more than their bytes.

SQLAlchemy builds a dictionary for each row of an insert and looks each value's type up again, which
takes longer than the database needs for the row. PostgreSQL gets all rows in one statement, with an
array for each column; SQLite, which is in the same process, a call for each row.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Rows = Sequence[Sequence[Any]]
Processor = Callable[[Any], Any]
Statement = tuple[str, tuple[Any, ...] | list[tuple[Any, ...]]]
"""A text, and its values: for one call, or for one call after the other."""


class BulkInserts:
    """The statements of one engine, made once for each table and choice of columns."""

    def __init__(self, dialect: Dialect) -> None:
        """Write for the driver of this dialect."""
        self._dialect = dialect
        self._known: dict[tuple[Table, tuple[str, ...]], _Plan] = {}

    def prepare(self, table: Table, columns: Sequence[str], rows: Rows) -> Statement:
        """Give an insert of rows, each of the values of these columns."""
        shape = (table, tuple(columns))
        plan = self._known.get(shape)
        if plan is None:
            plan = self._known[shape] = _Plan(self._dialect, *shape)
        values = plan.by_column(rows)
        if len(rows) > 1 and self._dialect.name == "postgresql":
            return plan.of_arrays, tuple(values)
        return plan.of_values, list(zip(*values, strict=True))


class _Plan:
    def __init__(self, dialect: Dialect, table: Table, columns: Sequence[str]) -> None:
        compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - every statement of Core is compiled by one
        names = compiled.positiontup or ()
        if set(names) != set(columns):
            message = f"{table.name} has columns that only a single insert fills"
            raise RuntimeError(message)
        self.of_values = str(compiled)
        head, _, _ = self.of_values.partition(" VALUES ")
        self.of_arrays = f"{head} SELECT * FROM unnest({_arrays(dialect, table, names)})"  # noqa: S608 - names of our own tables
        self._places = [columns.index(name) for name in names]
        self._processors = [_processor(dialect, table, name) for name in names]

    def by_column(self, rows: Rows) -> list[list[Any]]:
        """Give the values of each column, in the order of the text, as the driver takes them."""
        given = list(zip(*rows, strict=True))
        return [
            list(given[place] if process is None else map(process, given[place]))
            for place, process in zip(self._places, self._processors, strict=True)
        ]


def _arrays(dialect: Dialect, table: Table, names: Sequence[str]) -> str:
    types = [table.c[name].type.compile(dialect) for name in names]
    bare = [each.partition(" COLLATE ")[0] for each in types]
    return ", ".join(f"${place}::{each}[]" for place, each in enumerate(bare, start=1))


def _processor(dialect: Dialect, table: Table, name: str) -> Processor | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
