"""Signing in, in a real browser: the first owner, an invitation, a second factor, a provider."""

import asyncio
import email
import email.policy
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from ringbinder.access.permissions import MemberRole
from ringbinder.features.members import service as members
from ringbinder.features.organisations import service as organisations
from ringbinder.features.signin.rules.totp import code_at, step_at
from tests.factories.people import GOOD_PASSWORD
from tests.support.browser import PHONE, Served, Tab, chromium, needs_chromium, served, tab
from tests.support.databases import new_database_url
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(180)]

NEW_PASSWORD = "hammare och spik 7"


@dataclass
class Site:
    """A fresh installation, a browser in front of it, and a provider beside it."""

    served: Served
    browser: Browser
    provider: Provider
    mail: Path

    async def letter(self, address: str, subject: str) -> EmailMessage:
        """Wait for a letter to an address."""
        policy: Any = email.policy.default
        for _ in range(300):
            for path in self.mail.glob("*.eml"):
                found: EmailMessage = email.message_from_bytes(path.read_bytes(), policy=policy)
                if found["To"] == address and subject in found["Subject"]:
                    return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"no letter to {address}")

    async def link(self, address: str, subject: str) -> str:
        """Give the path of the link in a letter."""
        text = (await self.letter(address, subject)).get_content()
        found = re.search(rf"{re.escape(self.served.base)}(/\S+)", text)
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    needs_chromium()
    data = tmp_path_factory.mktemp("sign-in")
    url = new_database_url("sqlite", None, data)
    with provider() as running:
        settings = {
            "id": "test",
            "name": "Test ID",
            "issuer": running.issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        async with (
            served(data, url, with_sign_in=True, oidc_providers=[settings]) as application,
            chromium() as browser,
        ):
            yield Site(application, browser, running, data / "mail")


async def assert_fine(opened: Tab) -> None:
    """Look at the page as axe does, and at its width."""
    assert await opened.findings() == [], opened.page.url
    assert not await opened.is_too_wide(), opened.page.url


async def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.locator(f"main [name={name}]").first.fill(value)


async def send(page: Page) -> None:
    await page.locator("main .button.primary").last.click()


async def test_from_nothing_to_an_organisation_with_people(site: Site) -> None:
    await _first_owner_by_keyboard(site)
    await _invited_on_a_phone(site)
    await _forgotten_password(site)
    await _by_a_provider(site)


async def _first_owner_by_keyboard(site: Site) -> None:
    async with tab(site.browser, site.served, None, language="sv-SE") as opened:
        page = opened.page
        await opened.open("/")
        await page.wait_for_url("**/welcome")
        await expect(page.get_by_role("heading", name="Välkommen till Ringbinder")).to_be_visible()
        await assert_fine(opened)
        code = site.served.world.parts.people.set_up.code
        for text in (code, "Kastanjen", "Anna Åberg", "anna@a.example", GOOD_PASSWORD):
            await page.keyboard.type(text)
            await page.keyboard.press("Tab")
        await page.keyboard.type(GOOD_PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{site.served.base}/")
        await expect(page.locator(".topmenu-name")).to_have_text("Anna Åberg")
        recovery_code = await _turn_second_factor_on(opened)
        await page.locator(".topmenu summary").press("Enter")
        await page.get_by_role("button", name="Logga ut").press("Enter")
        await expect(page.get_by_text("Du har loggat ut.")).to_be_visible()
        await assert_fine(opened)
        await fill(page, email="anna@a.example", password="wrong")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("stämmer inte")
        await assert_fine(opened)
        await page.keyboard.type(GOOD_PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/sign-in/code")
        await assert_fine(opened)
        await page.keyboard.type(recovery_code)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{site.served.base}/")
        assert [text for text in opened.complaints if "403" not in text] == []


async def _turn_second_factor_on(opened: Tab) -> str:
    """Turn it on by its code; gives a recovery code."""
    page = opened.page
    await opened.open("/account")
    await assert_fine(opened)
    await page.get_by_role("link", name="Slå på tvåstegsverifiering").click()
    await assert_fine(opened)
    secret = (await page.locator("code.key").inner_text()).replace(" ", "")
    await fill(page, code=code_at(secret, step_at(datetime.now(UTC))))
    await page.keyboard.press("Enter")
    await expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery_code = await page.locator(".recovery-codes code").first.inner_text()
    await assert_fine(opened)
    await page.get_by_role("link", name="Jag har sparat dem").click()
    await assert_fine(opened)
    return recovery_code


async def _invite(site: Site, address: str, name: str) -> None:
    parts = site.served.world.parts
    [organisation] = await organisations.list_organisations(parts.database)
    async with parts.database.write(organisation.key) as session:
        member = await members.invite_member(
            session,
            organisations.operator(organisation),
            email=address,
            name=name,
            role=MemberRole.CREATOR,
        )
        await parts.people.invitations.send_invitation(
            session,
            person_key=member.person_key,
            member_key=member.key,
            email=address,
            name=name,
            language=None,
            organisation_name=organisation.name,
            invited_by="Anna Åberg",
        )


async def _invited_on_a_phone(site: Site) -> None:
    await _invite(site, "bo@a.example", "Bo Ek")
    link = await site.link("bo@a.example", "Invitation to Kastanjen")
    async with tab(site.browser, site.served, None, size=PHONE, scheme="dark") as opened:
        page = opened.page
        await opened.open(link)
        await assert_fine(opened)
        await fill(page, new_password="kort", repeated="kort")
        await send(page)
        await expect(page.locator("#field-new_password-problem")).to_contain_text("10 characters")
        await assert_fine(opened)
        await fill(page, new_password=GOOD_PASSWORD, repeated=GOOD_PASSWORD)
        await send(page)
        await page.wait_for_url(f"{site.served.base}/")
        await opened.open("/account")
        await assert_fine(opened)
        await opened.open(link)
        await expect(page.get_by_role("heading", name="not valid any more")).to_be_visible()
        await assert_fine(opened)


async def _forgotten_password(site: Site) -> None:
    async with tab(site.browser, site.served, None) as opened:
        page = opened.page
        await opened.open("/sign-in")
        await page.get_by_role("link", name="I have forgotten my password").click()
        await assert_fine(opened)
        await fill(page, email="bo@a.example")
        await send(page)
        await expect(page.get_by_role("status")).to_contain_text("on its way")
        await assert_fine(opened)
        await opened.open(await site.link("bo@a.example", "A new password"))
        await assert_fine(opened)
        await fill(page, new_password=NEW_PASSWORD, repeated=NEW_PASSWORD)
        await send(page)
        await page.wait_for_url("**/sign-in")
        await fill(page, email="bo@a.example", password=NEW_PASSWORD)
        await send(page)
        await page.wait_for_url(f"{site.served.base}/")
        assert opened.complaints == []


async def _by_a_provider(site: Site) -> None:
    await _invite(site, "eva@a.example", "Eva Ek")
    site.provider.tell(claims={"email": "eva@a.example", "sub": "eva"})
    async with tab(site.browser, site.served, None) as opened:
        page = opened.page
        await opened.open("/account")
        await assert_fine(opened)
        await page.get_by_role("link", name="Sign in with Test ID").click()
        await page.wait_for_url("**/account")
        await expect(page.get_by_text("eva@a.example")).to_be_visible()
        await assert_fine(opened)
        site.provider.tell(error="access_denied")
        await page.locator(".topmenu summary").click()
        await page.get_by_role("button", name="Sign out").last.click()
        await page.get_by_role("link", name="Sign in with Test ID").click()
        await expect(page.get_by_role("alert")).to_contain_text("did not work")
        await assert_fine(opened)
        assert opened.complaints == []
