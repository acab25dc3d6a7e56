"""An answer leaves after the commit: what could not be kept is not answered as done."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from ringbinder.app import make_engine
from tests.factories.content import new_binder, new_document, new_folder, new_upload, put_bytes
from tests.fakes.engines import FailingEngine
from tests.support.world import Tenant, World, running_world

pytestmark = [pytest.mark.api, pytest.mark.db]


@dataclass
class Stage:
    """A running application on an engine that can be made to fail."""

    world: World
    engine: FailingEngine
    tenant: Tenant


@pytest.fixture
async def stage(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    engine = FailingEngine(make_engine(database_url))
    data = tmp_path_factory.mktemp("data")
    async with running_world(database_url, data, engine=engine) as world:
        yield Stage(world, engine, await world.new_tenant())


async def test_a_failing_commit_is_not_a_201(stage: Stage) -> None:
    stage.engine.commits_fail = True
    answer = await stage.tenant.admin.post("/binders", json={"name": "X", "type": "project"})
    assert answer.status_code == 500
    body = answer.json()
    assert set(body) == {"type", "title", "status", "traceId"}
    assert "disk" not in answer.text.lower()
    stage.engine.commits_fail = False
    assert (await stage.tenant.admin.get("/binders")).json() == []


async def test_whichever_statement_fails_a_commit_is_whole_or_not_there(stage: Stage) -> None:
    admin, engine = stage.tenant.admin, stage.engine
    binder = await new_binder(admin)
    folder = await new_folder(admin, binder) | {"binderId": binder["id"]}
    made = await new_document(admin, folder)
    upload = await new_upload(admin, folder, "Plan 1.pdf", b"second")
    await put_bytes(admin.http, upload, b"second")
    path = f"/documents/uploads/{upload['uploadId']}/commit"
    document = f"/documents/{made['document']['id']}"
    before = (await admin.get(document)).content
    failures = 0
    while True:
        engine.statements, engine.fails_at = 0, failures + 1
        answer = await admin.post(path)
        engine.fails_at = None
        if answer.status_code == 201:
            break
        failures += 1
        assert answer.status_code == 500
        assert (await admin.get(document)).content == before
        assert len((await admin.get(f"{document}/versions")).json()) == 1
    assert failures > 5
    assert [v["number"] for v in (await admin.get(f"{document}/versions")).json()] == [2, 1]
    assert (await admin.post(path)).content == answer.content
