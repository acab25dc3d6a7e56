"""That a number or an id is one of some, however many there are.

A driver takes 32,767 parameters in one statement, and people may see more folders than that. Beyond
a few, they travel as one parameter: an array on PostgreSQL, JSON on SQLite.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ColumnElement, Text, TypeDecorator, Uuid, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

FEW: Final = 500
"""So many numbers are parameters of their own."""


class Numbers(TypeDecorator[Sequence[int]]):
    """Whole numbers as one parameter."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose what the engine can unpack."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(BigInteger))

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - the drivers want different types
        """Write the numbers as the engine wants them."""
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Ids(TypeDecorator[str]):
    """Ids as one parameter, which is given as :func:`packed_ids` writes them."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose what the engine can unpack."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(Uuid()))


class _Among(FunctionElement[bool]):
    """A number or an id, and those of which it shall be one."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "_Among":  # noqa: ARG002 - as SQLAlchemy calls it
        """Stay as it is: as ``(…) = 1``, which SQLAlchemy makes of it, no index of SQLite helps."""
        return self


@compiles(_Among)
def _compile(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - options of the compiler's own
    number, numbers = (compiler.process(each, **options) for each in element.clauses)
    # Not "= ANY": a plan that is kept would compare number by number.
    return f"({number} IN (SELECT unnest({numbers})))"


@compiles(_Among, "sqlite")
def _compile_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - see above
    number, numbers = (compiler.process(each, **options) for each in element.clauses)
    return f"({number} IN (SELECT value FROM json_each({numbers})))"  # noqa: S608 - both are compiled parts


def among(
    number: ColumnElement[int], numbers: Collection[int], *, few: int = FEW
) -> ColumnElement[bool]:
    """Say that a number is one of some, which travel as one parameter if they are no more few."""
    if len(numbers) == 1:
        return number == next(iter(numbers))
    if len(numbers) <= few:
        return number.in_(sorted(numbers))
    return _Among(number, literal(sorted(numbers), Numbers()))


def among_packed_ids(id_: ColumnElement[UUID], packed: str) -> ColumnElement[bool]:
    """Say in a prepared statement that an id is one of some; ``packed`` stands in for them."""
    return _Among(id_, literal(packed, _Ids()))


def packed_ids(ids: Sequence[str], dialect_name: str) -> object:
    """Give ids, each as the engine casts it to a text, as the one parameter of a driver."""
    return json.dumps(ids) if dialect_name == "sqlite" else ids
