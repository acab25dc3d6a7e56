"""Documents that were written once are answered again, and only while they are the same."""

import json

import pytest

from ringbinder.db.sight import EVERYTHING
from ringbinder.features.search import repository
from ringbinder.features.search.schemas import found_item
from ringbinder.features.search.service import Asked, HotSearches
from ringbinder.features.search.service.written import WrittenDocuments
from tests.factories.content import Json, new_binder, new_document, new_folder
from tests.support.world import Tenant, World

pytestmark = pytest.mark.db

EVERYTHING_ASKED = Asked(b"{}", {}, None, None, 0, 50)


@pytest.fixture
async def documents(tenant: Tenant) -> list[Json]:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    names = [f"Plan {number}.pdf" for number in range(6)]
    return [(await new_document(tenant.admin, folder, name))["document"] for name in names]


def stamp_of(world: World, document: Json, revision: int = 1) -> str:
    is_sqlite = world.parts.database.dialect_name == "sqlite"
    return f"{document['id'].replace('-', '') if is_sqlite else document['id']}:{revision}"


def new_memory(world: World, limit_bytes: int = 1 << 20) -> WrittenDocuments:
    return WrittenDocuments(world.parts.database, found_item, limit_bytes=limit_bytes)


async def test_documents_come_in_the_order_of_their_stamps(
    world: World, tenant: Tenant, documents: list[Json]
) -> None:
    memory = new_memory(world)
    wanted = [documents[place] for place in (3, 0, 5)]
    stamps = [stamp_of(world, document) for document in wanted]
    for _ in range(2):
        items = await memory.of(tenant.organisation.key, stamps)
        assert items is not None
        assert [json.loads(item)["fileName"] for item in items] == [
            document["fileName"] for document in wanted
        ]


async def test_what_has_changed_meanwhile_is_not_answered(
    world: World, tenant: Tenant, documents: list[Json]
) -> None:
    memory = new_memory(world)
    stamps = [stamp_of(world, document) for document in documents]
    changed = f"/documents/{documents[1]['id']}"
    assert (await tenant.admin.patch(changed, json={"fileName": "New.pdf"})).status_code == 200
    assert await memory.of(tenant.organisation.key, stamps) is None
    stamps[1] = stamp_of(world, documents[1], revision=2)
    items = await memory.of(tenant.organisation.key, stamps)
    assert items is not None
    assert json.loads(items[1])["fileName"] == "New.pdf"


async def test_no_more_is_kept_than_so_many_bytes(
    world: World, tenant: Tenant, documents: list[Json]
) -> None:
    memory = new_memory(world, limit_bytes=1800)
    for document in documents * 2:
        items = await memory.of(tenant.organisation.key, [stamp_of(world, document)])
        assert items is not None
        assert json.loads(items[0])["id"] == document["id"]
        assert 0 < memory.held <= 4
    everything = await memory.of(
        tenant.organisation.key, [stamp_of(world, document) for document in documents]
    )
    assert everything is not None


async def test_what_is_asked_for_again_is_kept(
    world: World, tenant: Tenant, documents: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = new_memory(world, limit_bytes=1800)
    often, *others = [stamp_of(world, document) for document in documents]
    for stamp in others:
        await memory.of(tenant.organisation.key, [stamp])
        await memory.of(tenant.organisation.key, [often])
    monkeypatch.delattr(repository, "write_items")
    assert await memory.of(tenant.organisation.key, [often]) is not None
    with pytest.raises(AttributeError):
        await memory.of(tenant.organisation.key, [others[0]])


async def test_nothing_is_written_for_another_organisation(
    world: World, tenant: Tenant, documents: list[Json]
) -> None:
    other = await world.new_tenant()
    memory = new_memory(world)
    assert await memory.of(other.organisation.key, [stamp_of(world, documents[0])]) is None


async def test_a_page_that_changes_while_it_is_read_is_read_anew(
    world: World, tenant: Tenant, documents: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = HotSearches(world.parts.database, write_found=found_item)
    key = tenant.organisation.key
    await searches.find(key, EVERYTHING, EVERYTHING_ASKED)
    await tenant.admin.patch(f"/documents/{documents[0]['id']}", json={"fileName": "A.pdf"})
    write_items = repository.write_items

    async def write_late(*arguments: object) -> dict[str, bytes]:
        await tenant.admin.patch(f"/documents/{documents[0]['id']}", json={"fileName": "B.pdf"})
        return await write_items(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(repository, "write_items", write_late)
    found = await searches.find(key, EVERYTHING, EVERYTHING_ASKED)
    names = [item["fileName"] for item in json.loads(b"[" + found.items_json + b"]")]
    assert names == ["B.pdf", *(document["fileName"] for document in documents[1:])]
