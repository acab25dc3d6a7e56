"""HEAD is answered wherever GET is, with the same headers and no content."""

import pytest

from tests.factories.content import Json, local, new_document
from tests.factories.places import new_place
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]


@pytest.fixture
async def folder(world: World, tenant: Tenant) -> Json:
    return await new_place(world, tenant)


@pytest.mark.parametrize("path", ["/binders", "/documents/here", "/nothing"])
async def test_it_has_the_headers_of_get_and_no_content(tenant: Tenant, path: str) -> None:
    got = await tenant.reader.get(path)
    head = await tenant.reader.request("HEAD", path)
    assert head.status_code == got.status_code
    assert head.headers.keys() == got.headers.keys()
    assert head.headers["content-length"] == got.headers["content-length"]
    assert got.content
    assert head.content == b""


async def test_a_signed_address_tells_the_size_before_the_bytes(
    tenant: Tenant, folder: Json
) -> None:
    made = await new_document(tenant.creator, folder, content=b"0123456789")
    document, version = made["document"]["id"], made["version"]["id"]
    link = await tenant.reader.get(f"/documents/{document}/versions/{version}/downloadlink")
    address = local(link.json()["url"])
    head = await tenant.reader.http.head(address)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")
    assert (await tenant.reader.http.get(address)).headers["etag"] == head.headers["etag"]
    part = await tenant.reader.http.head(address, headers={"range": "bytes=2-4"})
    assert (part.status_code, part.headers["content-length"], part.content) in [
        (206, "3", b""),
        (200, "10", b""),
    ]


@pytest.mark.parametrize("path", ["/documents", "/documents/bulk"])
async def test_where_there_is_no_get_there_is_no_head(tenant: Tenant, path: str) -> None:
    got = await tenant.reader.get(path)
    head = await tenant.reader.request("HEAD", path)
    assert head.status_code == got.status_code
    assert head.status_code in {400, 405}
