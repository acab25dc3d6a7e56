"""Servers that run beside the measurements: ours, the bare one, and nginx."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import urlopen

from benchmarks.suite.client import Request
from ringbinder.access.limits import DEFAULT_RATES, policy_name
from ringbinder.access.permissions import Role
from ringbinder.app import make_engine
from ringbinder.db.sessions import Database
from ringbinder.features.clients import service as clients
from ringbinder.features.organisations import service as organisations
from ringbinder.kit.clock import SystemClock

# Limits are kept, as in production, but nobody meets them.
_AMPLE: Final = json.dumps({policy_name(pair): "60000000/1000000" for pair in DEFAULT_RATES})
_SERVE: Final = "from ringbinder.entrypoints.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder and a database."""

    folder: Path
    url: str

    @property
    def engine(self) -> str:
        return self.url.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    port: int
    pid: int
    started_in_seconds: float = 0.0
    headers: dict[str, str] | None = None

    def request(self, query: str, body: dict[str, Any]) -> Request:
        """Give a search."""
        path = f"/api/documents?pageSize=50{query}"
        return Request("POST", path, self.headers or {}, json.dumps(body).encode())


@contextmanager
def ringbinder(installation: Installation, port: int) -> Iterator[Server]:
    """Run our server with one worker, and fetch a token for an administrator's client."""
    credentials = asyncio.run(_new_client(installation.url))
    environment = {
        "RINGBINDER_DATA": str(installation.folder),
        "RINGBINDER_DATABASE_URL": installation.url,
        "RINGBINDER_PORT": str(port),
        "RINGBINDER_LIMITS": _AMPLE,
        "RINGBINDER_TOKEN_LIFETIME": "PT12H",
        "RINGBINDER_WEBHOOKS_ENABLED": "false",
    }
    log = installation.folder / "server.log"
    with started(environment, log, port) as (pid, took):
        form = urlencode({"grant_type": "client_credentials", **credentials.form}).encode()
        with urlopen(f"http://127.0.0.1:{port}/connect/token", form) as answer:
            token = json.load(answer)["access_token"]
        headers = {
            "authorization": f"Bearer {token}",
            "x-ibinder-tenantid": credentials.organisation,
        }
        yield Server(port, pid, took, headers)


@contextmanager
def started(environment: dict[str, str], log: Path, port: int) -> Iterator[tuple[int, float]]:
    """Run our server; gives its process, and the seconds until it was ready."""
    with _process([sys.executable, "-c", _SERVE, "serve"], environment, log) as process:
        yield process.pid, _wait(port, "/health/ready", process)


@contextmanager
def bare(folder: Path, port: int, **chosen: str) -> Iterator[Server]:
    """Run the bare ASGI application under the same server program."""
    file = folder / "bare.json"
    file.write_text(json.dumps(chosen))
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    command += ["--workers", "1", "--no-ws", "--http", "1", "--log-level", "warning"]
    command += ["benchmarks.suite.bare:app"]
    environment = {"RINGBINDER_BARE": str(file)}
    with _process(command, environment, folder / "bare.log") as process:
        took = _wait(port, None, process)
        yield Server(port, process.pid, took, {})


@contextmanager
def nginx(folder: Path, port: int, *, upload: bool = False) -> Iterator[Server | None]:
    """Serve a folder's files by nginx with one worker; None where it is not installed."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        yield None
        return
    methods = "dav_methods PUT; client_max_body_size 0;" if upload else ""
    config = folder / "nginx.conf"
    config.write_text(f"""
        daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
        user root;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
            default_type application/json; client_body_temp_path {folder}/nginx-body;
            server {{ listen 127.0.0.1:{port}; location / {{ root {folder}; {methods} }} }}
        }}""")
    command = [program, "-c", str(config), "-e", str(folder / "nginx.log")]
    with _process(command, {}, folder / "nginx.out") as process:
        _wait(port, None, process)
        yield Server(port, process.pid)


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait(port: int, path: str | None, process: subprocess.Popen[bytes]) -> float:
    """Wait until a port answers; gives the seconds that it took."""
    began = time.perf_counter()
    while time.perf_counter() < began + 120:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if path is not None:
                urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
            else:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return time.perf_counter() - began
        time.sleep(0.01)
    message = f"a server does not start: {process.args!r}"
    raise RuntimeError(message)


@dataclass(frozen=True, slots=True)
class _Credentials:
    form: dict[str, str]
    organisation: str


async def _new_client(url: str) -> _Credentials:
    database = Database(make_engine(url), SystemClock())
    try:
        organisation = (await organisations.list_organisations(database))[0]
        async with database.write(organisation.key) as session:
            issued = await clients.create_client(
                session,
                organisations.operator(organisation),
                organisation=organisation,
                name="Benchmark",
                role=Role.ADMIN,
            )
    finally:
        await database.close()
    form = {"client_id": str(issued.client.id), "client_secret": issued.secret}
    return _Credentials(form, str(organisation.id))
