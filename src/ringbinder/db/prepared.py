"""Statements that are compiled once for their shape and then run on the bare driver.

Building and compiling a statement takes longer than most of those that are asked all the time. A
prepared one keeps its text; stand-ins (:mod:`ringbinder.kit.slots`) show where values belong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from ringbinder.db.tenancy import TENANT_PARAMETER, assert_tenant_bound
from ringbinder.kit.slots import number_slot, slot_place

_DIALECTS: Final[dict[str, Dialect]] = {
    "sqlite": pysqlite.dialect(),
    "postgresql": asyncpg.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy's own
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of a statement of one organisation, and where its parameters come from.

    ``places`` count in what is given, followed by the organisation and the constants. Where it
    ``is_steady``, one plan is good for all values, and PostgreSQL keeps it.
    """

    sql: str
    places: tuple[int, ...]
    constants: tuple[Any, ...]
    is_steady: bool = False

    def parameters(self, values: Sequence[Any], organisation_key: int) -> list[Any]:
        """Give the parameters in the order of the text; as many values as there are slots."""
        pool = (*values, organisation_key, *self.constants)
        return [pool[place] for place in self.places]


def prepare(
    statement: ClauseElement, dialect_name: str, slots: int, *, is_steady: bool = False
) -> Prepared:
    """Compile a statement that has so many slots.

    Raises:
        TenantGuardError: it would reach rows of other organisations.

    """
    assert_tenant_bound(statement)
    compiled = statement.compile(dialect=_DIALECTS[dialect_name])
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - every statement of Core is compiled by one
    expanded = compiled.construct_expanded_state({TENANT_PARAMETER: number_slot(slots)})
    constants: list[Any] = []
    places: list[int] = []
    for value in expanded.positional_parameters:
        place = slot_place(value)
        if place is None:
            place = slots + 1 + len(constants)
            constants.append(value)
        places.append(place)
    return Prepared(expanded.statement, tuple(places), tuple(constants), is_steady)
