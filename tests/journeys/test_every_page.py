"""Every page as axe sees it, on a desk in the light, on a phone in the dark; by keyboard too."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import DESKTOP, PHONE, chromium, needs_chromium
from tests.support.scenes import SHOTS, Shot
from tests.support.stage import Site, busy_site, new_site, opened_for

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(400)]

STATES = frozenset(
    {
        "members-role",
        "members-wrong",
        "impact",
        "schema-wrong",
        "upload-chosen",
        "detail-compared",
        "detail-superseded",
        "binder-empty",
        "zip-too-large",
        "not-found",
        "audit-wrong",
        "client-secret",
    }
)
"""What is looked at besides one picture of each page: dialogs, refusals, and empty places."""


def looked_at() -> list[Shot]:
    """Give the first picture of each page, and some states that look unlike it."""
    first = {shot.shows: shot for shot in reversed(SHOTS)}
    return [shot for shot in SHOTS if first[shot.shows] is shot or shot.name in STATES]


@dataclass
class Sites:
    """What is served, and the browser in front of it."""

    busy: Site
    new: Site
    browser: Browser

    def of(self, shot: Shot) -> Site:
        return self.busy if shot.site == "busy" else self.new


@pytest.fixture(scope="module")
async def sites(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sites]:
    needs_chromium()
    folder = tmp_path_factory.mktemp("pages")
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())
        busy = await busy_site(stack, folder / "busy", browser)
        yield Sites(busy, await new_site(stack, folder / "new"), browser)


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desk", "phone"]
)
async def test_axe_finds_nothing_serious_on_any_page(
    sites: Sites, size: dict[str, int], scheme: str
) -> None:
    wrong: list[str] = []
    for shot in looked_at():
        async with opened_for(sites.of(shot), sites.browser, shot, size, scheme=scheme) as opened:
            wrong += [f"{shot.name}: {found}" for found in await opened.findings()]
            if await opened.is_too_wide():
                wrong.append(f"{shot.name}: is wider than the screen")
            wrong += [f"{shot.name}: {text}" for text in opened.complaints if _is_new(text)]
    assert wrong == []


def _is_new(complaint: str) -> bool:
    """Tell whether a complaint is none about an answer that was meant to be a refusal."""
    return "the server responded with a status of 4" not in complaint


async def test_administration_works_by_keyboard(sites: Sites) -> None:
    members = Shot("members", "organisation.members", "/organisation/members", language="en-GB")
    async with opened_for(sites.busy, sites.browser, members, DESKTOP) as opened:
        page, press = opened.page, opened.page.keyboard.press
        await press("/")
        await expect(page.get_by_label("Part of a name or address")).to_be_focused()
        await page.keyboard.type("Bo")
        await press("Enter")
        await expect(page.get_by_role("status").first).to_have_text("1 member")
        button = page.get_by_role("button", name="Change role Bo Åkerlund")
        await button.focus()
        await press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("heading", name="Role of Bo Åkerlund")).to_be_visible()
        assert await page.evaluate("document.activeElement.closest('dialog') !== null")
        await press("Escape")
        await expect(dialog).to_be_hidden()
        await expect(button).to_be_focused()
        await page.get_by_role("button", name="Keep out Bo Åkerlund").press("Enter")
        await dialog.get_by_role("button", name="Keep out").press("Enter")
        await expect(page.get_by_text("Bo Åkerlund is kept out from now on.")).to_be_visible()
        await opened.open("/organisation/members?state=disabled")
        await page.get_by_role("button", name="Let in again Bo Åkerlund").press("Enter")
        await expect(page.get_by_text("Bo Åkerlund may sign in again.")).to_be_visible()
        assert opened.complaints == []


async def test_a_secret_is_copied_by_keyboard(sites: Sites) -> None:
    shot = next(one for one in SHOTS if one.name == "client-secret")
    async with opened_for(sites.busy, sites.browser, shot, DESKTOP, language="en-GB") as opened:
        page = opened.page
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = page.locator("[data-copies=client-secret]")
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(button).to_contain_text("Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == await page.locator("#client-secret").input_value()
        await page.get_by_role("link", name="I have kept it").press("Enter")
        await expect(page.get_by_role("heading", name="New API client")).to_be_visible()
