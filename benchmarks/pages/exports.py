"""A list of 70,000 documents as a file: how long it takes, and how much memory the server takes."""

import http.client
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.pages.answers import cpu_of
from benchmarks.pages.site import Site, first_tab, running
from benchmarks.suite.served import Server

ALLOWED_MIB: Final = 256
"""By how much one of these may raise the server's memory."""

PIECE: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was fetched."""

    first_byte_s: float
    whole_s: float
    size_bytes: int


def measure(site: Site, port: int) -> list[dict[str, Any]]:
    """Fetch each kind from a server of its own, which has served one page before."""
    base = f"/binders/{site.binder_id}"
    tab = first_tab()  # no list of more than 5,000 is printed
    found = []
    for name in ("list.csv", "list.xlsx", "print"):
        query = f"?tab={tab}" if name == "print" else "?tab=all"
        with running(site, port) as server:
            _fetch(server, base)
            before = _memory(server.pid, "VmRSS")
            clock = cpu_of(server.pid)
            used = clock()
            taken = _fetch(server, f"{base}/{name}{query}")
            processor = clock() - used
            raised = (_memory(server.pid, "VmHWM") - before) / 2**20
        found.append(
            {
                "what": name,
                "first_byte_s": taken.first_byte_s,
                "whole_s": taken.whole_s,
                "processor_s": processor,
                "mb": taken.size_bytes / 1e6,
                "raised_mib": raised,
                "is_within": raised <= ALLOWED_MIB,
            }
        )
        print(
            f"  {name:10} {taken.size_bytes / 1e6:6.1f} MB  first byte after"
            f" {taken.first_byte_s:6.2f} s, all after {taken.whole_s:6.2f} s"
            f", processor {processor:6.2f} s  memory +{raised:.0f} MiB",
            flush=True,
        )
    return found


def _fetch(server: Server, path: str) -> Taken:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    began = time.perf_counter()
    connection.request("GET", path, headers=server.headers or {})
    answer = connection.getresponse()
    size, first = 0, 0.0
    while piece := answer.read(PIECE):
        first = first or time.perf_counter() - began
        size += len(piece)
    connection.close()
    if answer.status >= http.client.BAD_REQUEST:
        print(f"  {path}: {answer.status}", flush=True)
    return Taken(first, time.perf_counter() - began, size)


def _memory(pid: int, name: str) -> int:
    """Give the memory of a server and its workers, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_memory(int(child), name) for child in children)
