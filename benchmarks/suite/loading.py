"""Load a library into an empty database of either engine, through the bare driver, in key order.

Secondary indexes are laid aside meanwhile and made again afterwards, as one does with so much.
"""

import asyncio
import hashlib
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg

from benchmarks.suite.library import (
    BINDERS,
    BORN,
    CUSTOM,
    FOLDERS_OF_TAB,
    KEYS,
    LISTED,
    SETTABLE,
    TABS,
    TYPES,
    Entry,
    Library,
)
from ringbinder.app import make_engine
from ringbinder.db.address import sqlite_path
from ringbinder.db.migrate import upgrade
from ringbinder.db.sessions import Database
from ringbinder.features.organisations import service as organisations
from ringbinder.kit.clock import SystemClock
from ringbinder.kit.collation import sort_key
from ringbinder.kit.names import comparison_key

Row = dict[str, Any]
NUMBERED: Final = ("binders", "folders", "documents")


class Loader(Protocol):
    """Where rows go."""

    async def begin(self) -> None:
        """Lay the secondary indexes aside."""

    async def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows."""

    async def end(self) -> None:
        """Make the indexes again, and what planners want to know."""


async def load(url: str, library: Library) -> None:
    """Make the tables, one organisation, and its documents."""
    began = time.monotonic()
    await asyncio.to_thread(upgrade, url)
    organisation_key = await _make_organisation(url)
    path = sqlite_path(url)
    loader: Loader = PostgresLoader(url) if path is None else SqliteLoader(path)
    await loader.begin()
    for table, rows in _places(library):
        await _add(loader, organisation_key, table, rows)
    entries: dict[int, list[Entry]] = {key.number: [] for key in KEYS}
    done = 0
    for chunk in library.chunks():
        await _add(loader, organisation_key, "documents", chunk.documents)
        await _add(loader, organisation_key, "blobs", _blobs(chunk.documents))
        await _add(loader, organisation_key, "versions", map(_version, chunk.documents))
        for number, more in chunk.entries.items():
            entries[number] += more
        done += len(chunk.documents)
        _say(f"documents {done:,} of {library.size:,}", began)
    for number in sorted(entries):
        found = entries.pop(number)
        found.sort()
        columns = ("organisation_key", "element_key", "value", "binder_key", "document_key")
        await loader.add(
            "document_metadata", columns, ((organisation_key, number, *row) for row in found)
        )
        _say(f"values of element {number}: {len(found):,}", began)
    await _add(loader, organisation_key, "counters", _counters(library))
    await loader.end()
    _say("indexes and statistics", began)


def _say(what: str, began: float) -> None:
    print(f"  {time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)


async def _make_organisation(url: str) -> int:
    database = Database(make_engine(url), SystemClock())
    made = await organisations.create_organisation(
        database, name="Benchmark", api_clients_enabled=True
    )
    await database.close()
    return made.key


async def _add(loader: Loader, organisation_key: int, table: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        columns = ("organisation_key", *listed[0])
        await loader.add(table, columns, ((organisation_key, *row.values()) for row in listed))


def _counters(library: Library) -> Iterator[Row]:
    for (kind, binder_key, subject_key, value), count in sorted(library.counters.items()):
        yield {
            "kind": kind,
            "binder_key": binder_key,
            "subject_key": subject_key,
            "value": value,
            "count": count,
        }


def _version(document: Row) -> Row:
    return {
        "id": document["latest_version_id"],
        "document_key": document["key"],
        "number": 1,
        "label": document["version_label"],
        "status": document["status"],
        "file_name": document["file_name"],
        "size_bytes": 4096,
        "content_type": "application/pdf",
        "sha256": _digest(document),
        "created_at": document["created_at"],
        "created_by_id": document["created_by_id"],
        "created_by_name": document["created_by_name"],
        "metadata_json": document["metadata_json"],
    }


def _blobs(documents: Iterable[Row]) -> Iterator[Row]:
    """Give each document bytes of its own, which lie all over the index, as real digests do."""
    for digest in sorted(map(_digest, documents)):
        yield {
            "sha256": digest,
            "size_bytes": 4096,
            "storage_key": f"benchmark/{digest}",
            "created_at": BORN,
            "referenced_at": BORN,
        }


def _digest(document: Row) -> str:
    return hashlib.sha256(str(document["key"]).encode()).hexdigest()


def _places(library: Library) -> Iterator[tuple[str, list[Row]]]:
    yield "binders", [_binder(library, key) for key in range(1, BINDERS + 1)]
    yield (
        "metadata_keys",
        [
            {"element_key": key.number, "metadata_element_id": key.id, "data_type": str(key.type)}
            for key in CUSTOM
        ],
    )
    yield (
        "metadata_elements",
        [
            {
                "binder_key": binder_key,
                "element_key": key.number,
                "metadata_element_id": key.id,
                "data_type": str(key.type),
                "label": key.id,
                "labels": "{}",
                "is_required": False,
                "is_multi_value": False,
                "position": key.number,
                "retired_at": None,
            }
            for binder_key in range(1, BINDERS + 1)
            for key in SETTABLE
        ],
    )
    yield (
        "metadata_values",
        [
            {
                "binder_key": binder_key,
                "element_key": key.number,
                "value_id": value.index,
                "label": value.label,
                "labels": "{}",
                "position": position,
                "retired_at": None,
            }
            for binder_key in range(1, BINDERS + 1)
            for key in LISTED
            for position, value in enumerate(key.values)
        ],
    )
    yield "folders", list(_folders(library))


def _binder(library: Library, key: int) -> Row:
    name = f"Projekt {key:03}"
    return {
        "key": key,
        "id": library.binder_id(key),
        "name": name,
        "sort_name": sort_key(name),
        "type": "project",
        "state": "active",
        "description": None,
        "colour": None,
        "created_at": BORN,
        "created_by_id": None,
        "created_by_name": "Benchmark",
        "updated_at": BORN,
        "revision": 1,
        "deleted_at": None,
    }


def _folders(library: Library) -> Iterator[Row]:
    key = 0
    for binder_key in range(1, BINDERS + 1):
        for tab in range(TABS):
            parent = None
            for place in range(FOLDERS_OF_TAB):
                key += 1
                name = f"Flik {tab}" if parent is None else f"Mapp {tab}.{place}"
                yield {
                    "key": key,
                    "id": library.folder_id(key),
                    "binder_key": binder_key,
                    "parent_key": parent,
                    "name": name,
                    "name_key": comparison_key(name),
                    "sort_name": sort_key(name),
                    "type": TYPES[tab % len(TYPES)],
                    "position": tab if parent is None else place,
                    "created_at": BORN,
                    "updated_at": BORN,
                    "revision": 1,
                    "deleted_at": None,
                }
                parent = key - place


class SqliteLoader:
    """One connection that trusts the machine not to fail, since the file can be made again."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._aside: list[str] = []

    async def begin(self) -> None:
        run = self._connection.execute
        for pragma in ("synchronous = OFF", "cache_size = -400000", "foreign_keys = OFF"):
            run(f"PRAGMA {pragma}")
        rows = run(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_documents%'"
        ).fetchall()
        for name, sql in rows:
            run(f"DROP INDEX {name}")
            self._aside.append(sql)
        triggers = run(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'documents'"
        ).fetchall()
        for name, sql in triggers:
            run(f"DROP TRIGGER {name}")
            self._aside.append(sql)

    async def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(columns))
        self._connection.execute("BEGIN")
        self._connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - ours
            (tuple(map(_plain, row)) for row in rows),
        )
        self._connection.execute("COMMIT")

    async def end(self) -> None:
        for sql in self._aside:
            self._connection.execute(sql)
        self._connection.execute("INSERT INTO document_names (document_names) VALUES ('rebuild')")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any column
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


class PostgresLoader:
    """COPY through the bare driver."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._indexes: list[str] = []

    async def begin(self) -> None:
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute("SET session_replication_role = replica")
        await self._connection.execute("SET maintenance_work_mem = '1GB'")
        rows = await self._connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix_documents%'"
        )
        for row in rows:
            await self._connection.execute(f"DROP INDEX {row['indexname']}")
            self._indexes.append(row["indexdef"])

    async def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        await self._connection.copy_records_to_table(table, columns=columns, records=rows)

    async def end(self) -> None:
        for definition in self._indexes:
            await self._connection.execute(definition)
        for table in NUMBERED:
            await self._connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'key'), max(key)) FROM {table}"  # noqa: S608 - ours
            )
        await self._connection.execute("VACUUM ANALYZE")
        await self._connection.close()
