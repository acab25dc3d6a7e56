"""Take a picture of every page: ``make screenshots``; they lie in ``build/screenshots``.

Two installations are served: one with the demo's organisation in it, where people have worked, and
one that was installed this minute. People sign in as people do. Each page is taken at the width of
a desk and of a phone. ``ONLY=word`` takes those pictures whose names hold the word. Which pictures
there are stands in ``tests/support/scenes.py``, because tests look at the same pages.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the tests' machinery is borrowed

from tests.support import scenes  # noqa: E402 - after the path
from tests.support.browser import (  # noqa: E402 - see above
    CHROMIUM,
    DESKTOP,
    MISSING,
    PHONE,
    chromium,
)
from tests.support.stage import Site, busy_site, new_site, opened_for  # noqa: E402 - see above

TARGET: Final = ROOT / "build" / "screenshots"
SIZES: Final = {"1440": DESKTOP, "360": PHONE}


async def main() -> int:
    """Take the pictures."""
    if not CHROMIUM.exists():
        print(MISSING, file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in scenes.SHOTS if os.environ.get("ONLY", "") in shot.name]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ringbinder-shots-")))
        browser = await stack.enter_async_context(chromium())
        sites = {
            "busy": await busy_site(stack, folder / "busy", browser),
            "new": await new_site(stack, folder / "new"),
        }
        failed = [
            f"{shot.name}-{width}: {error}"
            for shot in wanted
            for width in SIZES
            if shot.is_for_phones or SIZES[width] is not PHONE
            if (error := await _try(sites[shot.site], browser, shot, width)) is not None
        ]
    for line in failed:
        print(f"no picture of {line}", file=sys.stderr)
    return 1 if failed else 0


async def _try(site: Site, browser: Browser, shot: scenes.Shot, width: str) -> Exception | None:
    """Take a picture; gives what went wrong, so that the others are taken all the same."""
    try:
        await _take(site, browser, shot, width)
    except (PlaywrightError, AssertionError) as error:
        return error
    print(f"{shot.name}-{width}", flush=True)
    return None


async def _take(site: Site, browser: Browser, shot: scenes.Shot, width: str) -> None:
    async with opened_for(site, browser, shot, SIZES[width]) as opened:
        await opened.page.wait_for_timeout(250)
        await opened.page.screenshot(path=TARGET / f"{shot.name}-{width}.png", full_page=True)


if __name__ == "__main__":
    shutil.rmtree(TARGET, ignore_errors=True)
    sys.exit(asyncio.run(main()))
