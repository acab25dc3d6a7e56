"""Clients that upload while their server is killed, and what must hold afterwards."""

import asyncio
import hashlib
import random
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx

from ringbinder.app import Parts
from ringbinder.kit.clock import FixedClock
from ringbinder.settings import Settings
from tests.factories.content import Json, fetch, local, sha256
from tests.support.consistency import (
    committed_uploads,
    database_problems,
    storage_problems,
    version_ids,
)
from tests.support.furnished import (
    ISSUER,
    Furniture,
    furnish,
    parts_of,
    signed_in,
    upgrade_apart,
)
from tests.support.real_server import RealServer
from tests.support.world import Caller

CLIENTS = 6
SIZES = (0, 1, 900, 64 << 10, 300 << 10, 1 << 20, 8 << 20)
WEIGHTS = (2, 1, 6, 6, 4, 2, 1)
SHARED_CONTENTS = 8
SHARED_NAMES = 20
STATUSES = ("Bygghandling", "Relationshandling", None)
PHASES = ("create", "put", "commit", "abort")
MOMENTS = ("any", "create", "put", "put", "commit", "commit", "visible", "visible")
"""When the server is killed: while such a request runs, or as soon as a commit can be seen."""


@dataclass(frozen=True)
class Content:
    """Bytes that can be made again from their seed."""

    seed: int
    size: int

    def make(self) -> bytes:
        return random.Random(self.seed).randbytes(self.size)  # noqa: S311 - no secret


@dataclass
class Attempt:
    """What a client knows of one upload; ``phase`` is the request that it waits for."""

    file_name: str
    folder: Json
    content: Content
    sha256: str
    status: str | None
    upload: Json | None = None
    is_sent: bool = False
    answer: bytes | None = None
    is_aborted: bool = False
    phase: str = ""

    @property
    def path(self) -> str:
        assert self.upload is not None
        return f"/documents/uploads/{self.upload['uploadId']}"


@dataclass
class Tally:
    """What was done and found."""

    rounds: int = 0
    killed_during: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    answered: int = 0
    unanswered_done: int = 0
    unanswered_undone: int = 0
    repeated: int = 0
    fetched_bytes: int = 0
    restart_seconds: list[float] = field(default_factory=list)
    swept: str = ""
    problems: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Give the rows of a table."""
        yield "rounds (start, upload, kill -9, restart, check)", str(self.rounds)
        yield "uploads begun", str(self.attempts)
        for phase in PHASES:
            yield f"requests cut off: {phase}", str(self.killed_during[phase])
        yield "rounds that cut off a PUT or a commit", str(self.killed_during["rounds"])
        yield "commits answered before the kill, all there after", str(self.answered)
        yield "commits cut off that had come through", str(self.unanswered_done)
        yield "commits cut off that had no effect, then repeated", str(self.unanswered_undone)
        yield "repeated commits, same bytes each time", str(self.repeated)
        yield "bytes fetched and compared by SHA-256", f"{self.fetched_bytes:,}"
        median, longest = statistics.median(self.restart_seconds), max(self.restart_seconds)
        yield "restart, median / longest", f"{median:.2f} s / {longest:.2f} s"
        yield "swept at the end", self.swept
        yield "problems", str(len(self.problems))


class KillLoop:
    """A server that is killed again and again, and its clients."""

    def __init__(self, data: Path, database_url: str, *, seed: int) -> None:
        """Use an empty data folder and a database of its own."""
        self.data = data
        self.tally = Tally()
        self._settings = Settings(data=data, database_url=database_url, public_url=ISSUER)
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._server = RealServer(
            data,
            database_url=database_url,
            public_url=ISSUER,
            token_lifetime="P2D",
            download_address_lifetime="P1D",
            limits_enabled="false",
        )
        self._furniture = Furniture(UUID(int=0), UUID(int=0), "", ())
        self._all: list[Attempt] = []
        self._reached = {phase: asyncio.Event() for phase in PHASES}

    async def run(self, rounds: int, *, check_every: int = 20) -> Tally:
        """Do everything; the tally names what is wrong."""
        upgrade_apart(self._settings.effective_database_url)
        async with parts_of(self._settings) as parts:
            self._furniture = await furnish(parts, "Ritningar", "Beskrivningar")
            last: list[Attempt] = []
            try:
                for number in range(1, rounds + 1):
                    last = await self._round(parts, last, is_thorough=number % check_every == 0)
                await self._finish(parts, last)
            finally:
                self._server.kill()
        return self.tally

    # ── A round ─────────────────────────────────────────────────────────────────────────────────

    async def _round(
        self, parts: Parts, last: list[Attempt], *, is_thorough: bool
    ) -> list[Attempt]:
        self.tally.restart_seconds.append(await asyncio.to_thread(self._server.start))
        self.tally.rounds += 1
        async with signed_in(self._server.base, self._furniture) as caller:
            await self._settle_all(caller, last)
            self._note(await database_problems(parts.database))
            if is_thorough:
                self._note(await storage_problems(parts.database, parts.storage))
            begun = await self._upload_until_killed(parts, caller)
        self._all += begun
        return begun

    async def _upload_until_killed(self, parts: Parts, caller: Caller) -> list[Attempt]:
        moment = self._random.choice(MOMENTS)
        begun: list[Attempt] = []
        for event in self._reached.values():
            event.clear()
        working = [asyncio.create_task(self._work(caller, begun)) for _ in range(CLIENTS)]
        await asyncio.sleep(self._random.uniform(0, 0.8))
        await self._wait_for(moment, parts, begun)
        self._server.kill()
        cut_off = Counter(attempt.phase for attempt in begun if attempt.phase)
        await asyncio.wait(working)
        for task in working:
            task.result()
        self._count(begun, cut_off)
        return begun

    async def _wait_for(self, moment: str, parts: Parts, begun: list[Attempt]) -> None:
        if moment == "visible":
            others = await committed_uploads(parts.database) - _answered(begun)
            while await committed_uploads(parts.database) - _answered(begun) <= others:
                pass
        elif moment in self._reached:
            self._reached[moment].clear()
            await self._reached[moment].wait()
            await asyncio.sleep(self._random.uniform(0, 0.04))

    def _count(self, begun: list[Attempt], cut_off: Counter[str]) -> None:
        self.tally.attempts += len(begun)
        self.tally.answered += _answered(begun)
        self.tally.killed_during += cut_off
        self.tally.killed_during["rounds"] += bool(cut_off["put"] or cut_off["commit"])

    async def _work(self, caller: Caller, begun: list[Attempt]) -> None:
        """Upload one thing after another until the server is gone."""
        while True:
            attempt = self._new_attempt()
            begun.append(attempt)
            try:
                await self._upload(caller, attempt)
            except httpx.TransportError:
                return

    def _new_attempt(self) -> Attempt:
        if self._random.random() < 0.4:
            number = self._random.randrange(SHARED_CONTENTS)
            content = Content(number, SIZES[number % len(SIZES)])
        else:
            size = self._random.choices(SIZES, WEIGHTS)[0]
            content = Content(self._random.getrandbits(64), size)
        shared = f"Plan {self._random.randrange(SHARED_NAMES)}.pdf"
        alone = f"Bilaga {self._random.getrandbits(64):x}.pdf"
        return Attempt(
            file_name=self._random.choice([shared, alone]),
            folder=self._random.choice(self._furniture.folders),
            content=content,
            sha256=sha256(content.make()),
            status=self._random.choice(STATUSES),
        )

    async def _upload(self, caller: Caller, attempt: Attempt) -> None:
        with self._phase(attempt, "create"):
            answer = await caller.post("/documents/uploads", json=_wanted(attempt))
            self._expect(answer, 201, attempt)
            attempt.upload = answer.json()
        with self._phase(attempt, "put"):
            await self._send(caller, attempt)
        if self._random.random() < 0.07:
            with self._phase(attempt, "abort"):
                self._expect(await caller.delete(attempt.path), 200, attempt)
                attempt.is_aborted = True
        else:
            with self._phase(attempt, "commit"):
                attempt.answer = await self._commit(caller, attempt)

    @contextmanager
    def _phase(self, attempt: Attempt, phase: str) -> Iterator[None]:
        attempt.phase = phase
        self._reached[phase].set()
        yield
        attempt.phase = ""

    async def _send(self, caller: Caller, attempt: Attempt) -> None:
        assert attempt.upload is not None
        address = local(attempt.upload["uploadUrl"])
        self._expect(await caller.http.put(address, content=attempt.content.make()), 200, attempt)
        attempt.is_sent = True

    async def _commit(self, caller: Caller, attempt: Attempt) -> bytes:
        answer = await caller.post(f"{attempt.path}/commit")
        self._expect(answer, 201, attempt)
        return answer.content

    # ── Afterwards ──────────────────────────────────────────────────────────────────────────────

    async def _settle_all(self, caller: Caller, attempts: list[Attempt]) -> None:
        begun = [attempt for attempt in attempts if attempt.upload is not None]
        await asyncio.gather(*(self._settle(caller, attempt) for attempt in begun))

    async def _settle(self, caller: Caller, attempt: Attempt) -> None:
        """Ask what became of an upload, and finish it: answered, cut off, or given up."""
        truth = (await caller.get(attempt.path)).json()
        self._check_truth(attempt, truth)
        was_committing = attempt.phase == "commit"
        if was_committing:
            self.tally.unanswered_done += truth["state"] == "committed"
            self.tally.unanswered_undone += truth["state"] == "received"
        attempt.phase, attempt.upload = "", truth
        if truth["state"] == "aborted":
            attempt.is_aborted = True
            self._expect(await caller.post(f"{attempt.path}/commit"), 409, attempt)
            return
        if attempt.answer is None and not was_committing and self._random.random() < 0.3:
            return  # somebody who never came back
        if truth["state"] == "open":
            await self._send(caller, attempt)
        first = attempt.answer or await self._commit(caller, attempt)
        attempt.answer = first
        await self._repeat(caller, attempt)
        await self._fetch(caller, attempt)

    def _check_truth(self, attempt: Attempt, truth: Json) -> None:
        allowed = {"open", "received"}
        if attempt.is_sent:
            allowed = {"received"}
        if attempt.phase == "commit":
            allowed = {"received", "committed"}
        if attempt.phase == "abort":
            allowed = {"received", "aborted"}
        if attempt.is_aborted:
            allowed = {"aborted"}
        if attempt.answer is not None:
            allowed = {"committed"}
        if truth.get("state") not in allowed:
            self._note([f"{attempt} is {truth}"])
        if truth.get("state") == "received" and truth["receivedSha256"] != attempt.sha256:
            self._note([f"{attempt} has received {truth}"])

    async def _repeat(self, caller: Caller, attempt: Attempt) -> None:
        self.tally.repeated += 1
        if await self._commit(caller, attempt) != attempt.answer:
            self._note([f"a repeated commit answers differently: {attempt}"])

    async def _fetch(self, caller: Caller, attempt: Attempt) -> None:
        version = version_of(attempt)
        answer = await fetch(caller, version)
        self.tally.fetched_bytes += len(answer.content)
        digest = hashlib.sha256(answer.content).hexdigest()
        if answer.status_code != 200 or not digest == attempt.sha256 == version["sha256"]:
            self._note([f"{answer.status_code}, other bytes than were sent: {attempt}"])

    async def _finish(self, parts: Parts, last: list[Attempt]) -> None:
        """Ask once more for everything that was ever committed, then look at what is left over."""
        self.tally.restart_seconds.append(await asyncio.to_thread(self._server.start))
        async with signed_in(self._server.base, self._furniture) as caller:
            await self._settle_all(caller, last)
            committed = [attempt for attempt in self._all if attempt.answer is not None]
            for attempt in committed:
                await self._repeat(caller, attempt)
                await self._fetch(caller, attempt)
        self._server.stop()
        self._note(await database_problems(parts.database))
        self._note(await storage_problems(parts.database, parts.storage, read_all=True))
        expected = {UUID(version_of(attempt)["id"]) for attempt in committed}
        if await version_ids(parts.database) != expected or len(expected) != len(committed):
            self._note(["there are other versions than those that were committed"])
        await self._sweep(parts)

    async def _sweep(self, parts: Parts) -> None:
        """Let the sweep come two days later: nothing is left then but what versions need."""
        later = FixedClock(datetime.now(UTC) + timedelta(days=2))
        async with parts_of(self._settings, clock=later) as aged:
            expired = await aged.uploads.expire_uploads()
            swept = await aged.sweeper.sweep()
        self.tally.swept = (
            f"{expired} uploads, {swept.blobs} blobs, {swept.objects} objects, "
            f"{swept.orphans} orphans, {swept.incoming_files} unfinished files"
        )
        self._note(await database_problems(parts.database))
        self._note(await storage_problems(parts.database, parts.storage, read_all=True))
        needed = {attempt.sha256 for attempt in self._all if attempt.answer is not None}
        kept = [found.key async for found in parts.storage.list_objects("")]
        if {key.rpartition("/")[2].partition("-")[0] for key in kept} != needed:
            self._note(["the sweep left or took the wrong objects"])
        if len(kept) != len(needed):
            self._note([f"{len(kept)} objects are kept for {len(needed)} contents"])
        if list((self.data / "files" / "incoming").iterdir()):
            self._note(["unfinished files are left over"])

    def _expect(self, answer: httpx.Response, status: int, attempt: Attempt) -> None:
        if answer.status_code != status:
            self._note([f"{answer.status_code} {answer.text[:300]}: {attempt}"])
            raise UnexpectedAnswerError(answer.text)

    def _note(self, problems: list[str]) -> None:
        self.tally.problems += problems


class UnexpectedAnswerError(AssertionError):
    """The server answered what it never should."""


def _answered(attempts: list[Attempt]) -> int:
    return sum(attempt.answer is not None for attempt in attempts)


def version_of(attempt: Attempt) -> Json:
    """Give the version that a commit answered."""
    assert attempt.answer is not None
    version: Json = httpx.Response(200, content=attempt.answer).json()["version"]
    return version


def _wanted(attempt: Attempt) -> Json:
    wanted: Json = {
        "binderId": attempt.folder["binderId"],
        "folderId": attempt.folder["id"],
        "fileName": attempt.file_name,
        "size": attempt.content.size,
        "sha256": attempt.sha256,
    }
    if attempt.status is not None:
        wanted["metadata"] = [{"metadataElementId": "GLOBAL_Status", "valueId": attempt.status}]
    return wanted
