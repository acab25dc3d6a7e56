"""What holds for every operation: no token, weak role, another tenant's ids."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ringbinder.access.permissions import PERMISSIONS_OF, Role
from ringbinder.kit.ids import new_binder_code, new_guid
from ringbinder.web.registry import Operation, operations_of
from tests.factories.content import Shelf, new_shelf
from tests.support.world import Caller, Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

Ids = dict[str, str]
Body = Callable[[Ids], Any]


def _nothing(_ids: Ids) -> Any:
    return None


def _upload(ids: Ids) -> Any:
    return {
        "binderId": ids["id"],
        "folderId": ids["folderId"],
        "documentId": ids["documentId"],
        "fileName": "Plan 9.pdf",
        "size": 1,
    }


def _search(ids: Ids) -> Any:
    return {
        "MetadataFilters": [
            {"metadataElementId": "GLOBAL_BinderId", "valueId": ids["id"]},
            {"metadataElementId": "GLOBAL_TabId", "valueId": ids["folderId"]},
        ]
    }


def _new_folder(ids: Ids) -> Any:
    return {"name": "Nya", "type": "documents", "parentId": ids["parentId"]}


BODIES: dict[str, Body] = {
    "Audit_createCheckpoint": _nothing,
    "Audit_exportEvents": _nothing,
    "Audit_listCheckpoints": _nothing,
    "Audit_searchEvents": lambda ids: {"binderId": ids["id"], "objectId": ids["documentId"]},
    "Binders_createBinder": lambda _: {"name": "Ny", "type": "project"},
    "Binders_addParticipant": lambda ids: {
        "participantId": ids["guestId"],
        "kind": "member",
    },
    "Binders_listParticipants": _nothing,
    "Binders_listTemplates": _nothing,
    "Binders_removeParticipant": _nothing,
    "Binders_updateParticipant": lambda _: {"role": "administrator"},
    "Binders_createMetadataElement": lambda _: {
        "metadataElementId": "Skala",
        "label": "Skala",
        "dataType": "Text",
    },
    "Binders_deleteBinder": _nothing,
    "Binders_deleteMetadataElement": _nothing,
    "Binders_getBinder": _nothing,
    "Changes_getBinderDigest": _nothing,
    "Changes_listChanges": _nothing,
    "Binders_listBinders": _nothing,
    "Binders_listMetadataElements": _nothing,
    "Binders_updateBinder": lambda _: {"name": "Annan"},
    "Binders_updateMetadataElement": lambda _: {"label": "Annan"},
    "Documents_abortUpload": _nothing,
    "Documents_bulkChange": lambda ids: {
        "action": "move",
        "documentIds": [ids["documentId"]],
        "folderId": ids["folderId"],
    },
    "Documents_commitUpload": _nothing,
    "Documents_commitUploads": lambda ids: {"uploadIds": [ids["uploadId"]]},
    "Documents_copyDocument": lambda ids: {"folderId": ids["folderId"]},
    "Documents_createFolder": _new_folder,
    "Documents_createUpload": _upload,
    "Documents_createUploads": lambda ids: {"uploads": [_upload(ids)]},
    "Documents_deleteDocument": _nothing,
    "Documents_deleteFolder": _nothing,
    "Documents_getDocument": _nothing,
    "Documents_getDownloadLink": _nothing,
    "Documents_getUpload": _nothing,
    "Documents_getVersion": _nothing,
    "Documents_listDriveFolders": _nothing,
    "Documents_listFolderDocuments": _nothing,
    "Documents_listFolderFolders": _nothing,
    "Documents_listReads": _nothing,
    "Documents_listTrash": _nothing,
    "Documents_listVersions": _nothing,
    "Documents_restoreDocument": lambda ids: {"folderId": ids["parentId"]},
    "Documents_searchDocuments": _search,
    "Documents_updateDocument": lambda ids: {"folderId": ids["folderId"]},
    "Documents_updateFolder": lambda ids: {"parentId": ids["parentId"]},
    "Documents_listFolderViewers": _nothing,
    "Documents_setFolderViewers": lambda ids: {
        "memberIds": [ids["memberId"]],
        "groupIds": [ids["groupId"]],
    },
    "Groups_createGroup": lambda ids: {"name": "Nya", "memberIds": [ids["memberId"]]},
    "Groups_deleteGroup": _nothing,
    "Groups_getGroup": _nothing,
    "Groups_listGroups": _nothing,
    "Groups_updateGroup": lambda ids: {"memberIds": [ids["memberId"]]},
    "Limits_getLimits": _nothing,
    "Members_getMember": _nothing,
    "Members_inviteMember": lambda _: {
        "email": "ny@example.com",
        "name": "Ny",
        "role": "reader",
    },
    "Members_listMembers": _nothing,
    "Members_removeMember": _nothing,
    "Members_updateMember": lambda _: {"role": "reader"},
    "Webhooks_createWebhook": lambda _: {"url": "https://a.example.com", "eventTypes": ["*"]},
    "Webhooks_deleteWebhook": _nothing,
    "Webhooks_getWebhook": _nothing,
    "Webhooks_listDeliveries": _nothing,
    "Webhooks_listWebhooks": _nothing,
    "Webhooks_redeliver": _nothing,
    "Webhooks_rotateSecret": _nothing,
    "Webhooks_sendTestEvent": _nothing,
    "Webhooks_updateWebhook": lambda _: {"description": "Annan"},
}

MORE_BODIES: dict[str, tuple[Body, ...]] = {
    "Audit_searchEvents": (lambda ids: {"actorId": ids["actorId"]},),
    "Documents_bulkChange": (
        lambda ids: {
            "action": "restore",
            "documentIds": [ids["trashedId"]],
            "folderId": ids["folderId"],
        },
        lambda ids: {"action": "delete", "documentIds": [ids["documentId"]]},
    ),
    "Documents_searchDocuments": (
        lambda ids: {
            "MetadataFilters": [
                {"metadataElementId": "GLOBAL_CreatedBy", "valueId": ids["actorId"]}
            ],
            "AnyOf": [
                [_among("GLOBAL_BinderId", ids["id"])],
                [_among("GLOBAL_TabId", ids["folderId"])],
            ],
        },
    ),
}
"""Other requests that an operation understands, with ids in other places."""


def _among(key: str, value: str) -> Any:
    return {"metadataElementId": key, "operator": "in", "valueIds": [value]}


QUERIES: dict[str, Body] = {
    "Audit_exportEvents": lambda ids: {
        "binderId": ids["id"],
        "objectId": ids["documentId"],
        "actorId": ids["actorId"],
    },
    "Documents_listReads": lambda ids: {"versionId": ids["versionId"]},
    "Documents_listTrash": lambda ids: {"binderId": ids["id"]},
}
"""The ids in query strings."""

FINDS_NOTHING = {"Documents_searchDocuments", "Audit_searchEvents", "Audit_exportEvents"}
"""Searches: what another tenant owns is not refused, it is not found."""

ONE_OF_MANY = {
    ("Documents_bulkChange", "documentId"): 200,
    ("Documents_bulkChange", "trashedId"): 200,
    ("Documents_commitUploads", "uploadId"): 200,
    ("Documents_createUploads", "id"): 201,
    ("Documents_createUploads", "folderId"): 201,
    ("Documents_createUploads", "documentId"): 201,
}
"""Ids in the lists of bulks: each is refused in a result of its own, inside the answer."""


FREE_TEXT = {"domain", "metadataElementId"}
"""Places of a path where any text may stand."""


class Recorder(dict[str, str]):
    """Ids that remember which of them were asked for."""

    def __init__(self, ids: Ids) -> None:
        super().__init__(ids)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)


@dataclass(frozen=True)
class Call:
    """One request that an operation understands."""

    operation: Operation
    path: str
    body: Any
    query: Any

    async def by(self, http: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
        options = {} if self.body is None else {"json": self.body}
        return await http.request(
            self.operation.method, self.path, headers=headers, params=self.query, **options
        )


STANDS_FOR = {("Documents_restoreDocument", "documentId"): "trashedId"}
"""Ids of a path that need an object in another state."""


def call_of(operation: Operation, ids: Ids, body: Body | None = None) -> Call:
    """Fill an operation's path, query and body with ids."""

    def fill(match: re.Match[str]) -> str:
        return ids[STANDS_FOR.get((operation.id, match[1]), match[1])]

    path = re.sub(r"\{(\w+)\}", fill, operation.path)
    query = QUERIES.get(operation.id, _nothing)(ids)
    return Call(operation, path, (body or BODIES[operation.id])(ids), query)


def ids_of(shelf: Shelf) -> Ids:
    return {
        "domain": "binders",
        "id": shelf.binder["id"],
        "folderId": shelf.folder["id"],
        "parentId": shelf.folder["id"],
        "documentId": shelf.document["id"],
        "trashedId": shelf.trashed["id"],
        "versionId": shelf.version["id"],
        "uploadId": shelf.upload["uploadId"],
        "metadataElementId": shelf.element["metadataElementId"],
        "webhookId": shelf.webhook["id"],
        "deliveryId": shelf.delivery["id"],
        "actorId": next(
            value["valueId"]
            for value in shelf.document["metadata"]
            if value["metadataElementId"] == "GLOBAL_CreatedBy"
        ),
        "memberId": shelf.member["id"],
        "participantId": shelf.member["id"],
        "guestId": shelf.guest["id"],
        "groupId": shelf.group["id"],
    }


def unused_ids() -> Ids:
    names = (
        "folderId",
        "parentId",
        "documentId",
        "trashedId",
        "versionId",
        "uploadId",
        "webhookId",
        "deliveryId",
        "actorId",
        "memberId",
        "participantId",
        "guestId",
        "groupId",
    )
    return {"id": new_binder_code(), **{name: str(new_guid()) for name in names}}


def without_trace(answer: httpx.Response, *ids: str) -> bytes:
    """Give what an answer says, its trace and the signature of an export aside."""
    text = re.sub(rb'"(traceId|exportedAt|sha256|signed)":"[^"]*"', b"", answer.content)
    for unlike in ids:
        text = text.replace(unlike.encode(), b"ID")
    return text


def all_operations(world: World) -> list[Operation]:
    return sorted(operations_of(world.app), key=lambda operation: operation.id)


async def test_every_operation_is_in_the_table(world: World) -> None:
    assert [operation.id for operation in all_operations(world)] == sorted(BODIES)


async def test_ids_are_unique_and_named_by_tag(world: World) -> None:
    ids = [operation.id for operation in operations_of(world.app)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Z][a-z]+_[a-z][A-Za-z]+", name) for name in ids)


async def test_no_token_no_answer(world: World, tenant: Tenant) -> None:
    ids = ids_of(await new_shelf(tenant.admin))
    tenant_header = {"x-ibinder-tenantid": str(tenant.organisation.id)}
    for operation in all_operations(world):
        answer = await call_of(operation, ids).by(world.http, tenant_header)
        assert answer.status_code == 401, operation.id
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_weak_role_is_refused(world: World, tenant: Tenant) -> None:
    ids = ids_of(await new_shelf(tenant.admin))
    callers = {c.role: c for c in (tenant.reader, tenant.creator, tenant.admin)}
    for operation in all_operations(world):
        for role in Role:
            if operation.permission in PERMISSIONS_OF[role]:
                continue
            answer = await call_of(operation, ids).by(world.http, callers[role].headers)
            assert answer.status_code == 403, (operation.id, role)
            assert answer.json()["code"] == "permission.missing"


async def test_a_malformed_id_is_named(world: World, tenant: Tenant) -> None:
    ids = ids_of(await new_shelf(tenant.admin))
    for operation in all_operations(world):
        for name in re.findall(r"\{(\w+)\}", operation.path):
            if name in FREE_TEXT:
                continue
            stand_in = STANDS_FOR.get((operation.id, name), name)
            call = call_of(operation, ids | {stand_in: "not-an-id"})
            answer = await call.by(world.http, tenant.admin.headers)
            assert answer.status_code == 400, (operation.id, name)
            assert name in answer.json()["errors"], (operation.id, name)


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"a":"\\ud800"}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * 1_000_001, "application/json", 413),
    ],
    ids=["list", "cut", "surrogate", "text", "large"],
)
async def test_a_bad_body_is_refused_everywhere(
    world: World, tenant: Tenant, content: bytes, media_type: str, status: int
) -> None:
    ids = ids_of(await new_shelf(tenant.admin))
    headers = tenant.admin.headers | {"content-type": media_type}
    for operation in all_operations(world):
        call = call_of(operation, ids)
        if call.body is None:
            continue
        answer = await world.http.request(
            operation.method, call.path, headers=headers, content=content
        )
        assert answer.status_code == status, operation.id
        assert answer.json()["status"] == status


def foreign_calls(
    operation: Operation, own: Ids, foreign: Ids
) -> Iterator[tuple[str, str, Call, Call]]:
    """For each id in each request: one call with another tenant's, one with an unused id."""
    for body in (None, *MORE_BODIES.get(operation.id, ())):
        recorder = Recorder(own)
        call_of(operation, recorder, body)
        for name in sorted(recorder.asked - FREE_TEXT):
            unused = unused_ids()[name]
            with_foreign = call_of(operation, own | {name: foreign[name]}, body)
            yield name, unused, with_foreign, call_of(operation, own | {name: unused}, body)


async def test_what_another_tenant_owns_does_not_exist(world: World, tenant: Tenant) -> None:
    other = await world.new_tenant()
    own = ids_of(await new_shelf(tenant.admin))
    foreign = ids_of(await new_shelf(other.admin))
    for operation in all_operations(world):
        for name, unused, with_foreign, with_unused in foreign_calls(operation, own, foreign):
            answers = [
                await call.by(world.http, tenant.admin.headers)
                for call in (with_foreign, with_unused)
            ]
            usual = 200 if operation.id in FINDS_NOTHING else 404
            expected = ONE_OF_MANY.get((operation.id, name), usual)
            statuses = [answer.status_code for answer in answers]
            assert statuses == [expected, expected], (operation.id, name, answers[0].text)
            same = [without_trace(answer, foreign[name], unused) for answer in answers]
            assert same[0] == same[1], (operation.id, name)
    await assert_untouched(other.admin, foreign)


PLACE = re.compile(r"(^id|Ids?)$")
"""What fields and parameters are called in which an id stands."""

NO_ID_OF_A_TENANT = {"domain", "metadataElementId", "valueId", "valueIds", "templateId"}
"""Templates, which are everybody's, and what clients make up of schemas; their search is above."""


async def test_every_place_of_an_id_is_tried(world: World, tenant: Tenant) -> None:
    """Whoever adds a field with an id to a request adds it to the tables above."""
    document = (await world.http.get("/api/openapi.json")).json()
    ids = ids_of(await new_shelf(tenant.admin))
    for operation in all_operations(world):
        described = document["paths"][operation.path][operation.method.lower()]
        tried: set[str] = set(re.findall(r"\{(\w+)\}", operation.path))
        for body in (None, *MORE_BODIES.get(operation.id, ())):
            call = call_of(operation, ids, body)
            tried |= set(names_in(call.body)) | set(names_in(call.query))
        places = {name for name in places_in(document, described) if PLACE.search(name)}
        assert places - NO_ID_OF_A_TENANT <= tried, operation.id


def names_in(value: Any) -> Iterator[str]:
    """Give the names of all fields of a request."""
    if isinstance(value, dict):
        yield from value
    for part in value.values() if isinstance(value, dict) else value or ():
        if isinstance(part, dict | list):
            yield from names_in(part)


def places_in(document: Any, part: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give the names of the parameters and of the body's fields, however deep."""
    if "$ref" in part:
        if part["$ref"] not in seen:
            _, _, kind, name = part["$ref"].split("/")
            found = document["components"][kind][name]
            yield from places_in(document, found, seen | {part["$ref"]})
        return
    if "in" in part and "name" in part:
        yield part["name"]
    for name, field in part.get("properties", {}).items():
        yield name
        yield from places_in(document, field, seen)
    below = [part[key] for key in ("requestBody", "schema", "items") if key in part]
    below += [
        each for key in ("parameters", "anyOf", "oneOf", "allOf") for each in part.get(key, ())
    ]
    below += list(part.get("content", {}).values())
    for each in below:
        yield from places_in(document, each, seen)


async def assert_untouched(admin: Caller, ids: Ids) -> None:
    """What the other tenant has is as it was."""
    document = await admin.get(f"/documents/{ids['documentId']}")
    assert document.json()["folderId"] == ids["folderId"]
    assert (await admin.get(f"/documents/uploads/{ids['uploadId']}")).json()["state"] == "open"
    events = (await admin.post("/audit/events/search")).json()["items"]
    assert {event["actor"]["name"] for event in events} <= {
        "Admin client",
        "Reader client",
        "Creator client",
        "operator",
    }
