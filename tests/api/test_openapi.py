"""The API's description of itself: valid, complete, good for generators, and true."""

import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
import schemathesis
from jsonschema_rs import Draft202012Validator
from schemathesis.schemas import BaseSchema

from ringbinder.kit.ids import new_guid
from ringbinder.web.registry import operations_of
from tests.factories.content import local
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

Json = dict[str, Any]

PROBLEMS: Final = {"application/json", "application/problem+json"}
CLASS_NAME: Final = re.compile(r"(?:[A-Z]+[a-z]+)+")


@pytest.fixture(scope="session")
async def spec(world: World) -> Json:
    answer = await world.http.get("/api/openapi.json")
    found: Json = answer.json()
    return found


@pytest.fixture(scope="session")
def schema(spec: Json) -> BaseSchema:
    return schemathesis.openapi.from_dict(spec)


def described(spec: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def resolved(spec: Json, node: Json) -> Json:
    while "$ref" in node:
        target = spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def responses(spec: Json, operation: Json) -> dict[str, Json]:
    return {status: resolved(spec, found) for status, found in operation["responses"].items()}


def fitting(spec: Json, body_schema: Json) -> Draft202012Validator:
    return Draft202012Validator({**body_schema, "components": spec["components"]})


def walk(node: object) -> Iterator[Json]:
    if isinstance(node, list):
        for child in node:
            yield from walk(child)
    if isinstance(node, dict):
        yield node
        for key, child in node.items():
            if key not in {"example", "examples"}:
                yield from walk(child)


async def test_it_is_valid_openapi_3_1(spec: Json, schema: BaseSchema) -> None:
    assert spec["openapi"].startswith("3.1")
    schema.validate()
    for node in walk(spec):
        if "$ref" in node:
            assert resolved(spec, node)


async def test_every_operation_is_there_with_words_and_tags(world: World, spec: Json) -> None:
    tags = {tag["name"] for tag in spec["tags"] if tag["description"]}
    ids = [operation["operationId"] for _, _, operation in described(spec)]
    assert len(ids) == len(set(ids))
    assert {operation.id for operation in operations_of(world.app)} <= set(ids)
    for _, _, operation in described(spec):
        assert operation["operationId"].partition("_")[0] == operation["tags"][0]
        assert operation["summary"]
        assert operation["description"].endswith(".")
        assert set(operation["tags"]) <= tags


async def test_every_parameter_is_described_and_the_header_is_said_once(spec: Json) -> None:
    for _, _, operation in described(spec):
        for parameter in operation.get("parameters", ()):
            assert resolved(spec, parameter)["description"]
            name = parameter.get("name", "").lower()
            assert name not in {"x-ibinder-tenantid", "pagesize", "pagenumber"}


async def test_what_needs_a_permission_says_so(world: World, spec: Json) -> None:
    for declared in operations_of(world.app):
        operation = spec["paths"][declared.path][declared.method.lower()]
        assert bool(operation.get("security")) == bool(declared.permission), declared.id


async def test_errors_have_their_schema_in_both_media_types(world: World, spec: Json) -> None:
    for declared in operations_of(world.app):
        found = responses(spec, spec["paths"][declared.path][declared.method.lower()])
        assert "422" not in found
        for error in declared.errors:
            assert f"`{error.code}`" in found[str(error.status)]["description"], declared.id
        for status, response in found.items():
            if status >= "400":
                assert set(response["content"]) == PROBLEMS, (declared.id, status)
                assert "Problem" in str(response["content"]["application/json"]["schema"])


async def test_bodies_have_examples_that_fit(spec: Json) -> None:
    for _, _, operation in described(spec):
        bodies = [operation.get("requestBody", {}), *responses(spec, operation).values()]
        for content in (c for body in bodies for c in body.get("content", {}).values()):
            named = [resolved(spec, e)["value"] for e in content.get("examples", {}).values()]
            examples = named or [content["example"]]
            for example in examples:
                fitting(spec, content["schema"]).validate(example)


async def test_every_text_shows_what_it_looks_like(spec: Json) -> None:
    telling = {"format", "enum", "const", "examples", "default"}
    schemas = spec["components"]["schemas"]
    for name in set(schemas) - {"Problem", "ValidationProblem"}:
        for field, found in schemas[name].get("properties", {}).items():
            if "examples" in schemas[name] or telling & set(found):
                continue
            for part in (found, *found.get("anyOf", ())):
                assert part.get("type") != "string" or telling & set(part), (name, field)


async def test_generators_get_good_names(spec: Json) -> None:
    for name in spec["components"]["schemas"]:
        assert CLASS_NAME.fullmatch(name), name
    for node in walk([spec["paths"], spec["components"]]):
        assert not isinstance(node.get("title"), str)
    text = str(spec)
    assert "HTTPValidationError" not in text
    assert "Annotated" not in text
    assert "Body_" not in text


async def test_a_search_has_its_two_pascal_case_keys(spec: Json) -> None:
    search = spec["paths"]["/api/documents"]["post"]
    content = search["requestBody"]["content"]["application/json"]
    assert {"MetadataFilters", "SortBy"} <= set(content["example"])


async def test_conditional_requests_are_described(world: World, spec: Json) -> None:
    tagged = [operation for operation in operations_of(world.app) if operation.etag]
    assert len(tagged) > 5
    for declared in tagged:
        operation = spec["paths"][declared.path][declared.method.lower()]
        done = next(r for s, r in operation["responses"].items() if s.startswith("2"))
        assert done["headers"]["ETag"]["required"]
        assert ("304" in operation["responses"]) == (declared.method == "GET")


class Walk:
    """One call of each operation, with the body that its description gives as an example."""

    def __init__(self, spec: Json, schema: BaseSchema, caller: Caller) -> None:
        self._spec = spec
        self._schema = schema
        self._caller = caller
        self._where = {o["operationId"]: (path, method, o) for path, method, o in described(spec)}
        self.done: set[str] = set()

    @property
    def all(self) -> set[str]:
        return set(self._where)

    async def call(self, operation_id: str, changes: Json | None = None, **ids: Any) -> Any:
        """Call it, hold the answer against the description, and give the answer's body."""
        path, method, operation = self._where[operation_id]
        options = self._body(operation, changes or {})
        headers = self._caller.headers if operation.get("security") else {}
        url = path.format(domain="binders", **ids)
        answer = await self._caller.http.request(method, url, headers=headers, **options)
        assert answer.is_success, (operation_id, answer.text)
        self._schema[path][method].validate_response(answer)
        self.done.add(operation_id)
        return answer.json()

    def _body(self, operation: Json, changes: Json) -> Json:
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            body = content["example"] | changes
            return {"json": body} if media_type == "application/json" else {"data": body}
        return {}

    async def put_bytes(self, upload: Json, content: bytes) -> httpx.Response:
        return await self._caller.http.put(local(upload["uploadUrl"]), content=content)


async def test_every_operation_works_as_its_example_says(
    spec: Json, schema: BaseSchema, tenant: Tenant
) -> None:
    steps = Walk(spec, schema, tenant.admin)
    binder = (await steps.call("Binders_createBinder"))["id"]
    for name in ("Binders_getBinder", "Binders_updateBinder", "Changes_getBinderDigest"):
        await steps.call(name, id=binder)
    other = (await steps.call("Binders_createBinder"))["id"]
    await steps.call("Binders_deleteBinder", id=other)
    await _walk_elements(steps, binder)
    folder = await _walk_folders(steps, binder)
    made = await _walk_uploads(steps, binder, folder)
    await _walk_documents(steps, made["document"]["id"], made["version"]["id"], folder, binder)
    await _walk_people(steps, binder, folder)
    await _walk_access(steps, tenant.creator)
    for name in (
        "Binders_listBinders",
        "Changes_listChanges",
        "Limits_getLimits",
        "Audit_searchEvents",
    ):
        await steps.call(name, {"actions": None} if name.startswith("Audit") else None)


async def _walk_elements(steps: Walk, binder: str) -> None:
    made = await steps.call("Binders_createMetadataElement", id=binder)
    ids: Json = {"id": binder, "metadataElementId": made["metadataElementId"]}
    await steps.call("Binders_listMetadataElements", id=binder)
    await steps.call("Binders_updateMetadataElement", **ids)
    await steps.call("Binders_deleteMetadataElement", **ids)


async def _walk_folders(steps: Walk, binder: str) -> str:
    tab = {"parentId": None}
    folder: str = (await steps.call("Documents_createFolder", tab, id=binder))["id"]
    other = await steps.call("Documents_createFolder", tab | {"name": "Foton"}, id=binder)
    await steps.call("Documents_listDriveFolders", id=binder)
    await steps.call("Documents_listFolderFolders", id=binder, folderId=folder)
    await steps.call("Documents_updateFolder", tab, id=binder, folderId=folder)
    await steps.call("Documents_deleteFolder", id=binder, folderId=other["id"])
    return folder


async def _walk_uploads(steps: Walk, binder: str, folder: str) -> Json:
    place = {"binderId": binder, "folderId": folder, "documentId": None}
    wanted = place | {"size": 4, "sha256": None}
    begun = await steps.call("Documents_createUploads", {"uploads": [wanted | {"fileName": "X"}]})
    many = {"uploadIds": [begun["results"][0]["upload"]["uploadId"]]}
    await steps.call("Documents_commitUploads", many)
    given_up = await steps.call("Documents_createUpload", wanted)
    await steps.call("Documents_abortUpload", uploadId=given_up["uploadId"])
    upload = await steps.call("Documents_createUpload", wanted)
    assert (await steps.put_bytes(upload, b"%PDF")).status_code == 200
    await steps.call("Documents_getUpload", uploadId=upload["uploadId"])
    made: Json = await steps.call("Documents_commitUpload", uploadId=upload["uploadId"])
    return made


async def _walk_documents(
    steps: Walk, document: str, version: str, folder: str, binder: str
) -> None:
    place = {"folderId": folder}
    one: Json = {"documentId": document}
    await steps.call("Documents_listFolderDocuments", id=binder, folderId=folder)
    await steps.call("Documents_getDocument", **one)
    await steps.call("Documents_updateDocument", place, **one)
    await steps.call("Documents_listVersions", **one)
    await steps.call("Documents_getVersion", **one, versionId=version)
    await steps.call("Documents_getDownloadLink", **one, versionId=version)
    await steps.call("Documents_copyDocument", place, **one)
    await steps.call("Documents_bulkChange", place | {"documentIds": [document]})
    await steps.call("Documents_deleteDocument", **one)
    await steps.call("Documents_listTrash")
    await steps.call("Documents_restoreDocument", place, **one)


async def _walk_people(steps: Walk, binder: str, folder: str) -> None:
    email = f"{new_guid()}@example.com"
    member = await steps.call("Members_inviteMember", {"email": email, "role": "reader"})
    one: Json = {"memberId": member["id"]}
    await steps.call("Members_getMember", **one)
    await steps.call("Members_updateMember", {"role": "creator"}, **one)
    await steps.call("Members_listMembers")
    group = await steps.call("Groups_createGroup", {"memberIds": [member["id"]]})
    ids: Json = {"groupId": group["id"]}
    await steps.call("Groups_getGroup", **ids)
    await steps.call("Groups_updateGroup", {"memberIds": []}, **ids)
    await steps.call("Groups_listGroups")
    party = {"participantId": group["id"], "kind": "group"}
    await steps.call("Binders_addParticipant", party, id=binder)
    place: Json = {"id": binder, "participantId": group["id"]}
    await steps.call("Binders_updateParticipant", **place)
    await steps.call("Binders_listParticipants", id=binder)
    viewers = {"memberIds": [member["id"]], "groupIds": [group["id"]]}
    inside: Json = {"id": binder, "folderId": folder}
    await steps.call("Documents_setFolderViewers", viewers, **inside)
    await steps.call("Documents_listFolderViewers", **inside)
    await steps.call("Binders_removeParticipant", **place)
    await steps.call("Groups_deleteGroup", **ids)
    await steps.call("Members_removeMember", **one)
    await steps.call("Binders_listTemplates")


async def _walk_access(steps: Walk, creator: Caller) -> None:
    names = ("getKeys", "getOpenIdConfiguration", "getAuthorizationServer")
    for name in names:
        await steps.call(f"Access_{name}")
    secret = {"client_id": str(creator.client_id), "client_secret": creator.client_secret}
    issued = await steps.call("Access_issueToken", secret)
    await steps.call("Access_revokeToken", secret | {"token": issued["access_token"]})
