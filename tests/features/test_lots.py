"""Many files in one transaction come to what each would come to alone, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from ringbinder.app import make_engine
from ringbinder.features.documents.types import ConflictBehavior
from ringbinder.features.imports.service import Importer, lots
from ringbinder.features.imports.types import FileReport, FoundFile, ImportOrder
from ringbinder.features.imports.types import Outcome as FileOutcome
from ringbinder.features.metadata.types import (
    GLOBAL_DATE,
    GLOBAL_STATUS,
    GLOBAL_VERSION,
    GivenValue,
    Scalar,
)
from ringbinder.features.uploads.types import NewUpload
from ringbinder.kit.errors import RingbinderError
from tests.factories.content import Json, sha256
from tests.factories.places import add_element, new_place
from tests.fakes.engines import BrokenDiskError, FailingEngine
from tests.support.consistency import database_problems, storage_problems
from tests.support.streams import stream
from tests.support.watchers import Onlooker
from tests.support.world import Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

Outcome = tuple[str, int] | str
"""Name and number of the version that was made, or the code of the error."""

COMPARED = (
    "documents",
    "document_metadata",
    "versions",
    "blobs",
    "counters",
    "changes",
    "audit_events",
    "audit_personal",
)
VARYING = ("id", "key", "at", "hash", "salt", "commitment", "sequence", "previous_hash")
"""What the names of columns end with whose values differ each time."""


@dataclass(frozen=True)
class Site:
    """A folder with a document, one more in the trash, and a schema."""

    world: World
    tenant: Tenant
    place: Json
    document_id: UUID
    trashed_id: UUID
    title: str

    def wanted(
        self, name: str, content: str, *given: tuple[str, Scalar], **fields: Any
    ) -> tuple[NewUpload, bytes]:
        data = content.encode()
        values = tuple(GivenValue(key, None, value, path="metadata") for key, value in given)
        common: dict[str, Any] = {
            "binder_id": self.place["binderId"],
            "folder_id": UUID(self.place["id"]),
            "file_name": name,
            "size_bytes": len(data),
            "given": values,
        }
        return NewUpload(**common | fields), data

    def errands(self) -> list[tuple[NewUpload, bytes]]:
        """Name what meets each other in every way that there is."""
        rename = {"conflict_behavior": ConflictBehavior.RENAME}
        fail = {"conflict_behavior": ConflictBehavior.FAIL}
        status, date = (GLOBAL_STATUS, "Bygghandling"), (GLOBAL_DATE, "2024-01-15")
        return [
            self.wanted("a.txt", "first", status, (self.title, "Plan ett")),
            self.wanted("A.TXT", "second", (GLOBAL_VERSION, "B")),
            self.wanted("a.txt", "third", **rename),
            self.wanted("a.txt", "fourth", **rename),
            self.wanted("a (2).txt", "fifth", **fail),
            self.wanted("b.txt", "sixth", status, date, (self.title, "Plan två"), **fail),
            self.wanted("b.txt", "seventh", **fail),
            self.wanted("c.txt", "eighth", (GLOBAL_DATE, "yesterday")),
            self.wanted("c.txt", "first"),
            self.wanted("d.txt", "ninth", folder_id=uuid4()),
            self.wanted("e.txt", "tenth", document_id=self.document_id, **fail),
            self.wanted("old.txt", "eleventh", **fail),
            self.wanted("e.txt", "twelfth", status, document_id=self.document_id, **fail),
            self.wanted("f.txt", "thirteenth", document_id=self.trashed_id),
            self.wanted("g.txt", "fourteenth", document_id=uuid4()),
            self.wanted("b.txt", "fifteenth", document_id=self.document_id),
            self.wanted("å.txt", ""),
        ]

    async def one_by_one(self) -> list[Outcome]:
        outcomes: list[Outcome] = []
        uploads, actor = self.world.parts.uploads, self.tenant.operator
        for wanted, data in self.errands():
            try:
                answer = await uploads.store(actor, wanted, stream(data))
            except RingbinderError as error:
                outcomes.append(error.code)
            else:
                outcomes.append(await self.version(answer.version_id))
        return outcomes

    async def at_once(self) -> list[Outcome]:
        uploads, outcomes = self.world.parts.uploads, list[Outcome]()
        kept = await uploads.keep_whole(
            [(wanted, data, sha256(data)) for wanted, data in self.errands()]
        )
        key = self.tenant.organisation.key
        async with self.world.parts.database.write(key) as session:
            made = await uploads.put_all(session, self.tenant.operator, kept)
        for deposited in made:
            if deposited.version is None:
                assert deposited.error is not None
                outcomes.append(deposited.error.code)
            else:
                outcomes.append((deposited.version.file_name, deposited.version.number))
        return outcomes

    async def version(self, version_id: UUID) -> tuple[str, int]:
        (row,) = await self._rows("versions", f"id = '{self._written(version_id)}'")
        return row["file_name"], row["number"]

    def _written(self, guid: UUID) -> str:
        dialect = self.world.parts.database.dialect_name
        return guid.hex if dialect == "sqlite" else str(guid)

    async def remains(self) -> dict[str, Sequence[str]]:
        """Give all that is left in the tables, but for what differs each time."""
        chosen = dict.fromkeys(COMPARED, "true")
        chosen["audit_events"] = "action LIKE '%:document:%'"
        chosen["audit_personal"] = (
            "sequence IN (SELECT e.sequence FROM audit_events e WHERE e.action LIKE "
            "'%:document:%' AND e.organisation_key = audit_personal.organisation_key)"
        )
        return {
            name: sorted(str(_lasting(row)) for row in await self._rows(name, condition))
            for name, condition in chosen.items()
        }

    async def _rows(self, table: str, condition: str) -> list[dict[str, Any]]:
        statement = f"SELECT * FROM {table} WHERE organisation_key = :key AND {condition}"  # noqa: S608 - all of it is ours
        async with self.world.parts.database.read(None) as session:
            key = self.tenant.organisation.key
            rows = await session.all(text(statement).bindparams(key=key))
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented way


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if not name.endswith(VARYING) or name in {"element_key", "name_key"}
    }


async def new_site(world: World) -> Site:
    tenant = await world.new_tenant()
    place = await new_place(world, tenant)
    title = await add_element(world, tenant, place, "Titel")
    bare = Site(world, tenant, place, uuid4(), uuid4(), title)
    made = [
        await world.parts.uploads.store(tenant.operator, wanted, stream(data))
        for wanted, data in (bare.wanted("old.txt", "old"), bare.wanted("gone.txt", "gone"))
    ]
    document_id, trashed_id = (answer.document_id for answer in made)
    assert (await tenant.admin.delete(f"/documents/{trashed_id}")).status_code == 200
    return replace(bare, document_id=document_id, trashed_id=trashed_id)


async def test_a_lot_leaves_what_its_files_would_leave_one_by_one(world: World) -> None:
    single, several = await new_site(world), await new_site(world)
    outcomes = await single.one_by_one()
    assert outcomes == [
        ("a.txt", 1),
        ("A.TXT", 2),
        ("a (2).txt", 1),
        ("a (3).txt", 1),
        "document.name_taken",
        ("b.txt", 1),
        "document.name_taken",
        "request.invalid",
        ("c.txt", 1),
        "folder.not_found",
        ("e.txt", 2),
        ("old.txt", 1),
        ("e.txt", 3),
        "document.in_trash",
        "document.not_found",
        "document.name_taken",
        ("å.txt", 1),
    ]
    assert await several.at_once() == outcomes
    expected, found = await single.remains(), await several.remains()
    # What was refused before its bytes came has left none; a lot's are swept after the grace.
    known = set(expected["blobs"])
    assert known <= set(found["blobs"])
    assert found | {"blobs": expected["blobs"]} == expected
    assert await database_problems(world.parts.database) == []
    assert await storage_problems(world.parts.database, world.parts.storage) == []


async def test_equal_contents_of_a_lot_are_kept_once(world: World) -> None:
    site = await new_site(world)
    uploads, storage = world.parts.uploads, world.parts.storage
    before = {found.key async for found in storage.list_objects("")}
    same = (site.wanted(f"{number}.txt", "same") for number in range(3))
    kept = await uploads.keep_whole([(wanted, data, sha256(data)) for wanted, data in same])
    async with world.parts.database.write(site.tenant.organisation.key) as session:
        made = await uploads.put_all(session, site.tenant.operator, kept)
    assert all(deposited.error is None for deposited in made)
    assert len({found.key async for found in storage.list_objects("")} - before) == 3
    await world.parts.sweeper.delete_given_up()
    assert len({found.key async for found in storage.list_objects("")} - before) == 1
    assert await storage_problems(world.parts.database, storage) == []


class Saboteur(Onlooker):
    """Lets the next statement fail once the first lot is written."""

    def __init__(self, engine: FailingEngine) -> None:
        super().__init__()
        self._engine = engine
        self._finished = 0

    def finished(self, file: FoundFile | None, report: FileReport) -> None:
        super().finished(file, report)
        self._finished += 1
        if self._finished == lots.FIRST_FILES:
            self._engine.fails_at = self._engine.statements + 1


async def test_nothing_is_written_behind_a_lot_that_failed(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number:03}.txt").write_text(str(number))
    engine = FailingEngine(make_engine(database_url))
    async with running_world(database_url, tmp_path / "data", engine=engine) as world:
        tenant = await world.new_tenant()
        place = await new_place(world, tenant)
        importer = Importer(world.parts.database, world.parts.uploads)
        order = ImportOrder(folder=folder, binder_id=place["binderId"])
        with pytest.raises(BrokenDiskError):
            await importer.run(tenant.operator, order, Saboteur(engine))
        report = await importer.run(tenant.operator, order, Onlooker())
        assert report.counts[FileOutcome.SKIPPED] == lots.FIRST_FILES
        assert report.counts[FileOutcome.ADDED] == 400 - lots.FIRST_FILES
        assert await database_problems(world.parts.database) == []
