"""Drives the server and the model of it together, through HTTP, and compares what both say."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ringbinder.app import Parts
from ringbinder.features.audit.jobs import make_checkpoints
from ringbinder.features.audit.rules.verifying import verify
from ringbinder.features.changes.jobs import forget_old_changes
from ringbinder.features.documents.jobs import purge_trash
from ringbinder.features.idempotency.jobs import sweep_keys
from ringbinder.features.uploads.jobs import sweep
from ringbinder.kit.clock import FixedClock
from tests.factories.content import Json, local, sha256
from tests.support.library_model import (
    UPLOAD_LIFETIME,
    Binder,
    Document,
    Folder,
    Organisation,
    Refusals,
    Upload,
)
from tests.support.world import Caller, Tenant, World

Found = TypeVar("Found")

NAMES = ("Plan.pdf", "PLAN.PDF", "Plan (2).pdf", "Åsa.dwg", "A\u030asa.dwg", "Straße", "STRASSE")
CONTENTS = (b"", b"a", b"b", b"cc", b"dd")
STATUSES = ("Bygghandling", "Relationshandling")
BEHAVIORS = ("newVersion", "newVersion", "rename", "fail")
STEPS_OF_TIME = (
    timedelta(minutes=1),
    timedelta(hours=23),
    timedelta(hours=26),
    timedelta(days=16),
    timedelta(days=60),
)
KEY_KEPT, KEY_REMEMBERED = timedelta(hours=48), timedelta(days=90)
NOBODY = "0192f0c1-7e5a-7c3e-9d2b-0a1b2c3d4e5f"
NO_BINDER = "AAAAAAAA1"

indexes = st.integers(0, 15)
SELDOM = (7, 15)
names = st.sampled_from(NAMES)


@dataclass
class Stage:
    """What lasts longer than one run of the machine."""

    runner: asyncio.Runner
    world: World
    clock: FixedClock
    runs: int = 0
    steps: int = 0
    requests: int = 0
    refusals: dict[str, int] = field(default_factory=dict)


@dataclass
class Sent:
    """A request under an Idempotency-Key, and what it was answered."""

    method: str
    path: str
    body: Json | None
    key: str
    at: datetime
    status: int
    content: bytes


@dataclass
class Side:
    """An organisation as the server has it, as the model has it, and what its reader has seen."""

    tenant: Tenant
    model: Organisation
    cursor: str = ""
    seen: int = 0
    events_before: int = 0
    ever: dict[str, list[str]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    @property
    def admin(self) -> Caller:
        return self.tenant.admin

    def remember(self, kind: str, one: str) -> None:
        self.ever.setdefault(kind, []).append(one)

    def pick(self, kind: str, index: int, otherwise: str = NOBODY) -> str:
        """Choose what is there, mostly; now and then anything that was ever made."""
        ever = self.ever.get(kind, [])
        there = [one for one in ever if self.model.has(one)]
        known = there if there and index not in SELDOM else ever
        return known[-1 - index % len(known)] if known else otherwise

    def pick_trashed(self, index: int) -> str:
        """Choose what is in the trash, mostly."""
        trash = [document.id for document in self.model.trash()]
        if trash and index not in SELDOM:
            return trash[-1 - index % len(trash)]
        return self.pick("document", index)


class LibraryMachine(RuleBasedStateMachine):
    """Two organisations on one server; ``stage`` is set by whoever runs it."""

    stage: Stage

    # ── The way to the server ───────────────────────────────────────────────────────────────────

    def run(self, work: Coroutine[Any, Any, Found]) -> Found:
        self.stage.requests += 1
        return self.stage.runner.run(work)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.run(self.side.admin.request(method, path, **options))

    def change(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        refusals: Refusals,
        status: int = 200,
    ) -> Json | None:
        """Send a change under a key; give what was answered, or None where it had to be refused."""
        key = str(uuid4())
        options: dict[str, Any] = {"headers": {"idempotency-key": key}}
        if body is not None:
            options["json"] = body
        answer = self.ask(method, path, **options)
        asked = (method, path, body)
        if refusals:
            self.expect_refusal(answer, refusals, asked)
            return None
        assert answer.status_code == status, (asked, answer.text)
        at = self.side.model.now
        self.side.sent.append(Sent(method, path, body, key, at, status, answer.content))
        found: Json = answer.json()
        return found

    def expect_refusal(self, answer: httpx.Response, refusals: Refusals, asked: object) -> None:
        assert answer.status_code in {404, 409}, (asked, refusals, answer.text)
        code = answer.json()["code"]
        assert code in refusals, (asked, refusals, answer.text)
        assert (answer.status_code == 404) == code.endswith("not_found"), answer.text
        self.stage.refusals[code] = self.stage.refusals.get(code, 0) + 1

    # ── Beginning and end ───────────────────────────────────────────────────────────────────────

    @initialize()
    def begin(self) -> None:
        self.stage.runs += 1
        self.sides = [self.new_side(), self.new_side()]
        for side in self.sides:
            self.side = side
            self.create_binder("Kastanjen 4")
            self.create_folder(0, 7, "Ritningar", is_tab=True)
            self.create_folder(0, 0, "Detaljer", is_tab=False)

    def new_side(self) -> Side:
        tenant = self.run(self.stage.world.new_tenant())
        side = Side(tenant, Organisation(self.stage.clock.now()))
        page = self.run(tenant.admin.get("/changes?startAt=now")).json()
        side.cursor = page["nextCursor"]
        side.events_before = len(self.audit_of(side))
        return side

    def teardown(self) -> None:
        for side in getattr(self, "sides", []):
            self.side = side
            self.compare_all()

    # ── Where ───────────────────────────────────────────────────────────────────────────────────

    @rule()
    def change_sides(self) -> None:
        self.side = next(side for side in self.sides if side is not self.side)

    # ── Binders ─────────────────────────────────────────────────────────────────────────────────

    @rule(name=st.sampled_from(("Kastanjen 4", "Linden 1")))
    def create_binder(self, name: str) -> None:
        made = self.change(
            "POST", "/binders", {"name": name, "type": "project"}, refusals=set(), status=201
        )
        assert made is not None
        binder = Binder(made["id"], name)
        self.side.model.binders[binder.id] = binder
        self.side.remember("binder", binder.id)
        self.side.model.record_binder("created", binder)

    @rule(index=indexes, name=st.sampled_from(("Kastanjen 4", "Linden 1")))
    def rename_binder(self, index: int, name: str) -> None:
        model, binder_id = self.side.model, self.side.pick("binder", index, NO_BINDER)
        binder = model.binders.get(binder_id)
        refusals = model.binder_refusals(binder_id)
        if binder is not None and binder.name == name:
            refusals = set()
        if self.change("PATCH", f"/binders/{binder_id}", {"name": name}, refusals=refusals):
            assert binder is not None
            if binder.name != name:
                binder.name = name
                model.record_binder("updated", binder)

    @rule(index=indexes, state=st.sampled_from(("archived", "active", "active")))
    def archive_or_reopen(self, index: int, state: str) -> None:
        model, binder_id = self.side.model, self.side.pick("binder", index, NO_BINDER)
        refusals = model.binder_refusals(binder_id) - {"binder.archived"}
        if self.change("PATCH", f"/binders/{binder_id}", {"state": state}, refusals=refusals):
            binder = model.binders[binder_id]
            if binder.is_archived != (state == "archived"):
                binder.is_archived = state == "archived"
                model.record_binder("archived" if binder.is_archived else "reopened", binder)

    @rule(index=indexes)
    def delete_binder(self, index: int) -> None:
        self.delete_one_binder(self.side.pick("binder", index, NO_BINDER))

    def delete_one_binder(self, binder_id: str) -> None:
        model = self.side.model
        refusals = model.binder_refusals(binder_id)
        if any(folder.binder_id == binder_id for folder in model.folders.values()):
            refusals |= {"binder.not_empty"}
        if self.change("DELETE", f"/binders/{binder_id}", refusals=refusals):
            model.record_binder("deleted", model.binders.pop(binder_id))

    @rule(index=indexes)
    def empty_and_delete_binder(self, index: int) -> None:
        """What is in it goes into the trash, and may be asked for when its binder is gone."""
        model, binder_id = self.side.model, self.side.pick("binder", index, NO_BINDER)
        if model.binder_refusals(binder_id):
            return
        for document in list(model.documents.values()):
            if document.binder_id == binder_id and document.deleted_at is None:
                self.delete_one(document.id)
        folders = [f for f in model.folders.values() if f.binder_id == binder_id]
        while folders:
            leaf = next(f for f in folders if not model.children(binder_id, f.id))
            folders.remove(leaf)
            self.delete_one_folder(leaf)
        self.delete_one_binder(binder_id)

    # ── Folders ─────────────────────────────────────────────────────────────────────────────────

    @rule(
        index=indexes,
        parent=indexes,
        name=st.sampled_from(("Ritningar", "RITNINGAR", "Detaljer")),
        is_tab=st.booleans(),
    )
    def create_folder(self, index: int, parent: int, name: str, *, is_tab: bool) -> None:
        model, binder_id = self.side.model, self.side.pick("binder", index, NO_BINDER)
        parent_id = None if is_tab else self.side.pick("folder", parent)
        made = self.change(
            "POST",
            f"/documents/drives/binders/{binder_id}/folders",
            {"name": name, "type": "documents", "parentId": parent_id},
            refusals=model.folder_refusals(binder_id, parent_id, name),
            status=201,
        )
        if made:
            folder = Folder(made["id"], binder_id, parent_id, name, made["position"])
            model.folders[folder.id] = folder
            self.side.remember("folder", folder.id)
            model.record_folder("created", folder)

    @rule(
        index=indexes,
        parent=indexes,
        name=st.sampled_from(("Ritningar", "RITNINGAR", "Detaljer")),
        is_tab=st.booleans(),
    )
    def move_folder(self, index: int, parent: int, name: str, *, is_tab: bool) -> None:
        model, folder = self.side.model, self.some_folder(index)
        if folder is None:
            return
        parent_id = None if is_tab else self.side.pick("folder", parent)
        path = f"/documents/drives/binders/{folder.binder_id}/folders/{folder.id}"
        body = {"name": name, "parentId": parent_id}
        refusals = model.folder_refusals(folder.binder_id, parent_id, name, of=folder)
        made = self.change("PATCH", path, body, refusals=refusals)
        if made:
            was = (folder.name, folder.position)
            moved = folder.parent_id != parent_id
            folder.parent_id, folder.name, folder.position = parent_id, name, made["position"]
            if moved:
                model.record_folder("moved", folder)
            if was != (folder.name, folder.position):
                model.record_folder("updated", folder)

    @rule(index=indexes)
    def delete_folder(self, index: int) -> None:
        folder = self.some_folder(index)
        if folder is not None:
            self.delete_one_folder(folder)

    def delete_one_folder(self, folder: Folder) -> None:
        model = self.side.model
        path = f"/documents/drives/binders/{folder.binder_id}/folders/{folder.id}"
        refusals = model.folder_deletion_refusals(folder)
        if self.change("DELETE", path, refusals=refusals):
            model.record_folder("deleted", model.folders.pop(folder.id))

    def some_folder(self, index: int) -> Folder | None:
        return self.side.model.folders.get(self.side.pick("folder", index))

    # ── Uploads ─────────────────────────────────────────────────────────────────────────────────

    @rule(
        place=indexes,
        name=names,
        content=st.sampled_from(CONTENTS),
        behavior=st.sampled_from(BEHAVIORS),
        document=st.none() | indexes,
    )
    def begin_upload(
        self, place: int, name: str, content: bytes, behavior: str, document: int | None
    ) -> None:
        model, folder_id = self.side.model, self.side.pick("folder", place)
        folder = model.folders.get(folder_id)
        binder_id = folder.binder_id if folder else self.side.pick("binder", place, NO_BINDER)
        document_id = None if document is None else self.side.pick("document", document)
        made = self.change(
            "POST",
            "/documents/uploads",
            {
                "binderId": binder_id,
                "folderId": folder_id,
                "fileName": name,
                "size": len(content),
                "sha256": sha256(content),
                "documentId": document_id,
                "conflictBehavior": behavior,
            },
            refusals=model.upload_refusals(binder_id, folder_id, name, document_id, behavior),
            status=201,
        )
        if made:
            upload = Upload(
                id=made["uploadId"],
                folder_id=folder_id,
                file_name=name,
                content=content,
                document_id=document_id,
                behavior=behavior,
                expires_at=model.now + UPLOAD_LIFETIME,
            )
            model.uploads[upload.id] = upload
            self.side.remember("upload", upload.id)
            model.record("upload:created", upload.id, binder_id=binder_id, folder_id=folder_id)

    @rule(
        place=indexes,
        name=names,
        content=st.sampled_from(CONTENTS),
        behavior=st.sampled_from(BEHAVIORS),
    )
    def upload_a_document(self, place: int, name: str, content: bytes, behavior: str) -> None:
        before = len(self.side.model.uploads)
        self.begin_upload(place, name, content, behavior, None)
        if len(self.side.model.uploads) > before:
            self.send_bytes(0, None)
            self.commit(0)

    @precondition(lambda self: self.side.model.uploads)
    @rule(index=indexes, content=st.none() | st.sampled_from(CONTENTS))
    def send_bytes(self, index: int, content: bytes | None) -> None:
        upload = self.some_upload(index)
        given = upload.content if content is None else content
        told = self.ask("GET", f"/documents/uploads/{upload.id}").json()
        state = upload.state_at(self.side.model.now)
        assert told["state"] == state
        if state not in {"open", "received"}:
            assert told["uploadUrl"] is None
            return
        answer = self.run(self.side.admin.http.put(local(told["uploadUrl"]), content=given))
        if len(given) != len(upload.content):
            assert answer.json()["code"] == "upload.wrong_size"
            return
        assert answer.status_code == 200, answer.text
        upload.received = given

    @precondition(lambda self: self.side.model.uploads)
    @rule(index=indexes)
    def commit(self, index: int) -> None:
        upload = self.some_upload(index)
        refusals = self.side.model.commit_refusals(upload)
        answer = self.ask("POST", f"/documents/uploads/{upload.id}/commit")
        if refusals:
            self.expect_refusal(answer, refusals, upload)
            return
        assert answer.status_code == 201, (upload, answer.text)
        self.apply_commit(upload, answer.content, answer.json())

    @precondition(lambda self: self.side.model.uploads)
    @rule(chosen=st.lists(indexes, min_size=1, max_size=4), atomic=st.booleans())
    def commit_several(self, chosen: Sequence[int], *, atomic: bool) -> None:
        uploads = {upload.id: upload for upload in map(self.some_upload, chosen)}
        body = {"uploadIds": list(uploads), "atomic": atomic}
        answer = self.ask("POST", "/documents/uploads/batch/commit", json=body)
        results = answer.json()["results"]
        assert [result["uploadId"] for result in results] == list(uploads)
        before = deepcopy(self.side.model)
        for upload, result in zip(uploads.values(), results, strict=True):
            refusals = self.side.model.commit_refusals(upload)
            if result.get("code"):
                assert result["code"] in refusals, (upload, result)
            else:
                assert not refusals, (upload, result)
                if result["status"] == "would_commit":
                    self.try_commit(upload)
                else:
                    done = {"document": result["document"], "version": result["version"]}
                    self.apply_commit(upload, None, done)
        refused = any(result.get("code") for result in results)
        assert answer.status_code == (409 if atomic and refused else 200)
        if answer.status_code == 409:
            self.side.model = before

    def try_commit(self, upload: Upload) -> None:
        """Let the model go on as if the upload had been committed, under ids that nobody gave."""
        model = self.side.model
        target, name = model.target_of(
            upload.folder_id, upload.file_name, upload.document_id, upload.behavior
        )
        model.put_content(
            target,
            document_id=str(uuid4()) if target is None else target.id,
            version_id=str(uuid4()),
            folder_id=upload.folder_id,
            name=name,
            content=upload.content,
        )

    def apply_commit(self, upload: Upload, content: bytes | None, answer: Json) -> None:
        """Make the upload a version in the model, or see that a repetition is the same."""
        if upload.answer is not None:
            assert content in {None, upload.answer}
            first = httpx.Response(200, content=upload.answer).json()
            assert answer == first
            return
        model = self.side.model
        target, name = model.target_of(
            upload.folder_id, upload.file_name, upload.document_id, upload.behavior
        )
        document, version = answer["document"], answer["version"]
        self.expect_target(target, document)
        made = model.put_content(
            target,
            document_id=document["id"],
            version_id=version["id"],
            folder_id=upload.folder_id,
            name=name,
            content=upload.content,
        )
        if target is None:
            self.side.remember("document", made.id)
        assert version["number"] == made.latest.number
        assert version["sha256"] == made.latest.sha256
        self.expect_same(made, document)
        upload.answer = content or self.commit_again(upload)

    def expect_target(self, target: Document | None, answer: Json) -> None:
        if target is None:
            assert answer["id"] not in self.side.ever.get("document", ())
        else:
            assert answer["id"] == target.id

    def commit_again(self, upload: Upload) -> bytes:
        answer = self.ask("POST", f"/documents/uploads/{upload.id}/commit")
        assert answer.status_code == 201
        return answer.content

    @precondition(lambda self: self.side.model.uploads)
    @rule(index=indexes)
    def abort(self, index: int) -> None:
        model, upload = self.side.model, self.some_upload(index)
        state = upload.state_at(model.now)
        refusals = {"upload.committed"} if state == "committed" else set()
        done = self.change("DELETE", f"/documents/uploads/{upload.id}", refusals=refusals)
        if done and state in {"open", "received"}:
            upload.is_aborted = True
            model.record("upload:aborted", upload.id)

    def some_upload(self, index: int) -> Upload:
        return self.side.model.uploads[self.side.pick("upload", index)]

    # ── Documents ───────────────────────────────────────────────────────────────────────────────

    @rule(
        index=indexes,
        place=st.none() | indexes,
        name=st.none() | names,
        status=st.none() | st.sampled_from(STATUSES),
    )
    def update_document(
        self, index: int, place: int | None, name: str | None, status: str | None
    ) -> None:
        model, document_id = self.side.model, self.side.pick("document", index)
        document = model.live(document_id)
        folder_id = None if place is None else self.side.pick("folder", place)
        body: Json = {}
        if folder_id is not None:
            body["folderId"] = folder_id
        if name is not None:
            body["fileName"] = name
        if status is not None:
            body["metadata"] = [{"metadataElementId": "GLOBAL_Status", "valueId": status}]
        to = folder_id or (document.folder_id if document else NOBODY)
        called = name or (document.name if document else "")
        refusals = model.update_refusals(document_id, to, called)
        answer = self.change("PATCH", f"/documents/{document_id}", body, refusals=refusals)
        if answer:
            model.update(document_id, to, called, status)
            self.expect_same(model.documents[document_id], answer)

    @precondition(lambda self: self.side.model.documents)
    @rule(index=indexes, name=names)
    def update_what_has_changed(self, index: int, name: str) -> None:
        """A client that has read an older state is refused, and learns nothing new by it."""
        model, document_id = self.side.model, self.side.pick("document", index)
        document = model.live(document_id)
        if document is None or model.binder_refusals(document.binder_id):
            return
        path = f"/documents/{document_id}"
        etag = self.ask("GET", path).headers["etag"]
        unchanged = self.ask("GET", path, headers={"if-none-match": etag})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        refusals = model.update_refusals(document_id, document.folder_id, name)
        options = {"json": {"fileName": name}, "headers": {"if-match": etag}}
        first = self.ask("PATCH", path, **options)
        if refusals:
            self.expect_refusal(first, refusals, path)
            return
        assert first.status_code == 200
        if model.update(document_id, document.folder_id, name, None):
            assert first.headers["etag"] != etag
            for method in ("PATCH", "DELETE"):
                assert self.ask(method, path, **options).status_code == 412

    @rule(index=indexes)
    def delete_document(self, index: int) -> None:
        self.delete_one(self.side.pick("document", index))

    def delete_one(self, document_id: str) -> None:
        model = self.side.model
        refusals = model.deletion_refusals(document_id)
        if self.change("DELETE", f"/documents/{document_id}", refusals=refusals):
            model.delete(document_id)

    @rule(index=indexes, place=st.none() | indexes, name=st.none() | names)
    def restore_document(self, index: int, place: int | None, name: str | None) -> None:
        model, document_id = self.side.model, self.side.pick_trashed(index)
        folder_id = None if place is None else self.side.pick("folder", place)
        answer = self.change(
            "POST",
            f"/documents/{document_id}/restore",
            {"folderId": folder_id, "fileName": name},
            refusals=model.restoration_refusals(document_id, folder_id, name),
        )
        if answer:
            model.restore(document_id, folder_id, name)
            self.expect_same(model.documents[document_id], answer)

    @rule(index=indexes, place=indexes, name=st.none() | names, behavior=st.sampled_from(BEHAVIORS))
    def copy_document(self, index: int, place: int, name: str | None, behavior: str) -> None:
        model, document_id = self.side.model, self.side.pick("document", index)
        folder_id = self.side.pick("folder", place)
        answer = self.change(
            "POST",
            f"/documents/{document_id}/copy",
            {"folderId": folder_id, "fileName": name, "conflictBehavior": behavior},
            refusals=model.copy_refusals(document_id, folder_id, name, behavior),
            status=201,
        )
        if not answer:
            return
        source = deepcopy(model.documents[document_id])
        target, called = model.target_of(folder_id, name or source.name, None, behavior)
        self.expect_target(target, answer["document"])
        made = model.put_content(
            target,
            document_id=answer["document"]["id"],
            version_id=answer["version"]["id"],
            folder_id=folder_id,
            name=called,
            content=source.latest.content,
            action="copied",
        )
        made.status = source.status or made.status
        if target is None:
            self.side.remember("document", made.id)
        self.expect_same(made, answer["document"])

    @rule(
        action=st.sampled_from(("move", "metadata", "delete", "restore")),
        chosen=st.lists(indexes, min_size=1, max_size=5),
        place=indexes,
        goes_elsewhere=st.booleans(),
        status=st.sampled_from(STATUSES),
        how=st.sampled_from(("each", "each", "atomic", "dryRun")),
    )
    def change_several(
        self,
        action: str,
        chosen: Sequence[int],
        place: int,
        status: str,
        how: str,
        *,
        goes_elsewhere: bool,
    ) -> None:
        model = self.side.model
        pick = (
            self.side.pick_trashed if action == "restore" else partial(self.side.pick, "document")
        )
        ids = list(dict.fromkeys(map(pick, chosen)))
        body: Json = {"action": action, "documentIds": ids}
        folder_id: str | None = None
        if action == "move" or (action == "restore" and goes_elsewhere):
            folder_id = body["folderId"] = self.side.pick("folder", place)
        if action == "metadata":
            body["metadata"] = [{"metadataElementId": "GLOBAL_Status", "valueId": status}]
        if how != "each":
            body[how] = True
        answer = self.ask("POST", "/documents/bulk", json=body)
        if folder_id is not None:
            folder = model.folders.get(folder_id)
            refusals = model.binder_refusals(folder.binder_id) if folder else {"folder.not_found"}
            if refusals:
                self.expect_refusal(answer, refusals, body)
                return
        tried = deepcopy(model)
        expected = [self.try_one(tried, action, one, folder_id, status) for one in ids]
        is_refused = any(isinstance(each, set) for each in expected)
        assert answer.status_code == (409 if how == "atomic" and is_refused else 200), answer.text
        writes = answer.status_code == 200 and how != "dryRun"
        for one, told, result in zip(ids, expected, answer.json()["results"], strict=True):
            assert result["documentId"] == one
            if isinstance(told, set):
                assert result["status"] == "refused"
                assert result["code"] in told, (body, told, result)
            elif told:
                assert result["status"] == ("done" if writes else "would_change"), (body, result)
            else:
                assert result["status"] == "unchanged", (body, result)
        if writes:
            self.side.model = tried

    def try_one(
        self, model: Organisation, action: str, one: str, folder_id: str | None, status: str
    ) -> Refusals | bool:
        """Do it in a model; give why it is refused, or whether it changes anything."""
        document = model.live(one)
        here, called = (document.folder_id, document.name) if document else (NOBODY, "")
        match action:
            case "move" | "metadata":
                to = folder_id or here
                refusals = model.update_refusals(one, to, called)
                given = status if action == "metadata" else None
                return refusals or model.update(one, to, called, given)
            case "delete":
                if refusals := model.deletion_refusals(one):
                    return refusals
                model.delete(one)
            case _:
                if refusals := model.restoration_refusals(one, folder_id):
                    return refusals
                model.restore(one, folder_id)
        return True

    # ── Retries, strangers, time ────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.side.sent)
    @rule(index=indexes)
    def send_again(self, index: int) -> None:
        """The same request under its key has no second effect, whatever happened since."""
        sent = self.side.sent[-1 - index % len(self.side.sent)]
        age = self.side.model.now - sent.at
        if age >= KEY_REMEMBERED:
            return
        options: dict[str, Any] = {"headers": {"idempotency-key": sent.key}}
        if sent.body is not None:
            options["json"] = sent.body
        answer = self.ask(sent.method, sent.path, **options)
        if age >= KEY_KEPT:
            assert answer.json()["code"] == "idempotency.key_expired"
        else:
            assert (answer.status_code, answer.content) == (sent.status, sent.content)
            assert answer.headers["idempotency-replayed"] == "true"
        other = self.ask(
            "POST",
            "/binders",
            json={"name": "X", "type": "tender"},
            headers={"idempotency-key": sent.key},
        )
        assert other.status_code == 409

    @rule(index=indexes, place=indexes)
    def reach_across(self, index: int, place: int) -> None:
        """What the other organisation owns does not exist."""
        other = next(side for side in self.sides if side is not self.side)
        document, upload = other.pick("document", index), other.pick("upload", index)
        folder, binder = other.pick("folder", place), other.pick("binder", place, NO_BINDER)
        own = self.side.pick("document", index)
        for method, path, body in (
            ("GET", f"/documents/{document}", None),
            ("DELETE", f"/documents/{document}", None),
            ("POST", f"/documents/{document}/restore", None),
            ("POST", f"/documents/uploads/{upload}/commit", None),
            ("POST", f"/documents/{document}/copy", {"folderId": folder}),
            ("PATCH", f"/documents/{own}", {"folderId": folder}),
            ("GET", f"/binders/{binder}/digest", None),
            ("DELETE", f"/documents/drives/binders/{binder}/folders/{folder}", None),
        ):
            answer = self.ask(method, path, **({} if body is None else {"json": body}))
            assert answer.status_code == 404, (method, path, answer.text)

    @rule(step=st.sampled_from(STEPS_OF_TIME))
    def let_time_pass(self, step: timedelta) -> None:
        self.stage.clock.advance(step)
        parts = self.stage.world.parts
        self.run(_run_jobs(parts))
        for side in self.sides:
            side.model.now = self.stage.clock.now()
            side.model.purge()

    # ── Comparing ───────────────────────────────────────────────────────────────────────────────

    @invariant()
    def the_feed_tells_all(self) -> None:
        self.stage.steps += 1
        for side in getattr(self, "sides", []):
            expected = side.model.feed()[side.seen :]
            page = self.run(side.admin.get(f"/changes?limit=1000&cursor={side.cursor}")).json()
            told = [_told(item) for item in page["items"]]
            assert told == [_expected(number, event) for number, event in expected]
            side.seen += len(expected)
            side.cursor = page["nextCursor"]

    @rule()
    def compare_all(self) -> None:
        """Everything that the server tells is what the model knows."""
        self.compare_feed()
        self.compare_documents()
        self.compare_places()
        self.compare_uploads()
        self.compare_audit()

    def compare_feed(self) -> None:
        kept = self.side.model.feed()
        page = self.ask("GET", "/changes?limit=1000").json()
        first = page["items"][0]["sequence"]
        assert [_told(item) for item in page["items"]] == [
            _expected(number, event) for number, event in kept if number >= first
        ]
        assert first <= self.side.model.kept_feed()[0][0]

    def compare_places(self) -> None:
        model = self.side.model
        told = {binder["id"]: binder for binder in self.ask("GET", "/binders").json()}
        assert told.keys() == model.binders.keys()
        for binder in model.binders.values():
            state = "archived" if binder.is_archived else "active"
            assert (told[binder.id]["name"], told[binder.id]["state"]) == (binder.name, state)
            assert set(self.walk(binder.id, None)) == {
                (folder.id, folder.parent_id, folder.name)
                for folder in model.folders.values()
                if folder.binder_id == binder.id
            }
            digest = self.ask("GET", f"/binders/{binder.id}/digest").json()
            assert model.digest(binder.id) == (
                digest["documentCount"],
                digest["versionCount"],
                digest["digest"],
            )

    def walk(self, binder_id: str, parent_id: str | None) -> Iterator[tuple[str, str | None, str]]:
        below = "" if parent_id is None else f"/folders/{parent_id}"
        answer = self.ask("GET", f"/documents/drives/binders/{binder_id}{below}").json()
        for folder in answer:
            yield folder["id"], folder["parentId"], folder["name"]
            yield from self.walk(binder_id, folder["id"])

    def compare_documents(self) -> None:
        model = self.side.model
        for document_id in self.side.ever.get("document", []):
            document = model.documents.get(document_id)
            answer = self.ask("GET", f"/documents/{document_id}")
            if document is None or document.deleted_at:
                assert answer.status_code == 404
                continue
            self.expect_same(document, answer.json())
            versions = self.ask("GET", f"/documents/{document_id}/versions").json()
            assert [(v["id"], v["number"], v["fileName"], v["sha256"]) for v in versions] == [
                (v.id, v.number, v.file_name, v.sha256) for v in reversed(document.versions)
            ]
            assert versions[0]["status"] == document.status
        for folder in model.folders.values():
            path = f"/documents/drives/binders/{folder.binder_id}/folders/{folder.id}/documents"
            assert self.listed("GET", path) == {d.id for d in model.documents_in(folder.id)}
        assert self.listed("GET", "/documents/trash") == {d.id for d in model.trash()}
        live = [d for d in model.documents.values() if not d.deleted_at]
        assert self.listed("POST", "/documents", {}) == {d.id for d in live}
        for status in STATUSES:
            filters = [{"metadataElementId": "GLOBAL_Status", "valueId": status}]
            found = self.listed("POST", "/documents", {"MetadataFilters": filters})
            assert found == {d.id for d in live if d.status == status}

    def listed(self, method: str, path: str, body: Json | None = None) -> set[str]:
        """Give the ids that a listing has, page by page."""
        found: list[str] = []
        number = 1
        while True:
            options = {"params": {"pageSize": 7, "pageNumber": number}}
            page = self.ask(method, path, **options, **({} if body is None else {"json": body}))
            items = page.json()["items"]
            found += [item["id"] for item in items]
            if len(items) < 7:
                assert page.json()["totalCount"] == len(found) == len(set(found))
                return set(found)
            number += 1

    def compare_uploads(self) -> None:
        model = self.side.model
        for upload in model.uploads.values():
            told = self.ask("GET", f"/documents/uploads/{upload.id}").json()
            assert told["state"] == upload.state_at(model.now)
            if upload.answer is not None:
                assert self.commit_again(upload) == upload.answer

    def compare_audit(self) -> None:
        told = self.audit_of(self.side)[self.side.events_before :]
        assert told == [(event.action, event.object_id) for event in self.side.model.events]
        export = self.ask("GET", "/audit/events/export").content
        report = verify(export.splitlines(keepends=True))
        assert report.problem is None, report.problem

    def audit_of(self, side: Side) -> list[tuple[str, str]]:
        """Give action, source aside, and object of every event."""
        found: list[tuple[str, str]] = []
        cursor = ""
        while True:
            path = f"/audit/events/search?pageSize=500{cursor}"
            page = self.run(side.admin.post(path, json={"direction": "asc"})).json()
            found += [
                (item["action"].partition(":")[2], item["object"]["id"]) for item in page["items"]
            ]
            if page["nextCursor"] is None:
                return found
            cursor = f"&cursor={page['nextCursor']}"

    def expect_same(self, document: Document, answer: Mapping[str, Any]) -> None:
        status = [
            value["valueId"]
            for value in answer["metadata"]
            if value["metadataElementId"] == "GLOBAL_Status"
        ]
        assert answer["id"] == document.id
        assert answer["fileName"] == document.name
        assert answer["folderId"] == document.folder_id
        assert answer["binderId"] == document.binder_id
        assert answer["latestVersionId"] == document.latest.id
        assert status == ([] if document.status is None else [document.status])
        assert (answer["deletedAt"] is None) == (document.deleted_at is None)


async def _run_jobs(parts: Parts) -> None:
    """Do what the server does in the background."""
    await sweep_keys(parts.idempotency)
    await purge_trash(parts.database, parts.trash)
    await sweep(parts.uploads, parts.sweeper)
    await forget_old_changes(parts.database, parts.feed)
    await make_checkpoints(parts.checkpoints)


def _told(item: Json) -> tuple[object, ...]:
    return (
        item["sequence"],
        item["type"],
        item["objectId"],
        item["binderId"],
        item["folderId"],
        item["versionId"],
    )


def _expected(number: int, event: Any) -> tuple[object, ...]:
    return (
        number,
        event.action.replace(":", ".", 1),
        event.object_id,
        event.binder_id,
        event.folder_id,
        event.version_id,
    )
