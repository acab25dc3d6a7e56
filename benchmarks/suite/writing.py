"""Commits, imports, uploads and downloads, each beside its limit in the same minutes."""

import http.client
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.suite import served
from benchmarks.suite.client import median
from benchmarks.suite.served import Installation, Server

COMMITS: Final = 60
FILES: Final = 200
GIGABYTE: Final = 1 << 30
PIECE: Final = 1 << 20
TRANSFERS: Final = 3
_IMPORT: Final = "from ringbinder.entrypoints.cli import main; main()"

Result = dict[str, Any]


def measure(installation: Installation, _size: int, port: int) -> Result:
    """Measure what writes."""
    with served.ringbinder(installation, port) as server:
        client = _Client(server)
        binder = client.call("POST", "/api/binders", {"name": "Writing", "type": "project"})
        place = {"name": f"Tab {time.time_ns()}", "type": "documents"}
        path = f"/api/documents/drives/binders/{binder['id']}/folders"
        folder = client.call("POST", path, place)
        place = {"binderId": binder["id"], "folderId": folder["id"]}
        found = {"commit": _commits(installation, client, place)}
        found["import"] = _import(installation, str(binder["id"]))
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


def _commits(installation: Installation, client: _Client, place: dict[str, Any]) -> Result:
    """Commit uploads, one after another; beside it, a bare transaction with one row and fsync."""
    ours, bare = [], []
    database = sqlite3.connect(installation.folder / "fsync.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE IF NOT EXISTS rows (body TEXT)")
    for number in range(COMMITS):
        content = f"content {time.time_ns()}".encode()
        upload = _upload(client, place, f"commit {number} {time.time_ns()}.txt", len(content))
        client.put(upload["uploadUrl"], content)
        address = f"/api/documents/uploads/{upload['uploadId']}/commit"
        ours.append(_timed(lambda path=address: client.call("POST", path)))  # type: ignore[misc]  # bound at once
        bare.append(_timed(lambda: database.execute("INSERT INTO rows VALUES (?)", ("x" * 4000,))))
    database.close()
    return {
        "ms": median(ours) * 1000,
        "sqlite_row_and_fsync_ms": median(bare) * 1000,
        "times": median(ours) / median(bare),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _import(installation: Installation, binder_id: str) -> Result:
    """Import a folder of small files by the command line."""
    source = installation.folder / "import" / str(time.time_ns())
    source.mkdir(parents=True)
    for number in range(FILES):
        (source / f"A-40.1-{number:04} Plan.txt").write_text(f"{source} {number}")
    command = [sys.executable, "-c", _IMPORT, "import", str(source), "--binder", binder_id]
    settings = {
        "RINGBINDER_DATA": str(installation.folder),
        "RINGBINDER_DATABASE_URL": installation.url,
        "PATH": "/usr/bin:/bin",
    }
    empty = source / "none"
    empty.mkdir()
    idle = [*command[:4], str(empty), *command[5:]]
    start = _timed(lambda: subprocess.run(idle, env=settings, capture_output=True, check=False))
    took = _timed(lambda: subprocess.run(command, env=settings, capture_output=True, check=True))
    shutil.rmtree(source)
    return {"files": FILES, "per_second": FILES / max(took - start, 0.001)}


def _transfers(
    installation: Installation, client: _Client, place: dict[str, Any], port: int
) -> Result:
    """Send and fetch 1 GB; beside it, cp and sha256sum, and nginx."""
    source, copy = installation.folder / "gigabyte", installation.folder / "copy"
    _make(source)
    found: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        found.setdefault(name, []).append(GIGABYTE / 1e6 / _timed(work))

    with served.nginx(installation.folder, port, upload=True) as web:
        for number in range(TRANSFERS):
            upload = _upload(client, place, f"gigabyte {time.time_ns()}.bin", GIGABYTE)
            note("upload", lambda at=upload["uploadUrl"]: _put_file(client, at, source))  # type: ignore[misc]  # bound at once
            path = f"/api/documents/uploads/{upload['uploadId']}/commit"
            version = client.call("POST", path)["version"]
            note("cp_and_sha256", lambda: _copy_and_hash(source, copy))
            link = client.call(
                "GET",
                f"/api/documents/{version['documentId']}/versions/{version['id']}/downloadlink",
            )
            note("download", lambda at=link["url"]: _fetch(at))  # type: ignore[misc]  # see above
            if web is not None:
                base = f"http://127.0.0.1:{web.port}"
                note("nginx_upload", lambda at=f"{base}/put{number}": _put_file(client, at, source))  # type: ignore[misc]  # see above
                note("nginx_download", lambda at=f"{base}/gigabyte": _fetch(at))  # type: ignore[misc]  # see above
                (installation.folder / f"put{number}").unlink()
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
