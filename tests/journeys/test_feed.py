"""The feed under load, on a server of its own: each acknowledged change once, and in order."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from tests.factories.content import Json
from tests.support.databases import empty_postgres_url
from tests.support.furnished import furnished_server
from tests.support.world import Caller

WRITERS = 8
SECONDS = float(os.environ.get("RINGBINDER_FEED_SECONDS", "8"))
KILLED_EVERY_SECONDS = 0.7

pytestmark = [
    pytest.mark.journey,
    pytest.mark.db,
    pytest.mark.slow,
    pytest.mark.timeout(SECONDS * 2 + 120),
]

READER = """
import json, os, sys, time
from pathlib import Path
from urllib.request import Request, urlopen
base, headers, kept = sys.argv[1], json.loads(sys.argv[2]), Path(sys.argv[3])
copy = json.loads(kept.read_text())
while True:
    address = f"{base}/api/changes?limit=20&waitSeconds=2&cursor={copy['cursor']}"
    with urlopen(Request(address, headers=headers)) as answer:
        page = json.load(answer)
    copy["items"] += page["items"]
    copy["cursor"] = page["nextCursor"]
    # What was read and how far that goes are kept in one step, as the documentation asks for.
    beside = kept.with_suffix(".new")
    beside.write_text(json.dumps(copy))
    os.replace(beside, kept)
"""
"""Follows the feed and keeps what it is told in a file, until it is killed."""


@dataclass
class Site:
    """A running server, a client, and a folder."""

    base: str
    caller: Caller
    folder: Json


@pytest.fixture
async def site(
    engine_name: str, postgres_server: str | None, tmp_path: Path
) -> AsyncIterator[Site]:
    url = f"sqlite:///{tmp_path / 'feed.sqlite3'}"
    if engine_name == "postgresql" and postgres_server is not None:
        url = empty_postgres_url(postgres_server)
    async with furnished_server(tmp_path, url) as (server, caller, folder):
        yield Site(server.base, caller, folder)


async def test_eight_writers_and_a_reader_that_is_killed(site: Site, tmp_path: Path) -> None:
    caller, kept = site.caller, tmp_path / "copy.json"
    start = (await caller.get("/changes?startAt=now")).json()
    kept.write_text(json.dumps({"cursor": start["nextCursor"], "items": []}))
    acknowledged: list[tuple[str, str]] = []
    end = monotonic() + SECONDS
    reading = asyncio.create_task(kill_the_reader_again_and_again(site, kept, end))
    await asyncio.gather(*(write(site, number, end, acknowledged) for number in range(WRITERS)))
    kills = await reading
    copy = json.loads(kept.read_bytes())
    while_killed = len(copy["items"])
    told = await read_to_the_end(caller, copy)
    print(  # noqa: T201 - the numbers of the run
        f"{len(acknowledged)} changes, {while_killed} read by {kills} readers that were killed",
        file=sys.stderr,
    )
    first = told[0]["sequence"]
    assert [item["sequence"] for item in told] == list(range(first, first + len(told)))
    seen = [(item["type"], item["objectId"]) for item in told]
    assert sorted(seen) == sorted(acknowledged)
    assert kills >= 3
    assert while_killed > 0


async def write(site: Site, writer: int, end: float, acknowledged: list[tuple[str, str]]) -> None:
    """Make folders, rename and delete them, and note what the server has acknowledged."""
    caller, number = site.caller, 0
    place = f"/documents/drives/binders/{site.folder['binderId']}/folders"
    while monotonic() < end:
        number += 1
        made = await caller.post(
            place,
            json={"name": f"{writer}-{number}", "type": "documents", "parentId": site.folder["id"]},
        )
        folder_id = made.raise_for_status().json()["id"]
        acknowledged.append(("folder.created", folder_id))
        renamed = await caller.patch(f"{place}/{folder_id}", json={"name": f"{writer}-{number} b"})
        renamed.raise_for_status()
        acknowledged.append(("folder.updated", folder_id))
        (await caller.delete(f"{place}/{folder_id}")).raise_for_status()
        acknowledged.append(("folder.deleted", folder_id))


async def kill_the_reader_again_and_again(site: Site, kept: Path, end: float) -> int:
    kills = 0
    headers = json.dumps(site.caller.headers)
    while monotonic() < end:
        reader = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", READER, site.base, headers, str(kept)
        )
        await asyncio.sleep(KILLED_EVERY_SECONDS)
        assert reader.returncode is None, "the reader ended by itself"
        reader.kill()
        await reader.wait()
        kills += 1
    return kills


async def read_to_the_end(caller: Caller, copy: Json) -> list[Json]:
    """Begin once more where the killed reader was, and read what is left."""
    items: list[Json] = copy["items"]
    while True:
        page = (await caller.get(f"/changes?limit=1000&cursor={copy['cursor']}")).json()
        if not page["items"]:
            return items
        items += page["items"]
        copy["cursor"] = page["nextCursor"]
