"""What a session needs of a database, whichever it is."""

from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Executable, Row, Table

from ringbinder.db.bulk import Meeting, Rows

Told = Awaitable[Sequence[Row[Any]]]
"""What an insert will have told once it is done."""

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
    ) -> Told:
        """Add one row or more, each of the values of these columns, at the least cost.

        They go in behind all that was asked before, and before all that is asked later; this does
        not wait. What goes wrong is raised by the next statement or by the commit, of which nothing
        is kept then. The rows must not be changed any more, and no two of them may have one key.
        What this gives can be awaited: it tells of each row what the meeting says, in no order.
        """

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        """Give keys for new rows of a table whose key the database numbers, as it would do it."""

    async def commit(self) -> None:
        """Make everything durable, or raise and keep nothing."""


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
