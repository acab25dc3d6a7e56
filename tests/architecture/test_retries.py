"""What holds for every operation that changes something: sent again under a key, it acts once."""

import pytest

from tests.architecture.test_operations import Ids, all_operations, call_of, ids_of
from tests.factories.content import new_binder, new_element, new_folder, new_shelf, put_bytes
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

TAKES_WHAT_IS_EMPTY = {
    "Binders_deleteMetadataElement",
    "Documents_deleteFolder",
}
"""Operations that refuse an object that is in use."""


ACTS_ONCE_BY_ITSELF = {"Audit_createCheckpoint"}
"""Without news it gives the last checkpoint, so that it needs no key."""


async def ids_for(operation_id: str, tenant: Tenant) -> Ids:
    if operation_id == "Binders_deleteBinder":
        return {"id": (await new_binder(tenant.admin))["id"]}
    if operation_id in TAKES_WHAT_IS_EMPTY:
        binder = await new_binder(tenant.admin)
        element = await new_element(tenant.admin, binder, "Skala")
        folder = await new_folder(tenant.admin, binder)
        named = {"metadataElementId": element["metadataElementId"], "folderId": folder["id"]}
        return {"domain": "binders", "id": binder["id"], **named}
    shelf = await new_shelf(tenant.admin)
    await put_bytes(tenant.admin.http, shelf.upload, b"")
    ids = ids_of(shelf)
    other = await new_folder(tenant.admin, shelf.binder, "Annan")
    if operation_id in {"Documents_copyDocument", "Documents_updateFolder"}:
        return ids | {"folderId": other["id"]}
    return ids


@pytest.mark.timeout(240)  # it makes an organisation and a shelf for each operation
async def test_every_change_can_be_sent_again(world: World) -> None:
    for operation in all_operations(world):
        if not operation.changes_something:
            continue
        tenant = await world.new_tenant()
        call = call_of(operation, await ids_for(operation.id, tenant))
        headers = tenant.admin.headers | {"idempotency-key": "a"}
        first = await call.by(world.http, headers)
        assert first.is_success, (operation.id, first.text)
        feed = (await tenant.reader.get("/changes")).content
        again = await call.by(world.http, headers)
        assert again.content == first.content, operation.id
        assert again.status_code == first.status_code
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers.get("etag") == first.headers.get("etag")
        assert (await tenant.reader.get("/changes")).content == feed


async def test_what_changes_nothing_is_known(world: World) -> None:
    """All else can act: a new operation is in one of the two tests."""
    reading = {o.id for o in all_operations(world) if o.method != "GET" and not o.changes_something}
    assert reading - ACTS_ONCE_BY_ITSELF == {"Audit_searchEvents", "Documents_searchDocuments"}
