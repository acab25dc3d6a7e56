"""Rate limits by the front door: who pays for what, what the answers say, and who is left alone."""

import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from ringbinder.access.limits import Rate, RequestType
from ringbinder.adapters.limits.memory import MemoryLimitStore
from ringbinder.features.clients import service as clients
from ringbinder.kit.clock import FixedClock
from tests.factories.content import local, new_binder, new_shelf
from tests.fakes.ticks import Ticks
from tests.support.world import AMPLE_LIMITS, Caller, Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

TIGHT: Final = {
    "anonymous-token": "600/100",
    "anonymous-failed-token": "6/3",
    "anonymous-unauthenticated": "30/4",
    "reader-read": "60/5",
    "reader-search": "20/2",
    "reader-write": "60/3",
    "creator-read": "7/2",
    "creator-write": "90/2",
    "link-transfer": "30/2",
}
Send = Callable[[], Coroutine[Any, Any, httpx.Response]]


@dataclass(frozen=True)
class Stage:
    """A running application with small budgets and clocks that a test moves."""

    world: World
    ticks: Ticks
    clock: FixedClock


@pytest.fixture
async def stage(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    ticks, clock = Ticks(), FixedClock()
    async with running_world(
        database_url,
        tmp_path_factory.mktemp("data"),
        clock=clock,
        limit_store=MemoryLimitStore(ticks),
        limits=AMPLE_LIMITS | TIGHT,
    ) as world:
        yield Stage(world, ticks, clock)


@pytest.fixture
async def own(stage: Stage) -> Tenant:
    return await stage.world.new_tenant()


async def use_up(send: Send) -> tuple[int, httpx.Response]:
    """Send until a 429 comes; gives how many were let through, and the 429."""
    for count in range(100):
        answer = await send()
        if answer.status_code == 429:
            return count, answer
    raise AssertionError("nothing was ever refused")


async def test_a_refusal_says_all_that_a_client_needs(own: Tenant) -> None:
    let_through, answer = await use_up(lambda: own.reader.get("/binders"))
    assert let_through == 5
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["ratelimit"] == '"reader-read";r=0;t=1'
    assert answer.headers["ratelimit-policy"] == '"reader-read";q=5;w=5'
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "traceId"}
    assert body["type"] == "https://tools.ietf.org/html/rfc6585#section-4"
    assert (body["title"], body["status"]) == ("Too Many Requests", 429)
    assert (body["code"], body["detail"]) == (
        "limit.exceeded",
        "Too many requests of the type read; wait 1 s.",
    )


async def test_every_answer_says_what_is_left(own: Tenant) -> None:
    answers = [
        await own.reader.get("/binders"),
        await own.reader.get("/binders/nonsense"),
        await own.reader.get("/binders/ABCDEFGH1"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 404]
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"reader-read";r=4;t=1',
        '"reader-read";r=3;t=1',
        '"reader-read";r=2;t=1',
    ]


@pytest.mark.parametrize("steps", [[0.0], [0.4, 0.1, 0.7], [0.999, 2.3]])
async def test_whoever_waits_as_told_is_not_refused_again(
    stage: Stage, own: Tenant, steps: list[float]
) -> None:
    for step in steps:
        _, refused = await use_up(lambda: own.creator.get("/binders"))
        stage.ticks.advance(int(refused.headers["retry-after"]))
        assert (await own.creator.get("/binders")).status_code == 200
        stage.ticks.advance(step)


async def test_limits_come_after_the_token_and_before_all_else(own: Tenant) -> None:
    await use_up(lambda: own.reader.get("/binders"))
    nonsense = {"params": {"pageSize": "x"}}
    assert (await own.reader.get("/binders", **nonsense)).status_code == 429
    other = {"headers": {"x-ibinder-tenantid": "0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"}}
    assert (await own.reader.get("/binders", **other)).status_code == 429
    no_token = {"headers": {"authorization": ""}}
    assert (await own.reader.get("/binders", **no_token)).status_code == 401


async def test_types_of_requests_have_budgets_of_their_own(own: Tenant) -> None:
    await use_up(lambda: own.reader.get("/binders"))
    forbidden, refused = await use_up(
        lambda: own.reader.post("/binders", json={"name": "X", "type": "project"})
    )
    assert (forbidden, refused.headers["ratelimit-policy"]) == (3, '"reader-write";q=3;w=3')


async def test_clients_and_tenants_do_not_touch_each_other(stage: Stage, own: Tenant) -> None:
    other = await stage.world.new_tenant()
    second = await stage.world.new_caller(own.organisation, own.reader.role)
    await use_up(lambda: own.reader.get("/binders"))
    for caller in (own.creator, own.admin, second, other.reader, other.admin):
        assert (await caller.get("/binders")).status_code == 200
    left = (await second.get("/binders")).headers["ratelimit"]
    assert left == '"reader-read";r=3;t=1'


async def test_a_304_costs_nothing(stage: Stage, own: Tenant) -> None:
    path = f"/binders/{(await new_binder(own.admin))['id']}"
    etag = (await own.reader.get(path)).headers["etag"]
    for _ in range(20):
        answer = await own.reader.get(path, headers={"if-none-match": etag})
        assert answer.status_code == 304
        assert answer.headers["ratelimit"] == '"reader-read";r=4;t=1'
    stage.ticks.advance(60)
    answer = await own.reader.get(path, headers={"if-none-match": etag})
    assert answer.headers["ratelimit"] == '"reader-read";r=5;t=0'


async def test_a_feed_without_news_costs_nothing(own: Tenant) -> None:
    start = (await own.reader.get("/changes?startAt=now")).json()["nextCursor"]
    for _ in range(20):
        assert (await own.reader.get(f"/changes?cursor={start}")).status_code == 200
    await new_binder(own.admin)
    answer = await own.reader.get(f"/changes?cursor={start}")
    assert answer.headers["ratelimit"] == '"reader-read";r=4;t=1'


async def test_limits_are_read_out(own: Tenant) -> None:
    for _ in range(2):
        await own.reader.get("/binders")
    answer = await own.reader.get("/limits")
    assert answer.json()["enabled"] is True
    items = {item.pop("name"): item for item in answer.json()["items"]}
    assert items["reader-read"] == {
        "requestType": "read",
        "requestsPerMinute": 60,
        "burst": 5,
        "remaining": 2,
        "resetSeconds": 3,
    }
    assert set(items) == {"reader-read", "reader-search", "reader-write", "link-transfer"}
    again = (await own.reader.get("/limits")).json()["items"]
    assert [item["remaining"] for item in again] == [1, 2, 3, 2]


async def test_a_client_can_have_limits_of_its_own(stage: Stage, own: Tenant) -> None:
    await own.reader.get("/binders")
    async with stage.world.parts.database.write(own.organisation.key) as session:
        await clients.limit_client(
            session,
            own.operator,
            client_id=own.reader.client_id,
            limits={RequestType.READ: Rate(120, 20)},
        )
    stage.clock.advance(seconds=3)
    answer = await own.reader.get("/limits")
    assert answer.headers["ratelimit-policy"] == '"reader-read";q=20;w=10'
    items = {item["name"]: item for item in answer.json()["items"]}
    assert (items["reader-read"]["burst"], items["reader-search"]["burst"]) == (20, 2)
    search = {"actions": ["client:limits_changed"]}
    [event] = (await own.admin.post("/audit/events/search", json=search)).json()["items"]
    assert (event["before"], event["after"]) == ({}, {"read": "120/20"})


async def guess(caller: Caller, secret: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": str(caller.client_id)}
    return await caller.http.post("/connect/token", data=form | {"client_secret": secret})


async def test_secrets_cannot_be_guessed(stage: Stage, own: Tenant) -> None:
    wrong, refused = await use_up(lambda: guess(own.reader, "rb_wrong"))
    assert (wrong, refused.headers["retry-after"]) == (3, "10")
    assert refused.headers["ratelimit-policy"] == (
        '"anonymous-token";q=100;w=10, "anonymous-failed-token";q=3;w=30'
    )
    assert refused.json()["code"] == "limit.exceeded"
    assert (await guess(own.reader, own.reader.client_secret)).status_code == 429
    stage.ticks.advance(10)
    for _ in range(20):
        assert (await guess(own.reader, own.reader.client_secret)).status_code == 200


async def test_a_refused_guess_takes_nothing_else(own: Tenant) -> None:
    await use_up(lambda: guess(own.reader, "rb_wrong"))
    before = (await guess(own.reader, "rb_wrong")).headers["ratelimit"]
    assert (await guess(own.reader, "rb_wrong")).headers["ratelimit"] == before


async def test_a_flood_of_bad_tokens_is_limited_by_address(stage: Stage, own: Tenant) -> None:
    bad = {"headers": {"authorization": "Bearer nonsense"}}
    refused, answer = await use_up(lambda: own.reader.get("/binders", **bad))
    assert (refused, answer.headers["retry-after"]) == (4, "2")
    assert (await own.reader.get("/binders")).status_code == 200
    stage.ticks.advance(2)
    answer = await own.reader.get("/binders", **bad)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_signed_addresses_are_limited_by_organisation(stage: Stage, own: Tenant) -> None:
    other = await stage.world.new_tenant()
    urls = []
    for tenant in (own, other):
        version = (await new_shelf(tenant.admin)).version
        stage.ticks.advance(60)
        path = f"/documents/{version['documentId']}/versions/{version['id']}/downloadlink"
        urls.append(local((await tenant.admin.get(path)).json()["url"]))
    http = own.reader.http
    sent, refused = await use_up(lambda: http.get(urls[0]))
    assert (sent, refused.headers["retry-after"]) == (2, "2")
    assert refused.headers["ratelimit-policy"] == '"link-transfer";q=2;w=4'
    answer = await http.get(urls[1])
    assert answer.status_code == 200
    stage.ticks.advance(60)
    etag = {"if-none-match": answer.headers["etag"]}
    for _ in range(5):
        assert (await http.get(urls[1], headers=etag)).status_code == 304
    forged = re.sub("signature=[^&]+", "signature=forged", urls[1])
    wrong, _ = await use_up(lambda: http.get(forged))
    assert wrong == 4
    assert (await http.get(urls[1])).status_code == 200


async def test_limits_are_off_only_where_it_is_said(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, limits=TIGHT, limits_enabled=False) as world:
        tenant = await world.new_tenant()
        for _ in range(10):
            answer = await tenant.reader.get("/limits")
            assert answer.json() == {"enabled": False, "items": []}
            assert "ratelimit" not in answer.headers
