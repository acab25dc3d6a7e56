"""What a session needs of a database, whichever it is."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Executable, Row, Table

from ringbinder.db.bulk import Meeting, Rows

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one statement gave: its rows, if it returns any, and how many rows it touched."""

    rows: Sequence[Row[Any]]
    row_count: int


class Connection(Protocol):
    """One open transaction."""

    async def execute(self, statement: Executable, parameters: Parameters) -> Outcome:
        """Run one statement, or one statement for each of many parameter sets."""

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Sequence[Row[Any]]:
        """Add one row or more, each of the values of these columns, at the least cost.

        Gives what the meeting tells of each row, in no order. No two of the rows may have one key.
        """

    async def insert_soon(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> None:
        """Add rows behind all that was asked before, and before all that is asked later.

        Nobody waits for them. What goes wrong is raised by the next statement or by the commit, of
        which nothing is kept then. The rows must not be changed any more.
        """

    async def commit(self) -> None:
        """Make everything durable, or raise and keep nothing."""

    async def rollback(self) -> None:
        """Forget everything."""


class Engine(Protocol):
    """A database that lends transactions."""

    @property
    def dialect_name(self) -> str:
        """``sqlite`` or ``postgresql``."""

    def transaction(self, *, writable: bool) -> AbstractAsyncContextManager[Connection]:
        """Lend a fresh transaction; on leaving, what is not committed is lost."""

    async def fetch(
        self, sql: str, parameters: Sequence[Any], *, keep_plan: bool = False
    ) -> Sequence[Sequence[Any]]:
        """Run one statement that only reads, as the bare driver has it, and give its rows.

        It sees one moment, like a transaction of its own. Where the plan is to be kept, one serves
        all values.
        """

    async def close(self) -> None:
        """Give back every connection and thread."""
