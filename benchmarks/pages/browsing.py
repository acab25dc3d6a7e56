"""The list of 70,000 documents in headless Chromium: what keeps a person waiting.

A long task is one of 50 ms and more on the page's main thread, as the browser itself reports them;
beside the longest stands how much of the processor's time it took, since on a busy machine a task
stands and waits, too. Waiting is the time until every row that is seen shows a document.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Browser, CDPSession, Page

from benchmarks.pages.site import EMAIL, Site, running
from tests.factories.people import GOOD_PASSWORD
from tests.support.browser import DESKTOP, chromium

ALLOWED_MS: Final = 200
SORTED: Final = 6
"""By how many of the columns the list is sorted."""

_WATCH: Final = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
}).observe({ type: "longtask", buffered: true });
window.frames_ = 0;
(function count() { window.frames_ += 1; requestAnimationFrame(count); })();
"""
_SHOWN: Final = """
() => {
  const list = document.getElementById("list");
  if (!list) return false;
  const box = list.getBoundingClientRect();
  const head = list.querySelector("thead").offsetHeight;
  const middle = box.left + 120;
  for (let y = box.top + head + 4; y < box.bottom - 20; y += 38) {
    const row = document.elementFromPoint(middle, y)?.closest("tr");
    if (row && !row.dataset.document) return false;
  }
  return true;
}
"""


@dataclass
class Step:
    """What somebody did, and what it cost."""

    name: str
    seconds: float
    waited_ms: float
    long_tasks: list[float] = field(default_factory=list)
    processor_ms: float = 0
    frames: int = 0
    rows: int = 0

    def told(self) -> str:
        longest = max(self.long_tasks, default=0)
        mark = "  OVER" if self.processor_ms > ALLOWED_MS else ""
        return (
            f"  {self.name:38} {self.seconds:6.2f} s  rows shown after {self.waited_ms:6.0f} ms"
            f"  long tasks {len(self.long_tasks):3}, longest {longest:4.0f} ms"
            f"  processor {self.processor_ms:4.0f} ms"
            f"  {self.frames:4} frames  {self.rows:4} rows in the page{mark}"
        )


@dataclass
class Reader:
    """Somebody in front of the browser."""

    browser: Browser
    page: Page
    devtools: CDPSession
    base: str
    steps: list[Step] = field(default_factory=list)

    async def do(self, name: str, act: Callable[[], Awaitable[Any]]) -> None:
        """Do something, wait until rows are shown, and note what the browser says of it."""
        if await self.page.evaluate("window.longTasks !== undefined"):
            await self.page.evaluate("window.longTasks.length = 0; window.frames_ = 0")
        await self.browser.start_tracing(page=self.page, categories=["toplevel"])
        began = time.perf_counter()
        await act()
        acted = time.perf_counter()
        await self.page.wait_for_function(_SHOWN, polling="raf", timeout=60_000)
        shown = time.perf_counter()
        await self.page.wait_for_timeout(150)
        processor = _longest_task(await self.browser.stop_tracing())
        tasks, frames, rows = await self.page.evaluate(
            "[window.longTasks, window.frames_, document.querySelectorAll('#rows tr').length]"
        )
        step = Step(name, shown - began, (shown - acted) * 1000, tasks, processor, frames, rows)
        print(step.told(), flush=True)
        self.steps.append(step)

    async def memory(self) -> dict[str, float]:
        """Give heap and number of nodes, after the garbage has been collected."""
        await self.devtools.send("HeapProfiler.collectGarbage")
        found = await self.devtools.send("Performance.getMetrics")
        metrics = {one["name"]: one["value"] for one in found["metrics"]}
        return {
            "heap_mb": metrics["JSHeapUsedSize"] / 1e6,
            "nodes": metrics["Nodes"],
            "listeners": metrics["JSEventListeners"],
            "task_seconds": metrics["TaskDuration"],
            "script_seconds": metrics["ScriptDuration"],
            "layout_seconds": metrics["LayoutDuration"],
            "style_seconds": metrics["RecalcStyleDuration"],
        }


def _longest_task(trace: bytes) -> float:
    """Give the longest task of a page's main thread by the processor's time, in milliseconds."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = (
        event.get("tdur", 0)
        for event in events
        if (event["pid"], event["tid"]) in mains and event["ph"] == "X"
    )
    return float(max(tasks, default=0)) / 1000


def measure(site: Site, port: int) -> dict[str, Any]:
    """Walk through the list as people do."""
    with running(site, port):
        return asyncio.run(_measure(site, f"http://127.0.0.1:{port}"))


async def _measure(site: Site, base: str) -> dict[str, Any]:
    async with chromium() as browser:
        context = await browser.new_context(viewport=DESKTOP, locale="sv-SE")  # type: ignore[arg-type]  # a size
        await context.add_init_script(_WATCH)
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("Performance.enable")
        reader = Reader(browser, page, devtools, base)
        await _sign_in(page, base)
        await _read(reader, f"/binders/{site.binder_id}?tab=all")
        memory = await reader.memory()
        print(
            "  " + ", ".join(f"{name} {value:,.1f}" for name, value in memory.items()), flush=True
        )
    longest = max((task for step in reader.steps for task in step.long_tasks), default=0)
    processor = max(step.processor_ms for step in reader.steps)
    return {
        "longest_task_ms": longest,
        "longest_task_processor_ms": processor,
        "is_within": longest <= ALLOWED_MS,
        "memory": memory,
        "steps": [vars(step) for step in reader.steps],
    }


async def _sign_in(page: Page, base: str) -> None:
    await page.goto(f"{base}/sign-in")
    await page.locator("input[name=email]").fill(EMAIL)
    await page.locator("input[name=password]").fill(GOOD_PASSWORD)
    await page.locator("main form button[type=submit], main form button").first.click()
    await page.wait_for_url(f"{base}/")


async def _read(reader: Reader, path: str) -> None:
    page, press = reader.page, reader.page.keyboard.press
    do = reader.do
    await do("open the list", lambda: page.goto(f"{reader.base}{path}"))
    box = await page.locator("#list").bounding_box()
    assert box is not None  # noqa: S101 - the list is there
    await page.mouse.move(box["x"] + 300, box["y"] + 300)
    await do("wheel, slowly: 120 notches of 100 px", lambda: _wheel(page, 120, 100, 25))
    await do("wheel, fast: 120 notches of 1,200 px", lambda: _wheel(page, 120, 1200, 16))
    await do("wheel back, fast", lambda: _wheel(page, 60, -1200, 16))
    for name, share in (("end", 1.0), ("middle", 0.5), ("a fifth", 0.2), ("begin", 0.0)):
        await do(f"scrollbar to the {name}", lambda share=share: _jump(page, share))  # type: ignore[misc]  # bound at once
    await do("drag the scrollbar through all", lambda: _drag(page))
    await page.locator("#rows td.name a").first.focus()
    for key in ("End", "Home", "PageDown", "ArrowDown"):
        await do(f"{key}", lambda key=key: press(key))  # type: ignore[misc]  # bound at once
    await do("PageDown 30 times", lambda: _repeat(page, "PageDown", 30))
    headings = page.locator("thead th a")
    for place in range(min(SORTED, await headings.count())):
        name = await headings.nth(place).inner_text()
        await do(f"sort by {name}", headings.nth(place).click)
        await do("to the middle", lambda: _jump(page, 0.5))
        await do(f"sort by {name}, turned", headings.nth(place).click)
    await do("open", lambda: page.goto(f"{reader.base}{path}"))
    await do("filter by a status", page.locator("#rows button.value.badge").first.click)
    await do("back", page.go_back)
    await do("to the middle", lambda: _jump(page, 0.5))
    before = await _top(page)
    await do("open a detail", lambda: _open(page))
    await do("close it", lambda: press("Escape"))
    await do("load the page anew", page.reload)
    after = await _top(page)
    print(f"  scrolled to {before:.0f} before and {after:.0f} after loading anew", flush=True)


async def _wheel(page: Page, notches: int, pixels: int, milliseconds: int) -> None:
    for _ in range(notches):
        await page.mouse.wheel(0, pixels)
        await page.wait_for_timeout(milliseconds)


async def _jump(page: Page, share: float) -> None:
    await page.evaluate(
        "(share) => { const list = document.getElementById('list');"
        " list.scrollTop = share * (list.scrollHeight - list.clientHeight); }",
        share,
    )
    await page.evaluate("new Promise(requestAnimationFrame)")


async def _drag(page: Page) -> None:
    for place in range(60):
        await _jump(page, place / 60)


async def _repeat(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        await page.keyboard.press(key)


async def _open(page: Page) -> None:
    await page.evaluate(
        "() => { const list = document.getElementById('list').getBoundingClientRect();"
        " document.elementFromPoint(list.left + 120, list.top + 250).closest('tr')"
        ".querySelector('td.name a').click(); }"
    )
    await page.locator("#detail h2").first.wait_for()


async def _top(page: Page) -> float:
    top: float = await page.evaluate("document.getElementById('list').scrollTop")
    return top
