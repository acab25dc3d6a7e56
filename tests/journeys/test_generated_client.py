"""A client that a public generator makes from the published OpenAPI file does the main job."""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.furnished import furnished_server

pytestmark = [pytest.mark.journey, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
DESCRIPTION = ROOT / "docs" / "reference" / "openapi.json"
INTEGRATION = ROOT / "tests" / "support" / "generated_client.py"
TOOLS = ROOT / ".venv" / "generator" / "bin"


def call(program: str, *arguments: object, **environment: str) -> str:
    """Run one of the generator's programs; gives what it said."""
    path = os.pathsep.join([str(TOOLS), os.environ["PATH"]])
    done = subprocess.run(
        [TOOLS / program, *map(str, arguments)],
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_it_fetches_a_token_uploads_searches_and_downloads(tmp_path: Path) -> None:
    if not TOOLS.exists():
        pytest.skip("the generator is not installed; `make test` installs it")
    client = tmp_path / "client"
    options = ("--path", DESCRIPTION, "--output-path", client, "--fail-on-warning")
    call("openapi-python-client", "generate", *options)
    drawing = tmp_path / "A-40.1-1001 Plan 1 – åäö.pdf"
    drawing.write_bytes(os.urandom(300_000))
    url = f"sqlite:///{tmp_path / 'ringbinder.sqlite3'}"
    async with furnished_server(tmp_path, url) as (server, caller, folder):
        said = await asyncio.to_thread(
            call,
            "python",
            INTEGRATION,
            server.base,
            caller.organisation_id,
            caller.client_id,
            caller.client_secret,
            folder["binderId"],
            folder["id"],
            drawing,
            PYTHONPATH=str(client),
        )
    assert said == "token, upload, search, download\n"
