"""The pages in a real browser: errands by mouse, by keyboard and on a phone; and what axe finds."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from ringbinder.access.permissions import MemberRole
from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.support.browser import PHONE, Served, Tab, chromium, needs_chromium, served, tab
from tests.support.databases import new_database_url
from tests.support.many import multiply
from tests.support.world import Tenant

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass
class Site:
    """A served application with a furnished organisation, and a browser in front of it."""

    served: Served
    browser: Browser
    house: Tenant
    owner: str
    data: Path


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    needs_chromium()
    data = tmp_path_factory.mktemp("browser")
    url = new_database_url("sqlite", None, data)
    async with served(data, url) as application, chromium() as browser:
        house = await application.world.new_tenant()
        owner = application.people.let_in(house.organisation)
        yield Site(application, browser, house, owner, data)


async def furnish(house: Tenant, name: str) -> Json:
    binder = await new_binder(house.admin, name=name, colour="#2f6f4f")
    await new_element(house.admin, binder, "Hus")
    where = {"binderId": binder["id"]}
    drawings = await new_folder(house.creator, binder, "Ritningar") | where
    await new_folder(house.creator, binder, "El", parentId=drawings["id"])
    protocols = await new_folder(house.creator, binder, "Protokoll") | where
    first = await new_document(house.creator, drawings, "A-40 Plan 1.pdf", versionLabel="A")
    await new_document(
        house.creator,
        drawings,
        "A-40 Plan 1.pdf",
        b"%PDF 2",
        versionLabel="B",
        conflictBehavior="newVersion",
        metadata=[
            {"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"},
            {"metadataElementId": "Hus", "value": "Hus A"},
        ],
    )
    await new_document(house.creator, drawings, "A-40 Plan 2.pdf")
    await new_document(house.creator, protocols, "Byggmöte 1.pdf")
    return {"binder": binder, "drawings": drawings, "first": first["document"]}


@pytest.fixture(scope="module")
async def place(site: Site) -> Json:
    return await furnish(site.house, "Kvarteret Åkern")


def addresses(place: Json) -> list[str]:
    binder = f"/binders/{place['binder']['id']}"
    document = place["first"]["id"]
    return [
        "/",
        "/?q=nothing+has+this",
        binder,
        f"{binder}?tab=all&document={document}",
        f"{binder}?tab={place['drawings']['id']}&q=zzz",
        f"/documents/{document}",
        "/search?q=plan",
        "/trash",
        "/nowhere",
    ]


async def settled(opened: Tab) -> None:
    """Wait until nothing is on its way."""
    await opened.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious_and_no_page_is_too_wide(
    site: Site, place: Json, scheme: str
) -> None:
    size = PHONE if scheme == "dark" else None
    async with tab(
        site.browser, site.served, site.owner, scheme=scheme, size=size, language="sv-SE"
    ) as opened:
        for address in addresses(place):
            await opened.open(address)
            await settled(opened)
            assert await opened.findings() == [], address
            assert not await opened.is_too_wide(), address
        expected = [text for text in opened.complaints if "404" not in text]
        assert expected == []


async def test_dialogs_and_menus_are_accessible_too(site: Site, place: Json) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        await opened.open("/")
        await opened.page.get_by_role("button", name="New binder").click()
        assert await opened.findings() == []
        binder = f"/binders/{place['binder']['id']}"
        await opened.open(f"{binder}?tab=all&document={place['first']['id']}")
        await opened.page.get_by_role("button", name="Filter", exact=True).click()
        assert await opened.findings() == []
        await opened.page.keyboard.press("Escape")
        await opened.page.locator("summary", has_text="Change").click()
        assert await opened.findings() == []
        await opened.page.get_by_role("button", name="Edit the metadata").click()
        assert await opened.findings() == []
        assert opened.complaints == []


async def test_a_person_makes_a_binder_like_another_and_finds_a_drawing(
    site: Site, place: Json
) -> None:
    async with tab(site.browser, site.served, site.owner, language="sv-SE") as opened:
        page = opened.page
        await opened.open("/")
        await page.get_by_role("button", name="Ny pärm").click()
        await page.get_by_role("textbox", name="Namn", exact=True).fill("Etapp 2")
        await page.get_by_label("Mall").select_option(label="Kvarteret Åkern")
        await page.get_by_role("button", name="Skapa pärmen").click()
        await expect(page.get_by_text("Pärmen Etapp 2 är skapad.")).to_be_visible()
        await expect(page.get_by_role("link", name="Protokoll")).to_be_visible()
        await page.get_by_role("combobox", name="Sök i alla pärmar").fill("plan 1")
        await page.get_by_role("option", name=re.compile("A-40")).click()
        await expect(page.get_by_text("Gällande version", exact=True)).to_be_visible()
        await page.get_by_label("Visa version A").click()
        await expect(page.get_by_text("Du tittar på version A. Gällande är B.")).to_be_visible()
        await page.get_by_role("link", name="Visa den gällande versionen").click()
        await expect(page.get_by_text("Gällande version", exact=True)).to_be_visible()
        assert opened.complaints == []


async def test_a_person_renames_deletes_and_undoes(site: Site) -> None:
    own = await furnish(site.house, "Ändringarna")
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(f"/binders/{own['binder']['id']}?tab=all")
        await page.get_by_role("link", name="A-40 Plan 2.pdf").click()
        await page.locator("summary", has_text="Change").click()
        await page.get_by_role("button", name="Rename").first.click()
        await page.get_by_role("textbox", name="File name", exact=True).fill("A-40 Plan 3.pdf")
        await page.get_by_role("dialog").get_by_role("button", name="Rename").click()
        await expect(
            page.get_by_text("The document is called A-40 Plan 3.pdf now.")
        ).to_be_visible()
        await expect(page.locator("#detail header h2")).to_have_text("A-40 Plan 3.pdf")
        await page.locator("summary", has_text="Change").click()
        await page.get_by_role("button", name="Put into the trash").click()
        await expect(page.get_by_text("A-40 Plan 3.pdf is in the trash.")).to_be_visible()
        await expect(page.get_by_role("link", name="A-40 Plan 3.pdf")).to_have_count(0)
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("link", name="A-40 Plan 3.pdf")).to_be_visible()
        await page.locator("tr", has_text="Plan 3").get_by_role("checkbox").check()
        await page.locator("tr", has_text="Byggmöte").get_by_role("checkbox").check()
        await expect(page.get_by_text("2 selected")).to_be_visible()
        await page.locator("#selection").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("2 documents are in the trash.")).to_be_visible()
        assert opened.complaints == []


async def test_a_refusal_is_told_in_words_where_it_happened(site: Site, place: Json) -> None:
    async with tab(site.browser, site.served, site.owner, language="sv-SE") as opened:
        page = opened.page
        await opened.open(f"/binders/{place['binder']['id']}?tab=all")
        await page.get_by_role("link", name="A-40 Plan 2.pdf").click()
        await page.locator("summary", has_text="Ändra").click()
        await page.get_by_role("button", name="Byt namn").first.click()
        await page.get_by_role("textbox", name="Filnamn", exact=True).fill("A-40 Plan 1.pdf")
        await page.get_by_role("dialog").get_by_role("button", name="Byt namn").click()
        refused = page.get_by_role("dialog").get_by_role("alert")
        await expect(refused).to_contain_text("har redan det namnet")
        await expect(page.get_by_role("textbox", name="Filnamn", exact=True)).to_have_value(
            "A-40 Plan 1.pdf"
        )


async def test_everything_can_be_reached_by_keyboard(site: Site, place: Json) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page, press = opened.page, opened.page.keyboard.press
        await opened.open("/")
        await press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await press("/")
        await expect(page.get_by_label("Filter binders by name")).to_be_focused()
        await opened.open(f"/binders/{place['binder']['id']}?tab=all")
        await press("/")
        await expect(page.get_by_label("Part of the file name")).to_be_focused()
        await press("ArrowDown")
        await expect(page.get_by_role("link", name="A-40 Plan 1.pdf")).to_be_focused()
        await press("ArrowDown")
        await expect(page.get_by_role("link", name="A-40 Plan 2.pdf")).to_be_focused()
        await press("Space")
        await expect(page.get_by_text("1 selected")).to_be_visible()
        await press("End")
        await expect(page.get_by_role("link", name="Byggmöte 1.pdf")).to_be_focused()
        await press("Enter")
        await expect(page.locator("#detail header h2")).to_have_text("Byggmöte 1.pdf")
        await press("Escape")
        await expect(page.locator("#detail")).to_be_hidden()
        await expect(page.get_by_role("link", name="Byggmöte 1.pdf")).to_be_focused()
        await page.go_back()
        await expect(page.locator("#detail header h2")).to_have_text("Byggmöte 1.pdf")


async def test_a_value_in_the_list_filters_and_a_view_keeps_it(site: Site, place: Json) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(f"/binders/{place['binder']['id']}?tab=all")
        await page.get_by_role("button", name="Hus A").click()
        await expect(page.locator("#total")).to_have_text("1 document")
        await page.locator("summary", has_text="Views").click()
        await page.get_by_role("button", name="Save this list as a view").click()
        await page.get_by_label("Name of the view").fill("Hus A")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.get_by_text("The view Hus A is saved.")).to_be_visible()
        await page.get_by_role("link", name="Remove the filter on Hus").click()
        await expect(page.locator("#total")).to_have_text("3 documents")
        await page.get_by_role("link", name="Version", exact=True).click()
        await expect(page.locator("th[aria-sort=ascending]")).to_have_text("Version")


async def test_a_phone_shows_tabs_then_the_list_then_the_document(site: Site, place: Json) -> None:
    async with tab(site.browser, site.served, site.owner, size=PHONE) as opened:
        page = opened.page
        await opened.open("/")
        await page.get_by_role("link", name="Kvarteret Åkern").tap()
        await expect(page.locator("#list")).to_be_hidden()
        await page.get_by_role("link", name="Ritningar").tap()
        await expect(page.get_by_role("navigation", name="Tabs")).to_be_hidden()
        await page.get_by_role("link", name="A-40 Plan 1.pdf").tap()
        await expect(page.locator("#detail header h2")).to_have_text("A-40 Plan 1.pdf")
        await expect(page.locator("#list")).to_be_hidden()
        small = await page.evaluate(SMALL_TARGETS)
        assert small == []
        await page.get_by_role("button", name="Close the detail").tap()
        await expect(page.get_by_role("link", name="A-40 Plan 1.pdf")).to_be_visible()
        assert not await opened.is_too_wide()


SMALL_TARGETS = """
[...document.querySelectorAll('a.button, button.button, .topnav a, summary, .menu-item')]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([text, box]) => `${text} ${box.width}x${box.height}`)
"""


async def test_a_reader_is_shown_no_button_that_would_be_refused(site: Site, place: Json) -> None:
    reader = site.served.people.let_in(
        site.house.organisation, role=MemberRole.READER, name="Rut Ek"
    )
    async with tab(site.browser, site.served, reader) as opened:
        await opened.open(f"/binders/{place['binder']['id']}?tab=all")
        await opened.page.get_by_role("link", name="A-40 Plan 1.pdf").click()
        await expect(opened.page.locator("#detail header h2")).to_have_text("A-40 Plan 1.pdf")
        await expect(opened.page.locator("summary", has_text="Change")).to_have_count(0)
        await expect(opened.page.get_by_role("link", name="Trash")).to_have_count(0)


@pytest.fixture(scope="module")
async def long_list(site: Site) -> str:
    """Give the address of a list of 10,003 documents."""
    long = await furnish(site.house, "Den långa")
    multiply(next(site.data.glob("*.sqlite3")), UUID(long["first"]["id"]), 10_000)
    return f"/binders/{long['binder']['id']}?tab=all"


async def test_of_a_long_list_only_what_is_seen_is_in_the_page(site: Site, long_list: str) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(long_list)
        await expect(page.locator("#total")).to_have_text("10,003 documents")
        await page.get_by_role("link", name="A-00.000 Plan 0.pdf").focus()
        await page.keyboard.press("End")
        await expect(page.get_by_role("link", name="Byggmöte 1.pdf")).to_be_focused()
        assert await page.locator("#rows tr").count() < 180
        await scroll_to(page, 5000)
        await expect(page.locator("tr[data-place='5005']")).to_be_visible()
        assert await page.locator("#rows tr").count() < 180
        await page.get_by_role("link", name="Name").click()
        await expect(page.locator("tr[data-place='0'] td.name")).to_have_text("Byggmöte 1.pdf")


async def test_all_between_two_ticks_are_ticked_in_the_page_or_not(
    site: Site, long_list: str
) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(long_list)
        await page.locator("tr[data-place='3'] input").check()
        await scroll_to(page, 1500)
        await page.locator("tr[data-place='1503'] input").click(modifiers=["Shift"])
        await expect(page.get_by_text("1,501 selected")).to_be_visible()
        await scroll_to(page, 700)
        await expect(page.locator("tr[data-place='705'] input")).to_be_checked()


async def test_rows_come_by_strips_however_far_one_jumps(site: Site, long_list: str) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(long_list)
        await page.evaluate(ROWS_AT_ONCE)
        for place in (5000, 9000, 200, 5000, 0):
            await scroll_to(page, place)
            await expect(page.locator(f"tr[data-place='{place + 5}']")).to_be_visible()
            await expect(page.locator(f"tr[data-place='{max(0, place - 30)}']")).to_be_attached()
        most = await page.evaluate("window.most")
        assert 0 < most <= 75, "three strips are seen at most"


ROWS_AT_ONCE = """() => {
  window.most = 0;
  new MutationObserver((changes) => {
    const added = changes.reduce((sum, one) => sum + one.addedNodes.length, 0);
    window.most = Math.max(window.most, added);
  }).observe(document.getElementById('rows'), { childList: true });
}"""


async def test_a_long_list_is_taken_away_whole(site: Site, long_list: str) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        address = f"{site.served.base}{long_list}".replace("?", "/list.csv?")

        async def names(order: str) -> list[str]:
            answer = await opened.page.request.get(f"{address}&sort={order}")
            return [line.partition(",")[0] for line in (await answer.text()).splitlines()[1:]]

        by_name = await names("name")
        assert len(set(by_name)) == len(by_name) == 10_003
        assert await names("-name") == by_name[::-1]
        assert sorted(await names("GLOBAL_Date")) == sorted(by_name)


async def scroll_to(page: Page, place: int) -> None:
    await page.evaluate(f"document.getElementById('list').scrollTop = 40 * {place}")


async def test_what_is_rushed_past_is_not_asked_for(site: Site, long_list: str) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(long_list)
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if "/rows" in one.url else None)
        # A hundred places, each for one frame.
        await page.evaluate(
            """async () => {
              for (let place = 0; place <= 9000; place += 90) {
                document.getElementById('list').scrollTop = 40 * place;
                await new Promise(requestAnimationFrame);
              }
            }"""
        )
        await expect(page.locator("tr[data-place='9005']")).to_be_visible()
        assert len(asked) < 50
        assert any("offset=9000" in url for url in asked)


async def test_an_open_detail_leaves_the_rows_as_they_are(site: Site, long_list: str) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(long_list)
        await scroll_to(page, 10_003)
        await expect(page.get_by_role("link", name="Byggmöte 1.pdf")).to_be_in_viewport()
        await settled(opened)
        await page.evaluate(
            """() => {
              window.changes = 0;
              new MutationObserver((list) => { window.changes += list.length; })
                .observe(document.getElementById('rows'), { childList: true });
            }"""
        )
        await page.get_by_role("link", name="Byggmöte 1.pdf").click()
        await expect(page.locator("#detail header h2")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#detail")).to_be_hidden()
        assert await page.evaluate("window.changes") == 0


async def test_a_list_is_where_it_was_after_a_change_and_on_the_way_back(
    site: Site, long_list: str
) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(long_list)
        await scroll_to(page, 10_003)
        await page.get_by_role("link", name="A-40 Plan 2.pdf").click()
        await page.locator("summary", has_text="Change").click()
        await page.get_by_role("button", name="Rename").first.click()
        await page.get_by_role("textbox", name="File name", exact=True).fill("A-40 Plan 3.pdf")
        await page.get_by_role("dialog").get_by_role("button", name="Rename").click()
        await expect(page.get_by_text("is called A-40 Plan 3.pdf now.")).to_be_visible()
        await expect(page.locator("tr[data-place='9999']")).to_be_in_viewport()
        await page.reload()
        await expect(page.locator("tr[data-place='9999']")).to_be_in_viewport()
        await page.get_by_role("link", name="Version", exact=True).click()
        await expect(page.locator("th[aria-sort=ascending]")).to_have_text("Version")
        await expect(page.locator("tr[data-place='0']")).to_be_in_viewport()
        await page.go_back()
        await expect(page.locator("tr[data-place='9999']")).to_be_in_viewport()
        await page.get_by_role("link", name="All documents").click()
        await expect(page.locator("tr[data-place='0']")).to_be_in_viewport()
