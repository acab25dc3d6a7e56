"""Commits, imports, uploads and downloads, each beside its limit in the same minutes."""

import asyncio
import http.client
import json
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.suite import copying, served
from benchmarks.suite.client import median
from benchmarks.suite.copying import Copier, Driver, Place
from benchmarks.suite.served import Installation, Server
from ringbinder.access.actor import Actor
from ringbinder.app import assemble
from ringbinder.entrypoints.cli.running import tidy_seldom
from ringbinder.entrypoints.cli.watching import ProgressWatcher
from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import BinderType
from ringbinder.features.folders import service as folders
from ringbinder.features.imports.service import Importer
from ringbinder.features.imports.service.lots import FILES_AT_ONCE
from ringbinder.features.imports.types import ImportOrder, Outcome
from ringbinder.features.organisations import service as organisations
from ringbinder.settings import Settings

COMMITS: Final = 60
FILES: Final = 4000
ROUNDS: Final = 3
COLUMNS: Final = (
    "path,category,status,revision,revision_date,document_date,title,part,scale,plan,by"
)
GIGABYTE: Final = 1 << 30
PIECE: Final = 1 << 20
TRANSFERS: Final = 3

Result = dict[str, Any]


def measure(installation: Installation, _size: int, port: int) -> Result:
    """Measure what writes."""
    found = {"import": asyncio.run(_imports(installation))}
    with served.ringbinder(installation, port) as server:
        client = _Client(server)
        binder = client.call("POST", "/api/binders", {"name": "Writing", "type": "project"})
        name = f"Tab {time.time_ns()}"
        path = f"/api/documents/drives/binders/{binder['id']}/folders"
        folder = client.call("POST", path, {"name": name, "type": "documents"})
        place = {"binderId": binder["id"], "folderId": folder["id"]}
        ours = _commits(client, place)
        found["commit"] = asyncio.run(_beside_bare_rows(installation, name, ours))
        found["transfer"] = _transfers(installation, client, place, port + 3)
    for name, values in found.items():
        shown = ", ".join(f"{key} {value:,.2f}" for key, value in values.items())
        print(f"  {name}: {shown}", flush=True)
    return found


class _Client:
    def __init__(self, server: Server) -> None:
        self._headers = {**(server.headers or {}), "content-type": "application/json"}
        self._port = server.port

    def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        sent = None if body is None else json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=600)
        connection.request(method, path, body=sent, headers=self._headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400:
            message = f"{method} {path}: {answer.status} {content[:500]!r}"
            raise RuntimeError(message)
        return json.loads(content)

    def put(self, address: str, body: Any) -> None:  # noqa: ANN401 - bytes or a file
        length = len(body) if isinstance(body, bytes) else Path(body.name).stat().st_size
        parts = urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=600)
        connection.blocksize = PIECE
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("PUT", target, body=body, headers={"content-length": str(length)})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status >= 400:
            message = f"PUT: {answer.status}"
            raise RuntimeError(message)


def _upload(client: _Client, place: dict[str, Any], name: str, size: int) -> Any:  # noqa: ANN401 - JSON
    body = {**place, "fileName": name, "size": size}
    return client.call("POST", "/api/documents/uploads", body)


def _commits(client: _Client, place: dict[str, Any]) -> list[float]:
    """Commit uploads, one after another."""
    seconds = []
    for number in range(COMMITS):
        content = f"content {time.time_ns()}".encode()
        upload = _upload(client, place, f"commit {number} {time.time_ns()}.txt", len(content))
        client.put(upload["uploadUrl"], content)
        address = f"/api/documents/uploads/{upload['uploadId']}/commit"
        seconds.append(_timed(lambda path=address: client.call("POST", path)))  # type: ignore[misc]  # bound at once
    return seconds


async def _beside_bare_rows(installation: Installation, tab: str, ours: list[float]) -> Result:
    """Put the rows that commits left once more, each document in a transaction that is fsynced."""
    async with _bare(installation) as (driver, copier):
        (folder,) = await driver.ask(f"SELECT key FROM folders WHERE name = '{tab}'")  # noqa: S608 - ours
        rows = await copying.read_rows(driver, folder["key"])
        bare = await copying.write_rows(driver, copier.lots(rows, 1))
    return {
        "ms": median(ours) * 1000,
        "same_rows_and_fsync_ms": median(bare) * 1000,
        "times": median(ours) / median(bare),
    }


@asynccontextmanager
async def _bare(installation: Installation) -> AsyncIterator[tuple[Driver, Copier]]:
    """Lend the bare driver, and a new tab of the organisation for its rows."""
    parts = assemble(_settings(installation))
    organisation = (await organisations.list_organisations(parts.database))[0]
    actor = organisations.operator(organisation)
    binder_id, binder_key = await _binder(parts, actor, organisation.key)
    async with parts.database.write(organisation.key) as session:
        folder = await folders.create_folder(session, actor, binder_id=binder_id, name="Tab")
    await parts.close()
    driver = await copying.connect(installation.url)
    try:
        place = Place(organisation.key, binder_key, folder.key)
        is_sqlite = installation.engine == "sqlite"
        yield driver, Copier(place, await copying.last_numbers(driver, place), is_sqlite)
        if not is_sqlite:
            await driver.ask(
                "SELECT setval(pg_get_serial_sequence('documents', 'key'), max(key)) FROM documents"
            )
    finally:
        await driver.close()


async def _binder(parts: Any, actor: Actor, organisation_key: int) -> tuple[str, int]:  # noqa: ANN401 - the parts of the program
    async with parts.database.write(organisation_key) as session:
        made = await binders.create_binder(
            session, actor, name=f"Writing {time.time_ns()}", type=BinderType.PROJECT
        )
    return made.id, made.key


def _settings(installation: Installation) -> Settings:
    return Settings(data=installation.folder, database_url=installation.url)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def _imports(installation: Installation) -> Result:
    """Import small files, twelve values each; beside it the same rows bare, without and with files.

    The three take turns, so that all have the same weather. What is imported lies on the disk
    before, and nothing is deleted in between: no fsync waits for what others wrote or freed.
    """
    home = installation.folder / "import"
    shutil.rmtree(home, ignore_errors=True)
    sources = [_fill(home / str(time.time_ns())) for _ in range(ROUNDS)]
    os.sync()
    ours: list[float] = []
    bare: list[float] = []
    with_files: list[float] = []
    values_each = 0.0
    for number, source in enumerate(sources):
        seconds, folder_key = await _import_once(installation, source)
        ours.append(FILES / seconds)
        async with _bare(installation) as (driver, copier):
            rows = await copying.read_rows(driver, folder_key)
            values_each = len(rows["document_metadata"]) / len(rows["documents"])
            lots = copier.lots(rows, FILES_AT_ONCE)
            bare.append(FILES / sum(await copying.write_rows(driver, lots)))
        async with _bare(installation) as (driver, copier):
            place = home / f"bare-{number}"
            place.mkdir()
            took = await copying.write_rows_and_files(
                driver, copier.lots(rows, FILES_AT_ONCE), place, FILES_AT_ONCE
            )
            with_files.append(FILES / took)
    shutil.rmtree(home)
    per_second, bare_rows, bare_files = map(median, (ours, bare, with_files))
    return {
        "files": FILES,
        "values_each": values_each,
        "per_second": per_second,
        "bare_rows_per_second": bare_rows,
        "bare_rows_and_files_per_second": bare_files,
        "share_of_bare_rows": per_second / bare_rows,
        "share_of_bare_rows_and_files": per_second / bare_files,
    }


async def _import_once(installation: Installation, source: Path) -> tuple[float, int]:
    """Give the seconds of one import, and the key of the folder that it filled."""
    parts = assemble(_settings(installation))
    tidy_seldom()  # as the command does
    organisation = (await organisations.list_organisations(parts.database))[0]
    actor = organisations.operator(organisation)
    binder_id, _ = await _binder(parts, actor, organisation.key)
    order = ImportOrder(
        folder=source, binder_id=binder_id, register=_register(source), create_elements=True
    )
    with ProgressWatcher() as watcher:
        began = time.perf_counter()
        report = await Importer(parts.database, parts.uploads).run(actor, order, watcher)
        seconds = time.perf_counter() - began
    if report.counts[Outcome.ADDED] != FILES:
        raise RuntimeError(report.counts)
    await parts.close()
    driver = await copying.connect(installation.url)
    (row,) = await driver.ask(f"SELECT key FROM folders WHERE name = '{source.name}'")  # noqa: S608 - ours
    await driver.close()
    return seconds, row["key"]


def _fill(source: Path) -> Path:
    """Make a folder of files of a few bytes, and a register that says ten things of each."""
    source.mkdir(parents=True)
    lines = [COLUMNS]
    for number in range(FILES):
        name = f"A-40.1-{number:04} Plan.txt"
        (source / name).write_text(f"{source.name} {number}")
        lines.append(
            f"{name},Ritning,Bygghandling,B,2024-03-{number % 28 + 1:02},2024-01-15,Plan {number},"
            f"Hus {number % 9},1:{number % 5 * 50},{number % 12},Person {number % 30}"
        )
    _register(source).write_text("\n".join(lines))
    return source


def _register(source: Path) -> Path:
    return source.parent / f"{source.name}.csv"


def _transfers(
    installation: Installation, client: _Client, place: dict[str, Any], port: int
) -> Result:
    """Send and fetch 1 GB; beside it, cp and sha256sum, and nginx."""
    source, copy = installation.folder / "gigabyte", installation.folder / "copy"
    _make(source)
    found: dict[str, list[float]] = {}
    sent: list[Any] = []

    def note(name: str, work: Callable[[], object]) -> None:
        found.setdefault(name, []).append(GIGABYTE / 1e6 / _timed(work))

    with served.nginx(installation.folder, port, upload=True) as web:
        base = None if web is None else f"http://127.0.0.1:{web.port}"
        for number in range(TRANSFERS):
            upload = _upload(client, place, f"gigabyte {time.time_ns()}.bin", GIGABYTE)
            commit = f"/api/documents/uploads/{upload['uploadId']}/commit"
            note("upload", lambda at=upload["uploadUrl"]: _put_file(client, at, source))  # type: ignore[misc]  # bound at once
            note("cp_and_sha256", lambda: _copy_and_hash(source, copy))
            if base is not None:
                note("nginx_upload", lambda at=f"{base}/put{number}": _put_file(client, at, source))  # type: ignore[misc]  # see above
                (installation.folder / f"put{number}").unlink()
            sent.append(client.call("POST", commit)["version"])
        path = f"/api/documents/{sent[-1]['documentId']}/versions/{sent[-1]['id']}/downloadlink"
        link = client.call("GET", path)["url"]
        os.sync()  # or the disk would still be busy with what was sent
        for _ in range(2):
            _fetch(link)  # what nginx sends has been read by every upload, this by nobody
        for _ in range(TRANSFERS):
            note("download", lambda: _fetch(link))
            if base is not None:
                note("nginx_download", lambda: _fetch(f"{base}/gigabyte"))
    source.unlink()
    copy.unlink()
    return {f"{name}_mb_s": median(values) for name, values in found.items()}


def _make(path: Path) -> None:
    piece = b"0123456789abcdef" * (PIECE // 16)
    with path.open("wb") as file:
        for number in range(GIGABYTE // PIECE):
            file.write(number.to_bytes(8, "big") + piece[8:])


def _put_file(client: _Client, address: str, path: Path) -> None:
    with path.open("rb") as file:
        client.put(address, file)


def _copy_and_hash(source: Path, copy: Path) -> None:
    subprocess.run(["/bin/cp", source, copy], check=True)
    subprocess.run(["/usr/bin/sha256sum", copy], check=True, capture_output=True)


def _fetch(address: str) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=600)
    connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
    answer = connection.getresponse()
    while answer.read(PIECE):
        pass
    connection.close()
