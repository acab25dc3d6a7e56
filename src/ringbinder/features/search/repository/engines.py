"""The few words that SQLite and PostgreSQL spell differently."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, cast, func, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FromClause
from sqlalchemy.sql.functions import FunctionElement

from ringbinder.db.types import ByteOrderedText


class PlaceIn(FunctionElement[int]):
    """Where, from 1, the second text begins in the first; 0 where it does not."""

    name = "place_in"
    type = Integer()
    inherit_cache = True


@compiles(PlaceIn)
def _compile_place(element: PlaceIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - options of the compiler's own
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(PlaceIn, "sqlite")
def _compile_place_sqlite(element: PlaceIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - see above
    return f"instr({compiler.process(element.clauses, **options)})"


class ByteOrdered(FunctionElement[str]):
    """A text that compares by its bytes, whatever the database's own order is."""

    name = "byte_ordered"
    type = ByteOrderedText
    inherit_cache = True


@compiles(ByteOrdered)
def _compile_ordered(element: ByteOrdered, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - see above
    return f'(({compiler.process(element.clauses, **options)}) COLLATE "C")'


@compiles(ByteOrdered, "sqlite")
def _compile_ordered_sqlite(element: ByteOrdered, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - see above
    return f"({compiler.process(element.clauses, **options)})"


def byte_ordered(text: ColumnElement[Any]) -> ColumnElement[str]:
    """Let a text compare by its bytes."""
    return ByteOrdered(text)


def table_of(dialect: str, entries: Mapping[str, str], name: str) -> FromClause:
    """Make a table, of columns ``key`` and ``value``, of texts that travel as one parameter."""
    text = literal(json.dumps(entries), Text)
    if dialect == "postgresql":
        function = func.jsonb_each_text(cast(text, JSONB))
    else:
        function = func.json_each(text)
    return function.table_valued("key", "value", name=name)
