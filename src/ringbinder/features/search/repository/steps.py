"""Statements in steps: each is read once and known to those after it by its name."""

from typing import Any

from sqlalchemy import CTE, Select, TableClause, column, table
from sqlalchemy.sql.selectable import SelectBase


class Steps:
    """The WITH of a statement.

    Later steps name earlier ones without holding them: what holds a select is read again, with all
    that is in it, by whoever compiles or checks the statement.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._steps: list[CTE] = []

    def add(self, name: str, rows: SelectBase) -> TableClause:
        """Let a step come before the statement, and give it as a table."""
        step = rows.cte(name).prefix_with("MATERIALIZED")
        self._steps.append(step)
        columns = (column(part.name, part.type) for part in rows.selected_columns)
        return table(name, *columns)

    def before(self, statement: Select[Any]) -> Select[Any]:
        """Put the steps before the statement that needs them."""
        return statement.add_cte(*self._steps)
