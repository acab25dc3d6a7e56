"""Measure pages: at the server, as files that people take away, and in the browser.

    python -m benchmarks.pages [--engine sqlite] [--only browser] --folder ../bench

The installation of each engine stays in the folder; what is there already is not made again.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.pages import answers, browsing, exports
from benchmarks.pages.site import Site, prepared

MEASURES: Final[dict[str, Callable[[Site, int], Any]]] = {
    "answers": answers.measure,
    "exports": exports.measure,
    "browser": browsing.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--only", choices=MEASURES, action="append")
    parser.add_argument("--folder", type=Path, default=Path("../ringbinder-bench"))
    parser.add_argument("--port", type=int, default=8190, help="the first of two free ports")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    engines = ("sqlite", "postgresql") if chosen.engine == "both" else (chosen.engine,)
    for engine in engines:
        with prepared(engine, folder, chosen.port) as site:
            for name in chosen.only or MEASURES:
                print(f"{engine}: {name}, load {os.getloadavg()[0]:.1f}", flush=True)
                _keep(folder, engine, name, MEASURES[name](site, chosen.port + 1))


def _keep(folder: Path, engine: str, name: str, found: Any) -> None:  # noqa: ANN401 - JSON
    """Put a measurement beside those that there are."""
    path = folder / "pages.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    about = {"at": at, "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    results.setdefault(engine, {})[name] = {"about": about, "found": found}
    path.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
