"""A whole errand in a real browser, against a server process: from nothing to a trail of evidence.

Anna owns a fresh installation, Bo keeps a binder in it, in Swedish, Rut may read a part of it.
"""

import asyncio
import csv
import email
import email.policy
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Browser, Download, Locator, Page, expect
from pypdf import PdfReader

from ringbinder.access.permissions import Role
from tests.factories.content import fetch, new_document
from tests.factories.files import image, pdf
from tests.factories.people import GOOD_PASSWORD
from tests.support.browser import Tab, chromium, needs_chromium, tab
from tests.support.real_server import RealServer
from tests.support.world import Caller

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]

CORPUS: Final = Path(__file__).parents[3] / "shared" / "corpus"
ANNA, BO, RUT = "anna@kastanjen.example", "bo@kastanjen.example", "rut@konsult.example"
PATIENCE: Final = 60_000
"""Milliseconds that a page is waited for: many, as a busy machine is no fault of a page."""

DRAWING: Final = "A-40.1-03.pdf"
SECRET: Final = "Entreprenadkontrakt.pdf"
SECRET_TAB: Final = "Avtal och ekonomi"
MODEL: Final = "Samordning.ifc"
INTEGRATION: Final = "Modellsamordningen"


@dataclass
class Errand:
    """A fresh installation that serves, and a browser in front of it."""

    server: RealServer
    browser: Browser
    data: Path
    tabs: AsyncExitStack

    async def person(self, language: str) -> Tab:
        """Give a person's own browser, which keeps its cookies to the end."""
        opened = await self.tabs.enter_async_context(
            tab(self.browser, self.server, None, language=language)
        )
        opened.page.set_default_timeout(PATIENCE)
        return opened

    def set_up_code(self) -> str:
        """Read the code that the server printed when it started."""
        found = re.search(r'"code": ?"([^"]+)"', self.server.log())
        assert found is not None, self.server.log()
        return found[1]

    async def link(self, address: str) -> str:
        """Wait for the letter to an address, and give the path of the link in it."""
        policy: Any = email.policy.default
        for _ in range(600):
            for path in (self.data / "mail").glob("*.eml"):
                letter = email.message_from_bytes(path.read_bytes(), policy=policy)
                if letter["To"] == address:
                    found = re.search(rf"{re.escape(self.server.base)}(/\S+)", letter.get_content())
                    assert found is not None
                    return found[1]
            await asyncio.sleep(0.1)
        raise AssertionError(f"no letter to {address}")


@pytest.fixture
async def errand(tmp_path: Path) -> AsyncIterator[Errand]:
    needs_chromium()
    expect.set_options(timeout=PATIENCE)
    data = tmp_path / "installation"
    data.mkdir()
    server = RealServer(data)
    server.start()
    try:
        async with chromium() as browser, AsyncExitStack() as tabs:
            yield Errand(server, browser, data, tabs)
    finally:
        server.stop()


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A folder as a consultant sends it, with the register beside it."""
    folder = tmp_path / "Leverans"
    rows: list[list[str]] = []

    def add(path: str, content: bytes, tab_path: str, *values: str) -> None:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        rows.append([path, tab_path, *values])

    for part, tab_name in (("A", "Ritningar/A Arkitekt"), ("K", "Ritningar/K Konstruktion")):
        for number in range(1, 9):
            name = f"{part}-40.1-{number:02}"
            add(f"{part}/{name}.pdf", pdf(name), tab_name, name, "Bygghandling", "A")
    add(f"avtal/{SECRET}", pdf("Hemligt"), SECRET_TAB, "", "", "")
    add("foton/Schaktning.png", image(), "Foton/Etapp 1", "", "", "")
    add("Byggmöte 1.txt", b"Protokoll", "M\u00f6ten och protokoll", "", "Justerat", "")
    with (tmp_path / "forteckning.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(
            [["fil", "flik", "Ritningsnummer", "status", "revision"], *rows]
        )
    return folder


@pytest.fixture
def corpus() -> Path:
    if not (CORPUS / "register.csv").exists():
        pytest.skip("the corpus of example files is not on this machine")
    return CORPUS


async def test_a_whole_errand(errand: Errand, delivery: Path) -> None:
    anna = await errand.person("en-GB")
    await _own_a_fresh_installation(errand, anna)
    bo = await _invite_and_join(errand, anna, BO, "Bo Ek", "creator", "sv")
    await _sign_out_and_in(bo, BO)
    binder = await _new_binder_from_template(bo)
    await _deliver(bo, binder, delivery, delivery.parent / "forteckning.csv", files=19)
    drawing = await _find_and_look(bo, DRAWING)
    await _publish_a_new_version(bo, delivery / "A" / DRAWING)
    await _see_what_is_superseded(bo, drawing)
    await _see_who_has_not_read_it(bo, anna, drawing)
    await _integrate(errand, anna, binder)
    await _see_the_evidence(bo, anna)
    await _delete_and_restore(bo, binder)
    rut = await _invite_and_join(errand, anna, RUT, "Rut Alm", "restricted_reader", "sv")
    await _sees_nothing_of_a_hidden_tab(bo, rut, binder)
    for opened in (anna, bo):
        assert opened.complaints == []


async def test_the_corpus_by_the_upload_page(errand: Errand, corpus: Path) -> None:
    anna = await errand.person("sv-SE")
    await _own_a_fresh_installation(errand, anna)
    binder = await _new_binder_from_template(anna)
    await _deliver(anna, binder, corpus / "files", corpus / "register.csv", files=143)
    assert anna.complaints == []


async def fine(opened: Tab) -> None:
    """Look at the page as axe does, and at its width, when nothing is on its way."""
    await opened.page.wait_for_load_state("networkidle")
    assert await opened.findings() == [], opened.page.url
    assert not await opened.is_too_wide(), opened.page.url


async def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.locator(f"main [name={name}]").first.fill(value)


async def send(page: Page) -> None:
    await page.locator("main .button.primary").last.click()


def download_button(opened: Tab) -> Locator:
    return opened.page.locator(".detail-actions").get_by_role("link", name="Ladda ner")


async def download(opened: Tab) -> Download:
    async with opened.page.expect_download() as waiting:
        await download_button(opened).click()
    return await waiting.value


async def _own_a_fresh_installation(errand: Errand, anna: Tab) -> None:
    page = anna.page
    await anna.open("/")
    await page.wait_for_url("**/welcome")
    await fine(anna)
    await fill(page, code=errand.set_up_code(), organisation="Kastanjen", name="Anna Åberg")
    await fill(page, email=ANNA, new_password=GOOD_PASSWORD, repeated=GOOD_PASSWORD)
    await send(page)
    await page.wait_for_url(f"{anna.base}/")
    await expect(page.locator(".topmenu-name")).to_have_text("Anna Åberg")
    await fine(anna)


async def _invite_and_join(
    errand: Errand, host: Tab, address: str, name: str, role: str, language: str
) -> Tab:
    """Invite somebody, who takes the link from the letter and joins in a browser of their own."""
    page = host.page
    await host.open("/organisation/members")
    await fill(page, email=address, name=name)
    form = page.locator("form", has=page.locator("[name=language]")).last
    await form.locator("[name=role]").select_option(role)
    await form.locator("[name=language]").select_option(language)
    await send(page)
    await expect(page.locator("tr", has_text=address)).to_contain_text("Invited")
    await fine(host)
    guest = await errand.person("sv-SE")
    await guest.open(await errand.link(address))
    await fine(guest)
    await fill(guest.page, new_password=GOOD_PASSWORD, repeated=GOOD_PASSWORD)
    await guest.page.get_by_role("button", name="Tacka ja").click()
    await guest.page.wait_for_url(f"{guest.base}/")
    return guest


async def _sign_out_and_in(opened: Tab, address: str) -> None:
    page = opened.page
    await page.locator(".topmenu summary").click()
    await page.get_by_role("button", name="Logga ut").click()
    await expect(page.get_by_text("Du har loggat ut.")).to_be_visible()
    await opened.open("/sign-in")
    await fine(opened)
    await fill(page, email=address, password=GOOD_PASSWORD)
    await page.get_by_role("button", name="Logga in").click()
    await page.wait_for_url(f"{opened.base}/")
    await expect(page.get_by_role("heading", name="Bokhylla")).to_be_visible()
    await fine(opened)


async def _new_binder_from_template(opened: Tab) -> str:
    """Make a binder like the built-in template for building projects; gives its path."""
    page = opened.page
    await opened.open("/")
    await page.get_by_role("button", name="Ny pärm").click()
    await page.get_by_role("textbox", name="Namn", exact=True).fill("Kvarteret Åkern")
    await page.get_by_label("Mall").select_option(label="Byggprojekt")
    await fine(opened)
    await page.get_by_role("button", name="Skapa pärmen").click()
    await expect(page.get_by_text("Pärmen Kvarteret Åkern är skapad.")).to_be_visible()
    await expect(page.get_by_role("link", name=SECRET_TAB)).to_be_visible()
    await fine(opened)
    return httpx.URL(page.url).path


async def _deliver(opened: Tab, binder: str, folder: Path, register: Path, *, files: int) -> None:
    """Publish a folder by the upload page, each file where its register says."""
    page = opened.page
    await opened.open(binder)
    await page.get_by_role("link", name="Ladda upp").first.click()
    await page.wait_for_url("**/upload*")
    await page.locator("#folder").set_input_files(folder)
    await expect(page.locator(".upload-row")).to_have_count(files)
    await page.locator("#register").set_input_files(register)
    await expect(page.locator("#register-counts")).to_have_text(
        f"{files} rader · {files} filer har en rad"
    )
    await page.get_by_label("Dit förteckningen säger").check()
    await page.get_by_label("Utelämna värden").check()
    await page.locator("#make-folders").click()
    await expect(page.locator("#make-folders")).to_be_hidden(timeout=PATIENCE)
    await fine(opened)
    await page.locator("#send").click()
    await expect(page.locator("#publish")).to_have_text(f"Publicera {files} filer")
    await page.locator("#publish").click()
    await expect(page.locator("[data-state=committed]")).to_have_count(files)
    await fine(opened)
    await opened.open(f"{binder}?tab=all")
    await expect(page.locator("#total")).to_have_text(f"{files} dokument")
    await fine(opened)


async def _find_and_look(opened: Tab, name: str) -> str:
    """Find a drawing by a part of its name, and look at it; gives the path of its own page."""
    page = opened.page
    await opened.open("/")
    await page.get_by_role("combobox", name="Sök i alla pärmar").fill(name[2:8])
    await page.get_by_role("combobox", name="Sök i alla pärmar").fill(name[:-4].lower())
    await page.get_by_role("option", name=name).click()
    await expect(page.locator("#detail header h2")).to_have_text(name)
    await _is_pictured(page)
    await fine(opened)
    await page.get_by_role("link", name="Visa alla sidor").last.click()
    await expect(page.locator("#pdf-pages canvas")).to_be_visible(timeout=PATIENCE)
    await fine(opened)
    await page.get_by_role("link", name="Tillbaka").click()
    await expect(page.locator("h1", has_text=name)).to_be_visible()
    await expect(page.locator("dl.facts")).to_contain_text("Bygghandling")
    await fine(opened)
    await opened.open(f"/search?q={name[:6]}")
    await expect(page.locator("#results")).to_contain_text(name)
    await fine(opened)
    await page.locator("#results").get_by_role("link", name=name).click()
    await page.get_by_role("link", name="Egen sida").click()
    await page.wait_for_url("**/documents/*")
    return httpx.URL(page.url).path


async def _is_pictured(page: Page) -> None:
    """Wait for the picture that the server makes of the first page."""
    picture = page.locator("figure.preview img")
    await expect(picture).to_be_visible(timeout=PATIENCE)
    await expect(picture).to_have_js_property("complete", True)  # noqa: FBT003 - a value
    assert await picture.evaluate("one => one.naturalWidth") > 0


async def _publish_a_new_version(opened: Tab, file: Path) -> None:
    page = opened.page
    await asyncio.to_thread(file.write_bytes, pdf("Changed"))
    await page.get_by_role("link", name="Ny version").click()
    await page.wait_for_url("**/upload*")
    await page.locator("#files").set_input_files(file)
    row = page.locator(".upload-row", has_text=file.name)
    await expect(row).to_contain_text("Blir en ny version")
    await page.locator("#group-fields").get_by_label("Version", exact=True).fill("B")
    await page.locator("#send").click()
    await page.locator("#publish").click()
    await row.get_by_role("link", name="Öppna").click()
    await expect(page.get_by_text("Gällande version", exact=True)).to_be_visible()
    await fine(opened)


async def _see_what_is_superseded(opened: Tab, drawing: str) -> None:
    """See the mark on the older version: on the screen, on its pages, and on what is downloaded."""
    page = opened.page
    await opened.open(drawing)
    await page.get_by_label("Visa version A").click()
    told = page.get_by_text("Du tittar på version A. Gällande är B.")
    await expect(told).to_be_visible()
    await expect(page.locator(".preview-mark")).to_have_text("ERSATT")
    await fine(opened)
    old = await download(opened)
    assert old.suggested_filename == f"ERSATT – {DRAWING}"
    text = PdfReader(await old.path()).pages[0].extract_text()
    assert "ERSATT av version B" in text
    assert "A-40.1-03" in text
    await page.get_by_role("link", name="Visa alla sidor").last.click()
    await expect(page.locator(".callout.superseded")).to_be_visible()
    await expect(page.locator("#pdf-pages canvas")).to_be_visible(timeout=PATIENCE)
    await fine(opened)
    await opened.open(drawing)
    new = await download(opened)
    assert new.suggested_filename == DRAWING
    assert "ERSATT" not in PdfReader(await new.path()).pages[0].extract_text()


async def _see_who_has_not_read_it(bo: Tab, anna: Tab, drawing: str) -> None:
    await bo.open(drawing)
    reads = bo.page.locator(".reads")
    await expect(reads.locator(".not-read")).to_have_text("Anna Åberg")
    await expect(reads.locator(".read-log")).not_to_contain_text("Anna Åberg")
    await expect(reads.locator(".read-log")).to_contain_text("Bo Ek laddade ner A")
    await anna.open(drawing)
    await _is_pictured(anna.page)
    await fine(anna)
    await bo.open(drawing)
    await expect(reads.locator(".read-log")).to_contain_text("Anna Åberg öppnade B")
    await expect(reads).to_contain_text("Alla har läst den")
    await fine(bo)


async def _integrate(errand: Errand, anna: Tab, binder: str) -> None:
    """Make an API client in the page, whose program uploads a model and reads it again."""
    page = anna.page
    await anna.open("/organisation/clients")
    await fine(anna)
    if await page.get_by_role("button", name="Switch API access on").count():
        await page.get_by_role("button", name="Switch API access on").click()
    await fill(page, name=INTEGRATION)
    await page.locator("main [name=role]").select_option("Creator")
    await page.get_by_role("button", name="Make the client").click()
    await expect(page.get_by_text("shown only now")).to_be_visible()
    await fine(anna)
    keys = {
        name: await page.locator(f"#{name}").input_value()
        for name in ("tenant", "client-id", "client-secret")
    }
    await page.get_by_role("link", name="I have kept it").click()
    await expect(page.get_by_role("row", name=INTEGRATION)).to_contain_text("Enabled")
    await fine(anna)
    await _upload_and_read(errand, keys, binder.rpartition("/")[2])


async def _upload_and_read(errand: Errand, keys: dict[str, str], binder_id: str) -> None:
    async with httpx.AsyncClient(base_url=errand.server.base, timeout=60) as http:
        form = {
            "grant_type": "client_credentials",
            "client_id": keys["client-id"],
            "client_secret": keys["client-secret"],
        }
        token = (await http.post("/connect/token", data=form)).json()["access_token"]
        program = Caller(
            http,
            Role.CREATOR,
            UUID(keys["client-id"]),
            keys["client-secret"],
            token,
            UUID(keys["tenant"]),
        )
        folders = (await program.get(f"/documents/drives/binders/{binder_id}")).json()
        folder = next(one for one in folders if one["name"] == "Modeller")
        place = folder | {"binderId": binder_id}
        made = await new_document(program, place, MODEL, b"ISO-10303-21;")
        assert (await fetch(program, made["version"])).content == b"ISO-10303-21;"


async def _see_the_evidence(bo: Tab, anna: Tab) -> None:
    """See the person and the integration side by side, and the integration in no read log."""
    page = anna.page
    await anna.open("/organisation/audit")
    for name, kind in (("Bo Ek", "Person"), (INTEGRATION, "Integration")):
        row = page.locator("tr", has_text=name).filter(has_text=kind)
        await expect(row.first).to_be_visible()
    await fine(anna)
    await page.get_by_label("By whom").select_option(label="Integration")
    await page.get_by_role("button", name="Filter", exact=True).click()
    await expect(page.locator("table.data tbody tr", has_text=MODEL).first).to_be_visible()
    await expect(page.locator("table.data tbody")).not_to_contain_text("Bo Ek")
    await fine(anna)
    await bo.open(f"/search?q={MODEL}")
    await bo.page.locator("#results").get_by_role("link", name=MODEL).click()
    reads = bo.page.locator(".reads")
    await expect(reads.locator(".read-log")).to_contain_text("Bo Ek")
    await expect(reads).not_to_contain_text(INTEGRATION)
    await expect(reads).to_contain_text("Läsningar av integrationer syns inte.")
    await fine(bo)


async def _delete_and_restore(bo: Tab, binder: str) -> None:
    page = bo.page
    await bo.open(f"{binder}?tab=all&q={DRAWING}")
    await page.get_by_role("link", name=DRAWING).click()
    await page.locator("summary", has_text="Ändra").click()
    await page.get_by_role("button", name="Lägg i papperskorgen").click()
    await expect(page.get_by_role("link", name=DRAWING)).to_have_count(0)
    await bo.open(f"/search?q={DRAWING}")
    await expect(page.locator("#results")).to_contain_text("Inget hittades")
    await bo.open("/trash")
    await fine(bo)
    await page.get_by_role("button", name=f"Återställ {DRAWING}").click()
    await expect(page.get_by_role("button", name=f"Återställ {DRAWING}")).to_have_count(0)
    await fine(bo)
    await bo.open(f"/search?q={DRAWING}")
    await page.locator("#results").get_by_role("link", name=DRAWING).click()
    await expect(page.get_by_label("Visa version A")).to_be_visible()
    await fine(bo)


async def _sees_nothing_of_a_hidden_tab(bo: Tab, rut: Tab, binder: str) -> None:
    page = rut.page
    await rut.open("/")
    await expect(page.get_by_text("Inga pärmar ännu")).to_be_visible()
    await fine(rut)
    await _let_in_and_hide(bo, binder)
    hidden = await _addresses_of_the_secret(bo, binder)

    await rut.open("/")
    await expect(page.get_by_role("main")).to_contain_text("19 dokument")
    await page.get_by_role("link", name="Kvarteret Åkern").click()
    await expect(page.get_by_role("link", name="Ritningar")).to_be_visible()
    await shows_nothing_secret(page)
    await fine(rut)
    for path in (f"{binder}?tab=all", f"{binder}?tab=all&q=kontrakt", "/search?q=kontrakt"):
        await rut.open(path)
        await shows_nothing_secret(page)
        await fine(rut)
    await rut.open("/")
    search = page.get_by_role("combobox", name="Sök i alla pärmar")
    await search.fill("byggm")
    await expect(page.get_by_role("option", name="Byggmöte 1.txt")).to_be_visible()
    async with page.expect_response("**/search/suggestions?q=kontrakt") as answered:
        await search.fill("kontrakt")
    assert "option" not in await (await answered.value).text()
    for path in hidden:
        answer = await page.request.get(f"{rut.base}{path}")
        assert SECRET not in await answer.text(), path
        assert SECRET_TAB not in await answer.text(), path
        # Who has read what is refused to readers, whichever document they ask about.
        assert answer.status == (403 if path.endswith("/reads") else 404), path
        assert (await bo.page.request.get(f"{bo.base}{path}")).status not in (403, 404), path
    await rut.open(hidden[0])
    await fine(rut)


async def shows_nothing_secret(page: Page) -> None:
    """Look for the hidden tab in all that the page holds, what is not shown included."""
    content = await page.content()
    assert SECRET not in content, page.url
    assert SECRET_TAB not in content, page.url


async def _let_in_and_hide(bo: Tab, binder: str) -> None:
    """Let the guest take part in the binder, and keep one tab from it."""
    page = bo.page
    await bo.open(f"{binder}/settings/participants")
    await page.get_by_label("Medlem eller grupp").select_option(label=f"Rut Alm ({RUT})")
    await page.get_by_role("button", name="Lägg till").click()
    await expect(page.locator("tr", has_text="Rut Alm")).to_be_visible()
    await fine(bo)
    await bo.open(f"{binder}/settings/tabs")
    await fine(bo)
    await page.get_by_role("link", name=f"Vem ser fliken {SECRET_TAB}").click()
    await page.get_by_label("Dold").check()
    await fine(bo)
    await page.get_by_role("button", name="Spara").click()
    await expect(page.locator("tr", has_text=SECRET_TAB)).to_contain_text("Dold")


async def _addresses_of_the_secret(bo: Tab, binder: str) -> list[str]:
    """Give every address under which somebody could ask for the tab or for its document."""
    page = bo.page
    await bo.open(f"/search?q={SECRET}")
    link = page.locator("#results").get_by_role("link", name=SECRET)
    query = httpx.URL(await link.get_attribute("href") or "").params
    await link.click()
    own = f"/documents/{query['document']}"
    file = await download_button(bo).get_attribute("href")
    assert file is not None
    version = file.rpartition("/")[0]
    tab_query = f"?tab={query['tab']}"
    return [
        f"{binder}{tab_query}",
        *(
            f"{binder}/{what}{tab_query}"
            for what in ("rows", "print", "list.csv", "list.xlsx", "zip")
        ),
        f"{own}",
        f"{own}/reads",
        *(f"{version}/{what}" for what in ("file", "picture", "preview", "thumbnail", "pages")),
    ]
