"""Kill -9 at any moment: what was answered is there, and nothing is ever half there."""

from pathlib import Path

import pytest

from tests.support.killing import KillLoop

ROUNDS = 8


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
