"""Kill the server again and again while clients upload, and look whether anything was lost.

    python -m benchmarks.kill_loop --rounds 200
    python -m benchmarks.kill_loop --rounds 200 --postgres postgresql://postgres@127.0.0.1/postgres

``--postgres`` names a maintenance database; the loop makes one of its own beside it.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.support.databases import empty_postgres_url
from tests.support.killing import KillLoop, Tally


def main() -> int:
    options = _options()
    seed = options.seed if options.seed is not None else random.SystemRandom().getrandbits(32)
    data = Path(tempfile.mkdtemp(prefix="ringbinder-kill-", dir=options.folder))
    if options.postgres:
        url = empty_postgres_url(options.postgres)
    else:
        url = f"sqlite:///{data / 'ringbinder.sqlite3'}"
    began = time.perf_counter()
    tally = asyncio.run(KillLoop(data, url, seed=seed).run(options.rounds))
    _print(tally, engine=url.partition(":")[0], seed=seed, seconds=time.perf_counter() - began)
    if tally.problems:
        print(f"The data are kept in {data}.")
        return 1
    shutil.rmtree(data)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, help="what the clients do follows from it")
    parser.add_argument("--postgres", help="maintenance address of a PostgreSQL server")
    parser.add_argument("--folder", type=Path, help="where the data folder is made")
    return parser.parse_args()


def _print(tally: Tally, *, engine: str, seed: int, seconds: float) -> None:
    print(f"engine {engine}, seed {seed}, {seconds:.0f} s")
    for what, number in tally.lines():
        print(f"| {what:<52} | {number:>32} |")
    for problem in tally.problems:
        print(problem)


if __name__ == "__main__":
    sys.exit(main())
