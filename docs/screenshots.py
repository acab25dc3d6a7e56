"""Take a picture of every page: ``make screenshots``; they lie in ``build/screenshots``.

The demo's organisation is served, and a person signs in as people do. Each page is taken at the
width of a desk and of a phone. ``ONLY=word`` takes those pictures whose names hold the word. A page
that no picture shows is named at the end.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the tests' machinery is borrowed

from ringbinder.access.permissions import MemberRole  # noqa: E402 - after the path
from ringbinder.entrypoints.cli.demo import seeding  # noqa: E402 - see above
from ringbinder.web.pages.registry import PageDeclaration, pages_of  # noqa: E402 - see above
from tests.factories.people import GOOD_PASSWORD, add_member, add_person  # noqa: E402 - see above
from tests.support.browser import (  # noqa: E402 - see above
    CHROMIUM,
    DESKTOP,
    MISSING,
    PHONE,
    Served,
    chromium,
    served,
    tab,
)
from tests.support.databases import new_database_url  # noqa: E402 - see above
from tests.support.world import Caller  # noqa: E402 - see above

TARGET: Final = ROOT / "build" / "screenshots"
EMAIL: Final = "anna.berg@kastanjen.example"
SIZES: Final = {"1440": DESKTOP, "360": PHONE}


@dataclass(frozen=True)
class Shot:
    """A picture: its name, where it is taken, and what is clicked before."""

    name: str
    path: str
    clicks: Sequence[str] = ()
    language: str = "sv-SE"
    scheme: str = "light"
    is_signed_in: bool = True


def shots(binder: str, document: str, tab_id: str) -> list[Shot]:
    """List the pictures; add yours here."""
    base = f"/binders/{binder}"
    return [
        Shot("bookshelf", "/"),
        Shot("bookshelf-en-dark", "/", language="en-GB", scheme="dark"),
        Shot("bookshelf-new", "/", ["[data-opens=new-binder]"]),
        Shot("bookshelf-menu", "/", [".topmenu > summary"]),
        Shot("binder", base),
        Shot("binder-list", f"{base}?tab={tab_id}"),
        Shot("binder-list-en-dark", f"{base}?tab=all", language="en-GB", scheme="dark"),
        Shot("binder-filtered", f"{base}?tab=all&f.in.GLOBAL_Status=bygghandling&q=plan"),
        Shot("binder-filters", f"{base}?tab=all", ["[data-opens=filters]"]),
        Shot("binder-views", f"{base}?tab=all", ["summary:has-text('Vyer')"]),
        Shot("binder-nothing", f"{base}?tab=all&q=zzz"),
        Shot("detail", f"{base}?tab=all&document={document}"),
        Shot(
            "detail-en-dark",
            f"{base}?tab=all&document={document}",
            language="en-GB",
            scheme="dark",
        ),
        Shot(
            "detail-superseded",
            f"{base}?tab=all&document={document}",
            [".versions li.superseded .actions a >> nth=0"],
        ),
        Shot(
            "detail-metadata",
            f"{base}?tab=all&document={document}",
            ["#detail summary", f"[data-opens='describe-{document}']"],
        ),
        Shot("document", f"/documents/{document}"),
        Shot("search", "/search?q=plan"),
        Shot("search-empty", "/search"),
        Shot("trash", "/trash"),
        Shot("not-found", "/nowhere"),
        Shot("account", "/account"),
        Shot("account-second-factor", "/account/second-factor"),
        Shot("sign-in", "/sign-in", is_signed_in=False),
        Shot("sign-in-en-dark", "/sign-in", language="en-GB", scheme="dark", is_signed_in=False),
        Shot("reset", "/reset", is_signed_in=False),
        Shot("invitation-gone", "/invitation/none", is_signed_in=False),
        *_administration(base, document),
    ]


def _administration(base: str, document: str) -> list[Shot]:
    """List the pages of administrators and of uploads; those that are not there are left out."""
    return [
        Shot("upload", f"{base}/upload"),
        Shot("settings", f"{base}/settings"),
        Shot("settings-schema", f"{base}/settings/schema"),
        Shot("settings-tabs", f"{base}/settings/tabs"),
        Shot("settings-participants", f"{base}/settings/participants"),
        Shot("members", "/organisation/members"),
        Shot("groups", "/organisation/groups"),
        Shot("clients", "/organisation/clients"),
        Shot("audit", "/organisation/audit"),
        Shot("limits", "/organisation/limits"),
        Shot("health", "/organisation/health"),
        Shot("list-print", f"{base}/print"),
        Shot("reads", f"/documents/{document}/reads"),
    ]


FRAGMENTS: Final = frozenset(
    {
        "binders.rows",
        "search.suggestions",
        "sign_in.ask_provider",
        "sign_in.hear_provider",
        "sign_in.code",
        "links.reset",
        "welcome.page",
    }
)
"""Parts of pages, ways to elsewhere, and pages that stand at one moment only."""


async def main() -> int:
    """Take the pictures."""
    if not CHROMIUM.exists():
        print(MISSING, file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ringbinder-screenshots-") as folder:
        url = await asyncio.to_thread(new_database_url, "sqlite", None, Path(folder))
        async with served(Path(folder), url, with_sign_in=True) as site, chromium() as browser:
            wanted = shots(*await _furnish(site))
            pages = [page for page in pages_of(site.world.app) if page.method == "GET"]
            await _take(site, browser, [shot for shot in wanted if _is_there(pages, shot)])
            return _tell_missing(pages, wanted)


def _is_there(pages: Sequence[PageDeclaration], shot: Shot) -> bool:
    is_asked_for = os.environ.get("ONLY", "") in shot.name
    return is_asked_for and (shot.path == "/nowhere" or any(_shows(page, shot) for page in pages))


def _shows(page: PageDeclaration, shot: Shot) -> bool:
    pattern = re.sub(r"{[^}]+}", "[^/]+", page.path)
    return re.fullmatch(pattern, shot.path.partition("?")[0]) is not None


def _tell_missing(pages: Sequence[PageDeclaration], wanted: Sequence[Shot]) -> int:
    missing = [
        page.id
        for page in pages
        if page.id not in FRAGMENTS and not any(_shows(page, shot) for shot in wanted)
    ]
    for page_id in missing:
        print(f"no picture shows {page_id}")
    return 0


async def _furnish(site: Served) -> tuple[str, str, str]:
    """Make the demo's organisation and a person in it; gives a binder, a document and a tab."""
    organisation, _ = await seeding.ensure_clients(site.world.parts)
    await seeding.ensure_binders(site.world.parts, organisation, lambda _: None)
    key = await add_person(site.world, email=EMAIL, name="Anna Berg", password=GOOD_PASSWORD)
    await add_member(site.world, organisation, key, role=str(MemberRole.OWNER))
    caller = await site.world.new_caller(organisation, list(seeding.ROLES)[-1])
    binders = (await caller.get("/binders")).json()
    binder = next(one for one in binders if one["type"] == "project")
    body = {"MetadataFilters": [{"metadataElementId": "GLOBAL_BinderId", "valueId": binder["id"]}]}
    found = (await caller.post("/documents", json=body)).json()["items"]
    versions = {one["id"]: len(await _versions(caller, one["id"])) for one in found}
    document = max(found, key=lambda one: versions[one["id"]])
    other = next(one for one in found if one["id"] != document["id"])
    await caller.delete(f"/documents/{other['id']}")
    return binder["id"], document["id"], document["folderId"]


async def _versions(caller: Caller, document_id: str) -> list[Any]:
    versions: list[Any] = (await caller.get(f"/documents/{document_id}/versions")).json()
    return versions


async def _take(site: Served, browser: Browser, wanted: Sequence[Shot]) -> None:
    for shot in wanted:
        for width in SIZES:
            async with _opened(site, browser, shot, width) as page:
                await page.goto(f"{site.base}{shot.path}")
                await page.wait_for_load_state("networkidle")
                for selector in shot.clicks:
                    await page.locator(selector).first.click()
                    await page.wait_for_load_state("networkidle")
                await page.wait_for_timeout(250)
                await page.screenshot(path=TARGET / f"{shot.name}-{width}.png")
                print(f"{shot.name}-{width}")


_sessions: dict[str, Any] = {}


@asynccontextmanager
async def _opened(site: Served, browser: Browser, shot: Shot, width: str) -> AsyncIterator[Page]:
    async with tab(
        browser, site, None, size=SIZES[width], language=shot.language, scheme=shot.scheme
    ) as opened:
        if shot.is_signed_in:
            if not _sessions:
                await _sign_in(opened.page, site.base)
                _sessions["cookies"] = await opened.page.context.cookies()
            await opened.page.context.add_cookies(_sessions["cookies"])
        yield opened.page


async def _sign_in(page: Page, base: str) -> None:
    await page.goto(f"{base}/sign-in")
    await page.locator("input[name=email]").fill(EMAIL)
    await page.locator("input[name=password]").fill(GOOD_PASSWORD)
    await page.locator("main form button").first.click()
    await page.wait_for_selector(".topnav")


if __name__ == "__main__":
    shutil.rmtree(TARGET, ignore_errors=True)
    sys.exit(asyncio.run(main()))
