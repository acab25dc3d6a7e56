"""Sessions: one unit of work of one organisation, and whether it will write."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, Self, TypeVar

from sqlalchemy import Executable, Row, Table, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.elements import ClauseElement

from ringbinder.db.bulk import Meeting, Rows
from ringbinder.db.engine import Connection, Engine, Outcome, Told
from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.db.prepared import Prepared, prepare
from ringbinder.db.sight import EVERYTHING, Sight
from ringbinder.db.tenancy import (
    TENANT_COLUMN,
    TENANT_PARAMETER,
    assert_tenant_bound,
    is_tenant_table,
    names_tenant,
)
from ringbinder.kit.clock import Clock

Kept = TypeVar("Kept")
Hook = Callable[[], Awaitable[None]]

REMEMBERED_STATEMENTS = 4096


class ReadSession:
    """A read-only view of one organisation at one moment; begins with its first statement.

    ``organisation_key`` is None only for the system's own sessions, which jobs, sign-in and the
    command line use for what belongs to no organisation. ``sight`` is what of the organisation it
    shows.
    """

    def __init__(
        self,
        lease: "_Lease",
        *,
        organisation_key: int | None,
        now: datetime,
        sight: Sight = EVERYTHING,
    ) -> None:
        """Sessions are made by :class:`Database`."""
        self._lease = lease
        self._tenant = organisation_key
        self.now = now
        self.sight = sight

    @property
    def organisation_key(self) -> int:
        """The organisation that this session belongs to."""
        if self._tenant is None:
            message = "this session belongs to no organisation"
            raise RuntimeError(message)
        return self._tenant

    @property
    def dialect_name(self) -> str:
        """``sqlite`` or ``postgresql``, for the few statements that differ."""
        return self._lease.dialect_name

    async def all(self, statement: Executable, **parameters: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - bound values are of any type
        """Give all rows of a statement that is known to be bounded."""
        return (await self._run(statement, parameters)).rows

    async def first(self, statement: Executable, **parameters: Any) -> Row[Any] | None:  # noqa: ANN401 - see above
        """Give the first row, or None."""
        rows = (await self._run(statement, parameters)).rows
        return rows[0] if rows else None

    async def scalar(self, statement: Executable, **parameters: Any) -> Any:  # noqa: ANN401 - see above
        """Give the first column of the first row, or None."""
        row = await self.first(statement, **parameters)
        return None if row is None else row[0]

    async def _run(self, statement: Executable, parameters: Mapping[str, Any]) -> Outcome:
        if self._tenant is None:
            return await self._lease.execute(statement, parameters)
        if self._lease.guard.names_tenant(statement):
            parameters = {**parameters, TENANT_PARAMETER: self._tenant}
        return await self._lease.execute(statement, parameters)


class WriteSession(ReadSession):
    """A unit of work that changes something; whoever opened it commits it, never it itself."""

    def __init__(
        self,
        lease: "_Lease",
        *,
        organisation_key: int | None,
        now: datetime,
        sight: Sight = EVERYTHING,
    ) -> None:
        """Sessions are made by :class:`Database`."""
        super().__init__(lease, organisation_key=organisation_key, now=now, sight=sight)
        self._kept: dict[object, Any] = {}
        self._before_commit: list[Hook] = []
        self._after_commit: list[Hook] = []

    async def execute(self, statement: Executable, **parameters: Any) -> int:  # noqa: ANN401 - see above
        """Run an update or delete and tell how many rows it touched."""
        return (await self._run(statement, parameters)).row_count

    async def execute_each(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run an update or delete once for each set of bound values, in their order."""
        if not rows:
            return
        own: Mapping[str, Any] = {}
        if self._tenant is not None and self._lease.guard.names_tenant(statement):
            own = {TENANT_PARAMETER: self._tenant}
        await self._lease.execute(statement, [{**row, **own} for row in rows])

    async def insert(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Add rows; the organisation is filled in.

        The database works on it while the caller goes on; every later statement comes after it.
        What goes wrong is raised by the next one, or else by the commit.
        """
        if rows:
            await self._insert(table, rows)

    async def insert_values(self, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """Add rows, each of the values of these columns, as :meth:`insert` does."""
        if rows:
            await self._insert_values(table, columns, rows)

    async def _insert(
        self, table: Table, rows: Sequence[Mapping[str, Any]], meeting: Meeting | None = None
    ) -> Told:
        owner = TENANT_COLUMN if self._tenant is not None and is_tenant_table(table) else None
        columns = tuple(name for name in rows[0] if name != owner)
        values = [[row[name] for name in columns] for row in rows]
        return await self._insert_values(table, columns, values, meeting)

    async def _insert_values(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None = None
    ) -> Told:
        if self._tenant is not None and is_tenant_table(table):
            columns = (*columns, TENANT_COLUMN)
            rows = [(*row, self._tenant) for row in rows]
        return await self._lease.insert(table, columns, rows, meeting)

    async def insert_returning(
        self, table: Table, row: Mapping[str, Any], *columns: str
    ) -> Row[Any]:
        """Add one row and give columns of it, such as a key that the database numbered."""
        statement = insert(table).returning(*(table.c[name] for name in columns))
        outcome = await self._lease.execute(statement, self._owned(table, row))
        return outcome.rows[0]

    async def insert_or(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        key: Sequence[str],
        add: Sequence[str] = (),
        replace: Sequence[str] = (),
        columns: Sequence[str] = (),
    ) -> Told:
        """Add rows; where the key exists, add to the ``add`` columns, put the ``replace`` ones.

        Goes on at once, as :meth:`insert` does. What it gives, when awaited, tells ``columns`` of
        each row, as it is then, in no order; texts and numbers. No two of the rows may have one
        key.
        """
        if not rows:
            return _nothing_told()
        meeting = Meeting(tuple(key), tuple(add), tuple(replace), tuple(columns))
        return await self._insert(table, rows, meeting)

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        """Give keys for new rows of a table whose keys the database numbers, for :meth:`insert`.

        They are good until this transaction ends, and only where no row is added without one.
        """
        return await self._lease.allot(table, number) if number else ()

    def dialect_insert(self, table: Table) -> "postgresql.Insert | sqlite.Insert":
        """Begin an insert of this engine's kind, which knows ON CONFLICT."""
        return (
            postgresql.insert(table) if self.dialect_name == "postgresql" else sqlite.insert(table)
        )

    def keep(self, key: object, make: Callable[[], Kept]) -> Kept:
        """Give the object that this unit of work keeps under a key, made when first asked for."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Kept = self._kept[key]
        return kept

    def before_commit(self, hook: Hook) -> None:
        """Run something as the last thing inside the transaction."""
        self._before_commit.append(hook)

    def after_commit(self, hook: Hook) -> None:
        """Run something when the transaction is durable; it cannot undo it any more."""
        self._after_commit.append(hook)

    def act_for(self, organisation_key: int) -> "WriteSession":
        """Give a session of one organisation inside this transaction of the system's own."""
        if self._tenant is not None:
            message = "only the system acts for organisations"
            raise RuntimeError(message)
        session = WriteSession(self._lease, organisation_key=organisation_key, now=self.now)
        session._before_commit = self._before_commit
        session._after_commit = self._after_commit
        return session

    async def finish(self) -> None:
        """Run the hooks and commit; only whoever opened the session calls this."""
        for hook in self._before_commit:
            await hook()
        await self._lease.commit()
        for hook in self._after_commit:
            await hook()

    def _owned(self, table: Table, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._tenant is None or not is_tenant_table(table):
            return row
        return {**row, TENANT_COLUMN: self._tenant}


class Database:
    """The one way to reach rows: sessions, for one organisation or for the system itself."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Give out sessions of this engine, whose times are of this clock."""
        self._engine = engine
        self._clock = clock
        self._guard = _Guard()

    @asynccontextmanager
    async def read(
        self, organisation_key: int | None, sight: Sight = EVERYTHING
    ) -> AsyncIterator[ReadSession]:
        """Open a read-only session, which shows no more than the sight; None is the system."""
        now = self._clock.now()
        async with _Lease(self._engine, self._guard, writable=False) as lease:
            yield ReadSession(lease, organisation_key=organisation_key, now=now, sight=sight)

    @asynccontextmanager
    async def write(
        self, organisation_key: int | None, sight: Sight = EVERYTHING
    ) -> AsyncIterator[WriteSession]:
        """Open a session that is committed when its block ends without an error."""
        now = self._clock.now()
        async with _Lease(self._engine, self._guard, writable=True) as lease:
            session = WriteSession(lease, organisation_key=organisation_key, now=now, sight=sight)
            try:
                yield session
                await session.finish()
            except DBAPIError as error:
                if _is_a_race(error):
                    raise ConcurrentChangeError from error
                raise

    @property
    def dialect_name(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect_name

    def prepare(self, statement: ClauseElement, *, slots: int, is_steady: bool = False) -> Prepared:
        """Compile a statement of one organisation that has so many slots; see :class:`Prepared`.

        Raises:
            TenantGuardError: it would reach rows of other organisations.

        """
        return prepare(statement, self._engine.dialect_name, slots, is_steady=is_steady)

    async def ask(
        self, organisation_key: int, prepared: Prepared, values: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        """Run a prepared statement by itself, at one moment, and give its rows as the driver does.

        Raw rows are for whoever knows both drivers; everybody else opens a session.
        """
        parameters = prepared.parameters(values, organisation_key)
        return await self._engine.fetch(prepared.sql, parameters, keep_plan=prepared.is_steady)

    async def ping(self) -> None:
        """Ask the database for an answer, or raise."""
        async with self.read(None) as session:
            await session.scalar(text("SELECT 1"))

    async def close(self) -> None:
        """Give back every connection."""
        await self._engine.close()


def _is_a_race(error: DBAPIError) -> bool:
    """Recognise what only happens when two writers meet: a broken constraint, a deadlock."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return isinstance(error, IntegrityError) or state in _RACES


_RACES = frozenset({"40001", "40P01", "23505"})


class _Guard:
    """Checks each shape of statement once and remembers what it found."""

    def __init__(self) -> None:
        self._checked: dict[object, bool] = {}

    def names_tenant(self, statement: Executable) -> bool:
        """Refuse what is not bound to the organisation; tell whether there is anything to bind."""
        assert isinstance(statement, ClauseElement)  # noqa: S101 - every statement of Core is one
        cache_key = statement._generate_cache_key()  # noqa: SLF001 - SQLAlchemy keeps the same key for its own cache
        shape = None if cache_key is None else cache_key.key
        known = self._checked.get(shape) if shape is not None else None
        if known is not None:
            return known
        assert_tenant_bound(statement)
        found = names_tenant(statement)
        if shape is not None and len(self._checked) < REMEMBERED_STATEMENTS:
            self._checked[shape] = found
        return found


def _nothing_told() -> Told:
    told: asyncio.Future[Sequence[Row[Any]]] = asyncio.get_running_loop().create_future()
    told.set_result(())
    return told


class _Lease:
    """A transaction that is borrowed with the first statement and not before."""

    def __init__(self, engine: Engine, guard: _Guard, *, writable: bool) -> None:
        self._engine = engine
        self._writable = writable
        self._connection: Connection | None = None
        self._stack = AsyncExitStack()
        self.guard = guard

    @property
    def dialect_name(self) -> str:
        return self._engine.dialect_name

    async def execute(self, statement: Executable, parameters: Any) -> Outcome:  # noqa: ANN401 - see Parameters
        return await (await self._begun()).execute(statement, parameters)

    async def insert(
        self, table: Table, columns: Sequence[str], rows: Rows, meeting: Meeting | None
    ) -> Told:
        return await (await self._begun()).insert(table, columns, rows, meeting)

    async def allot(self, table: Table, number: int) -> Sequence[int]:
        return await (await self._begun()).allot(table, number)

    async def _begun(self) -> Connection:
        if self._connection is None:
            self._connection = await self._stack.enter_async_context(
                self._engine.transaction(writable=self._writable)
            )
        return self._connection

    async def commit(self) -> None:
        if self._connection is not None:
            await self._connection.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._stack.aclose()
