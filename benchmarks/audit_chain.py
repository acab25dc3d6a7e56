"""What the audit chain costs a commit: this source against an older one, in turns.

    python benchmarks/audit_chain.py --against ../before/src [--postgres postgresql://…/empty_{}]

Each round is a process of its own, so that both meet the same noise. A commit here does nothing but
leave events: in real work, the share of the chain is smaller. `{}` in the address becomes a number.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ringbinder.app import Parts, assemble
from ringbinder.db.migrate import upgrade
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action, Subject
from ringbinder.features.organisations import service as organisations
from ringbinder.features.organisations.types import Organisation
from ringbinder.settings import Settings

HERE = Path(__file__).resolve().parents[1] / "src"
SHAPES = ((400, 1), (60, 100))
"""Commits, and events in each."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--against", type=Path)
    parser.add_argument("--postgres")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--round", nargs=3)
    chosen = parser.parse_args()
    if chosen.round:
        url, commits, events = chosen.round
        print(json.dumps(asyncio.run(one_round(url, int(commits), int(events)))))
        return
    for commits, events in SHAPES:
        sources = [HERE] if chosen.against is None else [chosen.against.resolve(), HERE]
        found: dict[Path, list[dict[str, float]]] = {source: [] for source in sources}
        for number in range(chosen.rounds):
            for source in sources:
                name = f"{events}_{number}_{int(source == HERE)}"
                url = chosen.postgres.format(name) if chosen.postgres else "sqlite"
                found[source].append(started(source, url, commits, events))
        report(found, events)


def started(source: Path, url: str, commits: int, events: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--round", url, str(commits), str(events)]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def report(found: dict[Path, list[dict[str, float]]], events: int) -> None:
    for measure in ("wall_ms", "cpu_ms"):
        medians = [statistics.median(one[measure] for one in rounds) for rounds in found.values()]
        ratio = f", ratio {medians[1] / medians[0]:.2f}" if len(medians) > 1 else ""
        shown = " → ".join(f"{median:.2f}" for median in medians)
        print(f"{events} events in a commit, {measure}: {shown}{ratio}")


async def one_round(url: str, commits: int, events: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        address = f"sqlite:///{data / 'r.sqlite3'}" if url == "sqlite" else url
        await asyncio.to_thread(upgrade, address)
        parts = assemble(Settings(data=data, database_url=address))
        organisation = await organisations.create_organisation(
            parts.database, name="Kastanjen", api_clients_enabled=True
        )
        for _ in range(20):
            await commit(parts, organisation, events)
        times, before = [], time.process_time()
        for _ in range(commits):
            start = time.perf_counter()
            await commit(parts, organisation, events)
            times.append(time.perf_counter() - start)
        used = time.process_time() - before
        await parts.close()
    return {"wall_ms": statistics.median(times) * 1000, "cpu_ms": used / commits * 1000}


async def commit(parts: Parts, organisation: Organisation, events: int) -> None:
    subject = Subject(
        type="document",
        id="0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f",
        name="A-40.1-1001 Plan 1.pdf",
        binder_id="MNWI5YR89",
    )
    async with parts.database.write(organisation.key) as session:
        for number in range(events):
            evidence.record(
                session,
                organisations.operator(organisation),
                Action.DOCUMENT_RENAMED,
                subject,
                before={"fileName": f"A-40.1-1001 Plan {number}.pdf"},
                after={"fileName": subject.name},
            )


if __name__ == "__main__":
    main()
