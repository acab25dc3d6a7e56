"""Binders, folders and documents made through the API, as an integration would make them."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from ringbinder.kit.ids import new_guid
from tests.support.world import Caller

Json = dict[str, Any]


async def new_binder(admin: Caller, **fields: Any) -> Json:
    """Create a binder."""
    return created(
        await admin.post("/binders", json={"name": "Kastanjen 4", "type": "project"} | fields)
    )


async def new_folder(caller: Caller, binder: Json, name: str = "Ritningar", **fields: Any) -> Json:
    """Create a folder of a binder."""
    path = f"/documents/drives/binders/{binder['id']}/folders"
    return created(await caller.post(path, json={"name": name, "type": "drawings"} | fields))


async def new_element(admin: Caller, binder: Json, metadata_element_id: str, **fields: Any) -> Json:
    """Add a metadata element to a binder's schema."""
    body = {
        "metadataElementId": metadata_element_id,
        "label": metadata_element_id,
        "dataType": "Text",
    }
    return created(
        await admin.post(f"/binders/{binder['id']}/metadataelements", json=body | fields)
    )


async def new_upload(
    caller: Caller, folder: Json, file_name: str, content: bytes, **fields: Any
) -> Json:
    """Create an upload; ``folder`` needs ``id`` and ``binderId``."""
    body = {
        "binderId": folder["binderId"],
        "folderId": folder["id"],
        "fileName": file_name,
        "size": len(content),
    }
    return created(await caller.post("/documents/uploads", json=body | fields))


async def new_webhook(
    admin: Caller, url: str = "https://hooks.example.com/", **fields: Any
) -> Json:
    """Make a webhook for all changes; gives its secret too."""
    return created(await admin.post("/webhooks", json={"url": url, "eventTypes": ["*"]} | fields))


async def put_bytes(http: httpx.AsyncClient, upload: Json, content: bytes) -> httpx.Response:
    """Send the bytes to the signed address, as a client does: without a token."""
    return await http.put(local(upload["uploadUrl"]), content=content)


async def new_document(
    caller: Caller,
    folder: Json,
    file_name: str = "Plan 1.pdf",
    content: bytes = b"%PDF",
    **fields: Any,
) -> Json:
    """Upload and commit; gives ``{document, version}``."""
    upload = await new_upload(caller, folder, file_name, content, **fields)
    assert (await put_bytes(caller.http, upload, content)).status_code == 200
    return created(await caller.post(f"/documents/uploads/{upload['uploadId']}/commit"))


async def fetch(caller: Caller, version: Json, **options: Any) -> httpx.Response:
    """Fetch a version's bytes from its signed address, without a token."""
    path = f"/documents/{version['documentId']}/versions/{version['id']}/downloadlink"
    link = (await caller.get(path)).json()
    return await caller.http.get(local(link["url"]), **options)


def local(url: str) -> str:
    """Take scheme and host off an absolute address; the test's client adds its own."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def created(answer: httpx.Response) -> Json:
    """Give the body of a 201."""
    assert answer.status_code == 201, answer.text
    body: Json = answer.json()
    return body


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Shelf:
    """A binder with one folder, an element and one document: enough to call every operation."""

    binder: Json
    folder: Json
    element: Json
    document: Json
    version: Json
    upload: Json
    trashed: Json
    webhook: Json
    delivery: Json
    member: Json
    guest: Json
    group: Json


async def new_member(admin: Caller, role: str = "reader", name: str = "Rut Ek") -> Json:
    """Invite a person whom no other test knows."""
    body = {"email": f"{new_guid()}@example.com", "name": name, "role": role}
    return created(await admin.post("/members", json=body))


async def new_group(admin: Caller, *members: Json) -> Json:
    """Make a group of members."""
    ids = [member["id"] for member in members]
    return created(
        await admin.post("/groups", json={"name": f"Grupp {new_guid()}", "memberIds": ids})
    )


async def add_participant(
    admin: Caller, binder: Json, party: Json, kind: str = "member", role: str = "participant"
) -> Json:
    """Let a member or a group take part in a binder."""
    body = {"participantId": party["id"], "kind": kind, "role": role}
    return created(await admin.post(f"/binders/{binder['id']}/participants", json=body))


async def new_shelf(admin: Caller) -> Shelf:
    """Make one."""
    binder = await new_binder(admin)
    folder = await new_folder(admin, binder) | {"binderId": binder["id"]}
    element = await new_element(admin, binder, "Ritningsnummer")
    made = await new_document(admin, folder)
    upload = await new_upload(admin, folder, "Plan 2.pdf", b"")
    trashed = (await new_document(admin, folder, "Plan 3.pdf"))["document"]
    assert (await admin.delete(f"/documents/{trashed['id']}")).status_code == 200
    webhook = await new_webhook(admin)
    delivery = created(await admin.post(f"/webhooks/{webhook['id']}/test"))
    member = await new_member(admin)
    await add_participant(admin, binder, member)
    return Shelf(
        binder,
        folder,
        element,
        made["document"],
        made["version"],
        upload,
        trashed,
        webhook,
        delivery,
        member,
        await new_member(admin),
        await new_group(admin, member),
    )
