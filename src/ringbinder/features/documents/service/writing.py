"""Write contents that were planned: rows, the index of values, counters and events together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from ringbinder.access.actor import Actor
from ringbinder.db.sessions import WriteSession
from ringbinder.features.documents import repository, rules
from ringbinder.features.documents.service.desk import Plan
from ringbinder.features.documents.service.steps import Step, add_to_index, described, take_steps
from ringbinder.features.documents.types import Document, Version
from ringbinder.features.evidence import service as evidence
from ringbinder.features.evidence.types import Action


@dataclass(slots=True)
class Writer:
    """Writes plans of one session, and has keys for new documents before anybody waits for them."""

    session: WriteSession
    actor: Actor
    _keys: Sequence[int] = field(default=(), init=False)

    async def expect(self, new: int) -> None:
        """Get keys for so many new documents, while the database has nothing else to do."""
        self._keys = await repository.allot_keys(self.session, new)

    async def write(self, plans: Sequence[Plan]) -> list[tuple[Document, Version]]:
        """Write plans whose documents and names are distinct, and record them in their order."""
        if not plans:
            return []
        found = await self._add_documents(plans) | await self._move_on(plans)
        made = [
            (found[plan.document_id], self._version(plan, found[plan.document_id]))
            for plan in plans
        ]
        await repository.add_versions(
            self.session, [_version_row(document.key, version) for document, version in made]
        )
        for plan, (document, version) in zip(plans, made, strict=True):
            self._record(plan, document, version)
        return made

    async def _add_documents(self, plans: Sequence[Plan]) -> dict[UUID, Document]:
        new = [plan for plan in plans if plan.target is None]
        keys = await self._take_keys(len(new))
        made, rows = [], []
        for plan, key in zip(new, keys, strict=True):
            hot = rules.value_columns(plan.values)
            document = self._document(plan, key, hot)
            made.append((document, plan.values))
            rows.append(_document_row(document, hot))
        await repository.add_documents(self.session, rows)
        await add_to_index(self.session, made)
        return {document.id: document for document, _ in made}

    async def _take_keys(self, number: int) -> Sequence[int]:
        if len(self._keys) < number:
            # Those that are left may be given again by now: nothing has been added with them.
            await self.expect(number)
        taken, self._keys = self._keys[:number], self._keys[number:]
        return taken

    def _document(self, plan: Plan, key: int, hot: Mapping[str, Any]) -> Document:
        return Document(
            key=key,
            id=plan.document_id,
            binder_key=plan.folder.binder_key,
            binder_id=plan.folder.binder_id,
            folder_key=plan.folder.key,
            folder_id=plan.folder.id,
            file_name=plan.content.file_name,
            metadata_json=plan.metadata_json,
            latest_version_id=plan.version_id,
            latest_version_number=plan.number,
            version_label=hot["version_label"],
            status=hot["status"],
            created_by_id=self.actor.id,
            created_by_name=self.actor.name,
            created_at=self.session.now,
            updated_at=self.session.now,
            revision=1,
            deleted_at=None,
            deleted_by_name=None,
        )

    async def _move_on(self, plans: Sequence[Plan]) -> dict[UUID, Document]:
        steps = [_step(plan, plan.target) for plan in plans if plan.target is not None]
        if not steps:
            return {}
        return {document.id: document for document in await take_steps(self.session, steps)}

    def _version(self, plan: Plan, document: Document) -> Version:
        return Version(
            id=plan.version_id,
            document_id=document.id,
            number=plan.number,
            label=document.version_label,
            status=document.status,
            file_name=plan.content.file_name,
            size_bytes=plan.content.size_bytes,
            content_type=plan.content.content_type,
            sha256=plan.content.sha256,
            created_at=self.session.now,
            created_by_id=self.actor.id,
            created_by_name=self.actor.name,
            metadata_json=plan.metadata_json,
        )

    def _record(self, plan: Plan, document: Document, version: Version) -> None:
        is_new = plan.target is None
        action = Action.DOCUMENT_CREATED if is_new else Action.DOCUMENT_VERSION_CREATED
        facts = {
            "fileName": version.file_name,
            "number": version.number,
            "label": version.label,
            "sizeBytes": version.size_bytes,
            "sha256": version.sha256,
        }
        if plan.copied_from is not None:
            action = Action.DOCUMENT_COPIED
            facts["copiedFrom"] = str(plan.copied_from.id)
        subject = rules.subject_of(document)
        evidence.record(self.session, self.actor, action, subject, after=facts)


def _document_row(document: Document, hot: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": document.key,
        "id": document.id,
        "binder_key": document.binder_key,
        "folder_key": document.folder_key,
        **rules.name_columns(document.file_name),
        **hot,
        "created_by_id": document.created_by_id,
        "created_by_name": document.created_by_name,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "latest_version_id": document.latest_version_id,
        "latest_version_number": document.latest_version_number,
        "metadata_json": document.metadata_json,
        "revision": document.revision,
    }


def _step(plan: Plan, document: Document) -> Step:
    moved_on = replace(
        document,
        file_name=plan.content.file_name,
        latest_version_id=plan.version_id,
        latest_version_number=plan.number,
    )
    return Step(
        before=document,
        after=described(moved_on, plan.values),
        values_before=plan.values_before,
        values_after=plan.values,
    )


def _version_row(document_key: int, version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "document_key": document_key,
        "number": version.number,
        "label": version.label,
        "status": version.status,
        "file_name": version.file_name,
        "size_bytes": version.size_bytes,
        "content_type": version.content_type,
        "sha256": version.sha256,
        "created_at": version.created_at,
        "created_by_id": version.created_by_id,
        "created_by_name": version.created_by_name,
        "metadata_json": version.metadata_json,
    }
