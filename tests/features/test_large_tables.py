"""Whoever changes a document never reads all documents of an organisation.

Every statement that SQLite ran is explained: it is the engine that chooses a plan without looking
at the tables, so that an empty one tells what happens in a large one.
"""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy
from sqlalchemy import event

from ringbinder.features.imports.service import Importer
from ringbinder.features.imports.types import ImportOrder
from tests.factories.content import (
    Json,
    new_binder,
    new_document,
    new_element,
    new_folder,
    put_bytes,
)
from tests.support.databases import new_sqlite_url
from tests.support.watchers import Onlooker
from tests.support.world import Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

LARGE: Final = (
    "documents", "versions", "document_metadata", "blobs", "changes", "audit_events", "uploads",
)  # fmt: skip
_LARGE: Final = f"({'|'.join(LARGE)})"
READS_ALL: Final = re.compile(
    rf"SCAN {_LARGE}\b"
    rf"|SEARCH {_LARGE} USING (COVERING )?(INDEX \w+|PRIMARY KEY) \(organisation_key=\?\)$"
)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Give what SQLite is asked from now on, with its values."""
    asked: list[str] = []

    def listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(asked.append)

    event.listen(sqlalchemy.Engine, "connect", listen)
    yield asked
    event.remove(sqlalchemy.Engine, "connect", listen)


@pytest.fixture
async def traced(tmp_path: Path, statements: list[str]) -> AsyncIterator[tuple[World, str]]:
    url = new_sqlite_url(tmp_path)
    async with running_world(url, tmp_path) as world:
        yield world, url.removeprefix("sqlite:///")


async def test_no_change_reads_all_documents(
    traced: tuple[World, str], statements: list[str], tmp_path: Path
) -> None:
    world, database = traced
    house = await world.new_tenant()
    binder = await new_binder(house.admin)
    folder, other = [
        await new_folder(house.admin, binder, name) | {"binderId": binder["id"]}
        for name in ("A", "B")
    ]
    statements.clear()
    await change_everything(house, folder, other)
    await import_files(world, house, binder, files_in(tmp_path / "new files"))
    with sqlite3.connect(database) as connection:
        found = {plan for asked in set(statements) for plan in reads_all(connection, asked)}
    assert len(statements) > 100, "the listener hears nothing"
    assert not found, "\n".join(sorted(found))


async def change_everything(house: Tenant, folder: Json, other: Json) -> None:
    made = [(await new_document(house.creator, folder, f"{n}.pdf"))["document"] for n in range(3)]
    first = f"/documents/{made[0]['id']}"
    await new_document(house.creator, folder, "0.pdf", b"%PDF 2", conflictBehavior="newVersion")
    await new_document(house.creator, folder, "0.pdf", b"%PDF 3", conflictBehavior="rename")
    await several_at_once(house, folder)
    patches: tuple[Json, ...] = (
        {"fileName": "neu.pdf"},
        {"folderId": other["id"]},
        {"metadata": []},
    )
    for fields in patches:
        assert (await house.admin.patch(first, json=fields)).status_code == 200
    ids = [document["id"] for document in made]
    for change in ({"action": "move", "folderId": folder["id"]}, {"action": "delete"}):
        answer = await house.admin.post("/documents/bulk", json={"documentIds": ids} | change)
        assert answer.status_code == 200, answer.text
    assert (await house.admin.post(f"{first}/restore")).status_code == 200
    await relabel(house, folder)


async def relabel(house: Tenant, folder: Json) -> None:
    """Change the label of a value that documents have, which stands in their versions, too."""
    binder = {"id": folder["binderId"]}
    listed = await new_element(
        house.admin, binder, "Hus", dataType="Enumerated", values=[{"label": "Norra"}]
    )
    value = listed["values"][0]["valueId"]
    having = [{"metadataElementId": "Hus", "valueId": value}]
    await new_document(house.creator, folder, "Hus.pdf", metadata=having)
    path = f"/binders/{binder['id']}/metadataelements/Hus"
    body = {"values": [{"valueId": value, "label": "Norra huset"}]}
    assert (await house.admin.patch(path, json=body)).status_code == 200


async def several_at_once(house: Tenant, folder: Json) -> None:
    wanted = [
        {"binderId": folder["binderId"], "folderId": folder["id"], "fileName": name, "size": 4}
        for name in "abcdefghijklmnopqrst"
    ]
    answer = await house.creator.post("/documents/uploads/batch", json={"uploads": wanted})
    uploads = [result["upload"] for result in answer.json()["results"]]
    for upload in uploads:
        await put_bytes(house.creator.http, upload, b"abcd")
    ids = [upload["uploadId"] for upload in uploads]
    done = await house.creator.post("/documents/uploads/batch/commit", json={"uploadIds": ids})
    assert done.status_code == 200, done.text


def files_in(folder: Path) -> Path:
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(str(number))
    return folder


async def import_files(world: World, house: Tenant, binder: Json, folder: Path) -> None:
    importer = Importer(world.parts.database, world.parts.uploads)
    order = ImportOrder(folder=folder, binder_id=binder["id"])
    for _ in range(2):
        await importer.run(house.operator, order, Onlooker())


def reads_all(connection: sqlite3.Connection, asked: str) -> Iterator[str]:
    """Give the steps of a statement that would read all of a large table."""
    if not re.match(r"\s*(WITH|SELECT|UPDATE|DELETE)\b", asked):
        return
    for row in connection.execute(f"EXPLAIN QUERY PLAN {asked}"):
        if READS_ALL.search(row[3]):
            yield f"{row[3]}: {asked}"
