"""Webhooks: what is sent, in which order, how often, and to whom."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ringbinder.adapters.http.pinned import PinnedHttpCaller
from ringbinder.app import make_engine
from ringbinder.db.tables import webhook_secrets
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.webhooks.rules.retrying import HOLDS_FOR_ATTEMPTS
from ringbinder.features.webhooks.service import Dispatcher, Sender
from ringbinder.features.webhooks.types import Patience
from ringbinder.kit.clock import FixedClock
from ringbinder.kit.networks import NetworkPolicy, read_networks
from tests.factories.content import (
    Json,
    new_binder,
    new_document,
    new_element,
    new_folder,
    new_webhook,
)
from tests.fakes.engines import BrokenDiskError, FailingEngine
from tests.support.databases import new_database_url
from tests.support.real_server import free_port
from tests.support.receiver import (
    OK,
    Behaviour,
    Received,
    Receiver,
    accept,
    always,
    answer,
    receiving,
)
from tests.support.world import Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

LOOPBACK = NetworkPolicy(read_networks(["127.0.0.0/8"]))
PATIENCE = Patience(
    retry_for=timedelta(hours=24), disable_after=timedelta(days=5), kept_for=timedelta(days=30)
)


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    """Stand still between the steps of a test."""
    return FixedClock()


@pytest.fixture(scope="module")
async def hall(
    engine_name: str,
    postgres_server: str | None,
    tmp_path_factory: pytest.TempPathFactory,
    clock: FixedClock,
) -> AsyncIterator["Hall"]:
    data = tmp_path_factory.mktemp("data")
    url = new_database_url(engine_name, postgres_server, data)
    engine = FailingEngine(make_engine(url))
    allowed = "127.0.0.0/8"
    async with running_world(
        url,
        data,
        clock=clock,
        engine=engine,
        token_lifetime=timedelta(days=365),
        webhook_allowed_private_networks=allowed,
    ) as world:
        yield Hall(world, engine)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@dataclass
class Hall:
    """An application whose clock the tests move, and which may call loopback."""

    world: World
    engine: FailingEngine


@dataclass
class Stage:
    """An organisation with a webhook, the one who receives, and the worker."""

    world: World
    engine: FailingEngine
    tenant: Tenant
    receiver: Receiver
    clock: FixedClock
    webhook: Json

    @property
    def path(self) -> str:
        return f"/webhooks/{self.webhook['id']}"

    def dispatcher(self, *, seconds: float = 10) -> Dispatcher:
        """A worker of another process."""
        parts = self.world.parts
        caller = PinnedHttpCaller(LOOPBACK, total_timeout=timedelta(seconds=seconds))
        sender = Sender(caller, parts.sealer, self.clock)
        return Dispatcher(parts.database, parts.feed, sender, patience=PATIENCE, chance=lambda: 0.5)

    async def work(self, *, seconds: float = 10) -> None:
        """Let a worker do what is due."""
        worker = self.dispatcher(seconds=seconds)
        while await worker.deliver_due():
            pass

    async def wait_and_work(self, **wait: float) -> None:
        self.clock.advance(timedelta(**wait))
        await self.work()

    async def now(self) -> Json:
        body: Json = (await self.tenant.admin.get(self.path)).json()
        return body

    async def patch(self, **changes: Any) -> None:
        response = await self.tenant.admin.patch(self.path, json=changes)
        assert response.status_code == 200, response.text

    async def deliveries(self, **query: Any) -> list[Json]:
        """Give the log, oldest first."""
        response = await self.tenant.admin.get(f"{self.path}/deliveries", params=query)
        return list(reversed(response.json()["items"]))

    async def feed(self) -> list[Json]:
        body = (await self.tenant.admin.get("/changes", params={"limit": 1000})).json()
        return [item for item in body["items"] if item["sequence"] > self.webhook["position"]]

    async def actions(self) -> list[str]:
        response = await self.tenant.admin.post(
            "/audit/events/search", json={"objectId": self.webhook["id"], "direction": "asc"}
        )
        return [event["action"] for event in response.json()["items"]]


@pytest.fixture
async def stage(hall: Hall, receiver: Receiver, clock: FixedClock) -> AsyncIterator[Stage]:
    tenant = await hall.world.new_tenant()
    webhook = await new_webhook(tenant.admin, receiver.url)
    yield Stage(hall.world, hall.engine, tenant, receiver, clock, webhook)
    # What a test left waiting would be worked on by the next one's worker.
    await tenant.admin.delete(f"/webhooks/{webhook['id']}")


def verifies(request: Received, secret: str) -> bool:
    """Check a signature as the specification tells a receiver to, by this test's own code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join(
        [request.id.encode(), request.headers["webhook-timestamp"].encode(), request.body]
    )
    mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = request.headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(one, f"v1,{mine}") for one in given)


async def until_received(receiver: Receiver, number: int) -> None:
    """Wait until a receiver has got so many."""
    async with asyncio.timeout(30):
        while len(receiver.received) < number:  # noqa: ASYNC110 - a receiver has no event for it
            await asyncio.sleep(0.02)


async def make_changes(tenant: Tenant) -> Json:
    """Make changes of every kind of thing."""
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    await new_element(tenant.admin, binder, "Ritningsnummer")
    made = await new_document(tenant.creator, folder)
    await new_document(tenant.creator, folder, content=b"second")
    document = f"/documents/{made['document']['id']}"
    assert (await tenant.admin.patch(document, json={"fileName": "Plan 2.pdf"})).status_code == 200
    assert (await tenant.admin.delete(document)).status_code == 200
    return folder


# What is sent


async def test_a_receiver_gets_exactly_the_positions_of_the_feed(stage: Stage) -> None:
    await make_changes(stage.tenant)
    await stage.work()
    changes = await stage.feed()
    assert len(changes) > 6
    fields = ("objectId", "binderId", "folderId", "documentId", "versionId", "auditEventId")
    assert [request.message for request in stage.receiver.received] == [
        {
            "type": change["type"],
            "timestamp": change["at"],
            "data": {name: change[name] for name in ("sequence", *fields)},
        }
        for change in changes
    ]
    assert (await stage.now())["position"] == changes[-1]["sequence"]


async def test_every_message_is_signed_by_the_standard(stage: Stage) -> None:
    await make_changes(stage.tenant)
    await stage.work()
    for request in stage.receiver.received:
        assert verifies(request, stage.webhook["secret"])
        assert not verifies(replace(request, body=request.body + b" "), stage.webhook["secret"])
        assert request.target == "/hook?key=1"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["host"] == f"127.0.0.1:{stage.receiver.port}"
        now = stage.clock.now().timestamp()
        assert int(request.headers["webhook-timestamp"]) == int(now)
    ids = [request.id for request in stage.receiver.received]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        (["document.*"], {"document"}),
        (["folder.created", "binder.*"], {"folder", "binder"}),
        (["*"], {"binder", "folder", "metadata_element", "document"}),
    ],
    ids=["group", "exact", "all"],
)
async def test_only_what_was_asked_for(stage: Stage, wanted: list[str], kinds: set[str]) -> None:
    await stage.patch(eventTypes=wanted)
    await make_changes(stage.tenant)
    await stage.work()
    types = [request.message["type"] for request in stage.receiver.received]
    assert {name.partition(".")[0] for name in types} == kinds
    assert types == [c["type"] for c in await stage.feed() if c["type"].split(".")[0] in kinds]


async def test_what_was_before_the_webhook_is_not_sent(stage: Stage) -> None:
    await new_binder(stage.tenant.admin)
    later = await new_webhook(stage.tenant.admin, stage.receiver.url)
    await stage.work()
    [mine] = stage.receiver.received
    assert verifies(mine, stage.webhook["secret"])
    assert later["position"] == mine.sequence


# When it does not arrive


class Failing:
    """Answers an error so many times, then accepts."""

    def __init__(self, times: int, response: bytes = answer(500)) -> None:
        self._left = times
        self._response = response

    async def __call__(self, _received: Received) -> bytes:
        self._left -= 1
        return self._response if self._left >= 0 else OK


async def test_a_retry_keeps_id_and_body_and_is_signed_anew(stage: Stage) -> None:
    stage.receiver.behave = Failing(2)
    await new_binder(stage.tenant.admin)
    await stage.work()
    await stage.wait_and_work(seconds=4)
    assert len(stage.receiver.received) == 1
    await stage.wait_and_work(seconds=1)
    await stage.wait_and_work(seconds=10)
    first, second, third = stage.receiver.received
    assert first.id == second.id == third.id
    assert first.body == second.body == third.body
    moments = [int(request.headers["webhook-timestamp"]) for request in stage.receiver.received]
    assert [moment - moments[0] for moment in moments] == [0, 5, 15]
    assert verifies(third, stage.webhook["secret"])
    [delivery] = await stage.deliveries()
    assert (delivery["state"], delivery["attempts"], delivery["error"]) == ("delivered", 3, None)


async def test_later_changes_wait_for_one_that_fails(stage: Stage) -> None:
    stage.receiver.behave = Failing(3)
    await make_changes(stage.tenant)
    for seconds in (0, 5, 10, 20):
        await stage.wait_and_work(seconds=seconds)
    expected = [change["sequence"] for change in await stage.feed()]
    assert stage.receiver.sequences == [expected[0]] * 3 + expected


async def test_a_message_that_always_fails_steps_aside(stage: Stage) -> None:
    async def behave(received: Received) -> bytes:
        return answer(500) if received.message["type"] == "binder.created" else OK

    stage.receiver.behave = behave
    await make_changes(stage.tenant)
    for _ in range(HOLDS_FOR_ATTEMPTS):
        assert set(stage.receiver.sequences) <= {stage.webhook["position"] + 1}
        await stage.wait_and_work(minutes=6)
    expected = [change["sequence"] for change in await stage.feed()]
    assert [s for s in stage.receiver.sequences if s != expected[0]] == expected[1:]
    # Once more with the others, as if the receiver had been down; then by its own times.
    assert stage.receiver.sequences.count(expected[0]) == HOLDS_FOR_ATTEMPTS + 1
    assert [d["state"] for d in await stage.deliveries()][:2] == ["pending", "delivered"]


async def test_when_a_receiver_is_back_nothing_waits_any_longer(stage: Stage) -> None:
    stage.receiver.behave = always(answer(503))
    await make_changes(stage.tenant)
    for _ in range(15):
        await stage.wait_and_work(minutes=30)
    stage.receiver.behave = accept
    tries = len(stage.receiver.received)
    await stage.wait_and_work(hours=1, minutes=13)
    expected = [change["sequence"] for change in await stage.feed()]
    assert sorted(filter(None, stage.receiver.sequences[tries:])) == expected
    assert (await stage.now())["failingSince"] is None


async def test_it_is_tried_for_a_day_and_then_given_up(stage: Stage) -> None:
    stage.receiver.behave = always(answer(500))
    await new_binder(stage.tenant.admin)
    began = stage.clock.now()
    await stage.work()
    while (await stage.deliveries())[0]["state"] == "pending":
        await stage.wait_and_work(minutes=40)
    assert stage.clock.now() - began >= timedelta(hours=24)
    [delivery] = await stage.deliveries()
    assert (delivery["state"], delivery["nextAttemptAt"]) == ("failed", None)
    assert delivery["attempts"] == len(stage.receiver.received) > 20
    assert {request.id for request in stage.receiver.received} == {delivery["id"]}
    assert (await stage.now())["state"] == "active"


async def test_days_of_failures_disable_it_and_resuming_sends_what_waited(stage: Stage) -> None:
    stage.receiver.behave = always(answer(500))
    await new_binder(stage.tenant.admin)
    for _ in range(5 * 4 + 2):
        await stage.wait_and_work(hours=6)
        if (await stage.now())["state"] == "active":
            await new_binder(stage.tenant.admin)
    body = await stage.now()
    assert (body["state"], body["stateReason"]) == ("disabled", "failing")
    assert (await stage.actions())[-1] == "system:webhook:disabled"
    await new_binder(stage.tenant.admin)
    calls = len(stage.receiver.received)
    await stage.wait_and_work(days=1)
    assert len(stage.receiver.received) == calls
    stage.receiver.behave = accept
    await stage.patch(state="active")
    await stage.work()
    failed = {d["sequence"] for d in await stage.deliveries(state="failed", pageSize=500)}
    got = [s for s in stage.receiver.sequences[calls:] if s is not None]
    assert len(got) > 1
    assert set(got) | failed >= {change["sequence"] for change in await stage.feed()}
    assert (await stage.now())["stateReason"] is None


async def test_gone_disables_it_at_once(stage: Stage) -> None:
    stage.receiver.behave = always(answer(410))
    await make_changes(stage.tenant)
    await stage.work()
    assert len(stage.receiver.received) == 1
    body = await stage.now()
    assert (body["state"], body["stateReason"]) == ("disabled", "gone")
    assert (await stage.deliveries())[0]["error"] == "gone"
    assert await stage.actions() == ["api:webhook:created", "system:webhook:disabled"]


async def _hang(_received: Received) -> bytes:
    await asyncio.sleep(30)
    return OK


@pytest.mark.parametrize(
    ("behave", "error", "status"),
    [
        (always(answer(500, b"broken")), "refused", 500),
        (always(answer(404)), "refused", 404),
        (always(answer(302, location="https://elsewhere.example.com/")), "redirected", 302),
        (always(b""), "not_http", None),
        (always(b"SSH-2.0-OpenSSH\r\n\r\n"), "not_http", None),
        (_hang, "timed_out", None),
    ],
    ids=["500", "404", "redirection", "nothing", "not http", "hangs"],
)
async def test_the_log_says_what_came_of_it(
    stage: Stage, behave: Behaviour, error: str, status: int | None
) -> None:
    stage.receiver.behave = behave
    await new_binder(stage.tenant.admin)
    await stage.work(seconds=2)
    assert stage.receiver.connections == 1
    [delivery] = await stage.deliveries()
    assert (delivery["state"], delivery["attempts"]) == ("pending", 1)
    assert (delivery["error"], delivery["statusCode"]) == (error, status)
    assert delivery["durationMs"] >= (1900 if error == "timed_out" else 0)
    assert delivery["nextAttemptAt"] is not None
    assert (await stage.now())["failingSince"] is not None


async def test_nobody_listens(stage: Stage) -> None:
    await stage.patch(url=f"http://127.0.0.1:{free_port()}/")
    await new_binder(stage.tenant.admin)
    await stage.work()
    assert (await stage.deliveries())[0]["error"] == "connection_failed"


async def test_of_an_answer_the_beginning_is_kept(stage: Stage) -> None:
    async def behave(_received: Received) -> bytes:
        return answer(500, b"\x00\xff" + b"x" * 5_000_000, set_cookie="secret")

    stage.receiver.behave = behave
    await new_binder(stage.tenant.admin)
    await stage.work()
    [delivery] = await stage.deliveries()
    assert delivery["responseBody"] == "\ufffd" + "x" * 1022
    assert "secret" not in str(delivery)


async def test_a_receiver_may_ask_for_a_longer_wait(stage: Stage) -> None:
    stage.receiver.behave = Failing(1, answer(429, retry_after="120"))
    await new_binder(stage.tenant.admin)
    await stage.work()
    await stage.wait_and_work(seconds=119)
    assert len(stage.receiver.received) == 1
    await stage.wait_and_work(seconds=1)
    assert len(stage.receiver.received) == 2


async def test_one_that_hangs_does_not_hold_up_another(stage: Stage) -> None:
    stage.receiver.behave = _hang
    async with receiving() as other:
        await new_webhook(stage.tenant.admin, other.url)
        await new_binder(stage.tenant.admin)
        working = asyncio.create_task(stage.work(seconds=8))
        await until_received(other, 1)
        assert not working.done()
        await working


# Several workers, and one that dies


async def test_two_workers_send_each_message_once(stage: Stage) -> None:
    async def behave(_received: Received) -> bytes:
        await asyncio.sleep(0.02)
        return OK

    stage.receiver.behave = behave
    await make_changes(stage.tenant)
    workers = [stage.dispatcher() for _ in range(4)]
    await asyncio.gather(*(worker.deliver_due() for worker in workers))
    await stage.work()
    assert stage.receiver.sequences == [change["sequence"] for change in await stage.feed()]


async def test_a_crash_before_it_is_recorded_sends_it_again_under_its_id(stage: Stage) -> None:
    async def behave(_received: Received) -> bytes:
        stage.engine.commits_fail = True
        return OK

    await make_changes(stage.tenant)
    stage.receiver.behave = behave
    with pytest.raises(BrokenDiskError):
        await stage.dispatcher().deliver_due()
    stage.engine.commits_fail = False
    stage.receiver.behave = accept
    await stage.work()
    assert len(stage.receiver.received) == 1, "the lease of the dead is still respected"
    await stage.wait_and_work(seconds=61)
    first, again, *_ = stage.receiver.received
    assert (first.id, first.body) == (again.id, again.body)
    expected = [change["sequence"] for change in await stage.feed()]
    assert stage.receiver.sequences == [expected[0], *expected]


async def test_whichever_statement_fails_nothing_is_lost_or_out_of_order(stage: Stage) -> None:
    await make_changes(stage.tenant)
    expected = [change["sequence"] for change in await stage.feed()]
    for nth in range(1, 30):
        stage.engine.statements, stage.engine.fails_at = 0, nth
        with suppress(BrokenDiskError):
            await stage.dispatcher().deliver_due()
        stage.engine.fails_at = None
        stage.clock.advance(seconds=61)
    await stage.work()
    sequences = {request.id: request.sequence for request in stage.receiver.received}
    assert sorted(filter(None, sequences.values())) == expected
    assert list(dict.fromkeys(stage.receiver.sequences)) == expected


async def test_a_worker_that_lost_its_lease_records_nothing(stage: Stage) -> None:
    async def behave(_received: Received) -> bytes:
        if len(stage.receiver.received) == 1:
            stage.clock.advance(seconds=61)
            await stage.dispatcher().deliver_due()
        return OK

    stage.receiver.behave = behave
    await new_binder(stage.tenant.admin)
    await stage.work()
    assert len(stage.receiver.received) == 2
    [delivery] = await stage.deliveries()
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 1)


# What administrators do


async def test_while_a_secret_is_rotated_both_sign(stage: Stage) -> None:
    response = await stage.tenant.admin.post(f"{stage.path}/secret", json={"overlapSeconds": 60})
    old, new = stage.webhook["secret"], response.json()["secret"]
    assert new != old
    await new_binder(stage.tenant.admin)
    await stage.work()
    await new_binder(stage.tenant.admin)
    await stage.wait_and_work(seconds=60)
    during, after = stage.receiver.received
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert verifies(during, old)
    assert verifies(during, new)
    assert verifies(after, new)
    assert not verifies(after, old)


async def test_a_third_secret_ends_the_first(stage: Stage) -> None:
    admin, path = stage.tenant.admin, f"{stage.path}/secret"
    rotated = [(await admin.post(path)).json()["secret"] for _ in range(2)]
    issued = [stage.webhook["secret"], *rotated]
    await new_binder(stage.tenant.admin)
    await stage.work()
    assert [verifies(stage.receiver.received[0], one) for one in issued] == [False, True, True]


async def test_a_paused_webhook_gets_what_it_missed_when_resumed(stage: Stage) -> None:
    await stage.patch(state="paused")
    await make_changes(stage.tenant)
    await stage.work()
    assert stage.receiver.received == []
    await stage.patch(state="active")
    await stage.work()
    assert stage.receiver.sequences == [change["sequence"] for change in await stage.feed()]
    assert await stage.actions() == [
        "api:webhook:created",
        "api:webhook:paused",
        "api:webhook:resumed",
    ]


async def test_what_the_feed_has_forgotten_is_told_as_a_gap(stage: Stage) -> None:
    await stage.patch(state="paused")
    await make_changes(stage.tenant)
    newest = (await stage.feed())[-1]["sequence"]
    stage.clock.advance(seconds=1)
    feed = ChangeFeed(stage.world.parts.database, kept_for=timedelta())
    assert await feed.forget(stage.tenant.organisation.key) > 1
    await stage.patch(state="active")
    await stage.work()
    gap, kept = stage.receiver.received
    assert gap.message["type"] == "webhook.gap"
    assert (gap.sequence, kept.sequence) == (newest - 1, newest)
    assert (await stage.now())["position"] == newest


async def test_a_test_event_goes_out_once_whatever_the_state(stage: Stage) -> None:
    await stage.patch(state="paused")
    stage.receiver.behave = always(answer(500, b"not today"))
    made = await stage.tenant.admin.post(f"{stage.path}/test")
    assert (made.status_code, made.json()["state"]) == (201, "pending")
    await stage.wait_and_work(hours=2)
    await stage.wait_and_work(hours=2)
    [request] = stage.receiver.received
    assert (request.id, request.message["type"]) == (made.json()["id"], "webhook.test")
    assert verifies(request, stage.webhook["secret"])
    [delivery] = await stage.deliveries()
    assert (delivery["state"], delivery["statusCode"]) == ("failed", 500)
    assert delivery["responseBody"] == "not today"
    assert (await stage.now())["failingSince"] is None


async def test_a_delivery_can_be_sent_again_under_its_id(stage: Stage) -> None:
    await new_binder(stage.tenant.admin)
    await stage.work()
    [delivery] = await stage.deliveries()
    path = f"{stage.path}/deliveries/{delivery['id']}/redeliver"
    answered = (await stage.tenant.admin.post(path)).json()
    assert (answered["state"], answered["attempts"]) == ("pending", 0)
    await stage.work()
    first, second = stage.receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert [d["state"] for d in await stage.deliveries()] == ["delivered"]
    assert (await stage.actions())[-1] == "api:webhook:redelivered"


async def test_what_waits_can_be_sent_at_once(stage: Stage) -> None:
    stage.receiver.behave = Failing(1)
    await make_changes(stage.tenant)
    await stage.work()
    [front, *_] = await stage.deliveries()
    await stage.tenant.admin.post(f"{stage.path}/deliveries/{front['id']}/redeliver")
    await stage.work()
    expected = [change["sequence"] for change in await stage.feed()]
    assert stage.receiver.sequences == [expected[0], *expected]


async def test_the_log_is_paged_and_filtered(stage: Stage) -> None:
    await make_changes(stage.tenant)
    await stage.work()
    everything = await stage.deliveries(pageSize=500)
    admin, path = stage.tenant.admin, f"{stage.path}/deliveries"
    found, cursor = [], None
    while True:
        query = {"pageSize": 2} | ({"cursor": cursor} if cursor else {})
        body = (await admin.get(path, params=query)).json()
        assert body["totalCount"] == len(everything)
        found += body["items"]
        cursor = body["nextCursor"]
        if cursor is None:
            break
    assert found == everything[::-1]
    binders = (await admin.get(path, params={"searchTerm": "BINDER"})).json()
    assert [item["type"] for item in binders["items"]] == ["binder.created"]
    assert (await admin.get(path, params={"state": "failed"})).json()["totalCount"] == 0


async def test_the_log_is_forgotten_after_its_time(stage: Stage) -> None:
    await new_binder(stage.tenant.admin)
    await stage.work()
    key = stage.tenant.organisation.key
    assert await stage.dispatcher().forget(key) == 0
    stage.clock.advance(timedelta(days=30, seconds=1))
    assert await stage.dispatcher().forget(key) == 1
    assert await stage.deliveries() == []


async def test_a_secret_is_shown_once_and_kept_sealed(stage: Stage) -> None:
    admin, secret = stage.tenant.admin, stage.webhook["secret"]
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    rotated = (await admin.post(f"{stage.path}/secret")).json()["secret"]
    shown = [
        await admin.get(stage.path),
        await admin.get("/webhooks"),
        await admin.patch(stage.path, json={"description": "Ny"}),
        await admin.post("/audit/events/search"),
        await admin.get("/changes"),
    ]
    assert all(answer.status_code == 200 for answer in shown)
    async with stage.world.parts.database.read(None) as session:
        rows = await session.all(select(webhook_secrets.c.sealed))
    everything = "".join([*(answer.text for answer in shown), *(row.sealed for row in rows)])
    for one in (secret, rotated):
        assert one not in everything
        assert one.removeprefix("whsec_") not in everything
    assert "key=1" not in shown[3].text, "the URL may hold a secret of the receiver's"


async def test_every_write_is_audited_and_none_is_in_the_feed(stage: Stage) -> None:
    admin = stage.tenant.admin
    head = len(await stage.feed())
    await admin.patch(stage.path, json={"url": f"{stage.receiver.url}2", "eventTypes": ["*"]})
    await admin.patch(stage.path, json={"description": None})
    await admin.post(f"{stage.path}/secret")
    await admin.post(f"{stage.path}/test")
    assert (await admin.delete(stage.path)).json()["id"] == stage.webhook["id"]
    assert await stage.actions() == [
        f"api:webhook:{action}"
        for action in ("created", "updated", "secret_rotated", "tested", "deleted")
    ]
    assert len(await stage.feed()) == head
    assert (await admin.get(stage.path)).status_code == 404


async def test_one_that_is_deleted_under_way_gets_nothing_more(stage: Stage) -> None:
    async def behave(_received: Received) -> bytes:
        await stage.tenant.admin.delete(stage.path)
        return OK

    stage.receiver.behave = behave
    await make_changes(stage.tenant)
    await stage.work()
    assert len(stage.receiver.received) == 1


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"url": "http://example.com/"}, None),
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "https://user:word@example.com/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "url"),
        ({"url": "https://example.com/" + "x" * 2000}, "url"),
        ({"eventTypes": []}, "eventTypes"),
        ({"eventTypes": ["*", "document.eaten"]}, "eventTypes[1]"),
        ({"eventTypes": ["client.*"]}, "eventTypes[0]"),
        ({"description": ""}, "description"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    stage: Stage, fields: Json, path: str | None
) -> None:
    body = {"url": "https://example.com/", "eventTypes": ["*"]} | fields
    response = await stage.tenant.admin.post("/webhooks", json=body)
    if path is None:
        assert response.status_code == 201
        return
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [path]
    patched = await stage.tenant.admin.patch(stage.path, json=fields)
    assert (patched.status_code, list(patched.json()["errors"])) == (400, [path])


async def test_all_that_is_wrong_is_said_at_once(stage: Stage) -> None:
    body = {"url": "https://127.0.0.1@evil", "eventTypes": ["x", "y"]}
    response = await stage.tenant.admin.post("/webhooks", json=body)
    assert list(response.json()["errors"]) == ["url", "eventTypes[0]", "eventTypes[1]"]


async def test_an_organisation_has_at_most_fifty(stage: Stage) -> None:
    admin = stage.tenant.admin
    body = {"url": "https://example.com/", "eventTypes": ["*"]}
    answers = await asyncio.gather(*(admin.post("/webhooks", json=body) for _ in range(52)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(409)) == (49, 3)
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "webhook.too_many"
    listed = (await admin.get("/webhooks", params={"pageSize": 40})).json()
    assert (listed["totalCount"], len(listed["items"])) == (50, 40)
    rest = (await admin.get("/webhooks", params={"cursor": listed["nextCursor"]})).json()
    assert (len(rest["items"]), rest["nextCursor"]) == (10, None)


# In the background


async def test_the_server_sends_by_itself_and_stops_cleanly(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, receiver: Receiver
) -> None:
    data = tmp_path_factory.mktemp("data")
    async with running_world(
        database_url,
        data,
        webhooks_enabled=True,
        webhook_allowed_private_networks="127.0.0.0/8",
    ) as world:
        admin = (await world.new_tenant()).admin
        await new_webhook(admin, receiver.url)
        await new_binder(admin)
        await until_received(receiver, 1)
        receiver.behave = _hang
        await new_binder(admin)
        await until_received(receiver, 2)
        began = time.monotonic()
    assert time.monotonic() - began < 5, "a call under way does not hold up the end"
    receiver.behave = accept
    async with running_world(
        database_url,
        data,
        webhooks_enabled=True,
        webhook_allowed_private_networks="127.0.0.0/8",
    ):
        await until_received(receiver, 3)
    assert receiver.received[2].id == receiver.received[1].id
