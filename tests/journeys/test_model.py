"""Random errands through HTTP: the server says and does what a small model of it does.

``RINGBINDER_MODEL_SECONDS`` is how long each engine is driven. The seeds are printed:
``RINGBINDER_MODEL_SEED`` repeats a run, ``RINGBINDER_MODEL_SHRINK`` looks for a shorter one.
"""

import asyncio
import os
import secrets
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from ringbinder.kit.clock import FixedClock
from tests.support.consistency import database_problems, storage_problems
from tests.support.databases import new_database_url
from tests.support.library_machine import LibraryMachine, Stage
from tests.support.world import World, running_world

SECONDS = float(os.environ.get("RINGBINDER_MODEL_SECONDS", "15"))
SEED = int(os.environ.get("RINGBINDER_MODEL_SEED", "0")) or secrets.randbelow(2**32)
ERRANDS = 5
STEPS = 50
PHASES = list(Phase) if "RINGBINDER_MODEL_SHRINK" in os.environ else [Phase.generate]
"""Whoever repeats a run wants the shortest errand that fails, which takes minutes to find."""

pytestmark = [
    pytest.mark.journey,
    pytest.mark.db,
    pytest.mark.slow,
    pytest.mark.timeout(SECONDS * 2 + 600),
]


def test_the_server_does_what_the_model_does(
    engine_name: str, postgres_server: str | None, tmp_path: Path
) -> None:
    end, number = monotonic() + SECONDS, SEED
    while monotonic() < end:
        folder = tmp_path / str(number)
        folder.mkdir()
        url = new_database_url(engine_name, postgres_server, folder)
        print(f"RINGBINDER_MODEL_SEED={number} on {engine_name}", file=sys.stderr)  # noqa: T201 - a failure is repeated by it
        drive(url, folder, number)
        number += 1


def drive(url: str, folder: Path, number: int) -> None:
    """Send the errands of a seed to a server with an empty database, and look at what is left."""
    clock = FixedClock()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = running_world(url, folder, clock=clock, token_lifetime="P36500D")
        stage = Stage(runner, runner.run(stack.enter_async_context(opened)), clock)
        try:
            machine = type("Machine", (LibraryMachine,), {"stage": stage})
            run_state_machine_as_test(
                seed(number)(machine),
                settings=settings(
                    max_examples=ERRANDS,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    phases=PHASES,
                    suppress_health_check=list(HealthCheck),
                ),
            )
            assert runner.run(problems(stage.world)) == []
        finally:
            runner.run(stack.aclose())
    print(f"{stage.runs} errands, {stage.steps} steps, {stage.requests} requests", file=sys.stderr)  # noqa: T201 - see above
    print(sorted(stage.refusals.items()), file=sys.stderr)  # noqa: T201 - see above


async def problems(world: World) -> list[str]:
    parts = world.parts
    return [
        *await database_problems(parts.database, forgets=True),
        *await storage_problems(parts.database, parts.storage, read_all=True),
    ]
