"""The search as integrations meet it: its pages, its errors, and what it never shows."""

from typing import Any

import httpx
import pytest

from ringbinder.kit.ids import new_binder_code, new_guid
from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

PATH = "/documents"
NAMES = ["Åre.pdf", "a.pdf", "Älv 10%.pdf", "z.pdf", "Ö_1.pdf"]
IN_ORDER = ["a.pdf", "z.pdf", "Åre.pdf", "Älv 10%.pdf", "Ö_1.pdf"]


def condition(key: str, **fields: Any) -> Json:
    return {"metadataElementId": key, **fields}


async def search(caller: Caller, body: Any = None, **query: Any) -> Json:
    options = {} if body is None else {"json": body}
    answer = await caller.post(PATH, params=query, **options)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def refused(caller: Caller, body: Any = None, **query: Any) -> dict[str, list[str]]:
    answer = await caller.post(PATH, params=query, json=body)
    assert answer.status_code == 400, answer.text
    problem = answer.json()
    assert problem["title"] == "One or more validation errors occurred."
    errors: dict[str, list[str]] = problem["errors"]
    return errors


def names(found: Json) -> list[str]:
    return [item["fileName"] for item in found["items"]]


@pytest.fixture
async def binder(tenant: Tenant) -> Json:
    return await new_binder(tenant.admin)


@pytest.fixture
async def folder(tenant: Tenant, binder: Json) -> Json:
    return await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}


@pytest.fixture
async def documents(tenant: Tenant, folder: Json) -> list[Json]:
    return [(await new_document(tenant.admin, folder, name))["document"] for name in NAMES]


async def test_without_a_body_everything_comes_by_swedish_name(
    tenant: Tenant, documents: list[Json]
) -> None:
    bodies: list[Json | None] = [None, {}, {"MetadataFilters": [], "SortBy": None}]
    for body in bodies:
        found = await search(tenant.reader, body)
        assert names(found) == IN_ORDER
        assert {key: found[key] for key in found if key != "items"} == {
            "totalCount": len(documents),
            "pageNumber": 1,
            "pageSize": 50,
            "nextCursor": None,
        }


async def test_an_item_is_the_document_as_it_is_read_alone(
    tenant: Tenant, documents: list[Json]
) -> None:
    found = await search(tenant.reader, pageSize=1)
    alone = await tenant.reader.get(f"/documents/{found['items'][0]['id']}")
    assert found["items"][0] == alone.json()


async def test_pages_by_number_and_by_cursor(tenant: Tenant, documents: list[Json]) -> None:
    second = await search(tenant.reader, pageSize=2, pageNumber=2)
    assert names(second) == IN_ORDER[2:4]
    assert (second["pageNumber"], second["pageSize"]) == (2, 2)
    third = await search(tenant.reader, pageSize=2, cursor=second["nextCursor"])
    assert names(third) == IN_ORDER[4:]
    assert third["nextCursor"] is None
    assert third["totalCount"] == len(documents)


async def test_a_page_past_the_end_is_empty(tenant: Tenant, documents: list[Json]) -> None:
    found = await search(tenant.reader, pageNumber=10_000_000, pageSize=500)
    assert found["items"] == []
    assert found["totalCount"] == len(documents)
    assert found["nextCursor"] is None


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("å", ["Åre.pdf"]),
        ("a", ["a.pdf"]),
        ("A\u030aRE", ["Åre.pdf"]),
        ("LV 1", ["Älv 10%.pdf"]),
        ("%", ["Älv 10%.pdf"]),
        ("_", ["Ö_1.pdf"]),
        ("\\", []),
        (".pdf", IN_ORDER),
    ],
)
async def test_search_terms(
    tenant: Tenant, documents: list[Json], term: str, found: list[str]
) -> None:
    answer = await search(tenant.reader, searchTerm=term)
    assert names(answer) == found
    assert answer["totalCount"] == len(found)


async def test_filters_and_order_by_every_kind_of_key(
    tenant: Tenant, binder: Json, folder: Json
) -> None:
    await new_element(tenant.admin, binder, "Kostnad", dataType="Number")
    given: list[tuple[str, str, list[Json]]] = [
        ("1.pdf", "Bygghandling", [condition("Kostnad", value=10)]),
        ("2.pdf", "Preliminarhandling", [condition("Kostnad", value=9.5)]),
        ("3.pdf", "Bygghandling", [condition("GLOBAL_Date", value="2024-01-15")]),
    ]
    for name, status, others in given:
        metadata = [condition("GLOBAL_Status", valueId=status), *others]
        await new_document(tenant.admin, folder, name, metadata=metadata)

    async def found(body: Json) -> list[str]:
        return names(await search(tenant.reader, body))

    def by(key: str, direction: str) -> list[Json]:
        return [condition(key, direction=direction)]

    assert await found({"SortBy": by("Kostnad", "asc")}) == ["2.pdf", "1.pdf", "3.pdf"]
    assert await found({"SortBy": by("Kostnad", "desc")}) == ["1.pdf", "2.pdf", "3.pdf"]
    assert (await found({"SortBy": by("GLOBAL_Status", "asc")}))[0] == "2.pdf"
    assert (await found({"SortBy": by("GLOBAL_Date", "desc")}))[0] == "3.pdf"
    for filters, expected in (
        ([condition("GLOBAL_Status", valueId="Bygghandling")], ["1.pdf", "3.pdf"]),
        ([condition("GLOBAL_Status", value="Preliminärhandling")], ["2.pdf"]),
        ([condition("GLOBAL_Status", valueId="Preliminärhandling")], []),
        ([condition("Kostnad", operator="lt", value=10)], ["2.pdf"]),
        ([condition("Kostnad", operator="missing")], ["3.pdf"]),
        ([condition("GLOBAL_TabId", valueId=folder["id"].upper())], ["1.pdf", "2.pdf", "3.pdf"]),
        ([condition("GLOBAL_TabType", valueId=folder["type"])], ["1.pdf", "2.pdf", "3.pdf"]),
        ([condition("GLOBAL_CreatedBy", value="ADMIN client")], ["1.pdf", "2.pdf", "3.pdf"]),
        ([condition("GLOBAL_CreatedBy", operator="ne", value="Admin client")], []),
    ):
        assert await found({"MetadataFilters": filters}) == expected, filters
    either = [condition("Kostnad", value=10), condition("GLOBAL_Date", operator="exists")]
    assert await found({"anyOf": [either]}) == ["1.pdf", "3.pdf"]


async def test_a_folder_is_found_with_all_below_it(
    tenant: Tenant, binder: Json, folder: Json
) -> None:
    inner = await new_folder(tenant.admin, binder, "Plan 1", parentId=folder["id"])
    await new_document(tenant.admin, folder, "outer.pdf")
    await new_document(tenant.admin, inner | {"binderId": binder["id"]}, "inner.pdf")
    whole = {"MetadataFilters": [condition("GLOBAL_TabId", valueId=folder["id"])]}
    below = {"MetadataFilters": [condition("GLOBAL_TabId", valueId=inner["id"])]}
    assert names(await search(tenant.reader, whole)) == ["inner.pdf", "outer.pdf"]
    assert names(await search(tenant.reader, below)) == ["inner.pdf"]


async def test_the_trash_is_not_searched(tenant: Tenant, documents: list[Json]) -> None:
    gone = documents[0]
    assert (await tenant.admin.delete(f"/documents/{gone['id']}")).status_code == 200
    found = await search(tenant.reader)
    assert found["totalCount"] == len(documents) - 1
    assert gone["fileName"] not in names(found)
    assert (await tenant.admin.post(f"/documents/{gone['id']}/restore")).status_code == 200
    assert names(await search(tenant.reader)) == IN_ORDER


async def test_a_cursor_neither_skips_nor_repeats_while_documents_come_and_go(
    tenant: Tenant, folder: Json, documents: list[Json]
) -> None:
    read: list[str] = []
    cursor: str | None = None
    for step in range(len(NAMES) + 1):
        query: Json = {} if cursor is None else {"cursor": cursor}
        found = await search(tenant.reader, pageSize=1, **query)
        read += names(found)
        cursor = found["nextCursor"]
        if cursor is None:
            break
        # One comes in before the place that was reached; one that was read goes.
        await new_document(tenant.admin, folder, f"0 {step}.pdf")
        if step == 1:
            await tenant.admin.delete(f"/documents/{found['items'][0]['id']}")
    assert read == IN_ORDER


async def test_a_cursor_fits_its_own_search_only(tenant: Tenant, documents: list[Json]) -> None:
    sort = {"SortBy": [condition("GLOBAL_Version", direction="asc")]}
    cursor = (await search(tenant.reader, sort, pageSize=1, searchTerm="pdf"))["nextCursor"]
    assert (await search(tenant.reader, sort, pageSize=3, searchTerm="PDF", cursor=cursor))["items"]
    others: list[tuple[Json, str]] = [
        ({}, "pdf"),
        (sort, "pd"),
        ({"SortBy": [condition("GLOBAL_Version", direction="desc")]}, "pdf"),
        (sort | {"AnyOf": [[condition("GLOBAL_Date", operator="missing")]]}, "pdf"),
    ]
    for body, term in others:
        assert set(await refused(tenant.reader, body, searchTerm=term, cursor=cursor)) == {"cursor"}
    for garbled in ("x", "A" * 500, cursor[:-1]):
        assert set(await refused(tenant.reader, {}, cursor=garbled)) == {"cursor"}


async def test_everything_wrong_is_said_at_once(tenant: Tenant) -> None:
    body = {
        "MetadataFilters": [{"valueId": "a"}, condition("Nej", valueId="a")],
        "sortBy": [condition("GLOBAL_Date", direction="up")],
    }
    answer = await tenant.reader.http.post(
        f"/api{PATH}?pageSize=0&pageNumber=x",
        json=body,
        headers={"authorization": f"Bearer {tenant.reader.token}"},
    )
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert set(errors) == {
        "x-ibinder-tenantid",
        "pageSize",
        "pageNumber",
        "MetadataFilters[0].metadataElementId",
        "MetadataFilters[1].metadataElementId",
        "sortBy[0].direction",
    }
    assert errors["MetadataFilters[0].metadataElementId"] == [
        "The metadataElementId field is required."
    ]


@pytest.mark.parametrize(("query", "others"), [("", set()), ("?pageSize=0", {"pageSize"})])
async def test_malformed_json_is_reported_with_the_rest(
    tenant: Tenant, query: str, others: set[str]
) -> None:
    answer = await tenant.reader.post(
        f"{PATH}{query}",
        content=b'{"MetadataFilters": [}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert set(errors) == {"$"} | others
    assert "byte 21" in errors["$"][0]


@pytest.mark.parametrize("body", [[], "a", 5, {"MetadataFilters": 5}])
async def test_other_json_is_refused(tenant: Tenant, body: Any) -> None:
    assert set(await refused(tenant.reader, body)) <= {"$", "MetadataFilters"}


async def test_what_another_tenant_owns_is_as_if_it_never_was(
    world: World, tenant: Tenant, binder: Json, folder: Json, documents: list[Json]
) -> None:
    await new_element(tenant.admin, binder, "Hemlig")
    other = await world.new_tenant()
    own_binder = await new_binder(other.admin)
    own = await new_folder(other.admin, own_binder) | {"binderId": own_binder["id"]}
    await new_document(other.admin, own, "own.pdf")
    pairs = [
        ("GLOBAL_BinderId", binder["id"], new_binder_code()),
        ("GLOBAL_TabId", folder["id"], str(new_guid())),
        ("GLOBAL_CreatedBy", str(tenant.admin.client_id), str(new_guid())),
    ]
    for key, foreign, unknown in pairs:
        for operator in ("eq", "ne"):
            answers = [
                await ask(other.reader, condition(key, operator=operator, valueId=value))
                for value in (foreign, unknown)
            ]
            assert answers[0].status_code == 200
            assert answers[0].content == answers[1].content
            assert answers[0].json()["totalCount"] == (operator == "ne")
    foreign_key, unknown_key = [
        (await ask(other.reader, condition(name, value="a"))).json()["errors"]
        for name in ("Hemlig", "Hemlis")
    ]
    assert [list(errors) for errors in (foreign_key, unknown_key)] == [
        ["MetadataFilters[0].metadataElementId"]
    ] * 2


async def ask(caller: Caller, one: Json) -> httpx.Response:
    return await caller.post(PATH, json={"MetadataFilters": [one]})


async def test_the_description_states_the_limits(world: World, tenant: Tenant) -> None:
    schemas = world.app.openapi()["components"]["schemas"]
    fields = schemas["SearchRequest"]["properties"]
    limits = {name: fields[name]["anyOf"][0]["maxItems"] for name in fields}
    assert limits == {"MetadataFilters": 50, "AnyOf": 50, "SortBy": 8}
    values = schemas["SearchFilter"]["properties"]["valueIds"]["anyOf"][0]
    assert (values["minItems"], values["maxItems"]) == (1, 200)
