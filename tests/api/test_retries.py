"""Idempotency-Key by the front door: one effect, one answer, and nobody else's."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from ringbinder.app import make_engine
from ringbinder.db.tables import idempotency_keys
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.idempotency.rules import read_answer
from ringbinder.kit.clock import FixedClock
from ringbinder.kit.ids import new_guid
from ringbinder.web.keeping import Attempt, IdempotencyInProgressError, KeptAnswer
from tests.factories.content import new_binder, new_folder, new_upload, put_bytes
from tests.fakes.engines import FailingEngine
from tests.support.world import Caller, Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]

BINDER = {"name": "Kastanjen 4", "type": "project"}


def under(key: str, **more: str) -> dict[str, Any]:
    return {"headers": {"idempotency-key": key} | more}


async def names(caller: Caller) -> list[str]:
    return [binder["name"] for binder in (await caller.get("/binders")).json()]


async def make(caller: Caller, key: str, **changes: str) -> httpx.Response:
    return await caller.post("/binders", json=BINDER | changes, **under(key))


def assert_replayed(again: httpx.Response, first: httpx.Response) -> None:
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("content-type", "etag"):
        assert again.headers.get(name) == first.headers.get(name)


async def test_the_first_answer_comes_again(tenant: Tenant) -> None:
    first = await make(tenant.admin, "a")
    assert first.status_code == 201
    assert "idempotency-replayed" not in first.headers
    assert_replayed(await make(tenant.admin, "a"), first)
    assert await names(tenant.admin) == [BINDER["name"]]


async def test_what_changed_meanwhile_does_not_change_the_answer(tenant: Tenant) -> None:
    first = await make(tenant.admin, "a")
    path = f"/binders/{first.json()['id']}"
    renamed = await tenant.admin.patch(path, json={"name": "Ny"}, **under("b"))
    await tenant.admin.patch(path, json={"name": "Nyast"})
    assert_replayed(await tenant.admin.patch(path, json={"name": "Ny"}, **under("b")), renamed)
    deleted = await tenant.admin.delete(path, **under("c"))
    assert deleted.status_code == 200
    assert_replayed(await tenant.admin.delete(path, **under("c")), deleted)
    assert_replayed(await make(tenant.admin, "a"), first)


async def test_without_a_key_nothing_is_remembered(tenant: Tenant) -> None:
    for _ in range(2):
        assert (await tenant.admin.post("/binders", json=BINDER)).status_code == 201
    assert len(await names(tenant.admin)) == 2


async def test_other_content_under_the_same_key_is_refused(tenant: Tenant) -> None:
    first = await make(tenant.admin, "a")
    path = f"/binders/{first.json()['id']}"
    for answer in (
        await make(tenant.admin, "a", name="Annan"),
        await tenant.admin.post("/binders?x=1", json=BINDER, **under("a")),
        await tenant.admin.patch(path, json=BINDER, **under("a")),
        await tenant.admin.post("/binders", json=BINDER, **under("a", **{"if-match": '"x"'})),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.key_reused")
    assert await names(tenant.admin) == [BINDER["name"]]


async def test_clients_and_tenants_have_keys_of_their_own(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    second = await world.new_caller(tenant.organisation, tenant.admin.role)
    answers = [await make(caller, "a") for caller in (tenant.admin, second, other.admin)]
    assert len({answer.json()["id"] for answer in answers}) == 3
    assert all("idempotency-replayed" not in answer.headers for answer in answers)
    assert len(await names(tenant.admin)) == 2
    assert len(await names(other.admin)) == 1


async def test_whoever_lost_the_right_gets_no_kept_answer(tenant: Tenant) -> None:
    await make(tenant.admin, "a")
    assert (await make(tenant.reader, "a")).status_code == 403
    no_token = under("a", authorization="")
    assert (await tenant.admin.post("/binders", json=BINDER, **no_token)).status_code == 401


async def test_work_that_failed_may_be_tried_again(tenant: Tenant) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    upload = await new_upload(tenant.creator, folder, "Plan 1.pdf", b"%PDF")
    path = f"/documents/uploads/{upload['uploadId']}/commit"
    for _ in range(2):
        early = await tenant.creator.post(path, **under("a"))
        assert early.json()["code"] == "upload.not_received"
        assert "idempotency-replayed" not in early.headers
    await put_bytes(tenant.creator.http, upload, b"%PDF")
    first = await tenant.creator.post(path, **under("a"))
    assert first.status_code == 201
    assert_replayed(await tenant.creator.post(path, **under("a")), first)
    assert (await tenant.creator.post(path, **under("b"))).content == first.content


async def test_a_request_that_is_wrong_leaves_the_key_free(tenant: Tenant) -> None:
    wrong = await tenant.admin.post("/binders", json={"name": "X"}, **under("a"))
    assert wrong.status_code == 400
    assert (await make(tenant.admin, "a")).status_code == 201


@pytest.mark.parametrize("key", ["k", "k" * 255, '"8e03978e-40d5"', "a b~!", "é".encode()])
async def test_a_key_has_1_to_255_printable_characters(tenant: Tenant, key: Any) -> None:
    headers = [*tenant.admin.headers.items(), ("idempotency-key", key)]
    answer = await tenant.admin.http.post("/api/binders", json=BINDER, headers=headers)
    assert answer.status_code == (400 if isinstance(key, bytes) else 201)


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb"])
async def test_a_malformed_key_is_named_with_all_else(tenant: Tenant, key: str) -> None:
    answer = await tenant.admin.post("/binders", json={"name": "X"}, **under(key))
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"Idempotency-Key", "type"}


async def test_a_key_comes_once(tenant: Tenant) -> None:
    twice = [("idempotency-key", "a"), ("idempotency-key", "b")]
    headers = [*tenant.admin.headers.items(), *twice]
    answer = await tenant.admin.http.post("/api/binders", json=BINDER, headers=headers)
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]


async def test_reads_take_no_notice_of_a_key(tenant: Tenant) -> None:
    for _ in range(2):
        assert (await tenant.admin.get("/binders", **under(""))).status_code == 200
        found = await tenant.admin.post("/documents", json={}, **under("k" * 999))
        assert found.status_code == 200
        assert "idempotency-replayed" not in found.headers


async def test_of_many_at_once_one_acts(tenant: Tenant) -> None:
    key = str(uuid4())
    answers = await asyncio.gather(*(make(tenant.admin, key) for _ in range(12)))
    made = {answer.content for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    for answer in answers:
        if answer.status_code != 201:
            assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.in_progress")
            assert answer.headers["retry-after"] == "1"
    assert await names(tenant.admin) == [BINDER["name"]]
    assert (await make(tenant.admin, key)).content in made


async def test_a_large_answer_is_not_kept_but_its_work_is_not_repeated(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringbinder.features.idempotency.rules.LARGEST_ANSWER_BYTES", 10)
    assert (await make(tenant.admin, "a")).status_code == 201
    again = await make(tenant.admin, "a")
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.answer_not_kept")
    assert await names(tenant.admin) == [BINDER["name"]]


@dataclass
class Stage:
    """A running application with a clock that stands and an engine that can be made to fail."""

    world: World
    clock: FixedClock
    engine: FailingEngine
    tenant: Tenant

    async def later(self, **time: float) -> Caller:
        """Let time pass; gives the administrator's client with a token that is valid then."""
        self.clock.advance(timedelta(**time))
        admin = self.tenant.admin
        form = {"grant_type": "client_credentials", "client_id": str(admin.client_id)}
        answer = await admin.http.post(
            "/connect/token", data=form | {"client_secret": admin.client_secret}
        )
        token = answer.json()["access_token"]
        return Caller(**{**vars(admin), "token": token})


@pytest.fixture
async def stage(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    clock, engine = FixedClock(), FailingEngine(make_engine(database_url))
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, clock=clock, engine=engine) as world:
        yield Stage(world, clock, engine, await world.new_tenant())


async def test_an_old_key_is_refused_and_does_not_act_again(stage: Stage) -> None:
    keeper = stage.world.parts.idempotency
    first = await make(stage.tenant.admin, "a")
    admin = await stage.later(hours=47)
    assert_replayed(await make(admin, "a"), first)
    assert await keeper.sweep() == 0
    admin = await stage.later(hours=1)
    for swept in (None, 1, 0):
        answer = await make(admin, "a")
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.key_expired")
        if swept is not None:
            assert await keeper.sweep() == swept
    admin = await stage.later(days=89)
    assert await keeper.sweep() == 1
    assert await names(admin) == [BINDER["name"]]


async def test_whichever_statement_fails_the_retry_succeeds_once(stage: Stage) -> None:
    admin, engine = stage.tenant.admin, stage.engine
    failures = 0
    while True:
        engine.statements, engine.fails_at = 0, failures + 1
        answer = await make(admin, "a")
        engine.fails_at = None
        if answer.status_code == 201:
            break
        failures += 1
        assert failures < 50
        assert answer.status_code == 500
        assert await names(admin) == []
    assert failures > 5
    assert_replayed(await make(admin, "a"), answer)
    assert await names(admin) == [BINDER["name"]]


async def test_a_commit_that_fails_leaves_neither_work_nor_answer(stage: Stage) -> None:
    admin, engine = stage.tenant.admin, stage.engine
    engine.commits_before_failing, engine.commits_fail = 1, True
    assert (await make(admin, "a")).status_code == 500
    engine.commits_fail = False
    # Nobody could write that it failed, so the lease has to end.
    waiting = await make(admin, "a")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "idempotency.in_progress")
    admin = await stage.later(seconds=60)
    assert await names(admin) == []
    first = await make(admin, "a")
    assert first.status_code == 201
    assert_replayed(await make(admin, "a"), first)


async def test_an_attempt_that_was_too_slow_cannot_commit(stage: Stage) -> None:
    """It was taken for dead, and another one has taken its place."""
    keeper, database = stage.world.parts.idempotency, stage.world.parts.database
    actor = replace(stage.tenant.operator, id=new_guid())
    answer = KeptAnswer(status=200, headers={}, body=b"{}")
    slow = await keeper.begin(actor, key="a", content_sha256="x")
    assert isinstance(slow, Attempt)
    await stage.later(seconds=60)
    second = await keeper.begin(actor, key="a", content_sha256="x")
    assert isinstance(second, Attempt)
    with pytest.raises(IdempotencyInProgressError):
        async with database.write(actor.organisation_key) as session:
            await keeper.succeed(session, slow, answer)
    await keeper.give_up(slow)
    async with database.write(actor.organisation_key) as session:
        await keeper.succeed(session, second, answer)
    await keeper.give_up(second)
    assert await keeper.begin(actor, key="a", content_sha256="x") == answer


async def test_what_died_is_forgotten_in_time(stage: Stage) -> None:
    keeper = stage.world.parts.idempotency
    actor = replace(stage.tenant.operator, id=new_guid())
    await keeper.begin(actor, key="a", content_sha256="x")
    await stage.later(hours=48)
    assert await keeper.sweep() == 0
    await stage.later(minutes=2)
    assert await keeper.sweep() == 1


async def test_answers_are_kept_sealed(stage: Stage) -> None:
    """They hold secrets that are shown once, and addresses that are signed."""
    first = await make(stage.tenant.admin, "a")
    async with stage.world.parts.database.read(stage.tenant.organisation.key) as session:
        statement = select(idempotency_keys.c.sealed_answer).where(of_tenant(idempotency_keys))
        kept = await session.scalar(statement)
    answer = read_answer(stage.world.parts.sealer.unseal(kept))
    assert answer.body == first.content
    assert base64.b64encode(first.content)[:20].decode() not in kept
