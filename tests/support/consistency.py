"""What must hold in every database and store, whatever happened before."""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ringbinder.adapters.storage import ObjectStore
from ringbinder.db.sessions import Database, ReadSession
from ringbinder.features.evidence.types import Counted
from ringbinder.features.metadata.rules.values import index_value
from ringbinder.features.metadata.types import GLOBAL_KEYS, DataType
from ringbinder.kit.collation import sort_key
from ringbinder.kit.names import comparison_key

# Each counts what must not be there. Plain SQL, so that it does not lean on the code under test.
NEVER = {
    "versions without a blob": """
        SELECT count(*) FROM versions v LEFT JOIN blobs b USING (organisation_key, sha256)
        WHERE b.storage_key IS NULL""",
    "versions with another size than their blob": """
        SELECT count(*) FROM versions v JOIN blobs b USING (organisation_key, sha256)
        WHERE b.size_bytes <> v.size_bytes""",
    "waiting uploads whose bytes are gone": """
        SELECT count(*) FROM uploads u LEFT JOIN blobs b
            ON b.organisation_key = u.organisation_key AND b.sha256 = u.received_sha256
        WHERE u.state = 'received' AND b.storage_key IS NULL""",
    "committed uploads without an answer": """
        SELECT count(*) FROM uploads WHERE (state = 'committed') <> (answer_json IS NOT NULL)""",
    "documents whose versions are not numbered 1 to their latest": """
        SELECT count(*) FROM documents d WHERE d.latest_version_number <> (
            SELECT count(*) FROM versions v WHERE v.document_key = d.key)
        OR d.latest_version_number <> (
            SELECT max(v.number) FROM versions v WHERE v.document_key = d.key)""",
    "documents without their latest version": """
        SELECT count(*) FROM documents d WHERE NOT EXISTS (
            SELECT 1 FROM versions v WHERE v.id = d.latest_version_id
            AND v.document_key = d.key AND v.number = d.latest_version_number)""",
    "versions without exactly one change": """
        SELECT count(*) FROM versions v WHERE 1 <> (
            SELECT count(*) FROM changes c WHERE c.version_id = v.id AND c.type IN
            ('document.created', 'document.version_created', 'document.copied'))""",
    "changes of versions that do not exist": """
        SELECT count(*) FROM changes c JOIN documents d ON d.id = c.document_id
        WHERE c.version_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM versions v WHERE v.id = c.version_id)""",
    "changes without their audit event": """
        SELECT count(*) FROM changes c WHERE NOT EXISTS (
            SELECT 1 FROM audit_events e WHERE e.id = c.audit_event_id)""",
    "objects given up that a blob still has": """
        SELECT count(*) FROM storage_deletions s JOIN blobs b ON b.storage_key = s.storage_key""",
}
_SEQUENCES = {
    "changes": "change_sequence",
    "audit_events": "audit_sequence",
}


FORGOTTEN = ("changes has gaps", "versions without exactly one change")
"""What is as it should be once changes were kept long enough."""


async def database_problems(database: Database, *, forgets: bool = False) -> list[str]:
    """Name everything that is wrong between the rows of a database.

    ``forgets`` says that changes may have been dropped at the end of their time.
    """
    async with database.read(None) as session:
        problems = [found async for found in _database_problems(session)]
    if forgets:
        return [problem for problem in problems if not any(each in problem for each in FORGOTTEN)]
    return problems


async def _database_problems(session: ReadSession) -> AsyncIterator[str]:
    if session.dialect_name == "sqlite":
        verdict = await session.scalar(text("PRAGMA integrity_check"))
        if verdict != "ok":
            yield f"PRAGMA integrity_check: {verdict}"
    for what, statement in NEVER.items():
        count = await session.scalar(text(statement))
        if count:
            yield f"{count} {what}"
    for table, column in _SEQUENCES.items():
        async for gap in _gaps(session, table, column):
            yield gap
    counted, expected = await _counted(session), await _recounted(session)
    for key in sorted(counted.keys() | expected.keys()):
        if counted[key] != expected[key]:
            yield f"counter {key} is {counted[key]}, but there are {expected[key]}"
    async for problem in _index_problems(session):
        yield problem


async def _gaps(session: ReadSession, table: str, column: str) -> AsyncIterator[str]:
    statement = f"""
        SELECT s.organisation_key, s.{column} AS last, count(t.sequence) AS number,
            coalesce(max(t.sequence), 0) AS highest, coalesce(min(t.sequence), 0) AS lowest
        FROM organisation_sequences s LEFT JOIN {table} t
            ON t.organisation_key = s.organisation_key
        GROUP BY s.organisation_key, s.{column}"""  # noqa: S608 - the names are ours
    for row in await session.all(text(statement)):
        if not row.last == row.number == row.highest or row.lowest != min(row.last, 1):
            yield f"{table} has gaps: {row.number} rows from {row.lowest} to {row.highest}"


CounterOf = tuple[int, int, int, int, str]
"""Organisation, kind, binder, subject, value."""


async def _counted(session: ReadSession) -> Counter[CounterOf]:
    rows = await session.all(
        text("""SELECT organisation_key, kind, binder_key, subject_key, value,
            count AS number FROM counters""")
    )
    return Counter(
        {(r.organisation_key, r.kind, r.binder_key, r.subject_key, r.value): r.number for r in rows}
    )


async def _recounted(session: ReadSession) -> Counter[CounterOf]:
    """Count again from the documents' metadata as clients see it."""
    elements = {name: key.key for name, key in GLOBAL_KEYS.items()}
    known = "SELECT metadata_element_id, element_key FROM metadata_keys"
    for row in await session.all(text(known)):
        elements[row.metadata_element_id] = row.element_key
    counts: Counter[CounterOf] = Counter()
    alive = """SELECT organisation_key, binder_key, folder_key, metadata_json
        FROM documents WHERE deleted_at IS NULL"""
    for row in await session.all(text(alive)):
        organisation, binder, folder = row.organisation_key, row.binder_key, row.folder_key
        counts[organisation, Counted.ORGANISATION, 0, 0, ""] += 1
        counts[organisation, Counted.BINDER, binder, 0, ""] += 1
        counts[organisation, Counted.FOLDER, binder, folder, ""] += 1
        for name, value in {_counted_value(item) for item in json.loads(row.metadata_json)}:
            if value is not None:
                subject = elements[name]
                counts[organisation, Counted.VALUE, 0, subject, value] += 1
                counts[organisation, Counted.VALUE_IN_BINDER, binder, subject, value] += 1
    return counts


def _counted_value(item: dict[str, Any]) -> tuple[str, str | None]:
    """Give the value as counters have it; None for a key that is not counted."""
    value = item["valueId"]
    if value is None and isinstance(item["value"], bool):
        value = "1" if item["value"] else "0"
    return item["metadataElementId"], value


async def _index_problems(session: ReadSession) -> AsyncIterator[str]:
    """Compare the rows by which documents are found with their names and their metadata."""
    rows = await session.all(text("SELECT * FROM document_metadata"))
    found = {
        (r.organisation_key, r.element_key, r.value, r.binder_key, r.document_key) for r in rows
    }
    expected = await _expected_entries(session)
    for entry in sorted(found - expected):
        yield f"index entry {entry} is there, but its document has no such value"
    for entry in sorted(expected - found):
        yield f"index entry {entry} is missing"
    for row in await session.all(text("SELECT key, file_name, name_key, sort_name FROM documents")):
        if (row.name_key, row.sort_name) != (
            comparison_key(row.file_name),
            sort_key(row.file_name),
        ):
            yield f"document {row.key} is found by another name than {row.file_name}"


async def _expected_entries(session: ReadSession) -> set[tuple[int, int, str, int, int]]:
    keys = {(None, name): (key.key, key.data_type) for name, key in GLOBAL_KEYS.items()}
    for row in await session.all(text("SELECT * FROM metadata_keys")):
        own = (row.organisation_key, row.metadata_element_id)
        keys[own] = (row.element_key, DataType(row.data_type))
    expected = set()
    for row in await session.all(text("SELECT * FROM documents WHERE deleted_at IS NULL")):
        for item in json.loads(row.metadata_json):
            name = item["metadataElementId"]
            own = (None if name in GLOBAL_KEYS else row.organisation_key, name)
            element_key, data_type = keys[own]
            value = index_value(data_type, item["valueId"], item["value"])
            expected.add((row.organisation_key, element_key, value, row.binder_key, row.key))
    return expected


async def storage_problems(
    database: Database, storage: ObjectStore, *, read_all: bool = False
) -> list[str]:
    """Name the blobs without their object; with ``read_all`` also those whose bytes are others."""
    async with database.read(None) as session:
        rows = await session.all(text("SELECT sha256, size_bytes, storage_key FROM blobs"))
    problems = []
    for row in rows:
        found = await storage.stat(row.storage_key)
        if found is None or found.size_bytes != row.size_bytes:
            problems.append(f"blob {row.sha256} has no object of {row.size_bytes} bytes: {found}")
        elif read_all and await digest_of(storage, row.storage_key) != row.sha256:
            problems.append(f"the object of blob {row.sha256} has other bytes")
    return problems


async def digest_of(storage: ObjectStore, key: str) -> str:
    """Read an object and give its SHA-256."""
    digest = hashlib.sha256()
    async for piece in storage.read(key):
        digest.update(piece)
    return digest.hexdigest()


async def committed_uploads(database: Database) -> int:
    """Count the uploads whose commit can be seen."""
    async with database.read(None) as session:
        statement = text("SELECT count(*) FROM uploads WHERE state = 'committed'")
        number: int = await session.scalar(statement)
    return number


async def version_ids(database: Database) -> set[UUID]:
    """Give the ids of all versions."""
    async with database.read(None) as session:
        rows = await session.all(text("SELECT id FROM versions"))
    return {UUID(str(row.id)) for row in rows}
