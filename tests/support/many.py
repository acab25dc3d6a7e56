"""More documents than anybody would upload in a test: one of them, copied inside the database."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from ringbinder.kit.collation import sort_key
from ringbinder.kit.ids import new_guid
from ringbinder.kit.names import comparison_key

Row = dict[str, Any]


def multiply(database: Path, document_id: UUID, times: int) -> None:
    """Copy a document's row, its place in the index, and its counters, on SQLite."""
    with sqlite3.connect(database, timeout=60) as connection:
        connection.row_factory = sqlite3.Row
        ids = (str(document_id), document_id.hex)
        original = dict(
            connection.execute("select * from documents where id in (?, ?)", ids).fetchone()
        )
        entries = connection.execute(
            "select * from document_metadata where document_key = ?", (original["key"],)
        ).fetchall()
        first = connection.execute("select max(key) + 1 from documents").fetchone()[0]
        _insert(connection, "documents", (_copy(original, first, n) for n in range(times)))
        _insert(
            connection,
            "document_metadata",
            (dict(entry) | {"document_key": first + n} for entry in entries for n in range(times)),
        )
        connection.execute(
            "update counters set count = count + ? where organisation_key = ? and count > 0",
            (times, original["organisation_key"]),
        )


def _copy(original: Row, first: int, number: int) -> Row:
    name = f"A-{number // 1000:02}.{number % 1000:03} Plan {number}.pdf"
    guid = new_guid()
    return original | {
        "key": first + number,
        "id": str(guid) if "-" in original["id"] else guid.hex,
        "file_name": name,
        "name_key": comparison_key(name),
        "sort_name": sort_key(name),
    }


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    iterator = iter(rows)
    first = next(iterator)
    names, marks = ", ".join(first), ", ".join("?" for _ in first)
    statement = f"insert into {table} ({names}) values ({marks})"  # noqa: S608 - names of our own
    connection.execute(statement, tuple(first.values()))
    connection.executemany(statement, (tuple(row.values()) for row in iterator))
