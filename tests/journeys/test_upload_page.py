"""The upload page in a real browser: a folder with its register, over a line that breaks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Request, Route, expect

from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.support.browser import PHONE, Served, Tab, chromium, needs_chromium, served, tab
from tests.support.databases import new_database_url
from tests.support.world import Tenant

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(180)]

DRAWINGS = 40
MODEL_BYTES = 24 << 20


@dataclass
class Site:
    """A served application, a browser in front of it, and a binder to upload into."""

    served: Served
    browser: Browser
    house: Tenant
    owner: str
    binder: Json
    drawings: Json

    @property
    def address(self) -> str:
        return f"/binders/{self.binder['id']}/upload?tab={self.drawings['id']}"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    needs_chromium()
    url = new_database_url("sqlite", None, tmp_path)
    async with served(tmp_path, url) as application, chromium() as browser:
        house = await application.world.new_tenant()
        binder = await new_binder(house.admin, name="Kvarteret Åkern")
        await new_element(house.admin, binder, "Nummer", label="Number")
        drawings = await new_folder(house.creator, binder, "Ritningar")
        owner = application.people.let_in(house.organisation)
        yield Site(
            application, browser, house, owner, binder, drawings | {"binderId": binder["id"]}
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a consultant sends it: drawings below sub-folders, and one large model."""
    folder = tmp_path / "Leverans"
    for number in range(DRAWINGS):
        part = folder / ("A" if number % 2 else "K")
        part.mkdir(parents=True, exist_ok=True)
        (part / f"Plan {number:02}.pdf").write_bytes(b"%PDF-1.7 plan " * (number + 1))
    with (folder / "Modell.ifc").open("wb") as model:
        model.truncate(MODEL_BYTES)
    (folder / "..bad name\u2028.txt").write_bytes(b"x")
    return folder


@pytest.fixture
def register(tmp_path: Path) -> Path:
    rows = [
        f"{'A' if number % 2 else 'K'}/Plan {number:02}.pdf;A-{number:03};Bygghandling;B;skissad"
        for number in range(DRAWINGS)
    ]
    path = tmp_path / "forteckning.csv"
    path.write_text("\n".join(["fil;Nummer;status;revision;kommentar", *rows, "saknas.pdf;1;;;"]))
    return path


async def choose(page: Page, folder: Path) -> None:
    await page.locator("#folder").set_input_files(folder)
    await expect(page.locator(".upload-row")).to_have_count(DRAWINGS + 2)


async def names_in(site: Site) -> list[str]:
    path = f"/documents/drives/binders/{site.binder['id']}/folders/{site.drawings['id']}/documents"
    answer = await site.house.reader.get(f"{path}?pageSize=100")
    return [item["fileName"] for item in answer.json()["items"]]


async def test_a_folder_with_its_register_over_a_line_that_breaks(
    site: Site, folder: Path, register: Path
) -> None:
    await new_document(site.house.creator, site.drawings, "Plan 00.pdf")
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(site.address)
        await choose(page, folder)
        await page.locator("#register").set_input_files(register)
        await expect(page.locator("#register-counts")).to_have_text("41 rows · 40 files have a row")
        await page.get_by_text("1 row without a file").click()
        await expect(page.locator("#register-rows")).to_contain_text("Line 42: There is no such")
        await page.get_by_text("Columns").click()
        await expect(page.locator("#register-columns")).to_contain_text("kommentar: left out")
        first = page.locator(".upload-row", has_text="Plan 00.pdf").first
        await expect(first.locator("[data-part=values]")).to_contain_text("Number: A-000")
        await expect(first.locator("[data-part=taken]")).to_contain_text("Becomes a new version")
        bad = page.locator(".upload-row", has_text="bad name")
        await expect(bad.locator("[data-part=problem]")).to_contain_text("control characters")
        assert await opened.findings() == []

        await lose_the_line_while_sending(page)
        assert await names_in(site) == ["Plan 00.pdf"]
        await expect(page.locator("#publish")).to_have_text("Publish 41 files", timeout=60_000)
        assert await names_in(site) == ["Plan 00.pdf"]

        await page.locator("#publish").click()
        await expect(page.locator("[data-state=committed]")).to_have_count(41)
        await expect(page.locator("#upload-live")).to_have_text("41 files are published")
        assert len(await names_in(site)) == 41
        link = page.locator(".upload-row", has_text="Plan 01.pdf").locator("[data-part=link]")
        await link.click()
        await expect(page.locator("body")).to_contain_text("A-001")


async def lose_the_line_while_sending(page: Page) -> None:
    """Cut the line in the middle of the model, and give it back."""
    asked: list[str] = []
    parts: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/state") else None)

    def note(one: Request) -> None:
        sent = one.headers.get("content-range")
        if sent:
            parts.append(sent)

    page.on("request", note)
    row = page.locator(".upload-row", has_text="Modell.ifc")
    # The line breaks when the second part begins, so the first one has arrived whole.
    broken = False

    async def gate(route: Route) -> None:
        nonlocal broken
        sent = route.request.headers.get("content-range", "")
        if sent.startswith("bytes 8388608-") and not broken:
            broken = True
            await page.context.set_offline(True)
            await route.abort("internetdisconnected")
        else:
            await route.continue_()

    await page.route("**/transfer/uploads/**", gate)
    await page.locator("#send").click()
    await expect(page.locator("#upload-offline")).to_be_visible(timeout=60_000)
    await expect(row).to_have_attribute("data-state", "sending")
    await page.context.set_offline(False)
    await expect(page.locator("#upload-offline")).to_be_hidden(timeout=60_000)
    await expect(row).to_have_attribute("data-state", "received", timeout=60_000)
    assert asked, "the upload was not asked for its truth"
    assert parts.count(f"bytes 0-8388607/{MODEL_BYTES}") == 1, "what had arrived was sent again"


async def hold(_route: Route) -> None:
    """Let nothing through."""


async def test_pause_and_resume_by_keyboard(site: Site, folder: Path) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(site.address)
        await choose(page, folder)
        await expect(page.locator("#send")).to_be_enabled()
        await page.route("**/transfer/uploads/**", hold)
        await page.locator("#send").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-state=sending]")).to_have_count(3)
        await page.locator("#pause").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#resume")).to_be_focused()
        await expect(page.locator("[data-state=sending]")).to_have_count(0)
        await page.unroute("**/transfer/uploads/**")
        await page.keyboard.press("Enter")
        await expect(page.locator("#publish")).to_be_visible(timeout=60_000)
        assert not opened.complaints


async def test_one_file_is_described_and_taken_away_on_a_phone(site: Site, folder: Path) -> None:
    async with tab(site.browser, site.served, site.owner, size=PHONE, language="sv-SE") as opened:
        page = opened.page
        await opened.open(site.address)
        await choose(page, folder)
        row = page.locator(".upload-row", has_text="Plan 07.pdf")
        await row.get_by_role("button", name="Metadata").click()
        await page.locator("#file-fields").get_by_label("Number").fill("A-107")
        await page.locator("#file-save").click()
        await expect(row.locator("[data-part=values]")).to_have_text("Number: A-107")
        await page.locator(".upload-row", has_text="bad name").get_by_label("Ta bort").click()
        await expect(page.locator(".upload-row")).to_have_count(DRAWINGS + 1)
        await looks_right(opened)


async def looks_right(opened: Tab) -> None:
    assert not await opened.is_too_wide()
    assert await opened.findings() == []
    assert not opened.complaints


async def test_the_list_comes_back_when_the_page_is_loaded_anew(site: Site, folder: Path) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        parts: list[str] = []
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("request", lambda one: parts.append(one.headers.get("content-range", "")))
        await opened.open(site.address)
        await choose(page, folder)
        wants_more = asyncio.Event()

        async def gate(route: Route) -> None:
            """Let whole files and the first part of the large one through, and nothing after it."""
            sent = route.request.headers.get("content-range", "")
            if not sent or sent.startswith("bytes 0-"):
                await route.continue_()
            else:
                wants_more.set()  # so the first part has been answered

        await page.route("**/transfer/uploads/**", gate)
        model = page.locator(".upload-row", has_text="Modell.ifc")
        await page.locator("#send").click()
        await expect(page.locator("[data-state=received]")).to_have_count(DRAWINGS, timeout=60_000)
        await asyncio.wait_for(wants_more.wait(), 60)
        await page.reload()
        await expect(page.locator("#upload-restored")).to_contain_text("42 files were in the list")
        await expect(page.locator("#publish")).to_have_text(f"Publish {DRAWINGS} files")
        await expect(model).to_have_attribute("data-state", "missing")
        await expect(model).to_contain_text("8.4 MB of 25.2 MB")
        assert await names_in(site) == []
        assert await opened.findings() == []
        await page.unroute("**/transfer/uploads/**")
        parts.clear()
        await page.locator("#folder").set_input_files(folder)
        await expect(model).to_have_attribute("data-state", "received", timeout=60_000)
        await expect(page.locator(".upload-row")).to_have_count(DRAWINGS + 2)
        assert not [one for one in parts if one.startswith("bytes 0-")], "bytes were sent again"
        await page.locator("#publish").click()
        await expect(page.locator("[data-state=committed]")).to_have_count(DRAWINGS + 1)
        assert len(await names_in(site)) == DRAWINGS + 1
        await page.reload()
        await expect(page.locator("#upload")).to_have_attribute("data-ready", "")
        await expect(page.locator(".upload-row", has_text="Plan 01.pdf")).to_have_count(0)


async def test_files_that_were_chosen_before_the_page_was_ready_are_taken(
    site: Site, folder: Path
) -> None:
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        chosen = asyncio.Event()

        async def late(route: Route) -> None:
            await chosen.wait()
            await route.continue_()

        await page.route("**/js/upload/page*.js", late)
        await page.goto(site.served.base + site.address, wait_until="commit")
        await page.locator("#files").set_input_files(folder / "K" / "Plan 00.pdf")
        await expect(page.locator(".upload-row")).to_have_count(0)
        chosen.set()
        await expect(page.locator(".upload-row")).to_have_count(1)
        await expect(page.locator("#files")).to_have_value("")


@pytest.mark.parametrize(
    ("naming", "name"), [("keep", "Plan 00.pdf"), ("own", "Plan 00 rev B.pdf")]
)
async def test_a_file_of_another_name_becomes_a_new_version(
    site: Site, tmp_path: Path, naming: str, name: str
) -> None:
    made = await new_document(site.house.creator, site.drawings, "Plan 00.pdf")
    file = tmp_path / "Plan 00 rev B.pdf"
    file.write_bytes(b"%PDF-1.7 revised")
    async with tab(site.browser, site.served, site.owner) as opened:
        page = opened.page
        await opened.open(f"/documents/{made['document']['id']}")
        await page.get_by_role("link", name="New version").click()
        await expect(page.get_by_role("heading", name="New version of Plan 00.pdf")).to_be_visible()
        await page.locator("#files").set_input_files(file)
        row = page.locator(".upload-row")
        await expect(row).to_contain_text("Becomes a new version of Plan 00.pdf.")
        await page.locator(f"[name=naming][value={naming}]").check()
        await looks_right(opened)
        await page.locator("#send").click()
        await page.locator("#publish").click()
        await expect(row).to_have_attribute("data-state", "committed")
    found = (await site.house.reader.get(f"/documents/{made['document']['id']}")).json()
    assert (found["fileName"], found["id"]) == (name, made["document"]["id"])
    versions = await site.house.reader.get(f"/documents/{found['id']}/versions")
    assert [one["number"] for one in versions.json()] == [2, 1]
