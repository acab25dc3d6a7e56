"""Put one file into its folder: skip it, describe it anew, or upload it."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from ringbinder.db.errors import ConcurrentChangeError
from ringbinder.features.documents import service as documents
from ringbinder.features.documents.types import ConflictBehavior, Document
from ringbinder.features.folders.types import Folder
from ringbinder.features.imports.rules import Translator
from ringbinder.features.imports.service import files as file_system
from ringbinder.features.imports.service.errand import Errand
from ringbinder.features.imports.types import (
    Destination,
    FoundFile,
    Outcome,
    Present,
    RegisterRow,
)
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import GLOBAL_VERSION, GivenValue, MetadataValue, Schema
from ringbinder.features.uploads.types import NewUpload
from ringbinder.kit.errors import RingbinderError

_ATTEMPTS = 3
"""How often a file is tried when others change the same things at the same moments."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file, where it goes, what is said of it, and its digest where that is known."""

    file: FoundFile
    row: RegisterRow | None
    destination: Destination
    sha256: str | None

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the document has these bytes already."""
        present = self.destination.present
        return present is not None and present.sha256 == self.sha256


@dataclass(frozen=True, slots=True)
class Filing:
    """Files into one folder."""

    errand: Errand
    schema: Schema
    translator: Translator
    folder: Folder

    async def put(self, task: Task) -> tuple[Outcome, UUID | None]:
        """Bring the document of a file to what file and register say; in a dry run, tell it only.

        Raises:
            RingbinderError: it cannot be done, and nothing was changed.
            OSError: the file cannot be read.

        """
        for _ in range(_ATTEMPTS - 1):
            with suppress(ConcurrentChangeError):
                return await self._put(task)
        return await self._put(task)

    async def _put(self, task: Task) -> tuple[Outcome, UUID | None]:
        given = self.translator.given(task.row) if task.row else ()
        present = task.destination.present
        if present is not None and task.is_unchanged:
            return await self._describe(present, given), present.id
        outcome = Outcome.ADDED if present is None else Outcome.NEW_VERSION
        if self.errand.order.dry_run:
            await self._rehearse(task, given)
            return outcome, present.id if present else None
        return outcome, await self._upload(task, given)

    async def _describe(self, present: Present, given: tuple[GivenValue, ...]) -> Outcome:
        if not given:
            return Outcome.SKIPPED
        current = await self._values_of(present)
        after = metadata.check_values(self.schema, given, current=current)
        if set(after) == set(current):
            return Outcome.SKIPPED
        if not self.errand.order.dry_run:
            await self._update(present, given)
        return Outcome.UPDATED

    async def _values_of(self, present: Present | None) -> tuple[MetadataValue, ...]:
        if present is None:
            return ()
        errand = self.errand
        async with errand.database.read(errand.actor.organisation_key, errand.sight) as session:
            return await metadata.read_values(session, present.metadata_json)

    async def _update(self, present: Present, given: tuple[GivenValue, ...]) -> None:
        async with self.errand.changing() as session:
            await documents.update_document(
                session,
                self.errand.actor,
                document_id=present.id,
                file_name=None,
                folder_id=None,
                given=given,
                precondition=_accept,
            )

    async def _rehearse(self, task: Task, given: tuple[GivenValue, ...]) -> None:
        """Check what can be checked without changing anything."""
        with file_system.opened(task.file):
            pass
        # A version that is given no label gets its number.
        label = GivenValue(GLOBAL_VERSION, None, "1", path="revision")
        labelled = any(item.metadata_element_id == GLOBAL_VERSION for item in given)
        current = await self._values_of(task.destination.present)
        metadata.check_values(self.schema, given if labelled else (*given, label), current=current)

    async def _upload(self, task: Task, given: tuple[GivenValue, ...]) -> UUID:
        uploads, errand = self.errand.uploads, self.errand
        async with errand.changing() as session:
            wanted = self._wanted(task, given)
            upload = await uploads.create_upload(session, errand.actor, wanted)
        try:
            chunks = self._chunks(task.file)
            await uploads.receive(upload.id, errand.actor.organisation_key, chunks)
            async with errand.changing() as session:
                answer = await uploads.commit_upload(session, errand.actor, upload_id=upload.id)
        except (RingbinderError, OSError):
            await self._abort(upload.id)
            raise
        return answer.document_id

    def _wanted(self, task: Task, given: tuple[GivenValue, ...]) -> NewUpload:
        present = task.destination.present
        return NewUpload(
            binder_id=self.folder.binder_id,
            folder_id=self.folder.id,
            file_name=task.destination.file_name,
            size_bytes=task.file.size_bytes,
            document_id=present.id if present else None,
            sha256=task.sha256,
            conflict_behavior=ConflictBehavior.FAIL,
            given=given,
        )

    async def _chunks(self, file: FoundFile) -> AsyncIterator[bytes]:
        async for chunk in file_system.stream(file):
            self.errand.watcher.read(len(chunk))
            yield chunk

    async def _abort(self, upload_id: UUID) -> None:
        with suppress(RingbinderError):
            async with self.errand.changing() as session:
                await self.errand.uploads.abort_upload(
                    session, self.errand.actor, upload_id=upload_id
                )


def _accept(_document: Document) -> None:
    """Accept every document."""
