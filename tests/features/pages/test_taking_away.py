"""What people take away from a list: zip files, workbooks, CSV and paper."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from ringbinder.access.permissions import MemberRole
from ringbinder.db.tables import blobs, folders
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.members import service as members
from ringbinder.features.members.types import MemberState
from ringbinder.kit.ids import new_guid
from tests.factories.content import Json, new_binder, new_document, new_folder
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World, running_world

pytestmark = [pytest.mark.db, pytest.mark.api]

PLAN, ROOF, PHOTO = b"plan" * 1000, b"roof" * 3000, b"photo" * 50


@dataclass(frozen=True)
class Site:
    """A binder with a tab, a folder in it, another tab, and four documents."""

    world: World
    people: FakePeople
    tenant: Tenant
    binder: Json
    drawings: Json
    inner: Json
    photos: Json
    documents: tuple[Json, ...]

    @property
    def path(self) -> str:
        return f"/binders/{self.binder['id']}"

    async def person(self, name: str, role: MemberRole = MemberRole.READER) -> Visitor:
        database, key = self.world.parts.database, self.tenant.organisation.key
        async with database.write(key) as session:
            member = await members.invite_member(
                session,
                self.tenant.operator,
                email=f"{new_guid().hex}@example.com",
                name=name,
                role=role,
                state=MemberState.ACTIVE,
            )
        guest = visitor(self.world, self.people, self.tenant, name=name)
        async with database.read(key) as session:
            actor = await members.load_actor(
                session, member, organisation_id=self.tenant.organisation.id
            )
        self.people.change(guest.cookie, actor=actor)
        return Visitor(http=guest.http, caller=self.people.known[guest.cookie], cookie=guest.cookie)


async def furnished(world: World, people: FakePeople, tenant: Tenant) -> Site:
    admin = tenant.admin
    binder = await new_binder(admin, name="Kastanjen")
    where = {"binderId": binder["id"]}
    drawings = await new_folder(admin, binder, "Ritningar: A/B?".replace("/", "-")) | where
    inner = await new_folder(admin, binder, "Tak", parentId=drawings["id"]) | where
    photos = await new_folder(admin, binder, "Foton", type="photos") | where
    made = (
        await new_document(admin, drawings, "Plan 1.pdf", b"old plan", versionLabel="A"),
        await new_document(admin, drawings, "Plan 1.pdf", PLAN, versionLabel="B"),
        await new_document(admin, drawings, "Plan 1?.pdf", PLAN),
        await new_document(admin, inner, "CON.pdf", ROOF),
        await new_document(admin, photos, "=1+1.jpg", PHOTO),
    )
    return Site(world, people, tenant, binder, drawings, inner, photos, made)


@pytest.fixture
async def site(paged_world: World, people: FakePeople, house: Tenant) -> Site:
    return await furnished(paged_world, people, house)


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


WHOLE = {
    "Ritningar_ A-B_/Plan 1.pdf": PLAN,
    "Ritningar_ A-B_/Plan 1_.pdf": PLAN,
    "Ritningar_ A-B_/Tak/_CON.pdf": ROOF,
    "Foton/=1+1.jpg": PHOTO,
}


async def test_a_binder_is_sent_with_its_folders_and_safe_names(site: Site) -> None:
    anna = await site.person("Anna")
    answer = await anna.get(f"{site.path}/zip")
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "Kastanjen.zip" in answer.headers["content-disposition"]
    assert opened(answer.content) == WHOLE


async def test_a_tab_is_sent_with_all_below_it(site: Site) -> None:
    anna = await site.person("Anna")
    answer = await anna.get(f"{site.path}/zip?tab={site.drawings['id']}")
    assert opened(answer.content) == {name: WHOLE[name] for name in WHOLE if "Foton" not in name}
    answer = await anna.get(f"{site.path}/zip?tab={site.inner['id']}")
    assert list(opened(answer.content).values()) == [ROOF]


async def test_a_selection_is_sent_by_address_and_by_form(site: Site) -> None:
    anna = await site.person("Anna")
    ids = [site.documents[index]["document"]["id"] for index in (3, 4)]
    got = await anna.get(f"{site.path}/zip?document={ids[0]}&document={ids[1]}")
    sent = await anna.post(f"{site.path}/zip", {"document": ids})
    assert opened(got.content) == opened(sent.content)
    assert set(opened(got.content).values()) == {ROOF, PHOTO}
    none = await anna.get(f"{site.path}/zip?document={new_guid()}")
    assert none.status_code == 404


async def test_what_a_filter_shows_is_what_is_sent(site: Site) -> None:
    anna = await site.person("Anna")
    answer = await anna.get(f"{site.path}/zip?q=CON")
    assert list(opened(answer.content).values()) == [ROOF]
    nothing = await anna.get(f"{site.path}/zip?q=xyzzy")
    assert nothing.status_code == 404


async def test_superseded_versions_come_when_asked_for_with_a_mark(site: Site) -> None:
    anna = await site.person("Anna")
    answer = await anna.get(f"{site.path}/zip?tab={site.drawings['id']}&versions=all")
    files = opened(answer.content)
    (old,) = [name for name, content in files.items() if content == b"old plan"]
    assert old == "Ritningar_ A-B_/SUPERSEDED version A – Plan 1.pdf"
    assert len(files) == 4


async def test_a_download_that_broke_off_can_be_continued_at_every_byte(site: Site) -> None:
    anna = await site.person("Anna")
    path = f"{site.path}/zip?tab={site.photos['id']}"
    whole = await anna.get(path)
    size = len(whole.content)
    for begin in (1, 29, 30, 60, size // 2, size - 90, size - 22, size - 1):
        rest = await anna.get(
            path, headers={"range": f"bytes={begin}-", "if-range": whole.headers["etag"]}
        )
        assert rest.status_code == 206
        assert rest.headers["content-range"] == f"bytes {begin}-{size - 1}/{size}"
        assert rest.content == whole.content[begin:]
    middle = await anna.get(path, headers={"range": "bytes=10-200"})
    assert middle.content == whole.content[10:201]
    changed = await anna.get(path, headers={"range": "bytes=10-", "if-range": '"other"'})
    assert (changed.status_code, changed.content) == (200, whole.content)


async def test_checksums_are_found_once(site: Site) -> None:
    anna = await site.person("Anna")
    await anna.get(f"{site.path}/zip")
    async with site.world.parts.database.read(site.tenant.organisation.key) as session:
        rows = await session.all(select(blobs.c.crc32).where(of_tenant(blobs)))
    assert sum(row.crc32 is not None for row in rows) == 3
    assert opened((await anna.get(f"{site.path}/zip")).content) == WHOLE


async def test_each_version_in_it_is_in_the_read_log(site: Site) -> None:
    anna = await site.person("Anna")
    await anna.get(f"{site.path}/zip?tab={site.photos['id']}")
    await anna.get(f"{site.path}/zip?tab={site.photos['id']}", headers={"range": "bytes=5-"})
    for made, expected in ((site.documents[4], [("Anna", "zip")]), (site.documents[1], [])):
        log = await site.tenant.admin.get(f"/documents/{made['document']['id']}/reads")
        assert [(read["memberName"], read["how"]) for read in log.json()["items"]] == expected


async def test_what_is_hidden_is_in_no_zip_file_and_no_list(site: Site) -> None:
    async with site.world.parts.database.write(site.tenant.organisation.key) as session:
        await session.execute(
            update(folders)
            .where(of_tenant(folders), folders.c.id == UUID(site.drawings["id"]))
            .values(is_hidden=True)
        )
    anna = await site.person("Anna")
    assert opened((await anna.get(f"{site.path}/zip")).content) == {"Foton/=1+1.jpg": PHOTO}
    hidden = site.documents[3]["document"]["id"]
    for path in (f"zip?tab={site.drawings['id']}", f"zip?document={hidden}"):
        assert (await anna.get(f"{site.path}/{path}")).status_code == 404
    listed = (await anna.get(f"{site.path}/list.csv")).text
    assert "CON.pdf" not in listed
    assert "1+1.jpg" in listed
    owner = await site.person("Ove", MemberRole.OWNER)
    assert opened((await owner.get(f"{site.path}/zip")).content) == WHOLE
    outsider = await site.person("Ute", MemberRole.RESTRICTED_READER)
    for path in ("zip", "list.csv", "list.xlsx", "print"):
        assert (await outsider.get(f"{site.path}/{path}")).status_code == 404


@pytest.fixture
async def narrow_world(
    database_url: str, tmp_path: Path, people: FakePeople
) -> AsyncIterator[World]:
    async with running_world(
        database_url, tmp_path, page_authenticator=people, zip_documents=3, zip_bytes=15_000
    ) as world:
        yield world


async def test_too_much_for_one_file_is_refused_with_a_sentence(
    narrow_world: World, people: FakePeople
) -> None:
    tenant = await narrow_world.new_tenant()
    site = await furnished(narrow_world, people, tenant)
    anna = await site.person("Anna")
    for path in ("zip", f"zip?tab={site.drawings['id']}"):
        answer = await anna.get(f"{site.path}/{path}")
        assert answer.status_code == 409
        assert "Choose fewer documents" in answer.text
    assert (await anna.get(f"{site.path}/zip?tab={site.photos['id']}")).status_code == 200


async def test_the_list_is_taken_away_as_it_is_shown(site: Site) -> None:
    anna = await site.person("Anna")
    swedish = await anna.get(
        f"{site.path}/list.csv?sort=name&col=name&col=GLOBAL_Version",
        headers={"accept-language": "sv"},
    )
    rows = list(csv.reader(io.StringIO(swedish.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Namn"
    assert sorted(row[0] for row in rows[1:]) == [
        "'=1+1.jpg",
        "CON.pdf",
        "Plan 1.pdf",
        "Plan 1?.pdf",
    ]
    assert dict(row[:2] for row in rows[1:])["Plan 1.pdf"] == "B"
    book = await anna.get(f"{site.path}/list.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        assert "Plan 1.pdf" in archive.read("xl/worksheets/sheet1.xml").decode()
    printed = await anna.get(f"{site.path}/print?q=plan")
    assert printed.text.count("<tr>") == 3
    assert "Kastanjen" in printed.text
