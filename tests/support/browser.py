"""The pages in a real browser: the application on a port of its own, and Debian's Chromium."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from ringbinder.app import assemble, create_app
from ringbinder.settings import Settings
from tests.fakes.people import COOKIE, FakePeople
from tests.support.world import AMPLE_LIMITS, World

CHROMIUM: Final = Path("/usr/bin/chromium")
REQUIRED: Final = "RINGBINDER_REQUIRE_CHROMIUM"
MISSING: Final = "Chromium is not installed (apt-get install chromium): no test in a browser ran."
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE: Final = Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js"
DESKTOP: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 360, "height": 740}
PATIENCE_MS: Final = 30_000
"""How long something may take to be seen on a machine that does other things too."""


def needs_chromium() -> None:
    """Skip where there is no browser, and fail where one was promised."""
    if CHROMIUM.exists():
        return
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@dataclass
class Served:
    """The application as a browser reaches it."""

    world: World
    people: FakePeople
    base: str


@asynccontextmanager
async def served(
    data: Path, database_url: str, *, with_sign_in: bool = False, **settings: Any
) -> AsyncIterator[Served]:
    """Serve the application in this process, with whoever a test lets in, or who signs in."""
    people = FakePeople()
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    usual: dict[str, Any] = {"limits": AMPLE_LIMITS, "webhooks_enabled": False, "public_url": base}
    parts = assemble(Settings(data=data, database_url=database_url, **(usual | settings)))
    app = create_app(parts, page_authenticator=None if with_sign_in else people)
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    running = asyncio.create_task(server.serve())
    try:
        async with httpx.AsyncClient(base_url=base, timeout=60) as http:
            await _until_ready(http, running)
            yield Served(World("sqlite", parts, app, http), people, base)
    finally:
        server.stop()  # type: ignore[no-untyped-call]  # Granian's own
        with suppress(asyncio.CancelledError):
            await running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _until_ready(http: httpx.AsyncClient, running: "asyncio.Task[None]") -> None:
    while not running.done():
        with suppress(httpx.TransportError):
            if (await http.get("/health/live")).status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return
        await asyncio.sleep(0.05)
    await running


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Lend a headless browser, beside which everything is waited for with patience."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Tab:
    """A page in a browser, and what it complained about."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.base}{path}")

    async def findings(self) -> list[str]:
        """What axe finds, as far as it is serious or critical."""
        await self.page.evaluate(AXE.read_text())
        found = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']} ({one['impact']}): {[node['target'] for node in one['nodes']][:5]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    async def is_too_wide(self) -> bool:
        """Tell whether the page must be scrolled sideways."""
        excess: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return excess > 0


class Reached(Protocol):
    """What a browser finds under an address: an application in this process, or a server."""

    @property
    def base(self) -> str:
        """Its address, without a path."""


@asynccontextmanager
async def tab(
    browser: Browser,
    served: Reached,
    cookie: str | None,
    *,
    size: dict[str, int] | None = None,
    language: str = "en-GB",
    scheme: Any = "light",
) -> AsyncIterator[Tab]:
    """Open a tab for a person; a complaint of the browser is kept, such as a blocked script."""
    wanted: Any = size or DESKTOP
    is_phone = wanted["width"] < 600
    context: BrowserContext = await browser.new_context(
        viewport=wanted,
        locale=language,
        color_scheme=scheme,
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    if cookie is not None:
        await context.add_cookies([{"name": COOKIE, "value": cookie, "url": served.base}])
    try:
        opened = Tab(await context.new_page(), served.base)
        opened.page.set_default_timeout(PATIENCE_MS)
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on(
            "console",
            lambda message: (
                opened.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        yield opened
    finally:
        await context.close()
