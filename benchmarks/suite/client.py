"""Clients: one connection that is timed, and wrk, where it is installed, for many."""

import json
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    def wire(self) -> bytes:
        """Write it."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines += ["content-type: application/json", f"content-length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class Connection:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, wire: bytes) -> tuple[int, bytes]:
        """Send a request and give status and body of its answer."""
        self._socket.sendall(wire)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head, body = received[:end], received[end + 4 :]
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        pieces, size = [body], len(body)
        while size < length:
            pieces.append(self._more())
            size += len(pieces[-1])
        return int(head[9:12]), b"".join(pieces)

    def _more(self) -> bytes:
        more = self._socket.recv(1 << 18)
        if not more:
            raise ConnectionError("the server has closed the connection")
        return more

    def close(self) -> None:
        self._socket.close()


def timed(
    work: Callable[[], object], *, seconds: float, at_least: int, at_most: int
) -> list[float]:
    """Do something again and again and give the milliseconds that each time took."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < at_least or (time.perf_counter() < end and len(times) < at_most):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return times


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


_SCRIPT: Final = """
local requests = {}
for line in io.lines("%s") do
    local size, name = line:match("(%%d+) (.*)")
    local file = io.open(name, "rb")
    requests[#requests + 1] = file:read("*a")
    file:close()
end
local place = 0
request = function()
    place = place %% #requests + 1
    return requests[place]
end
done = function(summary, latency, _)
    local errors = summary.errors
    local form = 'RESULT {"requests": %%d, "us": %%d, "p50": %%f, "p99": %%f, "failed": %%d}\\n'
    io.write(string.format(form,
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


def flood(port: int, wires: Sequence[bytes], *, connections: int, seconds: float) -> dict[str, Any]:
    """Send requests over many connections at once, as fast as they are answered.

    Raises:
        RuntimeError: wrk is not installed.

    """
    program = shutil.which("wrk")
    if program is None:
        message = "Requests per second need wrk (apt-get install wrk)."
        raise RuntimeError(message)
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for place, wire in enumerate(wires):
            path = Path(folder) / f"{place}.http"
            path.write_bytes(wire)
            names.append(f"{len(wire)} {path}")
        (Path(folder) / "list").write_text("\n".join(names) + "\n")
        script = Path(folder) / "script.lua"
        script.write_text(_SCRIPT % (Path(folder) / "list"))
        done = subprocess.run(
            [
                program,
                "-t1",
                f"-c{connections}",
                f"-d{seconds:.0f}s",
                "-s",
                script,
                f"http://127.0.0.1:{port}/",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(done.stdout.partition("RESULT ")[2].partition("\n")[0])
    return {
        "per_second": found["requests"] / (found["us"] / 1e6),
        "p50_ms": found["p50"] / 1000,
        "p99_ms": found["p99"] / 1000,
        "failed": found["failed"],
    }
