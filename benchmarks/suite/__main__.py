"""Run the suite.

    python -m benchmarks.suite --size 100k [--engine sqlite] [--only search] --folder ../bench

Data sets, databases and results stay in the folder; what is there already is not made again.
"""

import argparse
import asyncio
import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import asyncpg

from benchmarks.suite import cluster, report, searching, writing
from benchmarks.suite.library import SIZES, Library
from benchmarks.suite.loading import load
from benchmarks.suite.served import Installation

MEASURES: Final[dict[str, Callable[[Installation, int, int], dict[str, Any]]]] = {
    "search": searching.measure,
    "write": writing.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="10k")
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--only", choices=MEASURES, action="append")
    parser.add_argument("--folder", type=Path, default=Path("../ringbinder-bench"))
    parser.add_argument("--postgres", help="a running server's address, without a database's name")
    parser.add_argument("--port", type=int, default=8180, help="the first of ten free ports")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    engines = ("sqlite", "postgresql") if chosen.engine == "both" else (chosen.engine,)
    for engine in engines:
        with ExitStack() as stack:
            base = None
            if engine == "postgresql":
                own = cluster.running(folder / "postgres", chosen.port)
                base = chosen.postgres or stack.enter_context(own)
            url = _prepare(base, folder, chosen.size)
            installation = Installation(folder / f"{engine}-{chosen.size}", url)
            for name in chosen.only or MEASURES:
                print(f"{engine}, {chosen.size}: {name}", flush=True)
                found = MEASURES[name](installation, SIZES[chosen.size], chosen.port + 1)
                _keep(folder, engine, chosen.size, name, found)
                report.write(folder)


def _prepare(base: str | None, folder: Path, size: str) -> str:
    """Give the address of a loaded database, on this server if any, loading it if need be."""
    engine = "sqlite" if base is None else "postgresql"
    home = folder / f"{engine}-{size}"
    home.mkdir(exist_ok=True)
    loaded = home / "loaded"
    if base is None:
        url = f"sqlite:///{home / 'ringbinder.sqlite3'}"
        if not loaded.exists():
            (home / "ringbinder.sqlite3").unlink(missing_ok=True)
    else:
        url = f"{base}/bench_{size}"
        if not loaded.exists():
            asyncio.run(_recreate(base, f"bench_{size}"))
    if not loaded.exists():
        print(f"{engine}: loading {size} documents", flush=True)
        asyncio.run(load(url, Library(SIZES[size])))
        loaded.touch()
    return url


async def _recreate(base: str, name: str) -> None:
    connection = await asyncpg.connect(f"{base}/postgres")
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()


def _keep(folder: Path, engine: str, size: str, name: str, found: dict[str, Any]) -> None:
    """Put a measurement beside those that there are."""
    path = folder / "results.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    about = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
    }
    results.setdefault(size, {}).setdefault(engine, {})[name] = {"about": about, **found}
    path.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
