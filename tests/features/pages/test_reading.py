"""The bookshelf, a binder with its list, a document, the trash and the search."""

import html
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.db.sight import Sight
from ringbinder.web.pages.registry import pages_of
from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import HTML, Visitor, visitor
from tests.support.scribes import Door
from tests.support.visitors import doorman_of
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

ROW = re.compile(
    r'<tr data-place="(\d+)" data-document="([0-9a-f-]+)".*?title="([^"]*)"', re.DOTALL
)


@pytest.fixture(scope="module")
async def reading_house(paged_world: World) -> Tenant:
    """An organisation whose documents no test changes."""
    return await paged_world.new_tenant()


@pytest.fixture(scope="module")
async def library(reading_house: Tenant) -> Json:
    """What is in it."""
    return await furnish(reading_house)


@pytest.fixture
async def place(house: Tenant) -> Json:
    """The same, for one test alone."""
    return await furnish(house)


@pytest.fixture
def eva(paged_world: World, people: FakePeople, reading_house: Tenant) -> Visitor:
    """A person who may do everything in it."""
    return visitor(paged_world, people, reading_house, name="Eva Lind")


async def furnish(house: Tenant) -> Json:
    """Make a binder with a tab, a folder in it, and four documents."""
    binder = await new_binder(house.admin, name="Kvarteret Åkern", colour="#2f6f4f")
    await new_element(house.admin, binder, "Hus", label="Hus")
    await new_element(house.admin, binder, "Plan", dataType="Number", label="Plan")
    where = {"binderId": binder["id"]}
    tab = await new_folder(house.creator, binder) | where
    inner = await new_folder(house.creator, binder, "El", parentId=tab["id"]) | where
    for name, folder, house_name, floor, status in [
        ("A-40 Plan 1.pdf", tab, "A", 1, "Bygghandling"),
        ("A-40 Plan 2.pdf", tab, "A", 2, "Relationshandling"),
        ("E-60 Kraft.dwg", inner, "B", 3, "Bygghandling"),
        ("Ö-1 Sist.xlsx", inner, "B", 1.5, "Bygghandling"),
    ]:
        metadata = [
            {"metadataElementId": "Hus", "value": house_name},
            {"metadataElementId": "Plan", "value": floor},
            {"metadataElementId": "GLOBAL_Status", "valueId": status},
        ]
        await new_document(house.creator, folder, name, metadata=metadata, versionLabel="B")
    return {"binder": binder, "tab": tab, "inner": inner}


def names(html: str) -> list[str]:
    return [name for _, _, name in ROW.findall(html)]


def document_id(html: str, name: str) -> str:
    return next(str(found) for _, found, title in ROW.findall(html) if title == name)


async def test_who_has_not_signed_in_is_shown_the_way(paged_world: World) -> None:
    for page in pages_of(paged_world.app):
        if page.is_public:
            continue
        path = re.sub(r"{[a-z_]+}", "ABCDEFGHI", page.path)
        answer = await paged_world.http.request(page.method, path, headers=HTML)
        assert answer.status_code == 303, page.id
        assert answer.headers["location"].startswith("/sign-in?next=/")
        headers = HTML | {"hx-request": "true"}
        part = await paged_world.http.request(page.method, path, headers=headers)
        assert part.status_code == 200
        assert part.headers["hx-redirect"].startswith("/sign-in?next=/")


async def test_the_bookshelf_shows_binders_with_colour_and_count(
    anna: Visitor, place: Json, house: Tenant
) -> None:
    await new_binder(house.admin, name="Badhuset", type="facility")
    page = (await anna.get("/")).text
    assert page.index("Badhuset") < page.index("Kvarteret Åkern")
    assert 'fill="#2f6f4f"' in page
    assert "4 documents" in page
    found = (await anna.fragment("/?q=åker")).text
    assert "Kvarteret Åkern" in found
    assert "Badhuset" not in found
    assert "<html" not in found


async def test_a_binder_is_made_like_another_one(anna: Visitor, place: Json, house: Tenant) -> None:
    form = {"name": "Kopian", "type": "project", "template": place["binder"]["id"]}
    answer = await anna.post("/binders", form)
    assert answer.status_code == 303
    page = (await anna.get(answer.headers["location"])).text
    assert "Kopian" in page
    assert "Ritningar" in page
    assert "El" in page
    elements = await house.admin.get(f"{answer.headers['location']}/metadataelements")
    assert {"Hus", "Plan"} <= {one["metadataElementId"] for one in elements.json()}


async def test_what_is_hidden_is_hidden_in_a_binder_that_is_like_it(
    paged_world: World, anna: Visitor, place: Json, house: Tenant
) -> None:
    binder = place["binder"]
    hidden = await new_folder(house.admin, binder, "Avtal")
    path = f"/documents/drives/binders/{binder['id']}/folders"
    assert (
        await house.admin.patch(f"{path}/{hidden['id']}", json={"isHidden": True})
    ).status_code == 200
    await new_folder(house.admin, binder, "Löner", parentId=hidden["id"])
    await new_folder(house.admin, binder, "Avtal")
    async with doorman_of(paged_world) as doorman:
        rut = await doorman.new_visitor(house, MemberRole.READER)
        viewers = {"memberIds": [str(rut.member_id)]}
        await house.admin.request("PUT", f"{path}/{hidden['id']}/viewers", json=viewers)
        assert await tabs(rut, binder["id"]) == [
            ("Ritningar", False),
            ("Avtal", True),
            ("Avtal", False),
        ]
        form = {"name": "Kopian", "type": "project", "template": binder["id"]}
        copy = (await anna.post("/binders", form)).headers["location"].rpartition("/")[2]
        assert await tabs(rut, copy) == [("Ritningar", False), ("Avtal", False)]
    shown = await tabs(house.admin, copy)
    assert shown == [("Ritningar", False), ("Avtal", True), ("Avtal", False)]


async def tabs(caller: Door, binder_id: str) -> list[tuple[str, bool]]:
    found = (await caller.request("GET", f"/documents/drives/binders/{binder_id}")).json()
    return [(tab["name"], tab["isHidden"]) for tab in found]


async def test_a_binder_is_made_from_a_built_in_template(anna: Visitor, house: Tenant) -> None:
    page = (await anna.get("/")).text
    assert '<option value="facility">Facility</option>' in page
    form = {"name": "Skolan", "type": "facility", "template": "facility"}
    answer = await anna.post("/binders", form)
    assert answer.status_code == 303
    assert "As-built drawings" in (await anna.get(answer.headers["location"])).text
    elements = await house.admin.get(f"{answer.headers['location']}/metadataelements")
    assert "Garantitid till" in {one["metadataElementId"] for one in elements.json()}


async def test_a_template_that_is_not_there_is_refused_in_words(anna: Visitor) -> None:
    for template, status in (("palace", 404), ("AAAAAAAAA", 404), ("no id", 400)):
        form = {"name": "Slottet", "type": "project", "template": template}
        answer = await anna.post("/binders", form, headers={"hx-request": "true"})
        assert answer.status_code == status
        assert 'role="alert"' in answer.text
    assert "Slottet" not in (await anna.get("/")).text


async def test_a_binder_without_a_name_is_refused_in_words(anna: Visitor) -> None:
    answer = await anna.post("/binders", {"type": "project"}, headers={"hx-request": "true"})
    assert answer.status_code == 400
    assert answer.headers["hx-retarget"] == "#notices"
    assert 'role="alert"' in answer.text


async def test_a_reader_is_offered_nothing_that_a_reader_may_not(
    paged_world: World, people: FakePeople, reading_house: Tenant, library: Json
) -> None:
    rut = visitor(paged_world, people, reading_house, MemberRole.READER)
    shelf = (await rut.get("/")).text
    assert "New binder" not in shelf
    assert 'href="/trash"' not in shelf
    page = (await rut.get(f"/binders/{library['binder']['id']}")).text
    detail = await rut.get(f"/documents/{document_id(page, 'A-40 Plan 1.pdf')}")
    assert detail.status_code == 200
    assert "Rename" not in detail.text
    assert "move-documents" not in page
    assert (await rut.get("/trash")).status_code == 403
    assert (await rut.post("/binders", {"name": "Nej", "type": "project"})).status_code == 403


LISTS: list[tuple[str, list[str]]] = [
    ("", ["A-40 Plan 1.pdf", "A-40 Plan 2.pdf", "E-60 Kraft.dwg", "Ö-1 Sist.xlsx"]),
    ("sort=-name", ["Ö-1 Sist.xlsx", "E-60 Kraft.dwg", "A-40 Plan 2.pdf", "A-40 Plan 1.pdf"]),
    ("sort=-Plan", ["E-60 Kraft.dwg", "A-40 Plan 2.pdf", "Ö-1 Sist.xlsx", "A-40 Plan 1.pdf"]),
    ("q=plan", ["A-40 Plan 1.pdf", "A-40 Plan 2.pdf"]),
    ("f.eq.Hus=B", ["E-60 Kraft.dwg", "Ö-1 Sist.xlsx"]),
    ("f.contains.Hus=a", ["A-40 Plan 1.pdf", "A-40 Plan 2.pdf"]),
    ("f.gte.Plan=1,5&f.lte.Plan=2", ["A-40 Plan 2.pdf", "Ö-1 Sist.xlsx"]),
    ("f.in.GLOBAL_Status=Relationshandling", ["A-40 Plan 2.pdf"]),
    (
        "f.in.GLOBAL_Status=Relationshandling&f.in.GLOBAL_Status=Bygghandling&f.eq.Hus=A",
        ["A-40 Plan 1.pdf", "A-40 Plan 2.pdf"],
    ),
    # What cannot be understood narrows nothing.
    (
        "f.gte.Plan=much&f.eq.Nothing=1&sort=Nothing&f.eq=&tab=all",
        ["A-40 Plan 1.pdf", "A-40 Plan 2.pdf", "E-60 Kraft.dwg", "Ö-1 Sist.xlsx"],
    ),
    ("q=there+is+none", []),
]


async def test_the_list_comes_as_the_address_asks(eva: Visitor, library: Json) -> None:
    for query, expected in LISTS:
        page = await eva.get(f"/binders/{library['binder']['id']}?{query}")
        assert page.status_code == 200
        assert names(page.text) == expected, query


async def test_a_tab_shows_what_is_in_it_and_below(eva: Visitor, library: Json) -> None:
    base = f"/binders/{library['binder']['id']}"
    assert len(names((await eva.get(f"{base}?tab={library['tab']['id']}")).text)) == 4
    inner = await eva.get(f"{base}?tab={library['inner']['id']}")
    assert names(inner.text) == ["E-60 Kraft.dwg", "Ö-1 Sist.xlsx"]
    nowhere = await eva.get(f"{base}?tab=00000000-0000-7000-8000-000000000000")
    assert nowhere.status_code == 404


async def test_a_window_of_the_list_begins_where_it_is_asked_to(
    eva: Visitor, library: Json
) -> None:
    base = f"/binders/{library['binder']['id']}/rows"
    rows = await eva.fragment(f"{base}?offset=2")
    assert names(rows.text) == ["E-60 Kraft.dwg", "Ö-1 Sist.xlsx"]
    assert rows.headers["x-total"] == "4"
    assert 'data-place="2"' in rows.text
    turned = await eva.fragment(f"{base}?sort=-name&offset=3")
    assert names(turned.text) == ["A-40 Plan 1.pdf"]
    assert names((await eva.fragment(f"{base}?sort=-name&offset=9")).text) == []


async def test_columns_are_chosen_and_values_can_be_filtered_by(
    eva: Visitor, library: Json
) -> None:
    page = await eva.get(f"/binders/{library['binder']['id']}?col=Plan&col=GLOBAL_Status")
    head = page.text[page.text.index("<thead>") : page.text.index("</thead>")]
    assert "Plan" in head
    assert "Status" in head
    assert "Version" not in head
    assert 'data-key="f.in.GLOBAL_Status" data-value="Bygghandling"' in page.text
    assert 'data-key="f.eq.Plan" data-value="1.5"' in page.text


async def test_a_view_is_saved_shared_and_forgotten(
    anna: Visitor, rut: Visitor, place: Json
) -> None:
    base = f"/binders/{place['binder']['id']}"
    form = {"name": "Hus B", "query": "f.eq.Hus=B&sort=-name&junk=1"}
    saved = await anna.post(f"{base}/views", form)
    assert saved.headers["location"] == f"{base}?f.eq.Hus=B&sort=-name"
    assert "Hus B" in (await anna.get(base)).text
    assert "Hus B" not in (await rut.get(base)).text
    again = await anna.post(f"{base}/views", form)
    assert again.status_code == 409
    await anna.post(f"{base}/views", {"name": "Alla ser", "query": "", "is_shared": "true"})
    seen = (await rut.get(base)).text
    assert "Alla ser" in seen
    lost = {"name": "Flik som inte visas", "query": f"tab={uuid4()}", "is_shared": "true"}
    await anna.post(f"{base}/views", lost)
    assert lost["name"] not in (await anna.get(base)).text
    view = re.search(r"/views/([0-9a-f-]+)/delete", (await anna.get(base)).text)
    assert view is not None
    assert (await rut.post(f"{base}/views/{view[1]}/delete")).status_code == 404
    assert (await anna.post(f"{base}/views/{view[1]}/delete")).status_code == 303


async def test_a_superseded_version_is_marked_beyond_mistake(
    anna: Visitor, place: Json, house: Tenant
) -> None:
    made = await new_document(
        house.creator,
        place["tab"],
        "A-40 Plan 1.pdf",
        b"%PDF new",
        versionLabel="C",
        conflictBehavior="newVersion",
    )
    path = f"/documents/{made['document']['id']}"
    current = (await anna.get(path)).text
    assert "Current version" in current
    assert "callout superseded" not in current
    versions = (await house.reader.get(f"{path}/versions")).json()
    old = next(one for one in versions if one["label"] == "B")
    page = (await anna.get(f"{path}?version={old['id']}")).text
    assert "callout superseded" in page
    assert "You are looking at version B. The current one is C." in page
    part = (await anna.fragment(f"{path}?version={old['id']}")).text
    assert "<html" not in part
    assert "callout superseded" in part


async def test_a_document_is_renamed_moved_and_described(
    anna: Visitor, place: Json, house: Tenant
) -> None:
    base = f"/binders/{place['binder']['id']}"
    document = document_id((await anna.get(base)).text, "A-40 Plan 1.pdf")
    path = f"/documents/{document}"

    async def revision() -> str:
        found = re.search(r'name="revision" value="(\d+)"', (await anna.get(path)).text)
        assert found is not None
        return found[1]

    first = await revision()
    renamed = await anna.post(f"{path}/rename", {"name": "Nytt namn.pdf", "revision": first})
    assert renamed.status_code == 303
    stale = await anna.post(f"{path}/rename", {"name": "Annat.pdf", "revision": first})
    assert stale.status_code == 412
    assert "Somebody else has changed this" in stale.text
    bad = await anna.post(f"{path}/rename", {"name": "a/b", "revision": await revision()})
    assert bad.status_code == 400
    taken = {"name": "A-40 Plan 2.pdf", "revision": await revision()}
    assert (await anna.post(f"{path}/rename", taken)).status_code == 409
    moved = {"folder": place["inner"]["id"], "revision": await revision()}
    assert (await anna.post(f"{path}/move", moved)).status_code == 303
    described = {"m.Hus": "C", "m.Plan": "2,5", "m.GLOBAL_Status": "", "revision": await revision()}
    assert (await anna.post(f"{path}/metadata", described)).status_code == 303
    answer = (await house.reader.get(path)).json()
    values = {one["metadataElementId"]: one["value"] for one in answer["metadata"]}
    assert answer["fileName"] == "Nytt namn.pdf"
    assert answer["folderId"] == place["inner"]["id"]
    assert (values["Hus"], values["Plan"]) == ("C", 2.5)
    assert "GLOBAL_Status" not in values
    wrong = {"m.Plan": "many", "revision": await revision()}
    assert (await anna.post(f"{path}/metadata", wrong)).status_code == 400


async def test_what_is_deleted_can_be_had_back_at_once_and_from_the_trash(
    anna: Visitor, place: Json
) -> None:
    base = f"/binders/{place['binder']['id']}"
    page = (await anna.get(base)).text
    first = document_id(page, "A-40 Plan 1.pdf")
    deleted = await anna.post(f"/documents/{first}/delete")
    assert deleted.headers["location"] == f"{base}?tab={place['tab']['id']}"
    notice = deleted.cookies["ringbinder_notice"]
    told = await anna.get(deleted.headers["location"], cookies={"ringbinder_notice": notice})
    assert "A-40 Plan 1.pdf is in the trash." in told.text
    assert f'action="/documents/{first}/restore"' in told.text
    assert "A-40 Plan 1.pdf" not in names(told.text)
    assert "A-40 Plan 1.pdf" in (await anna.get("/trash")).text
    back = await anna.post(f"/documents/{first}/restore", {"next": "/trash"})
    assert back.headers["location"] == "/trash"
    assert "A-40 Plan 1.pdf" in names((await anna.get(base)).text)


async def test_many_documents_are_moved_or_deleted_at_once(anna: Visitor, place: Json) -> None:
    base = f"/binders/{place['binder']['id']}"
    rows = ROW.findall((await anna.get(base)).text)
    form: dict[str, Any] = {"document": [found for _, found, _ in rows], "next": base}
    moved = await anna.post("/documents/move", form | {"folder": place["inner"]["id"]})
    assert moved.status_code == 303
    inner = (await anna.get(f"{base}?tab={place['inner']['id']}")).text
    assert len(names(inner)) == 4
    deleted = await anna.post("/documents/delete", form)
    assert deleted.status_code == 303
    assert names((await anna.get(base)).text) == []
    assert (await anna.post("/documents/delete", {"document": "junk"})).status_code == 400
    assert (await anna.post("/documents/move", form | {"folder": "junk"})).status_code == 400


async def test_the_search_finds_across_binders_and_offers_while_one_types(
    anna: Visitor, place: Json, house: Tenant
) -> None:
    other = await new_binder(house.admin, name="Planteringen")
    tab = await new_folder(house.creator, other) | {"binderId": other["id"]}
    await new_document(house.creator, tab, "Plan över <b>allt.pdf")
    page = (await anna.get("/search?q=plan")).text
    assert page.count('class="title"') == 3
    assert "<b>allt" not in page
    assert "Kvarteret Åkern" in page
    within = (await anna.fragment(f"/search?q=plan&binder={other['id']}")).text
    assert within.count('class="title"') == 1
    offered = (await anna.fragment("/search/suggestions?q=plan")).text
    assert offered.count('role="option"') == 4
    assert "Planteringen" in offered
    assert (await anna.fragment("/search/suggestions?q=")).text.strip() == ""
    assert "Nothing found" in (await anna.get("/search?q=zzz")).text


async def test_search_results_say_the_status_as_the_list_does(
    anna: Visitor, house: Tenant, library: Json
) -> None:
    binder = await new_binder(house.admin, name="Sökta")
    tab = await new_folder(house.creator, binder) | {"binderId": binder["id"]}
    status = [{"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"}]
    await new_document(house.creator, tab, "Sökt 1.pdf", metadata=status)
    english = (await anna.fragment("/search?q=sökt")).text
    assert '<span class="badge ok">Construction document</span>' in english
    swedish = (await anna.fragment("/search?q=sökt", headers={"accept-language": "sv"})).text
    assert '<span class="badge ok">Bygghandling</span>' in swedish


async def test_conditions_stand_beside_the_term(anna: Visitor, house: Tenant) -> None:
    binder = await new_binder(house.admin, name="Villkorade")
    tab = await new_folder(house.creator, binder) | {"binderId": binder["id"]}
    for name, status, day in (
        ("Villkor 1.pdf", "Bygghandling", "2026-01-10"),
        ("Villkor 2.pdf", "Bygghandling", "2026-02-10"),
        ("Villkor 3.pdf", "Relationshandling", "2026-02-20"),
    ):
        values = [
            {"metadataElementId": "GLOBAL_Status", "valueId": status},
            {"metadataElementId": "GLOBAL_RevisionDate", "value": day},
        ]
        await new_document(house.creator, tab, name, metadata=values)

    async def found(query: str) -> list[str]:
        page = (await anna.fragment(f"/search?binder={binder['id']}&{query}")).text
        text = page.replace("<mark>", "").replace("</mark>", "")
        return re.findall(r">Villkor (\d)\.pdf", text)

    assert await found("q=villkor&status=Bygghandling") == ["1", "2"]
    assert await found("status=Bygghandling&from=2026-02-01") == ["2"]
    assert await found("from=2026-02-10&to=2026-02-20") == ["2", "3"]
    assert await found("q=villkor+1&status=Relationshandling") == []
    assert await found("q=villkor&from=2026-02-&to=yesterday") == ["1", "2", "3"]
    assert await found("q=villkor&status=no+such+status") == []
    page = (await anna.get("/search?status=Bygghandling&from=2026-02-01")).text
    assert '<option value="Bygghandling" selected>Construction document</option>' in page
    assert 'value="2026-02-01"' in page
    assert '<details class="search-more" id="search-more" open>' in page
    assert "No document fits" in (await anna.get("/search?q=zzz&status=Bygghandling")).text


async def test_pages_of_results_keep_the_conditions(anna: Visitor, house: Tenant) -> None:
    binder = await new_binder(house.admin, name="Många")
    tab = await new_folder(house.creator, binder) | {"binderId": binder["id"]}
    status = [{"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"}]
    for number in range(51):
        await new_document(house.creator, tab, f"M&M {number}.pdf", metadata=status)
    query = f"q=M%26M&binder={binder['id']}&status=Bygghandling"
    first = (await anna.get(f"/search?{query}")).text
    following = html.unescape(re.findall(r'href="(/search\?[^"]*)"', first)[-1])
    second = (await anna.get(following)).text
    assert second.count('class="title"') == 1


async def test_a_reader_is_offered_no_status_of_a_binder_that_is_hidden(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    binder = await new_binder(house.admin, name="Hemlig")
    values = [{"label": "Hemligstämplad"}]
    path = f"/binders/{binder['id']}/metadataelements/GLOBAL_Status"
    answer = await house.admin.patch(path, json={"values": values})
    assert answer.status_code == 200, answer.text
    owner = visitor(paged_world, people, house, MemberRole.OWNER)
    guest = visitor(paged_world, people, house, MemberRole.RESTRICTED_READER)
    keeps_out = replace(guest.caller.actor, sight=Sight(binders=frozenset()))
    people.change(guest.cookie, actor=keeps_out)
    assert "Hemligstämplad" in (await owner.get("/search")).text
    assert "Hemligstämplad" not in (await guest.get("/search")).text


async def test_two_keys_of_one_label_are_told_apart(anna: Visitor, house: Tenant) -> None:
    binder = await new_binder(house.admin, name="Dubbla")
    await new_element(house.admin, binder, "Hus", label="Byggnad")
    await new_element(house.admin, binder, "Hus2", label="byggnad ", dataType="Number")
    await new_element(house.admin, binder, "Vind", label="Vind")
    tab = await new_folder(house.creator, binder) | {"binderId": binder["id"]}
    await new_document(house.creator, tab, "D.pdf")
    page = (await anna.get(f"/binders/{binder['id']}?tab=all")).text
    assert "Byggnad (Hus)" in page
    assert "(Hus2)" in page
    assert "Vind (Vind)" not in page


async def test_several_values_of_a_cell_stand_behind_commas(anna: Visitor, house: Tenant) -> None:
    binder = await new_binder(house.admin)
    folder = await new_folder(house.admin, binder) | {"binderId": binder["id"]}
    await new_element(house.admin, binder, "Rum", isMultiValue=True)
    values = [{"metadataElementId": "Rum", "value": room} for room in ("A1", "B<2", "C3")]
    await new_document(house.admin, folder, metadata=values)
    row = (await anna.fragment(f"/binders/{binder['id']}/rows?tab=all&col=Rum")).text
    cell = re.findall(r"<td.*?</td>", row)[-1]
    shown = re.sub(r"<.*?>", "", cell)
    assert shown == "A1, B&lt;2, C3"
    assert cell.count("data-value") == 3


async def test_another_tenants_pages_are_not_there(
    paged_world: World, people: FakePeople, eva: Visitor, library: Json
) -> None:
    base = f"/binders/{library['binder']['id']}"
    document = document_id((await eva.get(base)).text, "A-40 Plan 1.pdf")
    stranger = visitor(paged_world, people, await paged_world.new_tenant(), MemberRole.OWNER)
    for path in (base, f"{base}/rows", f"/documents/{document}"):
        assert (await stranger.get(path)).status_code == 404
    form = {"name": "Min.pdf", "revision": "1"}
    for path in (f"/documents/{document}/rename", f"/documents/{document}/delete"):
        assert (await stranger.post(path, form)).status_code == 404
    assert 'class="title"' not in (await stranger.get("/search?q=plan")).text
    assert "Kvarteret" not in (await stranger.get("/")).text


async def test_the_pages_speak_swedish(
    paged_world: World, people: FakePeople, house: Tenant
) -> None:
    sven = visitor(paged_world, people, house, language="sv")
    page = (await sven.get("/")).text
    assert '<html lang="sv">' in page
    assert "Bokhylla" in page
    assert "Inga pärmar ännu" in page


async def test_two_versions_are_compared(anna: Visitor, house: Tenant) -> None:
    binder = await new_binder(house.admin)
    await new_element(house.admin, binder, "Hus")
    folder = await new_folder(house.creator, binder) | {"binderId": binder["id"]}
    await new_document(house.creator, folder, versionLabel="A", metadata=_house("Hus A"))
    made = await new_document(
        house.creator,
        folder,
        content=b"%PDF 2",
        versionLabel="B",
        conflictBehavior="newVersion",
        metadata=_house("Hus <B>"),
    )
    path = f"/documents/{made['document']['id']}"
    assert f"{path}/compare" in (await anna.get(path)).text
    whole = (await anna.get(f"{path}/compare")).text
    assert "2 values differ." in whole
    assert "The files differ." in whole
    assert "<del>Hus A</del>" in whole
    assert "<ins>Hus &lt;B&gt;</ins>" in whole
    assert '<td data-label="A">Plan 1.pdf</td>' in whole
    part = (await anna.fragment(f"{path}/compare")).text
    assert "<ins>Hus &lt;B&gt;</ins>" in part
    assert "Plan 1.pdf</td>" not in part
    newest = made["version"]["id"]
    same = (await anna.get(f"{path}/compare?older={newest}&newer={newest}")).text
    assert "one and the same version" in same
    turned = await anna.get(f"{path}/compare?older={newest}&newer={_older(whole, newest)}")
    assert "<del>Hus A</del>" in turned.text
    assert (await anna.get(f"{path}/compare?older={binder['id']}")).status_code == 400
    assert (await anna.get(f"{path}/compare?older={folder['id']}")).status_code == 404


def _house(value: str) -> list[Json]:
    return [{"metadataElementId": "Hus", "value": value}]


def _older(text: str, newest: str) -> str:
    ids: list[str] = re.findall(r'<option value="([0-9a-f-]{36})"', text)
    return next(one for one in ids if one != newest)
