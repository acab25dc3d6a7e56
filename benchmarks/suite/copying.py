"""The limit of whatever makes documents: the very rows that it left, put in by the bare driver.

The rows of a folder's documents are read back and written once more for another binder of the same
organisation: into the same tables with the same indexes and triggers, among as many other rows,
with as many values, and as many documents in a transaction. Keys are numbered beforehand, and
nothing is checked, hashed or looked up; so the audit chain of an organisation that was measured is
none any more.
"""

import hashlib
import os
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg

from ringbinder.db.address import sqlite_path
from ringbinder.features.evidence.types import Counted

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by table."""

WRITERS: Final = 8
SMALL: Final = b"the bytes of a small file"

# Each table in the order in which rows go in, with the question for those of a folder.
QUESTIONS: Final = {
    "documents": "SELECT * FROM documents WHERE folder_key = {folder} ORDER BY key",
    "document_metadata": "SELECT * FROM document_metadata WHERE document_key IN ({keys})",
    "versions": "SELECT * FROM versions WHERE document_key IN ({keys})",
    "blobs": "SELECT DISTINCT b.* FROM blobs b JOIN versions v ON v.sha256 = b.sha256 AND"
    " v.organisation_key = b.organisation_key WHERE v.document_key IN ({keys})",
    "audit_events": "SELECT * FROM audit_events WHERE id IN ({events})",
    "audit_personal": "SELECT p.* FROM audit_personal p JOIN audit_events e ON e.sequence ="
    " p.sequence AND e.organisation_key = p.organisation_key WHERE e.id IN ({events})",
    "changes": "SELECT * FROM changes WHERE audit_event_id IN ({events})",
    "counters": "SELECT c.* FROM counters c JOIN (SELECT organisation_key, binder_key"
    " FROM documents WHERE folder_key = {folder} LIMIT 1) d"
    " ON d.organisation_key = c.organisation_key"
    " WHERE c.binder_key = d.binder_key OR c.binder_key = 0 AND EXISTS (SELECT 1 FROM counters o"
    " WHERE o.organisation_key = c.organisation_key AND o.binder_key = d.binder_key"
    " AND o.kind = c.kind + 1 AND o.value = c.value AND o.subject_key = c.subject_key)",
}
_PARTS: Final = {
    "keys": "SELECT key FROM documents WHERE folder_key = {folder}",
    # By its binder, or SQLite reads all changes of the organisation for each document.
    "events": "SELECT c.audit_event_id FROM documents d JOIN binders b ON b.key = d.binder_key"
    " JOIN changes c ON c.organisation_key = d.organisation_key AND c.binder_id = b.id"
    " AND c.document_id = d.id WHERE d.folder_key = {folder}",
}
_COUNTED: Final = ("organisation_key", "kind", "binder_key", "subject_key", "value")
_MOVE_ON: Final = (
    "UPDATE organisation_sequences SET change_sequence = change_sequence + {number},"
    " audit_sequence = audit_sequence + {number} WHERE organisation_key = {organisation}"
)

_LAST: Final = (
    "SELECT (SELECT max(key) FROM documents) AS document, audit_sequence AS event,"
    " change_sequence AS change FROM organisation_sequences"
    " WHERE organisation_key = {organisation}"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where copies go: the keys of a binder and a folder that are new, and of whose they are."""

    organisation: int
    binder: int
    folder: int


@dataclass(slots=True)
class Numbers:
    """The last ones that were given away."""

    document: int
    event: int
    change: int


class Driver(Protocol):
    """The bare driver of either engine."""

    async def ask(self, sql: str) -> list[Row]:
        """Give rows."""

    async def write(self, statements: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> None:
        """Run statements, each once for each set of values, in one transaction that is fsynced."""

    async def close(self) -> None:
        """Disconnect."""


async def connect(url: str) -> Driver:
    """Connect to a database as our own program does."""
    path = sqlite_path(url)
    return _Sqlite(path) if path is not None else _Postgres(await asyncpg.connect(url))


class _Sqlite:
    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("PRAGMA recursive_triggers = ON")
        self._connection.execute("PRAGMA secure_delete = ON")

    async def ask(self, sql: str) -> list[Row]:
        found = self._connection.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    async def write(self, statements: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            self._connection.executemany(sql, values)
        self._connection.execute("COMMIT")

    async def close(self) -> None:
        self._connection.close()


class _Postgres:
    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - the driver has no types
        self._connection = connection

    async def ask(self, sql: str) -> list[Row]:
        return [dict(row) for row in await self._connection.fetch(sql)]

    async def write(self, statements: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> None:
        async with self._connection.transaction():
            for sql, values in statements:
                await self._connection.executemany(sql, values)

    async def close(self) -> None:
        await self._connection.close()


async def read_rows(driver: Driver, folder: int) -> Rows:
    """Give all rows that the documents of a folder left."""
    parts = {name: sql.format(folder=folder) for name, sql in _PARTS.items()}
    return {
        name: await driver.ask(sql.format(folder=folder, **parts))
        for name, sql in QUESTIONS.items()
    }


async def last_numbers(driver: Driver, place: Place) -> Numbers:
    """Tell where the numbers of an organisation have come to."""
    (found,) = await driver.ask(_LAST.format(organisation=place.organisation))
    return Numbers(**found)


@dataclass(slots=True)
class Copier:
    """Makes new rows of old ones, and statements of new ones."""

    place: Place
    last: Numbers
    is_sqlite: bool
    _ids: dict[Any, Any] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    def lots(self, rows: Rows, size: int) -> list[list[tuple[str, list[list[Any]]]]]:
        """Give the statements of transactions of so many documents each."""
        return [self._statements(lot) for lot in self._split(rows, size)]

    def _split(self, rows: Rows, size: int) -> Iterator[Rows]:
        parts = _by_document(rows)
        for start in range(0, len(parts), size):
            some = parts[start : start + size]
            lot = {name: [row for part in some for row in part[name]] for name in QUESTIONS}
            lot["counters"] = [row | {"count": len(some)} for row in rows["counters"]]
            yield lot

    def _statements(self, lot: Rows) -> list[tuple[str, list[list[Any]]]]:
        keys = _numbered(lot["documents"], "key", behind=self.last.document)
        events = _numbered(lot["audit_events"], "sequence", behind=self.last.event)
        changes = _numbered(lot["audit_events"], "sequence", behind=self.last.change)
        self.last.document += len(keys)
        self.last.event += len(events)
        self.last.change += len(events)
        move_on = _MOVE_ON.format(number=len(events), organisation=self.place.organisation)
        statements: list[tuple[str, list[list[Any]]]] = [(move_on, [[]])]
        for name, rows in lot.items():
            sequence = changes if name == "changes" else events
            made = [self._copy(name, row, keys, sequence) for row in rows]
            if made:
                values = [list(row.values()) for row in made]
                statements.append((self._insert(name, list(made[0])), values))
        return statements

    def _copy(self, name: str, row: Row, keys: dict[int, int], sequence: dict[int, int]) -> Row:
        new = dict(row, organisation_key=self.place.organisation)
        for column in new.keys() & {"id", "document_id", "version_id", "audit_event_id"}:
            new[column] = self._id(row[column])
        if name == "documents":
            new["key"] = keys[row["key"]]
            new["latest_version_id"] = self._id(row["latest_version_id"])
        if "document_key" in new:
            new["document_key"] = keys[row["document_key"]]
        if "sequence" in new:
            new["sequence"] = sequence[new.pop("event_sequence", row["sequence"])]
        if "sha256" in new:
            new["sha256"] = self._digest(row["sha256"])
        if "storage_key" in new:
            new["storage_key"] = f"bare/{uuid.uuid4()}"
        if new.get("binder_key"):
            new["binder_key"] = self.place.binder
        if "folder_key" in new:
            new["folder_key"] = self.place.folder
        if name == "counters" and row["kind"] == Counted.FOLDER:
            new["subject_key"] = self.place.folder
        return new

    def _id(self, old: Any) -> Any:  # noqa: ANN401 - text or a GUID
        if old not in self._ids:
            new = uuid.uuid1()
            self._ids[old] = new.hex if self.is_sqlite else new
        return self._ids[old]

    def _digest(self, old: str) -> str:
        return self._digests.setdefault(old, secrets.token_hex(32))

    def _insert(self, name: str, columns: list[str]) -> str:
        places = ["?" if self.is_sqlite else f"${place}" for place in range(1, len(columns) + 1)]
        sql = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join(places)})"  # noqa: S608 - ours
        if name == "counters":
            sql += f" ON CONFLICT ({', '.join(_COUNTED)}) DO UPDATE SET"
            sql += " count = counters.count + excluded.count"
        return sql


def _numbered(rows: Sequence[Row], column: str, *, behind: int) -> dict[int, int]:
    return {row[column]: number for number, row in enumerate(rows, start=behind + 1)}


def _by_document(rows: Rows) -> list[Rows]:
    """Put the rows of each document together, in the order in which they were made."""
    parts: dict[int, Rows] = {
        row["key"]: {name: [] for name in QUESTIONS} for row in rows["documents"]
    }
    by_id = {row["id"]: row["key"] for row in rows["documents"]}
    events = {row["id"]: row["sequence"] for row in rows["audit_events"]}
    blobs = {row["sha256"]: row for row in rows["blobs"]}
    of_event: dict[int, int] = {}
    for row in rows["documents"]:
        parts[row["key"]]["documents"].append(row)
    for name in ("document_metadata", "versions"):
        for row in rows[name]:
            parts[row["document_key"]][name].append(row)
    for row in rows["versions"]:
        if blob := blobs.pop(row["sha256"], None):
            parts[row["document_key"]]["blobs"].append(blob)
    for row in rows["changes"]:
        number = events[row["audit_event_id"]]
        of_event[number] = by_id[row["document_id"]]
        parts[of_event[number]]["changes"].append(row | {"event_sequence": number})
    for name in ("audit_events", "audit_personal"):
        for row in rows[name]:
            parts[of_event[row["sequence"]]][name].append(row)
    return list(parts.values())


async def write_rows(driver: Driver, lots: Sequence[Any]) -> list[float]:
    """Write lots, each a transaction, and give the seconds that each took."""
    seconds = []
    for lot in lots:
        began = time.perf_counter()
        await driver.write(lot)
        seconds.append(time.perf_counter() - began)
    return seconds


async def write_rows_and_files(
    driver: Driver, lots: Sequence[Any], folder: Path, files: int
) -> float:
    """Write lots, and before each its files in a folder: hashed, fsynced, by threads."""
    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as threads:
        for number, lot in enumerate(lots):
            paths = [folder / f"{number}-{place}" for place in range(files)]
            list(threads.map(_write_file, paths))
            _sync(folder)
            await driver.write(lot)
    return time.perf_counter() - began


def _write_file(path: Path) -> None:
    hashlib.sha256(SMALL).hexdigest()
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(descriptor, SMALL)
    os.fsync(descriptor)
    os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
