"""Searches over HTTP, each beside its limits in the same minute."""

import asyncio
import json
import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

from benchmarks.suite import served
from benchmarks.suite.client import Connection, Request, flood, median, quantile, timed
from benchmarks.suite.library import BINDERS, Library
from benchmarks.suite.served import Installation, Server
from benchmarks.suite.shapes import Shape, shapes_of

CONNECTIONS: Final = 32
ROUNDS: Final = 3
_FORGET: Final = "UPDATE organisation_sequences SET change_sequence = change_sequence + 1"
_CHANGED: Final = UUID(int=0x018F_0000_0000_7000_8000_0000_0000_0000 + 500)
"""A document that is changed between searches."""

Result = dict[str, Any]


class Driver:
    """The bare driver on one connection."""

    def __init__(self, url: str) -> None:
        self.engine = url.partition(":")[0]
        if self.engine == "sqlite":
            self._sqlite = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self._sqlite.execute("PRAGMA cache_size = -65536")
            return
        self._loop = asyncio.new_event_loop()
        settings = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
        self._postgres = self._loop.run_until_complete(
            asyncpg.connect(url, server_settings=settings)
        )

    def run(self, sql: str) -> list[Any]:
        if self.engine == "sqlite":
            return self._sqlite.execute(sql).fetchall()
        rows: list[Any] = self._loop.run_until_complete(self._postgres.fetch(sql))
        return rows

    def forget(self) -> None:
        """Let there be a change that nobody can look at, so that nothing remembered is of use."""
        self.run(_FORGET)

    def close(self) -> None:
        if self.engine == "sqlite":
            self._sqlite.close()
        else:
            self._loop.run_until_complete(self._postgres.close())


def measure(installation: Installation, size: int, port: int) -> Result:
    """Measure every shape, and how many typical searches one worker answers."""
    library = Library(size)
    driver = Driver(installation.url)
    with served.ringbinder(installation, port) as server:
        with _same_bytes(installation, port + 1) as limits:
            shapes = [_shape(server, driver, limits, shape) for shape in shapes_of(library)]
        throughput = _throughput(installation, server, library)
        memory = memory_of(server)
        started = server.started_in_seconds
    driver.close()
    return {
        "shapes": shapes,
        "throughput": throughput,
        "memory": memory,
        "started_in_seconds": started,
    }


@dataclass(frozen=True, slots=True)
class _Limits:
    """Servers that answer the bytes of files in a folder, and do nothing else."""

    folder: Path
    ports: dict[str, int]

    def of(self, answer: bytes) -> Result:
        """Measure how these servers answer what ours did."""
        name = f"answer-{time.time_ns()}.json"
        (self.folder / name).write_bytes(answer)
        wire = f"GET /{name} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
        found: Result = {}
        for server, port in self.ports.items():
            connection = Connection(port)
            asked = partial(connection.ask, wire)
            found[f"{server}_ms"] = median(timed(asked, seconds=0.3, at_least=4, at_most=300))
            connection.close()
            loaded = flood(port, [wire], connections=CONNECTIONS, seconds=1)
            found[f"{server}_per_second"] = loaded["per_second"]
        return found


@contextmanager
def _same_bytes(installation: Installation, port: int) -> Iterator[_Limits]:
    """Run a bare ASGI application, and nginx where it is installed, over one folder."""
    folder = installation.folder / "answers"
    folder.mkdir(exist_ok=True)
    with (
        served.bare(folder, port, mode="constant", files=str(folder)) as bare,
        served.nginx(folder, port + 1) as web,
    ):
        ports = {"bare": bare.port} | ({} if web is None else {"nginx": web.port})
        yield _Limits(folder, ports)
    shutil.rmtree(folder)


def _shape(server: Server, driver: Driver, limits: _Limits, shape: Shape) -> Result:
    """Measure one shape at one connection beside its bare SQL, and others that answer its bytes.

    It is asked again and again; after a document was changed; and when nothing is remembered.
    """
    request = server.request(shape.query, shape.body).wire()
    connection = Connection(server.port)

    def ask() -> bytes:
        status, body = connection.ask(request)
        if status != 200:
            message = f"{shape.name}: {status} {body[:500]!r}"
            raise RuntimeError(message)
        return body

    answer = ask()
    first = json.loads(answer)
    sql = shape.sql[driver.engine]
    rows = driver.run(sql)
    _same(shape, first, rows)
    fresh, again, best, first_time = [], [], [], []
    for turn in range(ROUNDS):
        best += timed(lambda: driver.run(sql), seconds=0.5, at_least=4, at_most=300)
        again += timed(ask, seconds=0.5, at_least=4, at_most=300)
        for place in range(5):
            _change(server, connection, f"Rum {turn:04}{place}")
            fresh += timed(ask, seconds=0, at_least=1, at_most=1)
        for _ in range(3):
            driver.forget()
            first_time += timed(ask, seconds=0, at_least=1, at_most=1)
    connection.close()
    loaded = flood(server.port, [request], connections=CONNECTIONS, seconds=2)
    found = limits.of(answer)
    found |= {
        "name": shape.name,
        "is_indexed": shape.is_indexed,
        "total": first["totalCount"],
        "bare_sql_ms": median(best),
        "again_ms": median(again),
        "again_p99_ms": quantile(again, 0.99),
        "after_change_ms": median(fresh),
        "after_change_worst_ms": max(fresh),
        "first_ms": median(first_time),
        "first_worst_ms": max(first_time),
        "per_second": loaded["per_second"],
        "loaded_p50_ms": loaded["p50_ms"],
    }
    found["is_within"] = median(again) <= 1.6 * median(best) + 1
    found["is_within_after_change"] = median(fresh) <= 1.6 * median(best) + 1
    print(
        f"  {shape.name:32} {found['total']:9,}  sql {median(best):8.2f}"
        f"  again {median(again):8.2f}  after a change {median(fresh):8.2f}"
        f"  first {median(first_time):8.2f}  the bytes alone {found['bare_ms']:5.2f} ms"
        f"  {loaded['per_second']:7.0f}/s",
        flush=True,
    )
    return found


def _change(server: Server, connection: Connection, room: str) -> None:
    """Describe a document anew, as people and integrations do all day."""
    body = {"metadata": [{"metadataElementId": "Utrymme", "value": room}]}
    path = f"/api/documents/{_CHANGED}"
    headers = server.headers or {}
    request = Request("PATCH", path, headers, json.dumps(body).encode())
    status, answer = connection.ask(request.wire())
    if status != 200:
        message = f"the document cannot be changed: {status} {answer[:500]!r}"
        raise RuntimeError(message)


def _same(shape: Shape, answer: Any, rows: list[Any]) -> None:  # noqa: ANN401 - JSON
    """Make sure that the bare SQL finds the same."""
    names = [item["fileName"] for item in answer["items"]]
    total = rows[0][0] if rows else 0
    if names != [row[2] for row in rows[:50]] or answer["totalCount"] != total:
        message = (
            f"{shape.name}: the bare SQL finds something else ({total}, {answer['totalCount']})"
        )
        raise RuntimeError(message)


def _throughput(installation: Installation, server: Server, library: Library) -> Result:
    """Typical searches: a page of a binder, many binders and pages, over 32 connections."""
    draw = random.Random(1)  # noqa: S311 - the same at every run
    requests = []
    for _ in range(400):
        binder = library.binder_id(draw.randint(1, BINDERS))
        body = {"MetadataFilters": [{"metadataElementId": "GLOBAL_BinderId", "valueId": binder}]}
        request = server.request(f"&pageNumber={draw.randint(1, 3)}", body)
        requests.append(request.wire())
    sample = installation.folder / "page.json"
    connection = Connection(server.port)
    largest = {"metadataElementId": "GLOBAL_BinderId", "valueId": library.binder_id(1)}
    whole = server.request("", {"MetadataFilters": [largest]})
    sample.write_bytes(connection.ask(whole.wire())[1])
    connection.close()
    folder = installation.folder
    static = [b"GET /page.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"]
    found: dict[str, list[float]] = {}
    with ExitStack() as stack:
        by_sql = stack.enter_context(
            served.bare(folder, server.port + 1, mode="sql", url=installation.url)
        )
        same_bytes = stack.enter_context(_same_bytes(installation, server.port + 2))
        shutil.copy(sample, same_bytes.folder)
        targets = {"ours": (server.port, requests), "bare": (by_sql.port, requests)}
        names = {"bare": "constant", "nginx": "nginx"}
        targets |= {names[name]: (port, static) for name, port in same_bytes.ports.items()}
        _warm(targets)
        for _ in range(ROUNDS):
            for name, (port, wires) in targets.items():
                result = flood(port, wires, connections=CONNECTIONS, seconds=3)
                if result["failed"]:
                    message = f"{name}: {result['failed']} requests have failed"
                    raise RuntimeError(message)
                found.setdefault(name, []).append(result["per_second"])
                found.setdefault(f"{name}_p99_ms", []).append(result["p99_ms"])
    medians = {name: median(values) for name, values in found.items()}
    medians["share_of_bare"] = medians["ours"] / medians["bare"]
    medians["answer_bytes"] = sample.stat().st_size
    shown = ", ".join(f"{name} {value:,.2f}" for name, value in medians.items())
    print(f"  typical search: {shown}", flush=True)
    return medians


def _warm(targets: dict[str, tuple[int, list[bytes]]]) -> None:
    """Ask everything once, as a server that runs for minutes has been asked."""
    for port, wires in targets.values():
        connection = Connection(port)
        for wire in wires:
            connection.ask(wire)
        connection.close()
        flood(port, wires, connections=CONNECTIONS, seconds=1)


def memory_of(server: Server) -> Result:
    """Give the resident memory of the supervisor and of the worker, in MB."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _session_of(entry) == server.pid:
            name = "supervisor" if int(entry.name) == server.pid else "worker"
            found[f"{name}_mb"] = _status_kb(entry, "VmRSS") / 1024
    return found


def _session_of(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:
        return None


def _status_kb(process: Path, name: str) -> int:
    for line in (process / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
