"""What the server should do, said once more: an organisation in a few dictionaries."""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

UPLOAD_LIFETIME = timedelta(hours=24)
TRASH_KEPT = timedelta(days=30)
CHANGES_KEPT = timedelta(days=180)
IN_FEED = ("binder", "folder", "document")

Refusals = set[str]
"""The codes of which the server must answer one; none means that it must do what was asked."""


@dataclass
class Binder:
    """A binder; a deleted one is in no dictionary."""

    id: str
    name: str
    is_archived: bool = False


@dataclass
class Folder:
    """A folder; a deleted one is in no dictionary."""

    id: str
    binder_id: str
    parent_id: str | None
    name: str
    position: int


@dataclass(frozen=True)
class Version:
    """What was committed or copied."""

    id: str
    number: int
    file_name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Document:
    """A document, in the trash or not; a purged one is in no dictionary."""

    id: str
    binder_id: str
    folder_id: str
    name: str
    status: str | None = None
    versions: list[Version] = field(default_factory=list)
    deleted_at: datetime | None = None

    @property
    def latest(self) -> Version:
        return self.versions[-1]


@dataclass
class Upload:
    """A session between create and commit."""

    id: str
    folder_id: str
    file_name: str
    content: bytes
    document_id: str | None
    behavior: str
    expires_at: datetime
    received: bytes | None = None
    is_aborted: bool = False
    answer: bytes | None = None

    def state_at(self, now: datetime) -> str:
        if self.answer is not None:
            return "committed"
        if self.is_aborted:
            return "aborted"
        if now >= self.expires_at:
            return "expired"
        return "open" if self.received is None else "received"


@dataclass(frozen=True)
class Event:
    """What must stand in the audit trail, and in the feed where clients can see it."""

    action: str
    object_id: str
    at: datetime
    binder_id: str | None = None
    folder_id: str | None = None
    version_id: str | None = None

    @property
    def is_in_feed(self) -> bool:
        return self.action.partition(":")[0] in IN_FEED


def same(name: str) -> str:
    """Give one text for all names that count as the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@dataclass
class Organisation:
    """One organisation as it should be."""

    now: datetime
    binders: dict[str, Binder] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    # ── What is ─────────────────────────────────────────────────────────────────────────────────

    def known(self, document_id: str) -> Document | None:
        """Give a document, in the trash or not; with a binder went all that was in its trash."""
        found = self.documents.get(document_id)
        return found if found is not None and found.binder_id in self.binders else None

    def live(self, document_id: str) -> Document | None:
        found = self.known(document_id)
        return found if found is not None and found.deleted_at is None else None

    def has(self, one: str) -> bool:
        """Tell whether something is there for all to see."""
        places = (self.binders, self.folders, self.uploads)
        return any(one in each for each in places) or self.live(one) is not None

    def named(self, folder_id: str, name: str) -> Document | None:
        """Give the live document of a folder that has this name."""
        for document in self.documents.values():
            is_here = document.folder_id == folder_id and document.deleted_at is None
            if is_here and same(document.name) == same(name):
                return document
        return None

    def free_name(self, folder_id: str, name: str) -> str:
        stem, dot, extension = name.partition(".")
        numbered = (f"{stem} ({number}){dot}{extension}" for number in count(2))
        return next(each for each in [name, *_some(numbered)] if not self.named(folder_id, each))

    def children(self, binder_id: str, parent_id: str | None) -> list[Folder]:
        return [
            folder
            for folder in self.folders.values()
            if (folder.binder_id, folder.parent_id) == (binder_id, parent_id)
        ]

    def documents_in(self, folder_id: str) -> list[Document]:
        return [d for d in self.documents.values() if d.folder_id == folder_id and not d.deleted_at]

    def trash(self) -> list[Document]:
        return [d for d in self.documents.values() if d.deleted_at and self.known(d.id)]

    def digest(self, binder_id: str) -> tuple[int, int, str]:
        """Count documents and versions and compute the digest, as the documentation says."""
        lines = sorted(
            (d.id, v.number, f"{d.id}\t{d.folder_id}\t{d.name}\t{v.number}\t{v.id}\t{v.sha256}\n")
            for d in self.documents.values()
            if d.binder_id == binder_id and not d.deleted_at
            for v in d.versions
        )
        text = "".join(line for _, _, line in lines)
        return (
            len({document_id for document_id, _, _ in lines}),
            len(lines),
            hashlib.sha256(text.encode()).hexdigest(),
        )

    # ── What would be refused ───────────────────────────────────────────────────────────────────

    def binder_refusals(self, binder_id: str) -> Refusals:
        if binder_id not in self.binders:
            return {"binder.not_found"}
        return {"binder.archived"} if self.binders[binder_id].is_archived else set()

    def _place_refusals(self, folder_id: str) -> Refusals:
        folder = self.folders.get(folder_id)
        return {"folder.not_found"} if folder is None else self.binder_refusals(folder.binder_id)

    def folder_refusals(
        self, binder_id: str, parent_id: str | None, name: str, of: Folder | None = None
    ) -> Refusals:
        """Say why a folder of this name cannot be made at, or brought to, a place."""
        refusals = self.binder_refusals(binder_id)
        parent = self.folders.get(parent_id or "")
        if parent_id is not None and (parent is None or parent.binder_id != binder_id):
            refusals |= {"folder.not_found"}
        siblings = self.children(binder_id, parent_id)
        if any(same(sibling.name) == same(name) for sibling in siblings if sibling is not of):
            refusals |= {"folder.name_taken"}
        if of is not None and of.id in self._path(parent_id):
            refusals |= {"folder.cycle"}
        return refusals

    def _path(self, folder_id: str | None) -> Iterator[str]:
        while folder_id is not None and folder_id in self.folders:
            yield folder_id
            folder_id = self.folders[folder_id].parent_id

    def folder_deletion_refusals(self, folder: Folder) -> Refusals:
        refusals = self.binder_refusals(folder.binder_id)
        if self.documents_in(folder.id) or self.children(folder.binder_id, folder.id):
            refusals |= {"folder.not_empty"}
        return refusals

    def upload_refusals(
        self, binder_id: str, folder_id: str, name: str, document_id: str | None, behavior: str
    ) -> Refusals:
        folder = self.folders.get(folder_id)
        refusals = self.binder_refusals(binder_id)
        if folder is None or folder.binder_id != binder_id:
            refusals |= {"folder.not_found"}
        return refusals | self._target_refusals(
            folder_id, name, document_id, behavior, gone="document.not_found"
        )

    def _target_refusals(
        self, folder_id: str, name: str, document_id: str | None, behavior: str, *, gone: str
    ) -> Refusals:
        named = self.named(folder_id, name)
        if document_id is None:
            return {"document.name_taken"} if named and behavior == "fail" else set()
        document = self.known(document_id)
        if document is None or document.folder_id != folder_id:
            return {gone}
        if document.deleted_at is not None:
            return {"document.in_trash"}
        is_taken = named is not None and named is not document
        return {"document.name_taken"} if is_taken else set()

    def commit_refusals(self, upload: Upload) -> Refusals:
        state = upload.state_at(self.now)
        if state in {"aborted", "expired"}:
            return {f"upload.{state}"}
        if state == "committed":
            return set()
        if upload.received is None:
            return {"upload.not_received"}
        if upload.received != upload.content:
            return {"upload.digest_mismatch"}
        folder = self.folders.get(upload.folder_id)
        if folder is None:
            return {"upload.folder_gone"}
        return self.binder_refusals(folder.binder_id) | self._target_refusals(
            upload.folder_id,
            upload.file_name,
            upload.document_id,
            upload.behavior,
            gone="upload.document_gone",
        )

    def update_refusals(self, document_id: str, folder_id: str, name: str) -> Refusals:
        document = self.live(document_id)
        if document is None:
            return {"document.not_found"}
        named = self.named(folder_id, name)
        taken = {"document.name_taken"} if named is not None and named is not document else set()
        return self.binder_refusals(document.binder_id) | self._place_refusals(folder_id) | taken

    def deletion_refusals(self, document_id: str) -> Refusals:
        document = self.known(document_id)
        if document is None:
            return {"document.not_found"}
        in_trash = {"document.not_found"} if document.deleted_at else set()
        return in_trash | self._archived(document.binder_id)

    def restoration_refusals(
        self, document_id: str, folder_id: str | None = None, name: str | None = None
    ) -> Refusals:
        document = self.known(document_id)
        if document is None:
            return {"document.not_found"}
        if document.deleted_at is None:
            return {"document.not_in_trash"} | self._archived(document.binder_id)
        place = folder_id or document.folder_id
        folder = self.folders.get(place)
        refusals = self._archived(document.binder_id)
        if folder is None:
            return refusals | {"folder.not_found" if folder_id else "document.folder_gone"}
        refusals |= self._archived(folder.binder_id)
        if folder.binder_id != document.binder_id:
            refusals |= {"folder.not_found"}
        if self.named(place, name or document.name) is not None:
            refusals |= {"document.name_taken"}
        return refusals

    def _archived(self, binder_id: str) -> Refusals:
        return self.binder_refusals(binder_id) - {"binder.not_found"}

    def copy_refusals(
        self, document_id: str, folder_id: str, name: str | None, behavior: str
    ) -> Refusals:
        document = self.live(document_id)
        refusals = self._place_refusals(folder_id)
        if document is None:
            return refusals | {"document.not_found"}
        return refusals | self._target_refusals(
            folder_id, name or document.name, None, behavior, gone=""
        )

    # ── What becomes ────────────────────────────────────────────────────────────────────────────

    def record(
        self,
        action: str,
        object_id: str,
        *,
        binder_id: str | None = None,
        folder_id: str | None = None,
        version_id: str | None = None,
    ) -> None:
        self.events.append(Event(action, object_id, self.now, binder_id, folder_id, version_id))

    def _record_document(self, action: str, document: Document) -> None:
        self.record(
            f"document:{action}",
            document.id,
            binder_id=document.binder_id,
            folder_id=document.folder_id,
            version_id=document.latest.id,
        )

    def record_binder(self, action: str, binder: Binder) -> None:
        self.record(f"binder:{action}", binder.id, binder_id=binder.id)

    def record_folder(self, action: str, folder: Folder) -> None:
        self.record(f"folder:{action}", folder.id, binder_id=folder.binder_id, folder_id=folder.id)

    def target_of(
        self, folder_id: str, name: str, document_id: str | None, behavior: str
    ) -> tuple[Document | None, str]:
        """Give the document that content goes onto, if any, and the name that it gets."""
        if document_id is not None:
            return self.documents[document_id], name
        named = self.named(folder_id, name)
        if named is not None and behavior == "rename":
            return None, self.free_name(folder_id, name)
        return named, name

    def put_content(
        self,
        target: Document | None,
        *,
        document_id: str,
        version_id: str,
        folder_id: str,
        name: str,
        content: bytes,
        action: str | None = None,
    ) -> Document:
        """Make content a document or its next version."""
        is_new = target is None
        if target is None:
            folder = self.folders[folder_id]
            target = Document(document_id, folder.binder_id, folder_id, name)
            self.documents[document_id] = target
        target.name = name
        target.versions.append(Version(version_id, len(target.versions) + 1, name, content))
        self._record_document(action or ("created" if is_new else "version_created"), target)
        return target

    def update(self, document_id: str, folder_id: str, name: str, status: str | None) -> bool:
        """Rename, move, describe; tell whether that changes anything. None leaves the status."""
        document = self.documents[document_id]
        before = len(self.events)
        was = (document.name, document.folder_id, document.status)
        document.name = name
        document.folder_id = folder_id
        document.binder_id = self.folders[folder_id].binder_id
        document.status = status or document.status
        if document.name != was[0]:
            self._record_document("renamed", document)
        if document.folder_id != was[1]:
            self._record_document("moved", document)
        if document.status != was[2]:
            self._record_document("metadata_changed", document)
        return len(self.events) > before

    def delete(self, document_id: str) -> None:
        document = self.documents[document_id]
        document.deleted_at = self.now
        self._record_document("deleted", document)

    def restore(
        self, document_id: str, folder_id: str | None = None, name: str | None = None
    ) -> None:
        document = self.documents[document_id]
        document.deleted_at = None
        document.folder_id = folder_id or document.folder_id
        document.name = name or document.name
        self._record_document("restored", document)

    def purge(self) -> None:
        """Delete for good what was in the trash for long enough."""
        for document in list(self.documents.values()):
            if document.deleted_at and document.deleted_at < self.now - TRASH_KEPT:
                self._record_document("purged", document)
                del self.documents[document.id]

    def feed(self) -> list[tuple[int, Event]]:
        """Give all changes, each with its number."""
        return list(enumerate((e for e in self.events if e.is_in_feed), start=1))

    def kept_feed(self) -> list[tuple[int, Event]]:
        """Give the changes that a sweep would leave now."""
        changes = self.feed()
        return [
            (number, event)
            for number, event in changes
            if event.at >= self.now - CHANGES_KEPT or number == len(changes)
        ]


def _some(names: Iterator[str]) -> list[str]:
    return [next(names) for _ in range(60)]
