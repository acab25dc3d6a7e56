"""What people see of files in the web application, and what that leaves in the read log."""

import io
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import update

from ringbinder.access.permissions import BinderRole, MemberRole
from ringbinder.db.tables import (
    binder_participants,
    binders,
    folder_viewers,
    folders,
    group_members,
    groups,
)
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.documents import service as documents
from ringbinder.features.members import service as members
from ringbinder.features.members.types import Member, MemberState
from ringbinder.features.readlog import repository as log_rows
from ringbinder.features.readlog.types import Place
from ringbinder.kit.ids import new_guid
from tests.factories import files
from tests.factories.content import Json, new_binder, new_document, new_folder
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.db, pytest.mark.api]


@dataclass(frozen=True)
class Site:
    """A binder with a folder, and ways to let people in."""

    world: World
    people: FakePeople
    tenant: Tenant
    binder: Json
    folder: Json

    @property
    def key(self) -> int:
        return self.tenant.organisation.key

    async def member(self, name: str, role: MemberRole = MemberRole.READER) -> Member:
        async with self.world.parts.database.write(self.key) as session:
            return await members.invite_member(
                session,
                self.tenant.operator,
                email=f"{new_guid().hex}@example.com",
                name=name,
                role=role,
                state=MemberState.ACTIVE,
            )

    async def person(self, name: str, role: MemberRole = MemberRole.READER) -> Visitor:
        return await self.let_in(await self.member(name, role))

    async def let_in(self, member: Member) -> Visitor:
        guest = visitor(self.world, self.people, self.tenant, name=member.name)
        async with self.world.parts.database.read(self.key) as session:
            actor = await members.load_actor(
                session, member, organisation_id=self.tenant.organisation.id
            )
        self.people.change(guest.cookie, actor=actor)
        return Visitor(http=guest.http, caller=self.people.known[guest.cookie], cookie=guest.cookie)

    async def document(self, content: bytes, name: str = "Plan 1.pdf", **facts: Any) -> Json:
        return await new_document(self.tenant.admin, self.folder, name, content, **facts)

    async def reads(self, document: Json) -> list[tuple[str, int, str]]:
        answer = await self.tenant.admin.get(f"/documents/{document['id']}/reads")
        assert answer.status_code == 200
        return [
            (read["memberName"], read["versionNumber"], read["how"])
            for read in answer.json()["items"]
        ]


@pytest.fixture
async def site(paged_world: World, people: FakePeople, house: Tenant) -> Site:
    binder = await new_binder(house.admin)
    folder = await new_folder(house.admin, binder)
    return Site(paged_world, people, house, binder, folder | {"binderId": binder["id"]})


def at(version: Json, what: str) -> str:
    return f"/documents/{version['documentId']}/versions/{version['id']}/{what}"


# ── Files and pictures ──────────────────────────────────────────────────────────────────────────


async def test_pictures_are_webp_and_kept_by_the_browser(site: Site) -> None:
    anna = await site.person("Anna")
    made = await site.document(files.pdf())
    small = await anna.get(at(made["version"], "thumbnail"))
    large = await anna.get(at(made["version"], "picture"))
    for answer, side in ((small, 320), (large, 1600)):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert max(Image.open(io.BytesIO(answer.content)).size) == side
    again = await anna.get(
        at(made["version"], "thumbnail"), headers={"if-none-match": small.headers["etag"]}
    )
    assert again.status_code == 304
    assert await site.reads(made["document"]) == []


async def test_the_same_for_a_file_without_a_picture(site: Site) -> None:
    anna = await site.person("Anna")
    made = await site.document(files.scripted()[0], "bild.svg", contentType="image/svg+xml")
    assert (await anna.get(at(made["version"], "thumbnail"))).status_code == 404
    shown = await anna.fragment(at(made["version"], "preview"))
    assert "no preview of this kind" in shown.text
    assert "<svg xmlns" not in shown.text.replace('<svg class="icon"', "")
    assert "alert" not in shown.text
    assert await site.reads(made["document"]) == []


@pytest.mark.parametrize(
    ("name", "content_type", "sent_as"),
    [
        ("sida.html", "text/html; charset=utf-8", "application/octet-stream"),
        ("bild.svg", "image/svg+xml", "application/octet-stream"),
        ("sida.xhtml", "application/xhtml+xml", "application/octet-stream"),
        ("plan.pdf", "application/pdf", "application/pdf"),
    ],
)
async def test_a_file_never_becomes_a_page(
    site: Site, name: str, content_type: str, sent_as: str
) -> None:
    anna = await site.person("Anna")
    made = await site.document(b"<script>alert(1)</script>", name, contentType=content_type)
    for purpose in ("download", "original", "preview"):
        answer = await anna.get(f"{at(made['version'], 'file')}?for={purpose}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == sent_as
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox;")


async def test_a_part_of_a_file_can_be_asked_for(site: Site) -> None:
    anna = await site.person("Anna")
    content = files.pdf()
    made = await site.document(content)
    part = await anna.get(
        f"{at(made['version'], 'file')}?for=preview", headers={"range": "bytes=5-9"}
    )
    assert (part.status_code, part.content) == (206, content[5:10])


async def test_a_superseded_pdf_is_stamped_and_its_original_can_be_had(site: Site) -> None:
    anna = await site.person("Anna")
    content = files.pdf("Snitt", pages=2)
    old = await site.document(content, versionLabel="A")
    new = await site.document(files.pdf("Snitt 2"), versionLabel="B")
    assert new["document"]["id"] == old["document"]["id"]
    marked = await anna.get(at(old["version"], "file"), headers={"accept-language": "sv"})
    assert "ERSATT" in marked.headers["content-disposition"]
    for page in PdfReader(io.BytesIO(marked.content)).pages:
        text = page.extract_text()
        assert "Snitt" in text
        assert "ERSATT av version B" in text
        assert "Bygg inte efter den" in text
    original = await anna.get(f"{at(old['version'], 'file')}?for=original")
    assert original.content == content
    current = await anna.get(at(new["version"], "file"))
    assert current.content == files.pdf("Snitt 2")
    assert "SUPERSEDED" not in current.headers["content-disposition"]


async def test_other_superseded_files_are_marked_by_name(site: Site) -> None:
    anna = await site.person("Anna")
    old = await site.document(b"0\nSECTION", "modell.dxf")
    await site.document(b"0\nSECTION 2", "modell.dxf")
    marked = await anna.get(at(old["version"], "file"))
    assert marked.content == b"0\nSECTION"
    assert "SUPERSEDED" in marked.headers["content-disposition"]


async def test_all_pages_are_shown_under_a_strict_policy(site: Site) -> None:
    anna = await site.person("Anna")
    made = await site.document(files.pdf())
    shown = await anna.get(at(made["version"], "pages"))
    policy = shown.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "for=preview" in shown.text


async def test_nobody_sees_files_of_others(site: Site, paged_world: World) -> None:
    made = await site.document(files.pdf())
    stranger = visitor(paged_world, site.people, await paged_world.new_tenant())
    outsider = await site.person("Ute", MemberRole.RESTRICTED_READER)
    for what in ("thumbnail", "picture", "preview", "pages", "file"):
        for guest in (stranger, outsider):
            assert (await guest.get(at(made["version"], what))).status_code == 404
        unknown = await paged_world.http.get(at(made["version"], what))
        assert unknown.status_code == 303


# ── Read log ────────────────────────────────────────────────────────────────────────────────────


async def test_what_people_do_is_in_the_read_log_and_api_reads_are_not(site: Site) -> None:
    made = await site.document(files.pdf())
    version = made["version"]
    for path in ("", "/versions", f"/versions/{version['id']}/downloadlink"):
        document_path = f"/documents/{made['document']['id']}{path}"
        assert (await site.tenant.reader.get(document_path)).status_code == 200
    assert await site.reads(made["document"]) == []
    anna = await site.person("Anna")
    await anna.get(f"/documents/{made['document']['id']}")
    await anna.fragment(at(version, "preview"))
    await anna.get(at(version, "file"))
    await anna.get(at(version, "file"))
    assert await site.reads(made["document"]) == [
        ("Anna", 1, "download"),
        ("Anna", 1, "preview"),
        ("Anna", 1, "view"),
    ]


async def test_the_log_is_given_in_pages(site: Site) -> None:
    made = await site.document(b"x", "a.txt")
    for number in range(3):
        person = await site.person(f"Person {number}")
        await person.get(at(made["version"], "file"))
    path = f"/documents/{made['document']['id']}/reads?pageSize=2"
    first = (await site.tenant.admin.get(path)).json()
    second = (await site.tenant.admin.get(f"{path}&cursor={first['nextCursor']}")).json()
    names = [read["memberName"] for read in (*first["items"], *second["items"])]
    assert names == ["Person 2", "Person 1", "Person 0"]
    assert first["totalCount"] == 3
    other = await site.tenant.admin.get(f"{path}&versionId={new_guid()}")
    assert other.json()["code"] == "version.not_found"
    of_version = await site.tenant.admin.get(f"{path}&versionId={made['version']['id']}")
    assert of_version.json()["totalCount"] == 3


async def test_the_page_tells_who_has_not_read_a_version(site: Site) -> None:
    old = await site.document(b"x", "a.txt")
    owner = await site.person("Ove Owner", MemberRole.OWNER)
    anna = await site.person("Anna Read")
    await site.person("Bo Unread")
    await anna.get(at(old["version"], "file"))
    path = f"/documents/{old['document']['id']}/reads"
    shown = (await owner.fragment(path)).text
    assert "Reads by integrations do not" in shown
    assert _not_read(shown) == {"Bo Unread", "Ove Owner"}
    await site.document(b"y", "a.txt")
    assert _not_read((await owner.get(path)).text) == {"Anna Read", "Bo Unread", "Ove Owner"}
    assert _not_read((await owner.get(f"{path}?version={old['version']['id']}")).text) == {
        "Bo Unread",
        "Ove Owner",
    }


def _not_read(html: str) -> set[str]:
    listed = html.partition('<ul class="not-read">')[2].partition("</ul>")[0]
    return {item.rpartition("</svg>")[2] for item in listed.split("</li>")[:-1]}


async def test_only_administrators_see_the_log(site: Site) -> None:
    made = await site.document(b"x", "a.txt")
    path = f"/documents/{made['document']['id']}/reads"
    member = await site.member("Rut", MemberRole.CREATOR)
    assert (await (await site.let_in(member)).get(path)).status_code == 403
    await _take_part(site, {"member_key": member.key}, BinderRole.ADMINISTRATOR)
    assert (await (await site.let_in(member)).get(path)).status_code == 200
    other = await new_binder(site.tenant.admin, name="Annan")
    place = await new_folder(site.tenant.admin, other) | {"binderId": other["id"]}
    elsewhere = await new_document(site.tenant.admin, place, "b.txt", b"y")
    path = f"/documents/{elsewhere['document']['id']}/reads"
    assert (await (await site.let_in(member)).get(path)).status_code == 403


async def _take_part(site: Site, who: dict[str, int], role: BinderRole) -> None:
    async with site.world.parts.database.write(site.key) as session:
        key = await session.scalar(
            binders.select()
            .with_only_columns(binders.c.key)
            .where(of_tenant(binders), binders.c.id == site.binder["id"])
        )
        row = {"binder_key": key, "role": str(role), "created_at": session.now, "revision": 1}
        await session.insert(binder_participants, row | who)


async def test_who_is_to_read_is_exactly_who_sees(site: Site) -> None:
    """The listing by SQL and the sight of each member agree, for memberships of every kind."""
    dice = random.Random(5)  # noqa: S311 - it makes examples, not secrets
    inner = await new_folder(
        site.tenant.admin, site.binder, "Inre", parentId=site.folder["id"], type="documents"
    )
    made = await new_document(
        site.tenant.admin, inner | {"binderId": site.binder["id"]}, "a.txt", b"x"
    )
    crowd = [await site.member(f"P{number}", dice.choice(list(MemberRole))) for number in range(24)]
    keys = await _furnish(site, inner, crowd, dice)
    database = site.world.parts.database
    document_id = UUID(made["document"]["id"])
    seeing = set()
    for member in crowd:
        async with database.read(site.key) as session:
            actor = await members.load_actor(
                session, member, organisation_id=site.tenant.organisation.id
            )
        async with database.read(site.key, actor.sight) as session:
            found = await documents.find_document(session, document_id=document_id)
            if found is not None:
                seeing.add(member.id)
    async with database.read(site.key) as session:
        document = await documents.get_document(session, document_id=document_id)
        hidden = await log_rows.hidden_folders_above(session, document.folder_key)
        assert set(hidden) == set(keys)
        place = Place(document.binder_key, tuple(hidden), None)
        listed = await log_rows.list_without_read(session, new_guid(), place, limit=500)
    assert {reader.member_id for reader in listed} == seeing
    assert 2 < len(seeing) < len(crowd) - 2


async def _furnish(site: Site, inner: Json, crowd: list[Member], dice: random.Random) -> list[int]:
    """Hide both folders, and let some in: alone, by a group, or as administrators."""
    ids = [UUID(site.folder["id"]), UUID(inner["id"])]
    async with site.world.parts.database.write(None) as system:
        rows = await system.all(
            folders.select()
            .with_only_columns(folders.c.key, folders.c.binder_key)
            .where(folders.c.id.in_(ids))
        )
        await system.execute(update(folders).where(folders.c.id.in_(ids)).values(is_hidden=True))
        binder_key = rows[0].binder_key
        session = system.act_for(site.key)
        group = {
            "id": new_guid(),
            "name": "G",
            "name_key": "g",
            "sort_name": "g",
            "created_at": session.now,
            "updated_at": session.now,
            "revision": 1,
        }
        group_key = (await session.insert_returning(groups, group, "key")).key
        part = {"binder_key": binder_key, "created_at": session.now, "revision": 1}
        await session.insert(
            binder_participants, part | {"group_key": group_key, "role": "participant"}
        )
        for row in rows:
            await session.insert(folder_viewers, {"folder_key": row.key, "group_key": group_key})
        for member in crowd:
            who = {"member_key": member.key}
            if dice.random() < 0.4:
                role = dice.choice(("administrator", "participant"))
                await session.insert(binder_participants, part | who | {"role": role})
            if dice.random() < 0.3:
                await session.insert(group_members, who | {"group_key": group_key})
            for row in rows:
                if dice.random() < 0.4:
                    await session.insert(folder_viewers, {"folder_key": row.key} | who)
    return [row.key for row in rows]
