"""Searches in the fast lane answer as the route does: at first, again, and after a change."""

from typing import Any

import httpx
import pytest

from ringbinder.features.search.service import HotSearches
from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

# The lane leaves a request with a parameter that it does not know to the route.
BESIDE_THE_LANE = {"unknown": "1"}


def condition(key: str, **fields: Any) -> Json:
    return {"metadataElementId": key, **fields}


async def ask(caller: Caller, body: Any, **query: Any) -> httpx.Response:
    return await caller.post("/documents", params=query, json=body)


async def same(caller: Caller, body: Any, **query: Any) -> Json:
    """Ask by the route once and by the lane three times; it is the same answer each time."""
    by_route = await ask(caller, body, **query, **BESIDE_THE_LANE)
    for _ in range(3):
        by_lane = await ask(caller, body, **query)
        assert (by_lane.status_code, by_lane.content) == (200, by_route.content)
        assert without_trace(by_lane) == without_trace(by_route)
    answer: Json = by_route.json()
    return answer


def without_trace(answer: httpx.Response) -> dict[str, str]:
    own = ("traceparent", "traceresponse", "ratelimit")
    return {name: value for name, value in answer.headers.items() if name not in own}


async def same_refusal(caller: Caller, body: Any, **query: Any) -> httpx.Response:
    by_route = await ask(caller, body, **query, **BESIDE_THE_LANE)
    by_lane = await ask(caller, body, **query)
    assert by_lane.status_code == by_route.status_code
    assert by_lane.json() | {"traceId": ""} == by_route.json() | {"traceId": ""}
    assert without_trace(by_lane) == without_trace(by_route)
    return by_lane


@pytest.fixture
async def binder(tenant: Tenant) -> Json:
    binder = await new_binder(tenant.admin)
    await new_element(tenant.admin, binder, "Rum", dataType="Text")
    return binder


@pytest.fixture
async def folder(tenant: Tenant, binder: Json) -> Json:
    return await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}


@pytest.fixture
async def documents(tenant: Tenant, folder: Json) -> list[Json]:
    names = ['Plan "1".pdf', "Åtgärd.pdf", "plan 2.pdf", "Zon\u0301.pdf", "Plan 3.pdf"]
    return [
        (
            await new_document(
                tenant.admin, folder, name, metadata=[condition("Rum", value=f"r{place % 2}")]
            )
        )["document"]
        for place, name in enumerate(names)
    ]


async def test_lane_and_route_give_the_same_bytes(
    tenant: Tenant, binder: Json, folder: Json, documents: list[Json]
) -> None:
    inside = condition("GLOBAL_BinderId", valueId=binder["id"])
    room = condition("Rum", value="R1")
    bodies: list[Json] = [
        {},
        {"MetadataFilters": [inside]},
        {"MetadataFilters": [inside, room]},
        {"MetadataFilters": [room]},
        {"MetadataFilters": [condition("GLOBAL_TabId", valueId=folder["id"])]},
        {"MetadataFilters": [condition("Rum", operator="in", values=["r0", "r1"])]},
        {"MetadataFilters": [condition("Rum", operator="ne", value="r0")]},
        {"MetadataFilters": [condition("Rum", operator="contains", value="r")]},
        {"AnyOf": [[room, condition("GLOBAL_TabType", valueId="photos")]]},
        {"SortBy": [condition("Rum", direction="desc")]},
        {"SortBy": [condition("GLOBAL_CreatedBy"), condition("GLOBAL_RevisionDate")]},
    ]
    found = 0
    for body in bodies:
        for query in ({}, {"searchTerm": "plan"}, {"searchTerm": 'n "'}, {"searchTerm": "å"}):
            first = await same(tenant.reader, body, pageSize=2, **query)
            await same(tenant.reader, body, pageSize=2, pageNumber=2, **query)
            await same(tenant.reader, body, pageSize=2, pageNumber=9, **query)
            if first["nextCursor"]:
                await same(tenant.reader, body, pageSize=2, cursor=first["nextCursor"], **query)
            found += first["totalCount"]
    assert found > len(documents) * len(bodies)


async def test_a_change_is_seen_by_the_next_search(tenant: Tenant, documents: list[Json]) -> None:
    body = {"MetadataFilters": [condition("Rum", value="r0")]}

    async def names() -> list[str]:
        return [item["fileName"] for item in (await same(tenant.reader, body))["items"]]

    assert await names() == ['Plan "1".pdf', "plan 2.pdf", "Plan 3.pdf"]
    first, second = documents[0], documents[1]
    await tenant.admin.patch(f"/documents/{first['id']}", json={"fileName": "ny.pdf"})
    assert await names() == ["ny.pdf", "plan 2.pdf", "Plan 3.pdf"]
    await tenant.admin.patch(
        f"/documents/{second['id']}", json={"metadata": [condition("Rum", value="r0")]}
    )
    assert await names() == ["ny.pdf", "plan 2.pdf", "Plan 3.pdf", "Åtgärd.pdf"]
    await tenant.admin.delete(f"/documents/{first['id']}")
    assert await names() == ["plan 2.pdf", "Plan 3.pdf", "Åtgärd.pdf"]
    await tenant.admin.post(f"/documents/{first['id']}/restore")
    assert await names() == ["ny.pdf", "plan 2.pdf", "Plan 3.pdf", "Åtgärd.pdf"]


async def test_what_one_organisation_asked_says_nothing_to_another(
    world: World, tenant: Tenant, documents: list[Json]
) -> None:
    other = await world.new_tenant()
    assert (await same(tenant.reader, {}))["totalCount"] == len(documents)
    assert (await same(other.reader, {}))["totalCount"] == 0
    assert (await same(tenant.reader, {}))["totalCount"] == len(documents)


async def test_refusals_are_the_same(tenant: Tenant) -> None:
    unknown = {"MetadataFilters": [condition("Okänd", value="x")], "SortBy": [condition("Nej")]}
    refusals = [
        await same_refusal(tenant.reader, unknown),
        await same_refusal(tenant.reader, unknown, pageSize=0, searchTerm="\x00"),
        await same_refusal(tenant.reader, {}, cursor="garbled"),
        await same_refusal(tenant.reader, {}, cursor="x" * 3000),
        await same_refusal(tenant.reader, [1]),
        await same_refusal(tenant.reader, {"MetadataFilters": 7}),
    ]
    assert {answer.status_code for answer in refusals} == {400}


async def test_callers_are_checked_as_ever(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    for headers, status in (
        ({"authorization": "Bearer none"}, 401),
        ({"x-ibinder-tenantid": str(other.organisation.id)}, 403),
        ({"x-ibinder-tenantid": "none"}, 400),
        ({"content-type": "text/plain"}, 415),
    ):
        sent = {"content-type": "application/json"} | headers
        by_route = await tenant.reader.post(
            "/documents", params=BESIDE_THE_LANE, content=b"{}", headers=sent
        )
        by_lane = await tenant.reader.post("/documents", content=b"{}", headers=sent)
        assert by_lane.status_code == by_route.status_code == status
        assert by_lane.json() | {"traceId": ""} == by_route.json() | {"traceId": ""}


async def test_a_malformed_or_long_body_is_left_to_the_route(tenant: Tenant) -> None:
    json = {"content-type": "application/json"}
    malformed = await tenant.reader.post("/documents", content=b'{"a":', headers=json)
    assert malformed.status_code == 400
    assert list(malformed.json()["errors"]) == ["$"]
    padded = b"{" + b" " * 70_000 + b"}"
    answer = await tenant.reader.post("/documents", content=padded, headers=json)
    assert answer.json()["totalCount"] == 0


async def test_an_unexpected_error_is_answered_as_everywhere_else(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: object) -> None:
        message = "the disk is gone: /secret/path"
        raise OSError(message)

    monkeypatch.setattr(HotSearches, "find", broken)
    answer = await ask(tenant.reader, {})
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.6.1",
        "title": "Internal Server Error",
        "status": 500,
        "traceId": answer.headers["traceparent"],
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await ask(tenant.reader, {}, **BESIDE_THE_LANE)).status_code == 200
