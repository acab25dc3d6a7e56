"""Versions of the API live side by side, and what will go says so a year before."""

from datetime import UTC, datetime

import httpx
import pytest
from fastapi import Response

from ringbinder.access.permissions import Permission
from ringbinder.app import create_app
from ringbinder.web.answers import ok
from ringbinder.web.deprecation import Deprecation
from ringbinder.web.operations import OperationRouter
from ringbinder.web.versions import ApiVersion, mount_version
from tests.support.world import BASE, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

LEAVING = Deprecation(
    since=datetime(2027, 1, 1, tzinfo=UTC),
    sunset=datetime(2028, 1, 2, tzinfo=UTC),
    link="https://ringbinder.example/migrate",
)
dummy = OperationRouter(tag="Dummies")


@dummy.operation("GET", "/binders", "listBinders", permission=Permission.READ, answer=list[str])
async def list_binders() -> Response:
    """List binders in the second version's shape."""
    return ok({"second": "version"})


@dummy.operation(
    "GET",
    "/old",
    "getOld",
    permission=Permission.READ,
    answer=list[str],
    deprecation=LEAVING,
)
async def get_old() -> Response:
    """Say goodbye."""
    return ok([])


async def test_a_second_version_stands_beside_the_first(world: World, tenant: Tenant) -> None:
    app = create_app(world.parts)
    mount_version(app, ApiVersion(name="v2", base="/v2"), routers=(dummy,))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        first = await http.get("/api/binders", headers=tenant.reader.headers)
        second = await http.get("/v2/binders", headers=tenant.reader.headers)
        stranger = await http.get("/v2/binders")
        old = await http.get("/v2/old", headers=tenant.reader.headers)
        refused = await http.get("/v2/old")
    assert (first.status_code, first.json()) == (200, [])
    assert (second.status_code, second.json()) == (200, {"second": "version"})
    assert stranger.status_code == 401
    for answer in (old, refused):
        assert answer.headers["deprecation"] == "@1798761600"
        assert answer.headers["sunset"] == "Sun, 02 Jan 2028 00:00:00 GMT"
        assert 'rel="deprecation"' in answer.headers["link"]


def test_less_than_a_years_notice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        Deprecation(
            since=datetime(2027, 1, 1, tzinfo=UTC),
            sunset=datetime(2027, 12, 1, tzinfo=UTC),
            link="https://ringbinder.example/migrate",
        )
