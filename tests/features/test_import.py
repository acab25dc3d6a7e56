"""Imports of folders: what becomes of each file, again and again."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ringbinder.features.binders.errors import BinderArchivedError, BinderNotFoundError
from ringbinder.features.binders.types import BinderState
from ringbinder.features.imports.errors import FolderUnreadableError, RegisterUnreadableError
from ringbinder.features.imports.service import Importer
from ringbinder.features.imports.types import ImportOrder, ImportReport, Outcome
from ringbinder.features.metadata.types import DataType
from tests.factories.content import Json, fetch, sha256
from tests.factories.places import add_element, new_place, set_binder_state
from tests.support.consistency import database_problems
from tests.support.watchers import Onlooker
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
HEAD = "path,tab,category,status,revision,revision_date,document_date,title"


class Site:
    """A binder to import into, and a folder to import from."""

    def __init__(self, world: World, tenant: Tenant, place: Json, folder: Path) -> None:
        self.world = world
        self.tenant = tenant
        self.place = place
        self.folder = folder

    @property
    def binder_id(self) -> str:
        binder_id: str = self.place["binderId"]
        return binder_id

    def write(self, path: str, content: str = "x") -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        return file

    def register(self, *rows: str, head: str = HEAD) -> Path:
        path = self.folder.parent / "register.csv"
        path.write_text("\n".join([head, *rows]))
        return path

    async def run(self, watcher: Onlooker | None = None, **order: Any) -> ImportReport:
        importer = Importer(self.world.parts.database, self.world.parts.uploads)
        wanted: dict[str, Any] = {"folder": self.folder, "binder_id": self.binder_id} | order
        return await importer.run(
            self.tenant.operator, ImportOrder(**wanted), watcher or Onlooker()
        )

    async def tree(self) -> dict[str, Json]:
        """Give every document by its path in the binder."""
        return await tree(self.tenant.reader, self.binder_id)

    async def rows(self) -> Mapping[str, int]:
        """Count the rows that changes leave."""
        counts = {}
        async with self.world.parts.database.read(None) as session:
            for table in ("audit_events", "changes", "folders", "uploads", "metadata_elements"):
                statement = f"SELECT count(*) FROM {table} WHERE organisation_key = :key"  # noqa: S608 - the names are ours
                key = self.tenant.organisation.key
                counts[table] = await session.scalar(text(statement).bindparams(key=key))
        return counts


async def tree(reader: Caller, binder_id: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    drive = f"/documents/drives/binders/{binder_id}"
    waiting = [("", one) for one in (await reader.get(drive)).json()]
    while waiting:
        above, folder = waiting.pop()
        path = f"{drive}/folders/{folder['id']}"
        name = f"{above}{folder['name']}/"
        waiting += [(name, one) for one in (await reader.get(path)).json()]
        documents = (await reader.get(f"{path}/documents?pageSize=500")).json()["items"]
        found |= {f"{name}{document['fileName']}": document for document in documents}
    return found


def counts(report: ImportReport) -> dict[str, int]:
    return {str(outcome): number for outcome, number in report.counts.items() if number}


def reasons(report: ImportReport) -> dict[str, str | None]:
    return {file.shown: file.reason for file in report.refused}


def values(document: Json) -> dict[str, Any]:
    return {
        one["metadataElementId"]: one["valueId"] or one["value"] for one in document["metadata"]
    }


async def versions(site: Site, document: Json) -> list[Json]:
    answer = await site.tenant.reader.get(f"/documents/{document['id']}/versions")
    listed: list[Json] = answer.json()
    return listed


@pytest.fixture
async def site(world: World, tenant: Tenant, tmp_path: Path) -> Site:
    folder = tmp_path / "leverans"
    folder.mkdir()
    return Site(world, tenant, await new_place(world, tenant), folder)


async def test_folders_become_tabs(site: Site) -> None:
    site.write("A/Plan 1.pdf", "one")
    site.write("A/Sektioner/S1.pdf")
    site.write("Protokoll nr 1.md", "")
    watcher = Onlooker()
    report = await site.run(watcher)
    assert counts(report) == {"added": 3}
    assert (watcher.files, watcher.size_bytes, watcher.read_bytes) == (3, 4, 4)
    found = await site.tree()
    assert set(found) == {"A/Plan 1.pdf", "A/Sektioner/S1.pdf", "leverans/Protokoll nr 1.md"}
    (version,) = await versions(site, found["A/Plan 1.pdf"])
    assert version["createdBy"] == "operator"
    assert (await fetch(site.tenant.reader, version)).content == b"one"


async def test_the_registers_tab_wins_and_its_columns_become_metadata(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    site.write("A/Plan 2.pdf")
    register = site.register(
        "A/Plan 1.pdf,Ritningar/Arkitekt,Ritning,bygghandling,B,2024-03-02,2024-01-15,Plan ett"
    )
    report = await site.run(register=register, create_elements=True)
    assert report.needs.elements == ("title",)
    found = await site.tree()
    assert set(found) == {"Ritningar/Arkitekt/Plan 1.pdf", "A/Plan 2.pdf"}
    assert values(found["Ritningar/Arkitekt/Plan 1.pdf"]) == {
        "GLOBAL_CreatedBy": "operator",
        "GLOBAL_Category": "Ritning",
        "GLOBAL_Status": "Bygghandling",
        "GLOBAL_Version": "B",
        "GLOBAL_RevisionDate": "2024-03-02",
        "GLOBAL_Date": "2024-01-15",
        "title": "Plan ett",
    }


async def test_a_repetition_skips_what_is_there(site: Site) -> None:
    site.write("A/Plan 1.pdf", "one")
    site.write("A/Plan 2.pdf", "two")
    register = site.register("Plan 1.pdf,,Ritning,,,,,Plan ett")
    await site.run(register=register, create_elements=True)
    before = await site.rows()
    report = await site.run(register=register, create_elements=True)
    assert (counts(report), report.files) == ({"skipped": 2}, [])
    assert counts(await site.run()) == {"skipped": 2}
    assert await site.rows() == before


async def test_a_changed_file_becomes_one_new_version(site: Site) -> None:
    site.write("A/Plan 1.pdf", "one")
    site.write("A/Plan 2.pdf", "two")
    await site.run()
    site.write("A/Plan 2.pdf", "new")
    report = await site.run()
    assert counts(report) == {"skipped": 1, "newVersion": 1}
    listed = await versions(site, (await site.tree())["A/Plan 2.pdf"])
    assert [version["sha256"] for version in listed] == [sha256(b"new"), sha256(b"two")]
    assert counts(await site.run()) == {"skipped": 2}


async def test_what_changed_in_the_register_alone_is_an_update(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    await site.run(register=site.register("Plan 1.pdf,A,,Bygghandling,A,,,x"), create_elements=True)
    changed = site.register("Plan 1.pdf,A,,Relationshandling,A,,,")
    assert counts(await site.run(register=changed, dry_run=True)) == {"updated": 1}
    assert counts(await site.run(register=changed)) == {"updated": 1}
    (document,) = (await site.tree()).values()
    assert values(document)["GLOBAL_Status"] == "Relationshandling"
    assert values(document)["title"] == "x", "an empty cell says nothing"
    assert len(await versions(site, document)) == 1
    assert counts(await site.run(register=changed)) == {"skipped": 1}


async def test_what_the_schema_lacks_is_refused_row_by_row(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    site.write("A/Plan 2.pdf")
    register = site.register("Plan 1.pdf,,Okänd,,,,,Plan ett", "Plan 2.pdf,,Ritning,,,,,")
    report = await site.run(register=register)
    assert counts(report) == {"added": 1, "refused": 1}
    assert reasons(report) == {
        "A/Plan 1.pdf": "The binder has no metadata element title, no value Okänd of Category."
    }
    assert report.needs.elements == ("title",)
    assert report.needs.values == {"GLOBAL_Category": ("Okänd",)}


async def test_missing_list_values_are_added_behind_the_others(site: Site) -> None:
    await add_element(
        site.world, site.tenant, site.place, "Hus", DataType.ENUMERATED, values=("Hus A",)
    )
    site.write("A/Plan 1.pdf")
    register = site.register("Plan 1.pdf,Hus B", head="path,hus")
    await site.run(register=register, create_elements=True)
    path = f"/binders/{site.binder_id}/metadataelements"
    elements = (await site.tenant.reader.get(path)).json()
    (house,) = [one for one in elements if one["metadataElementId"] == "Hus"]
    assert [value["label"] for value in house["values"]] == ["Hus A", "Hus B"]
    assert values((await site.tree())["A/Plan 1.pdf"])["Hus"] == "Hus_B"


async def test_a_wrong_value_is_refused_with_its_column(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    site.write("A/Plan 2.pdf")
    register = site.register("Plan 1.pdf,,,,,igår,2024-13-01,")
    expected = {
        "A/Plan 1.pdf": "revision_date: The value must be a date, such as 2024-01-15. "
        "document_date: The value must be a date, such as 2024-01-15."
    }
    assert reasons(await site.run(register=register, dry_run=True)) == expected
    assert reasons(await site.run(register=register)) == expected
    assert set(await site.tree()) == {"A/Plan 2.pdf"}


async def test_a_dry_run_changes_nothing_and_says_what_would_happen(site: Site) -> None:
    site.write("A/Plan 1.pdf", "one")
    await site.run()
    site.write("A/Plan 1.pdf", "two")
    site.write("B/Plan 2.pdf")
    register = site.register("Plan 2.pdf,Ny flik/Undermapp,Nytt,,,,,Plan två")
    before = await site.rows()
    report = await site.run(register=register, create_elements=True, dry_run=True)
    assert await site.rows() == before
    assert counts(report) == {"newVersion": 1, "added": 1}
    assert report.needs.elements == ("title",)
    assert report.dry_run
    again = await site.run(register=register, create_elements=True)
    assert counts(again) == counts(report)


async def test_names_that_count_as_the_same_are_both_kept(site: Site) -> None:
    site.write("x/Plan 1.pdf", "one")
    site.write("x/PLAN 1.PDF", "two")
    site.write("y/Plan 1.pdf", "three")
    register = site.register(*(f"{path},T,,,,,," for path in ("x/Plan 1.pdf", "x/PLAN 1.PDF")))
    assert counts(await site.run(register=register)) == {"added": 3}
    assert set(await site.tree()) == {"T/PLAN 1.PDF", "T/Plan 1 (2).pdf", "y/Plan 1.pdf"}
    assert counts(await site.run(register=register)) == {"skipped": 3}
    site.write("x/PLAN 1.PDF", "changed")
    report = await site.run(register=register)
    assert counts(report) == {"skipped": 2, "newVersion": 1}
    (changed,) = report.files
    assert (changed.shown, changed.file_name) == ("x/PLAN 1.PDF", "PLAN 1.PDF")
    assert len(await site.tree()) == 3


async def test_what_is_no_readable_file_is_refused_with_a_reason(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    (site.folder / "A" / "link.pdf").symlink_to(site.folder / "A" / "Plan 1.pdf")
    (site.folder / "linked").symlink_to(site.folder / "A")
    os.mkfifo(site.folder / "A" / "pipe")
    site.write(os.fsdecode(b"A/caf\xe9.pdf"))
    site.write("A/back\\slash.pdf")
    site.write("A/line\nbreak.pdf")
    report = await site.run()
    assert counts(report) == {"added": 1, "refused": 6}
    assert reasons(report) == {
        "A/link.pdf": "It is a symbolic link, and links are not followed.",
        "linked": "It is a symbolic link, and links are not followed.",
        "A/pipe": "It is a pipe and no file.",
        "A/caf\\xe9.pdf": "Its name is not valid UTF-8.",
        "A/back\\slash.pdf": "The name must not contain a slash or a backslash.",
        "A/line\nbreak.pdf": "The name must not contain control characters or line breaks.",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_what_may_not_be_read_is_refused_with_a_reason(site: Site) -> None:
    site.write("A/Plan 1.pdf").chmod(0)
    site.write("B/Plan 1.pdf").parent.chmod(0)
    report = await site.run()
    assert reasons(report) == {
        "A/Plan 1.pdf": "It cannot be read: permission denied.",
        "B": "It cannot be read: Permission denied.",
    }


async def test_a_file_that_goes_away_is_refused_and_leaves_nothing(site: Site) -> None:
    file = site.write("A/Plan 1.pdf")
    site.write("A/Plan 2.pdf")
    watcher = Onlooker(meddle=lambda: (site.folder / "A" / "Plan 2.pdf").unlink(missing_ok=True))
    report = await site.run(watcher)
    assert reasons(report) == {"A/Plan 2.pdf": "It cannot be read: No such file or directory."}
    assert file.exists()
    assert await waiting_uploads(site) == 0


@pytest.mark.parametrize("size", [100, 2_000_000], ids=["small", "streamed"])
async def test_a_file_that_grows_meanwhile_is_refused_and_taken_next_time(
    site: Site, size: int
) -> None:
    file = site.write("A/Plan 1.pdf", "x" * size)

    def grow() -> None:
        file.write_text("x" * 3_000_000)

    first = site.write("A/0.pdf")
    report = await site.run(Onlooker(meddle=grow))
    assert first.exists()
    assert reasons(report) == {
        "A/Plan 1.pdf": "It changed while it was being read; import it again."
    }
    assert await waiting_uploads(site) == 0
    assert counts(await site.run()) == {"skipped": 1, "added": 1}


async def waiting_uploads(site: Site) -> int:
    statement = text(
        "SELECT count(*) FROM uploads "
        "WHERE organisation_key = :key AND state IN ('open', 'received')"
    )
    async with site.world.parts.database.read(None) as session:
        number: int = await session.scalar(statement.bindparams(key=site.tenant.organisation.key))
    return number


async def test_an_import_can_be_stopped_and_goes_on(site: Site) -> None:
    for number in range(4):
        site.write(f"A/Plan {number}.pdf", str(number))
    report = await site.run(Onlooker(stop_after=2))
    assert (report.stopped, counts(report)) == (True, {"added": 2})
    report = await site.run()
    assert (report.stopped, counts(report)) == (False, {"skipped": 2, "added": 2})


async def test_rows_without_a_file_are_named(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    report = await site.run(register=site.register("Plan 2.pdf,,,,,,,"))
    assert [(row.shown, row.reason) for row in report.rows_without_file] == [
        ("Plan 2.pdf", "Line 2: There is no such file.")
    ]


async def test_a_place_that_cannot_be_made_refuses_its_files_alone(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    site.write("B/Plan 2.pdf")
    site.write("C/Plan 3.pdf")
    deep = "/".join("abcdefghijklmnopqrstu")
    register = site.register(f"Plan 1.pdf,{deep},,,,,,", "Plan 2.pdf,A/../B,,,,,,")
    for dry_run in (True, False):
        report = await site.run(register=register, dry_run=dry_run)
        assert counts(report) == {"added": 1, "refused": 2}
        assert reasons(report) == {
            "A/Plan 1.pdf": "Folders can be nested at most 20 deep.",
            "B/Plan 2.pdf": "names[1]: The name must not be . or .. alone.",
        }


async def test_required_metadata_is_asked_for(site: Site) -> None:
    await add_element(site.world, site.tenant, site.place, "Nummer")
    path = f"/binders/{site.binder_id}/metadataelements/Nummer"
    assert (await site.tenant.admin.patch(path, json={"isRequired": True})).status_code == 200
    site.write("A/Plan 1.pdf")
    expected = {"A/Plan 1.pdf": "metadata: The Nummer field is required."}
    assert reasons(await site.run(dry_run=True)) == expected
    assert reasons(await site.run()) == expected
    register = site.register("Plan 1.pdf,A-1", head="path,nummer")
    assert counts(await site.run(register=register)) == {"added": 1}


async def test_an_archived_binder_takes_nothing(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    await set_binder_state(site.world, site.tenant, site.place, BinderState.ARCHIVED)
    for dry_run in (True, False):
        with pytest.raises(BinderArchivedError):
            await site.run(dry_run=dry_run)


async def test_another_organisations_binder_does_not_exist(site: Site) -> None:
    other = await site.world.new_tenant()
    site.write("A/Plan 1.pdf")
    importer = Importer(site.world.parts.database, site.world.parts.uploads)
    order = ImportOrder(folder=site.folder, binder_id=site.binder_id)
    with pytest.raises(BinderNotFoundError):
        await importer.run(other.operator, order, Onlooker())


async def test_without_folder_or_register_nothing_begins(site: Site) -> None:
    with pytest.raises(FolderUnreadableError, match="No such file"):
        await site.run(folder=site.folder / "none")
    with pytest.raises(RegisterUnreadableError, match="No such file"):
        await site.run(register=site.folder / "none.csv")


async def test_a_document_in_the_trash_does_not_come_back(site: Site) -> None:
    site.write("A/Plan 1.pdf")
    await site.run()
    (document,) = (await site.tree()).values()
    assert (await site.tenant.admin.delete(f"/documents/{document['id']}")).status_code == 200
    assert counts(await site.run()) == {"added": 1}
    (new,) = (await site.tree()).values()
    assert new["id"] != document["id"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Give a copy of the example project that tests may change."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of example files is not on this machine")
    copy = tmp_path / "corpus"
    shutil.copytree(CORPUS, copy, copy_function=shutil.copyfile)
    for folder in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    return copy


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_example_project_is_taken_whole(site: Site, corpus: Path) -> None:
    folder = corpus / "files"
    order: dict[str, Any] = {
        "folder": folder,
        "register": corpus / "register.csv",
        "create_elements": True,
    }
    contents = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = await site.run(**order)
    assert (counts(report), report.rows_without_file) == ({"added": 143}, [])
    found = {file.shown: file for file in report.files}
    for path, content in contents.items():
        document_id = found[str(path.relative_to(folder))].document_id
        listed = (await site.tenant.reader.get(f"/documents/{document_id}/versions")).json()
        assert sha256((await fetch(site.tenant.reader, listed[0])).content) == sha256(content)
    before = await site.rows()
    assert counts(await site.run(**order)) == {"skipped": 143}
    assert await site.rows() == before
    (folder / "names" / "PLAN 1.PDF").write_bytes(b"touched")
    report = await site.run(**order)
    assert counts(report) == {"skipped": 142, "newVersion": 1}
    assert report.files[0].outcome is Outcome.NEW_VERSION
    assert await database_problems(site.world.parts.database) == []
