"""Writers who do at random what people and integrations do, alone or several at the same time."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Protocol

import httpx

from ringbinder.features.metadata.types import DataType
from tests.factories.content import Json, put_bytes
from tests.factories.library import BUILDING, CATEGORY, CUSTOM, LISTED, SETTABLE, STATUS, TAG, Key

NAMES: Final = ("Plan", "PLÅN", "Åkeri", "Äpple", "Översikt", "Zon", "a", "Straße", "A\u030asa")
TEXTS: Final = ("Plan", "plan", "Åter", "b", "ö", "x" * 260, "x" * 260 + "y")
DATES: Final = ("2023-12-31", "2024-01-01", "2024-02-29")
NUMBERS: Final = (-1.5, 0, 1, 2, 1e300)
LABELS: Final = {"a": "Första", "b": "Åter", "c": "b"}
LISTS: Final = {
    STATUS: ("Bygghandling", "Relationshandling", "Utgår", "no such value"),
    CATEGORY: ("Ritning", "Avtal", "Foto", "Foto"),
}
MOST_AT_ONCE: Final = 60
ACCEPTED: Final = frozenset({200, 201})
REFUSED: Final = frozenset({400, 403, 404, 409})
"""What somebody else has just deleted, renamed or locked is refused, and so is a wrong value."""


class Door(Protocol):
    """Whoever calls operations: a client with a token, or a member."""

    @property
    def http(self) -> httpx.AsyncClient:
        """Where bytes are sent to."""

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call an operation of the API."""


@dataclass
class Archive:
    """What the writers of an organisation know of it together; some of it may be gone."""

    members: Sequence[Json]
    groups: Sequence[Json]
    binders: list[str] = field(default_factory=list)
    folders: list[tuple[str, str]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    trashed: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def learn(self, document: str, *, is_trashed: bool = False) -> None:
        """Remember where a document was last."""
        for known in (self.documents, self.trashed):
            if document in known:
                known.remove(document)
        (self.trashed if is_trashed else self.documents).append(document)


class Scribe:
    """One of the writers; the same numbers drawn in the same archive give the same writes."""

    def __init__(self, door: Door, archive: Archive, draw: Random) -> None:
        self.door = door
        self.archive = archive
        self.draw = draw

    async def write(self) -> None:
        """Do one thing."""
        deeds, weights = zip(*DEEDS.items(), strict=True)
        await self.draw.choices(deeds, weights)[0](self)

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json | None:
        """Give what was answered, or None where it was refused."""
        options = {} if body is None else {"json": body}
        answer = await self.door.request(method, path, **options)
        assert answer.status_code in ACCEPTED | REFUSED, (method, path, body, answer.text)
        if answer.status_code in REFUSED:
            self.archive.refused[answer.json().get("code", "wrong values")] += 1
            return None
        found: Json = answer.json()
        return found

    # ── Documents ───────────────────────────────────────────────────────────────────────────────

    async def upload(self) -> None:
        """A new document, or a new version of one."""
        binder, folder = self.place()
        content = self.draw.randbytes(self.draw.randrange(4))
        upload = await self.ask(
            "POST",
            "/documents/uploads",
            {
                "binderId": binder,
                "folderId": folder,
                "fileName": self.name(),
                "size": len(content),
                "metadata": self.values(few=True),
                "conflictBehavior": self.draw.choice(("newVersion", "rename", "fail")),
            },
        )
        if upload is None:
            return
        if upload["uploadUrl"]:
            await put_bytes(self.door.http, upload, content)
        made = await self.ask("POST", f"/documents/uploads/{upload['uploadId']}/commit")
        self.learn("upload", made)

    async def copy(self) -> None:
        body = {
            "folderId": self.place()[1],
            "fileName": self.name(),
            "conflictBehavior": self.draw.choice(("newVersion", "rename", "rename")),
        }
        self.learn("copy", await self.ask("POST", f"/documents/{self.document()}/copy", body))

    def learn(self, deed: str, made: Json | None) -> None:
        if made is not None:
            self.archive.done[deed] += 1
            self.archive.learn(made["document"]["id"])

    async def describe(self) -> None:
        await self.change_document("describe", {"metadata": self.values()})

    async def rename(self) -> None:
        await self.change_document("rename", {"fileName": self.name()})

    async def move(self) -> None:
        await self.change_document("move", {"folderId": self.place()[1]})

    async def change_document(self, deed: str, body: Json) -> None:
        done = await self.ask("PATCH", f"/documents/{self.document()}", body)
        self.archive.done[deed] += done is not None

    async def delete(self) -> None:
        document = self.document()
        if await self.ask("DELETE", f"/documents/{document}") is not None:
            self.archive.learn(document, is_trashed=True)
            self.archive.done["delete"] += 1

    async def restore(self) -> None:
        document = self.draw.choice(self.archive.trashed or self.archive.documents)
        elsewhere = self.draw.random() < 0.3
        body = {"folderId": self.place()[1] if elsewhere else None}
        if self.draw.random() < 0.3:
            body["fileName"] = self.name()
        if await self.ask("POST", f"/documents/{document}/restore", body) is not None:
            self.archive.learn(document)
            self.archive.done["restore"] += 1

    async def change_many(self) -> None:
        action = self.draw.choices(("metadata", "move", "delete", "restore"), (6, 6, 1, 4))[0]
        known = self.archive.trashed if action == "restore" else self.archive.documents
        # Few are deleted at once, so that there is something left to write about.
        most = len(known) // 5 if action == "delete" else len(known)
        chosen = self.draw.sample(known, self.draw.randint(0, min(most, MOST_AT_ONCE)))
        body: Json = {"action": action, "documentIds": chosen or [self.document()]}
        if action == "move" or (action == "restore" and self.draw.random() < 0.5):
            body["folderId"] = self.place()[1]
        if action == "metadata":
            body["metadata"] = self.values()
        if self.draw.random() < 0.1:
            body[self.draw.choice(("atomic", "dryRun"))] = True
        done = await self.ask("POST", "/documents/bulk", body)
        for result in [] if done is None else done["results"]:
            if result["status"] == "done":
                self.archive.done[f"many: {action}"] += 1
                self.archive.learn(result["documentId"], is_trashed=action == "delete")

    # ── Places ──────────────────────────────────────────────────────────────────────────────────

    async def make_binder(self) -> None:
        if len(self.archive.binders) < 8:
            body = {"name": self.draw.choice(NAMES), "type": "project"}
            made = await self.ask("POST", "/binders", body)
            if made is not None:
                self.archive.binders.append(made["id"])
                self.archive.done["binder"] += 1

    async def change_binder(self) -> None:
        binder = self.draw.choice(self.archive.binders)
        if self.draw.random() < 0.15:
            await self.ask("DELETE", f"/binders/{binder}")
        await self.ask("PATCH", f"/binders/{binder}", {"name": self.draw.choice(NAMES)})
        if self.draw.random() < 0.3:
            for state in ("archived", "active"):
                await self.ask("PATCH", f"/binders/{binder}", {"state": state})
        self.archive.done["binder changed"] += 1

    async def make_folder(self) -> None:
        binder = self.draw.choice(self.archive.binders)
        parent = self.place()
        body = {
            "name": f"{self.draw.choice(NAMES)} {self.draw.randrange(9)}",
            "type": self.draw.choice(("documents", "drawings", "contracts")),
            "parentId": parent[1] if self.draw.random() < 0.5 and parent[0] == binder else None,
        }
        made = await self.ask("POST", f"/documents/drives/binders/{binder}/folders", body)
        if made is not None:
            self.archive.folders.append((binder, made["id"]))
            self.archive.done["folder"] += 1

    async def change_folder(self) -> None:
        binder, folder = self.place()
        inside = [other for there, other in self.archive.folders if there == binder]
        body: Json = self.draw.choice(
            (
                {"name": f"{self.draw.choice(NAMES)} {self.draw.randrange(9)}"},
                {"parentId": self.draw.choice(inside)},
                {"parentId": None},
                {"type": self.draw.choice(("documents", "drawings"))},
                {"isHidden": True},
                {"isHidden": False},
            )
        )
        done = await self.ask("PATCH", _folder_path(binder, folder), body)
        self.archive.done[f"folder {next(iter(body))}"] += done is not None

    async def delete_folder(self) -> None:
        binder, folder = self.place()
        if await self.ask("DELETE", _folder_path(binder, folder)) is not None:
            self.archive.folders.remove((binder, folder))
            self.archive.done["folder deleted"] += 1

    # ── Schemas ─────────────────────────────────────────────────────────────────────────────────

    async def make_element(self) -> None:
        key = self.draw.choice(CUSTOM)
        await self.add_element(self.draw.choice(self.archive.binders), key)

    async def add_element(self, binder: str, key: Key) -> None:
        body = {
            "metadataElementId": key.id,
            "label": key.id,
            "dataType": str(key.type),
            "isMultiValue": key.is_multi,
            "values": self.listed() if key in LISTED else [],
        }
        done = await self.ask("POST", f"/binders/{binder}/metadataelements", body)
        self.archive.done["element"] += done is not None

    async def change_element(self) -> None:
        binder = self.draw.choice(self.archive.binders)
        key = self.draw.choice((*CUSTOM, BUILDING, TAG))
        path = f"/binders/{binder}/metadataelements/{key.id}"
        if self.draw.random() < 0.3:
            done = await self.ask("DELETE", path)
        elif key in LISTED:
            done = await self.ask("PATCH", path, {"values": self.listed()})
        else:
            done = await self.ask("PATCH", path, {"label": self.draw.choice(NAMES)})
        self.archive.done["element changed"] += done is not None

    def listed(self) -> list[Json]:
        """A list of values in some order, each label at one of them, and one of them missing."""
        labels = self.draw.sample(sorted(LABELS.values()), len(LABELS))
        values = [
            {"valueId": value_id, "label": label}
            for value_id, label in zip(LABELS, labels, strict=True)
        ]
        return self.draw.sample(values, self.draw.choice((2, 3, 3)))

    # ── People ──────────────────────────────────────────────────────────────────────────────────

    async def let_in(self) -> None:
        kind, party = self.party()
        binder = self.draw.choice(self.archive.binders)
        role = self.draw.choice(("participant", "participant", "administrator"))
        path = f"/binders/{binder}/participants"
        body = {"participantId": party["id"], "kind": kind, "role": role}
        done = await self.ask("POST", path, body)
        if done is None:
            done = await self.ask("PATCH", f"{path}/{party['id']}", {"role": role})
        self.archive.done["participant"] += done is not None

    async def let_out(self) -> None:
        binder = self.draw.choice(self.archive.binders)
        done = await self.ask("DELETE", f"/binders/{binder}/participants/{self.party()[1]['id']}")
        self.archive.done["participant removed"] += done is not None

    async def show(self) -> None:
        """Choose the viewers of a folder, or the members of a group."""
        some = self.draw.sample(self.archive.members, self.draw.randrange(3))
        ids = [member["id"] for member in some]
        if self.draw.random() < 0.5:
            path = f"/groups/{self.draw.choice(self.archive.groups)['id']}"
            done = await self.ask("PATCH", path, {"memberIds": ids})
        else:
            group = self.draw.choice(self.archive.groups)["id"]
            body = {"memberIds": ids, "groupIds": [group] if self.draw.random() < 0.5 else []}
            done = await self.ask("PUT", f"{_folder_path(*self.place())}/viewers", body)
        self.archive.done["viewers"] += done is not None

    def party(self) -> tuple[str, Json]:
        if self.draw.random() < 0.3:
            return "group", self.draw.choice(self.archive.groups)
        return "member", self.draw.choice(self.archive.members)

    # ── Choices ─────────────────────────────────────────────────────────────────────────────────

    def place(self) -> tuple[str, str]:
        return self.draw.choice(self.archive.folders)

    def document(self) -> str:
        return self.draw.choice(self.archive.documents or self.archive.trashed)

    def name(self) -> str:
        return f"{self.draw.choice(NAMES)}-{self.draw.randrange(40)}.pdf"

    def values(self, *, few: bool = False) -> list[Json]:
        """Values of some keys; now and then one that is wrong, or that takes a key away."""
        keys = self.draw.sample(SETTABLE, 1 if few else self.draw.randint(1, 3))
        given: list[Json] = []
        for key in keys:
            if not few and self.draw.random() < 0.15:
                given.append({"metadataElementId": key.id, "value": None})
                continue
            times = self.draw.randint(1, 2) if key.is_multi else 1
            given += [{"metadataElementId": key.id} | self.value(key) for _ in range(times)]
        return given

    def value(self, key: Key) -> Json:
        match key.type:
            case DataType.ENUMERATED:
                return {"valueId": self.draw.choice(LISTS.get(key, tuple(LABELS)))}
            case DataType.NUMBER:
                return {"value": self.draw.choice(NUMBERS)}
            case DataType.DATE:
                return {"value": self.draw.choice(DATES)}
            case DataType.BOOLEAN:
                return {"value": self.draw.random() < 0.5}
            case DataType.TEXT:
                return {"value": self.draw.choice(TEXTS)}


def _folder_path(binder: str, folder: str) -> str:
    return f"/documents/drives/binders/{binder}/folders/{folder}"


Deed = Callable[[Scribe], Awaitable[None]]

DEEDS: Final[Mapping[Deed, int]] = {
    Scribe.upload: 4,
    Scribe.copy: 14,
    Scribe.describe: 16,
    Scribe.rename: 8,
    Scribe.move: 8,
    Scribe.delete: 3,
    Scribe.restore: 6,
    Scribe.change_many: 30,
    Scribe.make_binder: 1,
    Scribe.change_binder: 2,
    Scribe.make_folder: 3,
    Scribe.change_folder: 4,
    Scribe.delete_folder: 2,
    Scribe.make_element: 4,
    Scribe.change_element: 5,
    Scribe.let_in: 2,
    Scribe.let_out: 1,
    Scribe.show: 2,
}
"""What is done, and how often."""
