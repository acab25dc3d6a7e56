"""Kill -9 at any moment: what was answered is there, and nothing is ever half there."""

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from ringbinder.features.imports.service.lots import Lot
from ringbinder.settings import Settings
from tests.support.consistency import database_problems, storage_problems
from tests.support.furnished import furnish, parts_of, upgrade_apart
from tests.support.killing import KillLoop

ROUNDS = 8
KILLS = 4
FILES = 800


def whole_lots() -> set[int]:
    """Tell how many files the first lots of an import have together, for each number of lots."""
    lot, totals = Lot(), [0]
    while totals[-1] < FILES:
        totals.append(totals[-1] + lot.most_files)
        lot = lot.next()
    return {*totals}


@pytest.mark.slow
@pytest.mark.journey
@pytest.mark.db
@pytest.mark.timeout(300)
async def test_a_killed_server_loses_nothing_that_it_answered(
    database_url: str, tmp_path: Path
) -> None:
    tally = await KillLoop(tmp_path, database_url, seed=20240115).run(ROUNDS, check_every=4)
    assert tally.problems == []
    assert tally.answered
    assert tally.repeated >= tally.answered


class Imports:
    """An import of a folder by the command line, again and again."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.settings = Settings(data=data, database_url=database_url)
        self.source = data / "delivery" / "Ritningar"
        self.source.mkdir(parents=True)
        for number in range(FILES):
            (self.source / f"Plan {number:03}.txt").write_text(str(number))

    def start(self, binder_id: str) -> subprocess.Popen[bytes]:
        """Begin an import, and wait until its first documents can be seen or it has ended."""
        main = "from ringbinder.entrypoints.cli import main; main()"
        command = [sys.executable, "-c", main, "import", str(self.source.parent)]
        return subprocess.Popen(
            [*command, "--binder", binder_id, "--json"],
            env={
                "RINGBINDER_DATA": str(self.settings.data),
                "RINGBINDER_DATABASE_URL": str(self.settings.database_url),
            },
            stdout=subprocess.PIPE,
        )

    async def documents(self) -> int:
        """Count the documents, after a look at everything that must hold."""
        async with parts_of(self.settings) as parts:
            assert await database_problems(parts.database) == []
            assert await storage_problems(parts.database, parts.storage, read_all=True) == []
            async with parts.database.read(None) as session:
                number: int = await session.scalar(text("SELECT count(*) FROM documents"))
        return number


@pytest.mark.slow
@pytest.mark.journey
@pytest.mark.db
@pytest.mark.timeout(300)
async def test_a_killed_import_leaves_whole_lots_and_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    upgrade_apart(database_url)
    imports = Imports(tmp_path / "data", database_url)
    async with parts_of(imports.settings) as parts:
        binder_id = (await furnish(parts, "Ritningar")).folders[0]["binderId"]
    dice = random.Random(20240115)  # noqa: S311 - no secret
    seen = [0]
    for _ in range(KILLS):
        process = imports.start(binder_id)
        while process.poll() is None and await imports.documents() == seen[-1]:
            pass  # asking takes long enough
        await asyncio.sleep(dice.uniform(0, 0.2))
        process.kill()
        process.communicate()
        seen.append(await imports.documents())
        assert seen[-1] == FILES or seen[-1] - seen[-2] in whole_lots()
    assert seen == sorted(seen)
    output, _ = imports.start(binder_id).communicate()
    counts = json.loads(output)["counts"]
    assert counts["skipped"] == seen[-1]
    assert counts["added"] == FILES - seen[-1] == await imports.documents() - seen[-1]
