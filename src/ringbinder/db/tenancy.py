"""The net that keeps one organisation's rows from another's statements.

A repository never passes an organisation: it compares with :data:`TENANT`, and the session, which
belongs to one organisation, fills it in. A statement that touches a tenant's table without that
comparison is refused before it reaches the database; this holds for counts, sub-queries and
Core statements alike, which mapper-level filters are known to miss.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Delete,
    Insert,
    Table,
    Update,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ClauseElement,
    Grouping,
)
from sqlalchemy.sql.expression import FromClause, TextClause
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Alias, AliasedReturnsRows, Join, Select

TENANT_COLUMN = "organisation_key"
TENANT_PARAMETER = "own_organisation"
TENANT: BindParameter[int] = bindparam(TENANT_PARAMETER, type_=BigInteger)


class TenantGuardError(RuntimeError):
    """A statement would reach rows of every organisation: a mistake in a repository."""


def of_tenant(source: FromClause) -> ColumnElement[bool]:
    """Keep to the rows of the session's own organisation."""
    return source.c[TENANT_COLUMN] == TENANT


def of_tenant_by_ids(source: FromClause) -> ColumnElement[bool]:
    """Do the same in a statement that names its rows by their ids.

    SQLite takes every organisation for a small one. Where it is not told, it reads all the rows of
    the organisation to find three ids among them.
    """
    return _Mostly(of_tenant(source))


class _Mostly(FunctionElement[bool]):
    """A condition that hardly any row fails, so that nothing is looked up by it."""

    name = "mostly"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "_Mostly":  # noqa: ARG002 - as SQLAlchemy calls it
        """Stay as it is."""
        return self


@compiles(_Mostly)
def _compile(element: _Mostly, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - options of the compiler's own
    return compiler.process(element.clauses, **options)


@compiles(_Mostly, "sqlite")
def _compile_sqlite(element: _Mostly, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - see above
    return f"likely({compiler.process(element.clauses, **options)})"


def names_tenant(statement: ClauseElement) -> bool:
    """Tell whether the statement has a place for the session's organisation."""
    return any(map(_is_tenant_parameter, visitors.iterate(statement)))


def assert_tenant_bound(statement: ClauseElement) -> None:
    """Refuse a statement that reads a tenant's table without ``organisation_key = TENANT``.

    Every SELECT inside it, in a sub-query, a union or a CTE, answers for its own tables; one that
    is correlated may leave a table to the SELECT around it.

    Raises:
        TenantGuardError: with the names of the tables that are not bound.

    """
    if isinstance(statement, TextClause):
        message = "a session of one organisation runs no textual SQL"
        raise TenantGuardError(message)
    _check(statement, around=frozenset())


def is_tenant_table(source: object) -> bool:
    """Tell whether a table, or what an alias stands for, belongs to organisations."""
    table = source.element if isinstance(source, Alias) else source
    return isinstance(table, Table) and TENANT_COLUMN in table.c


def _check(element: ClauseElement, *, around: frozenset[FromClause]) -> None:
    if isinstance(element, Select):
        _check_select(element, around)
    elif isinstance(element, Update | Delete):
        _check_change(element)
    elif isinstance(element, Insert):
        _assert_insert_names_tenant(element)
    elif isinstance(element, AliasedReturnsRows):
        # What stands in FROM sees nothing of the SELECT around it.
        _check(element.element, around=frozenset())
    else:
        _check_children(element, around)


def _check_children(element: ClauseElement, around: frozenset[FromClause]) -> None:
    for child in element.get_children():
        if not isinstance(child, Table):
            _check(child, around=around)


def _check_select(select: Select[Any], around: frozenset[FromClause]) -> None:
    froms = select.get_final_froms()
    sources = frozenset(leaf for source in froms for leaf in _leaves(source))
    conditions = [*select._where_criteria, *(on for source in froms for on in _conditions(source))]  # noqa: SLF001 - its public form joins them into one
    _assert_bound(sources - around, conditions)
    for part in (*froms, *conditions):
        _check_children(part, around | sources)
        if not isinstance(part, Table | Join):
            _check(part, around=around | sources)
    _check_children(select, around | sources)


def _check_change(statement: Update | Delete) -> None:
    sources = frozenset({statement.table})
    conditions = list(statement._where_criteria)  # noqa: SLF001 - see above
    _assert_bound(sources, conditions)
    _check_children(statement, sources)


def _assert_bound(sources: Iterable[FromClause], conditions: Iterable[ClauseElement]) -> None:
    bound = {source for condition in conditions for source in _bound_by(condition)}
    unbound = [source for source in sources if is_tenant_table(source) and source not in bound]
    if unbound:
        names = ", ".join(sorted({str(getattr(source, "name", source)) for source in unbound}))
        message = f"not bound to the organisation: {names}"
        raise TenantGuardError(message)


def _leaves(source: FromClause) -> Iterator[FromClause]:
    if isinstance(source, Join):
        yield from _leaves(source.left)
        yield from _leaves(source.right)
    else:
        yield source


def _conditions(source: FromClause) -> Iterator[ClauseElement]:
    if isinstance(source, Join):
        if source.onclause is not None:
            yield source.onclause
        yield from _conditions(source.left)
        yield from _conditions(source.right)


def _bound_by(condition: ClauseElement) -> Iterator[FromClause]:
    """Find the tables that a condition binds; only what is joined by AND counts."""
    if isinstance(condition, Grouping):
        yield from _bound_by(cast(ClauseElement, condition.element))
    elif isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for clause in condition.get_children():
            yield from _bound_by(clause)
    elif isinstance(condition, _Mostly):
        for clause in condition.clauses:
            yield from _bound_by(clause)
    elif isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
        yield from _compared_with_tenant(condition)


def _compared_with_tenant(comparison: BinaryExpression[Any]) -> Iterator[FromClause]:
    sides = (comparison.left, comparison.right)
    if any(map(_is_tenant_parameter, sides)):
        for side in sides:
            table = getattr(side, "table", None)
            if getattr(side, "name", None) == TENANT_COLUMN and table is not None:
                yield table


def _assert_insert_names_tenant(statement: Insert) -> None:
    if not is_tenant_table(statement.table):
        return
    values: Mapping[Any, Any] = statement._values or {}  # noqa: SLF001 - SQLAlchemy has no public way to read an insert's values
    names = {getattr(column, "name", column) for column in values}
    multiple = statement._multi_values  # noqa: SLF001 - see above
    if multiple or (values and TENANT_COLUMN not in names) or statement.select is not None:
        message = f"an insert into {statement.table.name} must set {TENANT_COLUMN}=TENANT"
        raise TenantGuardError(message)


def _is_tenant_parameter(element: object) -> bool:
    return isinstance(element, BindParameter) and element.key == TENANT_PARAMETER
