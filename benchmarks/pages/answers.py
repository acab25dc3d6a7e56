"""Each page's answer beside its own statements on the bare driver, and its own template.

The application runs twice: in this process, where it is watched for the statements and the filled
templates of each page, and as a server, whose answers are timed over one connection. All three are
measured in turns, so that a busy machine is as unkind to each of them.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
from sqlalchemy import event

from benchmarks.pages.site import Site, assembled, first_tab, running, sign_in
from benchmarks.suite.client import Connection, Request, median
from benchmarks.suite.library import COMMON, RARE
from ringbinder.app import create_app
from ringbinder.web.pages.rendering import Pages

SECONDS: Final = 2.5
"""How long each page is measured."""

AT_LEAST: Final = 15
ALLOWED: Final = 1.6
_FRAGMENT: Final = {"hx-request": "true"}


@dataclass(frozen=True, slots=True)
class Sought:
    """A page that is measured."""

    name: str
    path: str
    is_fragment: bool = False


def sought(site: Site) -> list[Sought]:
    """List the pages that people use."""
    base = f"/binders/{site.binder_id}"
    rows = f"{base}/rows?tab=all"
    detail = f"/documents/{site.document_id}"
    tab = first_tab()
    return [
        Sought("bookshelf", "/"),
        Sought("binder, tabs and first window", base),
        Sought("binder, one tab", f"{base}?tab={tab}"),
        Sought("binder, by a custom key", f"{base}?tab=all&sort=Objekt"),
        Sought("binder, filtered by status", f"{base}?tab=all&f.in.GLOBAL_Status=002"),
        Sought("window 2", f"{rows}&offset=100", is_fragment=True),
        Sought("window in the middle", f"{rows}&offset=35000", is_fragment=True),
        Sought("last window", f"{rows}&offset=69000", is_fragment=True),
        Sought("deep, by name, turned", f"{rows}&sort=-name&offset=100", is_fragment=True),
        Sought("deep, by a date", f"{rows}&sort=GLOBAL_Date&offset=35000", is_fragment=True),
        Sought("deep, by a custom key", f"{rows}&sort=Objekt&offset=35000", is_fragment=True),
        Sought("window, part of a name", f"{rows}&q={RARE}", is_fragment=True),
        Sought("detail beside the list", detail, is_fragment=True),
        Sought("detail as a page", detail),
        Sought("reads", f"{detail}/reads", is_fragment=True),
        Sought("search, empty", "/search"),
        Sought("search, rare term", f"/search?q={RARE}"),
        Sought("search, common term", f"/search?q={COMMON}"),
        Sought("suggestions", f"/search/suggestions?q={RARE}", is_fragment=True),
        Sought("trash", "/trash"),
        Sought("audit", "/organisation/audit"),
        Sought("members", "/organisation/members"),
        Sought("groups", "/organisation/groups"),
        Sought("clients", "/organisation/clients"),
        Sought("health", "/organisation/health"),
        Sought("settings", f"{base}/settings"),
        Sought("settings, schema", f"{base}/settings/schema"),
        Sought("settings, tabs", f"{base}/settings/tabs"),
        Sought("upload", f"{base}/upload"),
        Sought("account", "/account"),
    ]


@dataclass
class Seen:
    """What a page did: its statements as the driver got them, and what it filled in."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    fillings: list[Callable[[], str]] = field(default_factory=list)


class _Recorder:
    """Stands where templates come from, and notes what is filled into them."""

    def __init__(self, real: Any, watch: "_Watch") -> None:  # noqa: ANN401 - Jinja's own
        self._real = real
        self._watch = watch

    def get_template(self, name: str) -> "_Recorder":
        return _Recorder(self._real.get_template(name), self._watch)

    def render(self, **context: object) -> str:
        def fill() -> str:
            text: str = self._real.render(**context)
            return text

        self._watch.seen.fillings.append(fill)
        return fill()


class _Watch:
    def __init__(self) -> None:
        self.seen = Seen()

    def statement(self, _c: object, _u: object, text: str, given: Any, *_: object) -> None:  # noqa: ANN401 - the driver's
        if text not in ("BEGIN", "BEGIN IMMEDIATE") and not text.startswith("PRAGMA"):
            self.seen.statements.append((text, given))


class Bare:
    """The bare driver on one connection."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._sqlite: sqlite3.Connection | None = None
        if url.startswith("sqlite"):
            self._sqlite = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self._sqlite.execute("PRAGMA cache_size = -65536")
            return
        settings = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
        self._postgres = self._loop.run_until_complete(
            asyncpg.connect(url, server_settings=settings)
        )

    @property
    def is_here(self) -> bool:
        """Tell whether the database works in this process."""
        return self._sqlite is not None

    def run(self, statements: Sequence[tuple[str, Any]]) -> None:
        """Run what a page ran; reads only, writes are left out."""
        if self._sqlite is not None:
            for text, given in statements:
                self._sqlite.execute(text, given).fetchall()
            return
        self._loop.run_until_complete(self._all(statements))

    async def _all(self, statements: Sequence[tuple[str, Any]]) -> None:
        for text, given in statements:
            await self._postgres.fetch(text, *given)

    def close(self) -> None:
        if self._sqlite is not None:
            self._sqlite.close()
        else:
            self._loop.run_until_complete(self._postgres.close())
        self._loop.close()


def measure(site: Site, port: int, only: str = "") -> list[dict[str, Any]]:
    """Measure every page whose name contains a text."""
    wanted = [one for one in sought(site) if only in one.name]
    with running(site, port) as server:
        seen = asyncio.run(_watch_all(site, wanted, sign_in(port)))
        bare, connection = Bare(site.installation.url), Connection(port)
        found = []
        try:
            for one in wanted:
                headers = (server.headers or {}) | (_FRAGMENT if one.is_fragment else {})
                wire = Request("GET", one.path, headers).wire()
                found.append(_measure(one, seen[one.name], connection, wire, bare, server.pid))
                _tell(found[-1])
        finally:
            connection.close()
            bare.close()
    return found


def _measure(
    one: Sought, seen: Seen, connection: Connection, wire: bytes, bare: Bare, pid: int
) -> dict[str, Any]:
    def ask() -> None:
        status, _ = connection.ask(wire)
        if status != 200:
            message = f"{one.path}: {status}"
            raise RuntimeError(message)

    def fill() -> None:
        for filling in seen.fillings:
            filling()

    def ask_bare() -> None:
        bare.run(seen.statements)

    for work in (ask, ask_bare, fill, ask, ask_bare, fill):
        work()
    turns = [
        _Turn(cpu_of(pid), ask),
        _Turn(time.process_time, ask_bare),
        _Turn(time.process_time, fill),
    ]
    until = time.perf_counter() + SECONDS
    while len(turns[0].walls) < AT_LEAST or time.perf_counter() < until:
        for turn in turns:
            turn.take()
    answer, sql, rendering = (median(turn.walls) * 1000 for turn in turns)
    cpu = [sum(turn.cpus) / len(turn.cpus) * 1000 for turn in turns]
    return {
        "page": one.name,
        "statements": len(seen.statements),
        "answer_ms": answer,
        "sql_ms": sql,
        "rendering_ms": rendering,
        "ratio": answer / (sql + rendering),
        "cpu_answer_ms": cpu[0],
        "cpu_ratio": cpu[0] / (cpu[1] + cpu[2]) if bare.is_here else None,
        "is_within": answer <= ALLOWED * (sql + rendering),
    }


@dataclass
class _Turn:
    """Something that is done again and again, with the seconds and the processor's time."""

    clock: Callable[[], float]
    work: Callable[[], None]
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    def take(self) -> None:
        used, began = self.clock(), time.perf_counter()
        self.work()
        self.walls.append(time.perf_counter() - began)
        self.cpus.append(self.clock() - used)


def cpu_of(pid: int) -> Callable[[], float]:
    """Give a clock of the processor's time that a server and its workers have used, in seconds."""

    def clock() -> float:
        nanoseconds = 0
        for task in _tasks(pid):
            with suppress(OSError):
                nanoseconds += int((task / "schedstat").read_text().split()[0])
        return nanoseconds / 1e9

    return clock


def _tasks(pid: int) -> Iterator[Path]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield task
        for child in (task / "children").read_text().split():
            yield from _tasks(int(child))


def _tell(found: dict[str, Any]) -> None:
    mark = "" if found["is_within"] else "  OVER"
    cpu = "" if found["cpu_ratio"] is None else f"  cpu {found['cpu_ratio']:5.2f} x"
    print(
        f"  {found['page']:32} {found['statements']:3} statements  answer {found['answer_ms']:8.2f}"
        f"  sql {found['sql_ms']:8.2f}  rendering {found['rendering_ms']:7.2f} ms"
        f"  {found['ratio']:5.2f} x{cpu}{mark}",
        flush=True,
    )


async def _watch_all(site: Site, wanted: Sequence[Sought], cookie: str) -> dict[str, Seen]:
    """Ask for each page twice in this process, and give what it did the second time."""
    async with assembled(site) as parts:
        app = create_app(parts)
        watch = _Watch()
        pages: Pages = app.state.ringbinder.parts[Pages]
        vars(pages)["environments"] = {
            language: _Recorder(real, watch) for language, real in pages.environments.items()
        }
        found: dict[str, Seen] = {}
        transport = httpx.ASGITransport(app=app)
        headers = {"cookie": cookie, "accept-language": "sv"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            with _heard(parts.database, watch):
                for one in wanted:
                    more = _FRAGMENT if one.is_fragment else {}
                    for _ in range(2):
                        watch.seen = found[one.name] = Seen()
                        answer = await http.get(one.path, headers=headers | more)
                        if answer.status_code != 200:
                            message = f"{one.path}: {answer.status_code}"
                            raise RuntimeError(message)
        return found


@contextmanager
def _heard(database: Any, watch: _Watch) -> Iterator[None]:  # noqa: ANN401 - its engine is its own
    """Hear every statement as the driver gets it."""
    ours = database._engine  # noqa: SLF001 - nobody but a measurement looks there
    engine = ours._engine  # noqa: SLF001 - see above
    real = getattr(engine, "sync_engine", engine)
    fetch = ours.fetch

    async def heard(sql: str, given: Sequence[Any], **how: Any) -> Any:  # noqa: ANN401 - see above
        watch.seen.statements.append((sql, given))
        return await fetch(sql, given, **how)

    event.listen(real, "before_cursor_execute", watch.statement)
    ours.fetch = heard
    try:
        yield
    finally:
        event.remove(real, "before_cursor_execute", watch.statement)
        ours.fetch = fetch
