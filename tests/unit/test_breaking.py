"""The comparison of two API documents: every kind of break is named, every addition passes."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.breaking import breaking_changes, broken_promises

pytestmark = pytest.mark.unit

OLD: dict[str, Any] = {
    "paths": {
        "/binders": {
            "post": {
                "operationId": "Binders_createBinder",
                "parameters": [
                    {
                        "in": "query",
                        "name": "pageSize",
                        "required": False,
                        "schema": {"type": "integer", "maximum": 500},
                    }
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/In"}}
                    },
                },
                "responses": {
                    "201": {
                        "description": "It is made.",
                        "headers": {"ETag": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Out"}}
                        },
                    },
                    "409": {"description": "Codes: `binder.archived`, `binder.not_empty`."},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "In": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 200},
                    "type": {"type": "string", "enum": ["project", "facility"]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
            "Out": {
                "type": "object",
                "required": ["id", "state"],
                "properties": {
                    "id": {"type": "string"},
                    "state": {"enum": ["active", "archived"]},
                    "parent": {"anyOf": [{"$ref": "#/components/schemas/Out"}, {"type": "null"}]},
                },
            },
        }
    },
}
Change = Callable[[dict[str, Any]], object]


def post(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/binders"]["post"]
    return found


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


BREAKS: dict[str, Change] = {
    "the operation is gone": lambda d: d["paths"].clear(),
    "the operationId": lambda d: post(d).update(operationId="Binders_addBinder"),
    "parameter pageSize: is gone": lambda d: post(d)["parameters"].clear(),
    "parameter pageSize: is required now": lambda d: post(d)["parameters"][0].update(required=True),
    "maximum went from 500 to 100": lambda d: post(d)["parameters"][0]["schema"].update(
        maximum=100
    ),
    "takes no body any more": lambda d: post(d).pop("requestBody"),
    "takes no application/json any more": lambda d: post(d)["requestBody"].update(
        content={"text/plain": {"schema": {}}}
    ),
    "the answer 409 is gone": lambda d: post(d)["responses"].pop("409"),
    "the error code binder.not_empty is gone": lambda d: post(d)["responses"]["409"].update(
        description="Codes: `binder.archived`."
    ),
    "the header ETag is gone": lambda d: post(d)["responses"]["201"]["headers"].clear(),
    ".type: is required now": lambda d: schema(d, "In")["required"].append("type"),
    "maxLength went from 200 to 100": lambda d: schema(d, "In")["properties"]["name"].update(
        maxLength=100
    ),
    ".type: takes no facility any more": lambda d: schema(d, "In")["properties"]["type"].update(
        enum=["project"]
    ),
    ".tags[]: takes no string any more": lambda d: schema(d, "In")["properties"]["tags"].update(
        items={"type": "integer"}
    ),
    ".tags: is gone": lambda d: schema(d, "In")["properties"].pop("tags"),
    ".id: is gone": lambda d: schema(d, "Out")["properties"].pop("id"),
    ".id: may be integer now": lambda d: schema(d, "Out")["properties"]["id"].update(
        type="integer"
    ),
    ".id: may be missing now": lambda d: schema(d, "Out").update(required=["state"]),
    ".state: may be frozen now": lambda d: schema(d, "Out")["properties"]["state"].update(
        enum=["active", "archived", "frozen"]
    ),
    ".parent: gives more kinds of values": lambda d: schema(d, "Out")["properties"]["parent"][
        "anyOf"
    ].append({"type": "string"}),
}

ADDITIONS: dict[str, Change] = {
    "nothing": lambda _: None,
    "an operation": lambda d: d["paths"].update({"/new": {"get": {"responses": {}}}}),
    "an optional parameter": lambda d: post(d)["parameters"].append(
        {"in": "query", "name": "new", "required": False, "schema": {"type": "string"}}
    ),
    "an optional field in": lambda d: schema(d, "In")["properties"].update(new={"type": "string"}),
    "a field out": lambda d: schema(d, "Out")["properties"].update(new={"type": "string"}),
    "a required field out": lambda d: schema(d, "Out")["required"].append("parent"),
    "a wider limit": lambda d: schema(d, "In")["properties"]["name"].update(maxLength=300),
    "one more choice in": lambda d: schema(d, "In")["properties"]["type"]["enum"].append("tender"),
    "one choice fewer out": lambda d: schema(d, "Out")["properties"]["state"].update(
        enum=["active"]
    ),
    "an error code": lambda d: post(d)["responses"]["409"].update(
        description="Codes: `binder.archived`, `binder.not_empty`, `binder.new_one`."
    ),
    "an answer": lambda d: post(d)["responses"].update({"412": {"description": "Changed."}}),
}


def shared(document: dict[str, Any]) -> dict[str, Any]:
    """Give the same document with what operations can share in its components."""
    found = copy.deepcopy(document)
    operation = post(found)
    found["components"]["parameters"] = {"PageSize": operation["parameters"][0]}
    operation["parameters"] = [{"$ref": "#/components/parameters/PageSize"}]
    if "requestBody" in operation:
        found["components"]["requestBodies"] = {"In": operation["requestBody"]}
        operation["requestBody"] = {"$ref": "#/components/requestBodies/In"}
    found["components"]["responses"] = dict(operation["responses"])
    for status in operation["responses"]:
        operation["responses"][status] = {"$ref": f"#/components/responses/{status}"}
    return found


@pytest.mark.parametrize("message", [m for m in BREAKS if "answer 409" not in m])
def test_a_break_of_what_is_shared_is_named(message: str) -> None:
    new = copy.deepcopy(OLD)
    BREAKS[message](new)
    if "operation is gone" not in message and len(post(new)["parameters"]) == 1:
        new = shared(new)
    assert any(message in found for found in breaking_changes(shared(OLD), new))
    assert breaking_changes(shared(OLD), OLD) == breaking_changes(OLD, shared(OLD)) == []


@pytest.mark.parametrize("message", BREAKS)
def test_a_break_is_named(message: str) -> None:
    new = copy.deepcopy(OLD)
    BREAKS[message](new)
    assert any(message in found for found in breaking_changes(OLD, new))


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_passes(name: str) -> None:
    new = copy.deepcopy(OLD)
    ADDITIONS[name](new)
    assert breaking_changes(OLD, new) == []


PROMISES: dict[str, Any] = {
    "changeTypes": ["binder.created", "document.moved"],
    "auditActions": ["token:issued"],
    "webhookHeaders": ["webhook-id"],
    "reservedKeys": ["GLOBAL_Status"],
    "errorCodes": {"binder.archived": 409},
    "limits": {"reader-read": {"perMinute": 3000, "burst": 600}},
}
BROKEN: dict[str, Change] = {
    "changeTypes: document.moved is gone": lambda p: p["changeTypes"].remove("document.moved"),
    "auditActions: token:issued is gone": lambda p: p["auditActions"].clear(),
    "webhookHeaders: webhook-id is gone": lambda p: p["webhookHeaders"].clear(),
    "reservedKeys: GLOBAL_Status is gone": lambda p: p["reservedKeys"].clear(),
    "errorCodes: binder.archived was a 409 and is 403": lambda p: p["errorCodes"].update(
        {"binder.archived": 403}
    ),
    "errorCodes: binder.archived was a 409 and is gone": lambda p: p["errorCodes"].clear(),
    "limits: reader-read is gone": lambda p: p["limits"].clear(),
    "limits: reader-read burst fell from 600 to 60": lambda p: p["limits"]["reader-read"].update(
        burst=60
    ),
}


@pytest.mark.parametrize("message", BROKEN)
def test_a_broken_promise_is_named(message: str) -> None:
    new = copy.deepcopy(PROMISES)
    BROKEN[message](new)
    assert broken_promises(PROMISES, new) == [message]


def test_more_promises_pass() -> None:
    new = copy.deepcopy(PROMISES)
    new["changeTypes"].append("binder.new")
    new["errorCodes"]["binder.new"] = 409
    new["limits"]["reader-read"]["burst"] = 700
    assert broken_promises(PROMISES, new) == []
